"""GPU-hours of a sweep: every attempt of every trial, at the GPUs that it held, however told."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from researchdesk.domain.runs import Event, Task
from researchdesk.domain.seeding import TRIAL
from researchdesk.domain.sweeps import Budget, Dimension, Distribution, SweepSpec, SweepSummary
from researchdesk.harness.events import encode
from researchdesk.harness.history import RunConfig
from researchdesk.harness.sweeps.history import read_sweep
from researchdesk.harness.sweeps.schedule import SweepSchedule
from researchdesk.harness.sweeps.spec import spec_toml
from researchdesk.services.sweep_pages import spent

SPACE = (Dimension("lr", Distribution.LOG_UNIFORM, 1e-5, 1e-1),)
SPEC = SweepSpec("s", "r", "ours", "valid", "higher", SPACE, budget=Budget(99))
H = 3_600.0
Told = tuple[float, str, int | None, Mapping[str, Any]]
RESUMED: Told = (9 * H, "run_resumed", None, {})
THERE = {"key": "k", "submission": 1, "handle": "h", "job": "measure", "arm": "ours"}
HANDED: Told = (0, "trial_submitted", None, {**THERE, "seeds": [[0, "trial"]]})


def started(hours: float, gpus: float | None = 2.0, **more: Any) -> Told:
    held = {} if gpus is None else {"gpus": gpus}
    return hours * H, "seed_started", 0, {"settings": {"lr": 0.1}, **held, **more}


def finished(hours: float, took: float, **more: Any) -> Told:
    return hours * H, "seed_finished", 0, {"metrics": {"valid": 1.0}, "seconds": took * H, **more}


def retried(hours: float, **more: Any) -> Told:
    return hours * H, "seed_retried", 0, {"reason": "preempted", **more}


def told(folder: Path, events: Sequence[Told]) -> SweepSummary:
    folder.mkdir(exist_ok=True)
    config = RunConfig("r", "d", "", False, False, (), sweep=spec_toml(SPEC))
    (folder / "config.toml").write_text(config.to_toml())
    with (folder / "events.jsonl").open("w") as file:
        for seconds, kind, trial, data in ((0.0, "run_started", None, {}), *events):
            at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
            of = {} if trial is None else {"arm": "ours", "seed": trial, "vary": TRIAL}
            file.write(encode(Event(kind, at, data=data, **of)))
    return read_sweep(folder, owned=False)


LOST: Told = (5 * H, "seed_failed", 0, {"error": "killed", "gpus": 2.0})
CASES = {
    "lost twice, no checkpoint": (
        [started(0), retried(5), started(5), retried(10), started(10), finished(15, 5)],
        2 * 15,
    ),
    "lost after its checkpoint": (
        [started(0), retried(2), started(2, step=9, seconds=1.5 * H), finished(3, 2.5)],
        2 * (2 + 1),
    ),
    "an earlier version's checkpoint": (
        [started(0), retried(2), started(2, step=9), finished(3, 2.5)],
        2 * 3,
    ),
    "the engine says how long": (
        [started(0), retried(8, seconds=1 * H), started(8), finished(8, 1)],
        2 * 2,
    ),
    "failed without its own word": ([started(0), retried(2), started(2), LOST], 2 * 5),
    "other GPUs in another attempt": (
        [started(0, 1.0), retried(2), started(2, 4.0), finished(3, 1)],
        1 * 2 + 4 * 1,
    ),
    "interrupted with the desk": ([started(0), (3 * H, "run_interrupted", None, {})], 2 * 3),
    "crashed, and gone on with": (
        [started(0), (2 * H, "seed_failed", 1, {}), RESUMED, started(9), finished(10, 1)],
        2 * (2 + 1),
    ),
    "called off at its engine": (
        [HANDED, started(0), (4 * H, "trial_over", None, {"key": "k"})],
        2 * 4,
    ),
    "with its engine while nobody looked": ([HANDED, started(0), RESUMED, finished(9, 5)], 2 * 5),
    "of an earlier version": ([started(0, None), finished(2, 2)], 3.0 * 2),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_attempt_counts_and_going_on_changes_nothing(case: str, tmp_path: Path) -> None:
    events, gpu_hours = CASES[case]
    sweep = told(tmp_path / "20260101-000000-r", events)
    assert spent(sweep, 3.0).gpu_hours == pytest.approx(gpu_hours)
    for limit, over in ((gpu_hours - 0.01, True), (gpu_hours + 0.01, False)):
        spec = replace(SPEC, budget=Budget(gpu_hours=limit))
        gone_on = SweepSchedule(spec, {"lr": 0.1}, trials=sweep.trials, gpus=3.0)
        taken = [gone_on.take() for _ in range(2)]
        new = [job for job in taken if job and job.tasks[0].seed == len(sweep.trials)]
        assert bool(new) is not over
        now = [0.0]
        live = SweepSchedule(spec, {"lr": 0.1}, gpus=3.0, clock=lambda now=now: now[0])
        if RESUMED not in events:
            for now[0], kind, trial, data in events:
                live.saw(kind, None if trial is None else Task("ours", trial, TRIAL), data)
            assert live.over is over


def test_a_trial_that_an_engine_has_since_then_counts_as_if_it_had_been_followed(
    tmp_path: Path,
) -> None:
    before = told(
        tmp_path / "20260101-000000-r", [HANDED, started(0), (2 * H, "run_detached", None, {})]
    )
    assert spent(before, 0.0).gpu_hours == 4
    for limit, over in ((9.99, True), (10.01, False)):
        spec, now = replace(SPEC, budget=Budget(gpu_hours=limit)), [0.0]
        schedule = SweepSchedule(
            *(spec, {"lr": 0.1}), trials=before.trials, gpus=7.0, there=[0],
            clock=lambda now=now: now[0],
        )  # fmt: skip
        now[0] = 60.0
        schedule.saw("seed_finished", Task("ours", 0, TRIAL), finished(0, 5)[3])
        assert schedule.over is over
