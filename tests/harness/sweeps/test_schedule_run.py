"""A sweep run by real workers: however many, and broken off, it comes to the same."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from support.recipe_maker import write_recipe

from researchdesk.domain.clock import utc_now
from researchdesk.domain.runs import Event, Task
from researchdesk.domain.sweeps import (
    Budget,
    Dimension,
    Distribution,
    MedianRule,
    SweepSpec,
    SweepSummary,
    TrialState,
)
from researchdesk.harness.events import EventLog
from researchdesk.harness.executor import execute
from researchdesk.harness.history import RunConfig
from researchdesk.harness.jobs import ArmSetup, Plan
from researchdesk.harness.sweeps.history import read_curves, read_sweep
from researchdesk.harness.sweeps.schedule import SweepSchedule
from researchdesk.harness.sweeps.spec import spec_toml

EXPERIMENT = """
import time, torch
def measure(run):
    lr = run.settings["lr"]
    order = torch.rand((), generator=run.generator("order")).item()
    split = torch.rand((), generator=run.generator("split")).item()
    run.result(order=order, split=split)
    if lr > 0.9:
        raise ValueError("it diverged")
    for step in range(1, run.settings["steps"] + 1):
        run.log(step, valid=-abs(lr - 0.3) - 1 / step)
        time.sleep(0.002)
    return {"test": lr}
"""
SPEC = SweepSpec(
    name="s",
    recipe="r",
    arm="ours",
    metric="valid",
    better="higher",
    space=(Dimension("lr", Distribution.UNIFORM, 0.0, 1.0),),
    width=4,
    budget=Budget(24),
    stop=MedianRule(10, 3),
)
USUAL = {"lr": 0.1, "steps": 100}


def swept(folder: Path, jobs: int, stop_after: int | None = None) -> SweepSummary:
    """A stretch of the sweep in its folder, until so many trials of it have ended."""
    recipe = write_recipe(folder / "recipes", EXPERIMENT)
    if not (folder / "config.toml").exists():
        config = RunConfig("r", "d", "", False, False, (), sweep=spec_toml(SPEC))
        (folder / "config.toml").write_text(config.to_toml())
    before = read_sweep(folder, owned=False)
    schedule = SweepSchedule(
        SPEC,
        USUAL,
        trials=before.trials,
        curves=read_curves(folder, SPEC),
        seconds=before.seconds,
    )
    plan = Plan(
        *(recipe, (), {"ours": ArmSetup(USUAL)}, folder / "stdout.log", jobs, folder / "cache"),
        drawn=schedule.drawn,
        streams=schedule.streams,
        stops=schedule.stops,
    )
    log, ended = EventLog(folder / "events.jsonl"), [0]

    def record(kind: str, task: Task | None, data: Mapping[str, Any]) -> None:
        of = {"arm": task.arm, "seed": task.seed, "vary": task.vary} if task else {}
        log.append(Event(kind, utc_now(), data=data, **of))
        ended[0] += kind in ("seed_finished", "seed_failed")

    record("run_resumed", None, {})
    through = execute(
        plan,
        record,
        lambda: stop_after is not None and ended[0] >= stop_after,
        lambda engine: None,
        schedule=schedule,
    )
    log.close()
    assert through is (stop_after is None)
    return read_sweep(folder, owned=False)


def ends(sweep: SweepSummary) -> list[Any]:
    return [
        (trial.number, trial.settings, trial.state, trial.step, trial.metrics)
        for trial in sweep.trials
    ]


@pytest.mark.slow
def test_any_number_of_workers_and_any_break_come_to_the_same(tmp_path: Path) -> None:
    first, many, broken = (tmp_path / f"20260101-00000{number}-r" for number in range(3))
    for folder in (first, many, broken):
        folder.mkdir()
    alone = swept(first, 1)
    assert len(alone.trials) == 24
    states = [trial.state for trial in alone.trials]
    assert states.count(TrialState.STOPPED) > 3
    assert TrialState.FAILED in states
    stopped = next(trial for trial in alone.trials if trial.state is TrialState.STOPPED)
    assert stopped.step is not None
    assert 10 <= stopped.step < 100
    assert stopped.value == -abs(stopped.settings["lr"] - 0.3) - 1 / stopped.step
    whole = [trial for trial in alone.trials if trial.metrics]
    assert len({trial.metrics["split"] for trial in whole}) == 1, "judged on the same data"
    assert len({trial.metrics["order"] for trial in whole}) == len(whole)
    assert ends(swept(many, 3)) == ends(alone)
    swept(broken, 2, stop_after=5)
    swept(broken, 3, stop_after=6)
    assert ends(swept(broken, 2)) == ends(alone)
