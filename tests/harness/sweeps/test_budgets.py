"""What a sweep may take: trials, hours by the clock, hours of its GPUs."""

from dataclasses import replace

import pytest

from researchdesk.domain.runs import Task
from researchdesk.domain.seeding import TRIAL
from researchdesk.domain.sweeps import (
    Budget,
    Dimension,
    Distribution,
    SweepSpec,
    Trial,
    TrialCost,
    TrialState,
)
from researchdesk.errors import UsageProblemError
from researchdesk.harness.sweeps.schedule import SweepSchedule

USUAL = {"lr": 0.1}
SPACE = (Dimension("lr", Distribution.LOG_UNIFORM, 1e-5, 1e-1),)
SPEC = SweepSpec("s", "r", "ours", "valid", "higher", SPACE, width=6, budget=Budget(40))


def test_a_budget_of_time_ends_the_sweep_and_counts_what_went_before() -> None:
    now = [100.0]

    def clock() -> float:
        return now[0]

    hours = replace(SPEC, budget=Budget(hours=1.0))
    schedule = SweepSchedule(hours, USUAL, seconds=3_000, clock=clock)
    first = schedule.take()
    assert first is not None
    now[0] += 599
    assert schedule.take()
    now[0] += 1
    assert schedule.over
    assert schedule.take() is None
    schedule.put_back([first])
    assert not schedule.over
    assert schedule.take() == first, "what is under way comes to its end"


def test_a_budget_of_time_is_not_overrun_by_more_than_a_width_of_trials() -> None:
    for budget in (Budget(hours=1.0), Budget(30, gpu_hours=1.0)):
        schedule = SweepSchedule(replace(SPEC, budget=budget), USUAL, gpus=1.0)
        assert schedule.most == SPEC.width
        jobs = [schedule.take() for _ in range(20)]
        assert sum(job is not None for job in jobs) == SPEC.width
        schedule.saw("seed_failed", Task("ours", 3, TRIAL), {"error": "x"})
        assert schedule.take()
        assert schedule.take() is None


def test_a_budget_of_gpu_hours_counts_what_finished_and_what_failed() -> None:
    now = [0.0]
    spec = replace(SPEC, budget=Budget(gpu_hours=4.0))
    made = [
        Trial(0, {}, TrialState.FINISHED, seconds=3_600.0, cost=TrialCost(unsaid=3_600.0)),
        Trial(1, {}, TrialState.FAILED, cost=TrialCost(1_800.0, gpus=1.0)),
        Trial(2, {}, TrialState.CANCELLED, cost=TrialCost(1_800.0, gpus=1.0)),
    ]
    schedule = SweepSchedule(spec, USUAL, trials=made, gpus=2.0, clock=lambda: now[0])
    jobs = [schedule.take() for _ in range(2)]
    numbers = [job.tasks[0].seed for job in jobs if job]
    assert numbers == [2, 3], "what was cancelled goes first"
    for number in numbers:
        schedule.saw("seed_started", Task("ours", number, TRIAL), {})
    now[0] = 899.0
    schedule.saw("seed_failed", Task("ours", 3, TRIAL), {"error": "x"})
    assert not schedule.over
    now[0] = 902.0
    assert schedule.over, "what is under way counts as far as it came"
    with pytest.raises(UsageProblemError, match="GPU-hours alone"):
        SweepSchedule(spec, USUAL)
