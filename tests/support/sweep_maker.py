"""Sweeps for tests: a recipe to sweep, and sweeps written as if they had been run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.recipe_maker import write_recipe

from researchdesk.domain.runs import Task
from researchdesk.domain.seeding import TRIAL
from researchdesk.domain.sweeps import SweepSpec
from researchdesk.harness.history import RunConfig
from researchdesk.harness.sweeps.spec import read_spec, spec_toml
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import recipe_for
from researchdesk.services.sweep_store import store_of

ID = "2001.00077"
NAME = f"{ID}-swept"
ARMS = """
[ranges.lr]
low = 0.01
high = 0.1
log = true

[[arms]]
name = "ours"
[arms.settings]
lr = 0.05
steps = 2

[[claims]]
id = "score"
text = "The score is 0.5"
kind = "value"
metric = "test_score"
arm = "ours"
where = "table 1"
claimed = 0.5
tolerance = 0.2
tolerance_rule = "chosen"
tolerance_reason = "wide enough for a test"
"""
EXPERIMENT = """
def measure(run):
    lr = run.settings["lr"]
    for step in range(1, run.settings["steps"] + 1):
        run.log(step, valid_score=lr * step)
    return {"valid_score": lr, "test_score": lr + 1, "train_score": lr + 2}
"""
SPEC = f"""
recipe = "{ID}"
arm = "ours"
metric = "valid_score"
better = "higher"

[budget]
trials = 3

[space.lr]
distribution = "log-uniform"
low = 0.01
high = 0.1
"""


@dataclass(frozen=True)
class Made:
    """A trial to write: ``end`` is finished, stopped, failed, lost, or empty for none;
    ``lr`` is None where its settings were not written."""

    lr: float | None = 0.05
    value: float | None = 0.5
    end: str = "finished"
    metrics: Mapping[str, float] = field(default_factory=lambda: {"test_score": 0.123456})
    retries: Sequence[str] = ()


def swept_recipe(desk: Desk, experiment: str = EXPERIMENT) -> Path:
    """A recipe of the desk that can be swept."""
    return write_recipe(desk.settings.recipes, experiment, arxiv_id=ID, name="swept", toml=ARMS)


def spec(more: str = "", points: int = 0, budget: str = "trials = 3") -> SweepSpec:
    """The sweep that is written, with more lines of TOML before its tables, and so many points of
    its setting where it is a grid."""
    axis = f"points = {points}\n" if points else ""
    text = SPEC.replace("trials = 3", budget)
    return read_spec(more + text + axis, Path("sweep.toml"))


def write_sweep(
    desk: Desk,
    trials: Sequence[Made],
    *,
    more: str = "",
    end: str = "run_finished",
    points: int = 0,
    budget: str = "trials = 3",
    device: str = "auto",
) -> str:
    """Write a sweep with these trials; its id. ``end``: ``""`` is one that died without a word."""
    if not (desk.settings.recipes / NAME).is_dir():
        swept_recipe(desk)
    recipe, wanted = recipe_for(desk, ID), spec(more, points, budget)
    told = spec_toml(wanted)
    config = RunConfig(recipe.name, recipe.digest, ID, False, False, (), device=device, sweep=told)
    run = store_of(desk).begin(recipe, config, lambda event: None, lambda: None)
    run.record("run_started", data={"run": run.id})
    for number, made in enumerate(trials):
        _write(run.record, Task("ours", number, TRIAL), made)
    if end:
        run.record(end)
    run.close()
    return run.id


def chosen_by(desk: Desk, sweep_id: str, metric: str) -> None:
    """Make the sweep one whose trials are chosen by another metric."""
    config = desk.settings.sweeps / sweep_id / "config.toml"
    config.write_text(config.read_text("utf-8").replace("valid_score", metric), "utf-8")


def _write(record: Any, task: Task, made: Made) -> None:
    record("seed_started", task, {} if made.lr is None else {"settings": {"lr": made.lr}})
    for count, reason in enumerate(made.retries, start=2):
        record("seed_retried", task, {"reason": reason, "try": count})
    metrics = dict(made.metrics)
    if made.value is not None:
        metrics["valid_score"] = made.value
    if made.end == "failed":
        record("seed_failed", task, {"error": "Traceback\nValueError: it broke"})
    elif made.end == "lost":
        record("seed_failed", task, {"error": "The node n1 was lost.", "lost": True})
    elif made.end:
        stopped = {"stopped": 1} if made.end == "stopped" else {}
        record("seed_finished", task, {"metrics": metrics, "seconds": 1.5, **stopped})
