"""A desk that came from elsewhere runs nothing before a yes, whatever command is given."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from support.bench import begun, measure
from support.sweep_maker import NAME, SPEC, Made, swept_recipe, write_sweep

from researchdesk.config import load_settings
from researchdesk.harness.training.places import checkpoint_file
from researchdesk.services.desk import open_desk
from researchdesk.services.recipes import is_trusted, recipe_for

MARKS = """
open({marker!r}, "w").close()

from researchdesk.harness.training.experiment import Experiment

class Mark(Experiment):
    pass
"""


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    return tmp_path / "it ran"


@pytest.fixture
def received(_apart: None, marker: Path, tmp_path: Path) -> tuple[str, str]:
    """The run and the sweep of a desk whose sender said yes to all of it, in the desk."""
    desk = open_desk(load_settings())
    swept_recipe(desk, MARKS.format(marker=str(marker)))
    recipe = recipe_for(desk, NAME)
    run = begun(desk, NAME)
    measure(run, 0)
    run.record("run_interrupted")
    run.close()
    model = checkpoint_file(desk.settings.runs / run.id, "ours", 0)
    model.parent.mkdir(parents=True)
    model.write_bytes(b"")
    said = {recipe.digest: {"name": NAME, "of": "the recipe", "at": "2026-01-01T00:00:00Z"}}
    (desk.root / "trusted-recipes.json").write_text(json.dumps(said))
    sweep = write_sweep(desk, [Made()], end="run_interrupted")
    (tmp_path / "sweep.toml").write_text(SPEC, "utf-8")
    desk.close()
    return run.id, sweep


RUNS: Sequence[Sequence[str]] = (
    ("reproduce", NAME), ("reproduce", NAME, "--quick"), ("check", NAME), ("recipe", "data", NAME),
    ("recipe", "check", NAME, "--run"), ("runs", "resume", "RUN"), ("runs", "errors", "RUN"),
    ("sweep", "start", "sweep.toml"), ("sweep", "resume", "SWEEP"),
    ("sweep", "extend", "SWEEP", "--trials", "9"), ("sweep", "confirm", "SWEEP"),
    ("investigate", "run", "1"),
)  # fmt: skip
LOOKS: Sequence[Sequence[str]] = (
    ("recipe", "list"), ("recipe", "show", NAME), ("recipe", "check", NAME),
    ("recipe", "trust", NAME), ("runs", "list"), ("runs", "show", "RUN"), ("runs", "table", "RUN"),
    ("sweep", "list"), ("sweep", "show", "SWEEP"), ("sweep", "new", NAME), ("doctor",),
    ("checklist", "paper"), ("investigate", "show", "1"), ("investigate", "table", "1"),
    ("reproduce", NAME, "--help"), ("release", "scaffold", "out", "--of", "run:RUN"),
)  # fmt: skip


def named(command: Sequence[str], received: tuple[str, str]) -> list[str]:
    return [word.replace("RUN", received[0]).replace("SWEEP", received[1]) for word in command]


def test_nothing_of_it_runs_without_a_yes(run, received: tuple[str, str], marker: Path) -> None:
    assert run("investigate", "new", "Why?", "--recipe", NAME).returncode == 0
    for command in RUNS:
        done = run(*named(command, received))
        assert not marker.exists(), command
        assert done.returncode == 2, (command, done.stderr)
        assert "SHA-256" in done.stderr, (command, done.stderr)
        assert "--trust" in done.stderr, command
    desk = open_desk(load_settings())
    assert not is_trusted(desk, recipe_for(desk, NAME))
    assert not (Path(os.environ["RESEARCHDESK_STATE"]) / "trusted-recipes.json").exists()
    desk.close()


@pytest.mark.slow
def test_nothing_of_it_runs_where_it_is_only_looked_at(
    run, received: tuple[str, str], marker: Path
) -> None:
    for command in LOOKS:
        done = run(*named(command, received))
        assert not marker.exists(), command
        assert "Traceback" not in done.stderr, command


@pytest.mark.slow
def test_with_a_yes_it_does_run(run, received: tuple[str, str], marker: Path) -> None:
    assert run("recipe", "data", NAME, "--trust").returncode == 5
    assert marker.exists()
