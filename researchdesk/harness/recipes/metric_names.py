"""Which metrics an experiment.py seems to measure, told from its text: it is never run for that."""

import ast
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from researchdesk.harness.recipes.experiments import shape_of

_NAME = re.compile(r"[A-Za-z]+(?:[_/.][A-Za-z0-9]+)+")
_TAKE_NAMES = ("log", "dict")
_OF_TASKS = {"classification": "valid_accuracy", "regression": "valid_mse"}


def metric_names(path: Path) -> list[str]:
    """Names of several words that the file logs or writes as keys, sorted, and what an Experiment
    measures by itself where its file speaks of a validation part. Empty where it cannot be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        found = {name for node in ast.walk(tree) for name in _named(node)}
        found |= {name for name in (_of_task(tree, path),) if name}
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return sorted(name for name in found if _NAME.fullmatch(name))


def _named(node: ast.AST) -> Iterator[str]:
    keys: list[ast.expr | None] = []
    if isinstance(node, ast.Dict):
        keys = node.keys
    elif isinstance(node, ast.Assign):
        keys = [target.slice for target in node.targets if isinstance(target, ast.Subscript)]
    elif isinstance(node, ast.Call):
        called = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
        yield from (one.arg for one in node.keywords if one.arg and called in _TAKE_NAMES)
    for key in keys:
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value


def _of_task(tree: ast.Module, path: Path) -> str:
    """The validation metric of an Experiment that leaves its measuring to the task."""
    nodes = list(ast.walk(tree))
    own = any(isinstance(node, ast.FunctionDef) and node.name == "evaluate" for node in nodes)
    told = any(
        "valid" in (getattr(node, name, None) for name in ("attr", "arg", "value"))
        for node in nodes
        if isinstance(node, ast.Attribute | ast.keyword | ast.Constant)
    )
    return _OF_TASKS.get(shape_of(path).task, "") if told and not own else ""
