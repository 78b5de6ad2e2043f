"""The experiments of the bundled recipes as modules, and runs for them without a harness."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from researchdesk import assets
from researchdesk.domain.recipes import Recipe
from researchdesk.harness.recipes import Root, find_recipe
from researchdesk.harness.training.run import Run

BUNDLED = Root(assets.folder("data") / "recipes", bundled=True)


def recipe_of(arxiv_id: str) -> Recipe:
    found = find_recipe([BUNDLED], arxiv_id)
    assert found is not None
    return found


def experiment_of(arxiv_id: str) -> ModuleType:
    """The module of a bundled recipe's ``experiment.py``, under a name of its own."""
    name = f"experiment_{arxiv_id.replace('.', '_')}"
    path = recipe_of(arxiv_id).folder / "experiment.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(path.parent))  # as in a worker: for what is beside the experiment
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = writes
    return module


def run_of(arxiv_id: str, arm: str, cache: Path, seed: int = 0, **changed: Any) -> Run:
    """A run of an arm of a bundled recipe, some of its settings changed."""
    found = recipe_of(arxiv_id).arm(arm)
    assert found is not None
    return Run(arm, seed, {**found.settings, **changed}, cache=cache)
