"""Trials handed out by number: the same ones, whoever runs them, whenever it was broken off."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.sweep_lab import MEDIAN, OPTUNA, SPEC, USUAL, Lab

from researchdesk.domain.runs import Task
from researchdesk.domain.seeding import TRIAL, trial_streams
from researchdesk.domain.sweeps import (
    Budget,
    MedianRule,
    Search,
    SweepSpec,
    Trial,
    TrialState,
)
from researchdesk.harness.jobs import Plan, job_line
from researchdesk.harness.sweeps.schedule import OVER, SweepSchedule
from researchdesk.harness.training.assignment import read_assignment


@settings(max_examples=12, deadline=None)
@given(st.sampled_from([SPEC, MEDIAN, OPTUNA]), st.integers(1, 9), st.data())
def test_the_trials_are_the_same_whoever_runs_them_and_however_it_is_broken_off(
    spec: SweepSpec, workers: int, data: st.DataObject
) -> None:
    alone = Lab(spec).run(1)
    many = Lab(spec).run(workers, data.draw(st.integers(0, 99)))
    assert many.settings == alone.settings
    assert many.stops == alone.stops
    assert many.states == alone.states
    broken = Lab(spec)
    for _ in range(data.draw(st.integers(1, 3))):
        broken.run(workers, data.draw(st.integers(0, 99)), data.draw(st.integers(0, 20)))
    broken.run(workers)
    assert broken.settings == alone.settings
    assert broken.states == alone.states
    assert list(alone.states) == list(range(spec.budget.trials))


def test_a_larger_budget_goes_on_where_the_smaller_one_ended() -> None:
    for spec in (MEDIAN, OPTUNA):
        small = Lab(replace(spec, budget=Budget(15))).run(3)
        assert len(small.trials) == 15
        small.run(4, budget=spec.budget)
        assert small.settings == Lab(spec).run(1).settings


def test_a_median_rule_stops_bad_trials_by_trials_that_lie_a_width_before() -> None:
    lab = Lab(MEDIAN).run(4)
    stopped = [number for number, state in lab.states.items() if state is TrialState.STOPPED]
    assert 5 < len(stopped) < 25
    assert all(lab.stops[number]["at"] == [] for number in range(MEDIAN.width + 2))
    best = max(trial.value for trial in lab.trials.values() if trial.value is not None)
    whole = Lab(SPEC).run(1)
    assert best == max(trial.value for trial in whole.trials.values() if trial.value is not None)
    changed = Lab(MEDIAN).run(1)
    changed.trials.pop(39)
    assert lab.stops[38] == changed.stops[38]


def test_without_a_rule_no_trial_waits_for_another() -> None:
    schedule = Lab(SPEC).schedule()
    assert schedule.most == 40
    jobs = [schedule.take() for _ in range(40)]
    assert all(jobs)
    assert schedule.over
    assert schedule.take() is None
    waiting = Lab(MEDIAN).schedule()
    assert waiting.most == MEDIAN.width
    taken = [waiting.take() for _ in range(7)]
    assert [job.tasks[0].seed for job in taken if job] == [0, 1, 2, 3, 4, 5]
    waiting.saw("seed_failed", Task("ours", 1, TRIAL), {"error": "x"})
    assert waiting.take() is None
    waiting.saw("seed_failed", Task("ours", 0, TRIAL), {"error": "x"})
    assert [waiting.take() is not None for _ in range(3)] == [True, True, False]
    assert not waiting.over


def test_a_job_line_has_the_trials_own_settings_streams_and_rule() -> None:
    lab = Lab(MEDIAN).run(2, breaks_after=20)
    schedule = lab.schedule()
    plan = Plan(
        *(Path("r"), (), {}, Path("run/log"), 1, Path("c")),
        drawn=schedule.drawn,
        streams=schedule.streams,
        stops=schedule.stops,
    )
    job = schedule.take()
    assert job is not None
    assert job.resume, "it was begun before"
    seed = read_assignment(job_line(job, plan).decode()).seeds[0]
    task = job.tasks[0]
    assert (seed.seed, seed.vary) == (task.seed, TRIAL)
    assert dict(seed.settings) == schedule.drawn[task]
    assert seed.streams == trial_streams(5, task.seed)
    assert seed.stop == schedule.stops[task]
    assert seed.stop["at"]
    other = trial_streams(5, task.seed + 1)
    assert [name for name in other if other[name] == seed.streams[name]] == ["split"]
    schedule.saw("seed_finished", task, {"metrics": {"valid": 1.0}, "seconds": 1.0})
    assert task not in {*schedule.drawn, *schedule.streams, *schedule.stops}


def test_a_grid_ends_by_itself_and_what_was_left_out_comes_first() -> None:
    space = (replace(SPEC.space[0], points=5), SPEC.space[1])
    grid = replace(SPEC, space=space, search=Search.GRID, budget=Budget())
    lab = Lab(grid).run(4)
    assert len({tuple(one.values()) for one in lab.settings.values()}) == 15
    del lab.trials[3], lab.trials[11]
    lab.begun.clear()
    lab.run(1)
    assert set(lab.begun) == {3, 11}
    assert len(lab.trials) == 15


@pytest.mark.parametrize("spec", [SPEC, MEDIAN, OPTUNA], ids=["random", "median", "optuna"])
def test_trials_that_an_engine_has_are_known_and_not_made_twice(spec: SweepSpec) -> None:
    whole = Lab(spec).run(1)
    before = Lab(spec).run(1, breaks_after=8)
    there = [8, 9, 10]
    schedule = before.schedule(there=there)
    tasks = {number: Task("ours", number, TRIAL) for number in there}
    for number, task in tasks.items():
        assert schedule.drawn[task] == whole.trials[number].settings
    schedule.saw("seed_finished", tasks[8], {"metrics": {"valid": 0.5}, "seconds": 1.0})
    schedule.saw("seed_failed", tasks[10], {"error": "no"})
    taken = [job.tasks[0].seed for job in iter(schedule.take, None)]
    assert taken[:2] == [9, 11]
    assert not schedule.over or spec is SPEC
    over = before.schedule(there=[39], budget=Budget(8))
    assert [job.tasks[0].seed for job in iter(over.take, None)][:1] == [8]


def test_the_end_of_a_trial_is_counted_once_and_other_events_are_none_of_its() -> None:
    schedule = Lab(replace(MEDIAN, width=1)).schedule()
    assert schedule.take()
    other = {"metrics": {"valid": 1.0}, "seconds": 1.0}
    schedule.saw("seed_finished", Task("ours", 0, ""), other)
    schedule.saw("seed_finished", Task("theirs", 0, TRIAL), other)
    schedule.saw("check", None, {})
    schedule.saw("metric", Task("ours", 0, TRIAL), {"step": 1, "name": "valid", "value": 1.0})
    assert schedule.take() is None
    for _ in range(2):
        schedule.saw("seed_finished", Task("ours", 0, TRIAL), other)
    gpu = SweepSchedule(replace(SPEC, budget=Budget(gpu_hours=1.5 / 3_600)), USUAL, gpus=1.0)
    for _ in range(2):
        gpu.saw("seed_finished", Task("ours", 0, TRIAL), other)
    assert not gpu.over
    assert schedule.planned("ours", {}) == {}
    job = schedule.take()
    assert job is not None
    assert job.tasks == (Task("ours", 1, TRIAL),)
    assert schedule.take() is None
    assert TrialState.CANCELLED not in OVER


def test_a_trial_that_an_engine_has_since_an_earlier_stretch_keeps_its_curve() -> None:
    spec = replace(MEDIAN, width=1, stop=MedianRule(0, 1))
    there = [Trial(0, {}, TrialState.RUNNING)]
    schedule = SweepSchedule(spec, USUAL, trials=there, curves=[(0, {1: 5.0})])
    task = Task("ours", 0, TRIAL)
    assert schedule.take() is not None
    schedule.saw("metric", task, {"step": 2, "name": "valid", "value": 1.0})
    schedule.saw("seed_finished", task, {"metrics": {"valid": 1.0}, "seconds": 1.0})
    assert schedule.take() is not None
    at = schedule.stops[Task("ours", 1, TRIAL)]["at"]
    assert at == [[1, 5.0], [2, 3.0], [3, None]]


def test_a_trial_before_one_that_an_engine_has_is_held_to_its_own_thresholds() -> None:
    spec = replace(MEDIAN, width=2, stop=MedianRule(0, 1))
    made = [Trial(number, {}, TrialState.FINISHED, value=1.0) for number in range(4)]
    curves = [(number, {1: float(number)}) for number in range(4)]
    schedule = SweepSchedule(spec, USUAL, trials=made, curves=curves, there=[5])
    job = schedule.take()
    assert job is not None
    assert job.tasks == (Task("ours", 4, TRIAL),)
    rules = [schedule.stops[Task("ours", number, TRIAL)]["at"] for number in (4, 5)]
    assert rules == [[[1, 1.0], [2, None]], [[1, 1.5], [2, None]]]


@pytest.mark.parametrize("spec", [SPEC, MEDIAN, OPTUNA], ids=["random", "median", "optuna"])
def test_what_was_lost_is_waited_for_by_none_and_handed_out_first_by_the_next_stretch(
    spec: SweepSpec,
) -> None:
    lab = Lab(spec).run(1, breaks_after=8)
    schedule = lab.schedule(budget=Budget(20))
    job = schedule.take()
    assert job is not None
    drawn = schedule.drawn[job.tasks[0]]
    schedule.saw("seed_failed", job.tasks[0], {"error": "killed", "lost": True})
    numbers = []
    while (other := schedule.take()) is not None:
        numbers.append(other.tasks[0].seed)
        schedule.saw("seed_failed", other.tasks[0], {"error": "x"})
    assert numbers == list(range(9, 20))
    assert schedule.over
    for number in (8, *numbers):
        state = TrialState.LOST if number == 8 else TrialState.FAILED
        lab.trials[number] = Trial(number, drawn if number == 8 else {}, state)
    again = lab.schedule(budget=Budget(20))
    assert again.take() == replace(job, resume=True)
    assert again.drawn[job.tasks[0]] == drawn
    assert again.over


@pytest.mark.parametrize("spec", [MEDIAN, OPTUNA], ids=["median", "optuna"])
def test_what_an_engine_has_since_one_was_lost_keeps_the_settings_that_it_was_given(
    spec: SweepSpec,
) -> None:
    lab = Lab(spec).run(1, breaks_after=7)
    lab.trials[0] = replace(lab.trials[0], state=TrialState.LOST)
    there = range(spec.width, spec.width + 3)
    drawn = {number: lab.trials.pop(number).settings for number in there if number in lab.trials}
    schedule = lab.schedule(there=there)
    known = {task.seed: settings for task, settings in schedule.drawn.items()}
    assert sorted(known) == list(there), "before any of them is heard of"
    assert {number: known[number] for number in drawn} == drawn
    assert [job.tasks[0].seed for job in iter(schedule.take, None)][:4] == [*there, there[-1] + 1]
    assert next(iter(lab.schedule().take, None)).tasks[0].seed == 0


@pytest.mark.parametrize(("first", "unused"), [({}, 1), ({3: 0.5}, 0)])
def test_a_rule_that_nothing_is_logged_for_is_told_of_once_and_waited_for_by_none(
    first: Mapping[int, float], unused: int
) -> None:
    told: list[str] = []
    schedule = Lab(MEDIAN).schedule(on_unused=lambda: told.append("unused"))
    ended = {"metrics": {"valid": 1.0}, "seconds": 1.0}
    jobs = [schedule.take() for _ in range(MEDIAN.width)]
    assert schedule.take() is None
    for number in (2, 1, 0):  # the first by its number decides, whichever ended first
        assert told == []
        task = Task("ours", number, TRIAL)
        for step, value in first.items() if number else {4: 1.0}.items():
            schedule.saw("metric", task, {"step": step, "name": "valid", "value": value})
        failed = number == 0
        schedule.saw("seed_failed" if failed else "seed_finished", task, {} if failed else ended)
    assert len(told) == unused
    rest = list(iter(schedule.take, None))
    assert len(rest) == (40 - len(jobs) if unused else 3)
    assert any(task.seed >= MEDIAN.width for task in schedule.stops) is not bool(unused)
    made = [Trial(0, {}, TrialState.FAILED), Trial(1, {}, TrialState.FINISHED, value=1.0)]
    curves = [(1, first)]
    again = SweepSchedule(
        MEDIAN, USUAL, trials=made, curves=curves, on_unused=lambda: told.append("again")
    )
    assert told.count("again") == unused
    assert len(list(iter(again.take, None))) == (38 if unused else 6)
