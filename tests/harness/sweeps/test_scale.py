"""20,000 empty trials through the schedule and the store: time and memory grow in proportion."""

import shutil
import time
import tracemalloc
from collections import deque
from dataclasses import replace
from pathlib import Path

import pytest

from researchdesk.domain.clock import utc_now
from researchdesk.domain.runs import Event
from researchdesk.domain.sweeps import Budget, Dimension, Distribution, MedianRule, SweepSpec
from researchdesk.harness.events import EventLog
from researchdesk.harness.history import RunConfig
from researchdesk.harness.jobs import Job, Plan, job_line
from researchdesk.harness.sweeps.history import read_curves, read_sweep
from researchdesk.harness.sweeps.schedule import SweepSchedule
from researchdesk.harness.sweeps.spec import spec_toml

SPACE = (
    Dimension("lr", Distribution.LOG_UNIFORM, 1e-5, 1e-1),
    Dimension("layers", Distribution.INTEGER, 1, 4),
)
SPEC = SweepSpec("s", "r", "ours", "valid", "higher", SPACE)
USUAL = {"lr": 0.1, "layers": 2}


def swept(folder: Path, spec: SweepSpec, at_once: int = 8) -> None:
    """Hand out every trial, write its events down, then read all of it as one who goes on would."""
    folder.mkdir()
    config = RunConfig("r", "d", "", False, False, (), sweep=spec_toml(spec))
    (folder / "config.toml").write_text(config.to_toml())
    schedule, log = SweepSchedule(spec, USUAL), EventLog(folder / "events.jsonl")
    plan = Plan(
        *(folder, (), {}, folder / "log", 1, folder),
        drawn=schedule.drawn,
        streams=schedule.streams,
        stops=schedule.stops,
    )
    queue: deque[Job] = deque()
    while not schedule.over or queue:
        while len(queue) < at_once and (job := schedule.take()) is not None:
            assert job_line(job, plan)
            queue.append(job)
        task = queue.popleft().tasks[0]
        value = schedule.drawn[task]["lr"]
        points = [
            ("metric", {"step": step, "name": "valid", "value": value}) for step in range(1, 6)
        ]
        for kind, data in (
            ("seed_started", {"settings": schedule.drawn[task]}),
            *(points if spec.stop else ()),
            ("seed_finished", {"metrics": {"valid": value}, "seconds": 0.0}),
        ):
            log.append(Event(kind, utc_now(), task.arm, task.seed, data, task.vary))
            schedule.saw(kind, task, data)
    log.close()
    assert not schedule.drawn
    found = read_sweep(folder, owned=False)
    larger = Budget(spec.budget.trials + 1)
    curves = read_curves(folder, spec)
    again = SweepSchedule(spec, USUAL, trials=found.trials, curves=curves, budget=larger).take()
    assert again is not None
    assert again.tasks[0].seed == len(found.trials) == spec.budget.trials


def took(folder: Path, spec: SweepSpec) -> float:
    """Seconds of the processor, the better of two tries: another process may have had it."""
    tries = []
    for _ in range(2):
        begun = time.process_time()
        swept(folder, spec)
        tries.append(time.process_time() - begun)
        shutil.rmtree(folder)
    return min(tries)


def peak(folder: Path, spec: SweepSpec) -> int:
    """Bytes of memory at the most."""
    tracemalloc.start()
    swept(folder, spec)
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    shutil.rmtree(folder)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("stop", [None, MedianRule()], ids=["random", "median"])
def test_time_and_memory_are_linear_to_20_000_trials(
    tmp_path: Path, stop: MedianRule | None
) -> None:
    def of(trials: int) -> SweepSpec:
        return replace(SPEC, stop=stop, budget=Budget(trials))

    folder = tmp_path / "20260101-000000-r"

    def is_linear() -> bool:
        return took(folder, of(20_000)) < 4 * 1.2 * took(folder, of(5_000))

    assert any(is_linear() for _ in range(3)), "in no round"
    # to look at memory takes ten times as long
    assert peak(folder, of(4_000)) < 4 * 1.2 * peak(folder, of(1_000))
