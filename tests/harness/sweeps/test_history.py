"""What a sweep's folder tells, whatever became of its process."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from researchdesk.domain.runs import Event, RunState
from researchdesk.domain.sweeps import (
    Budget,
    Dimension,
    Distribution,
    SweepSpec,
    TrialState,
)
from researchdesk.errors import BadInputError
from researchdesk.harness.events import encode
from researchdesk.harness.history import RunConfig
from researchdesk.harness.sweeps.history import read_curves, read_sweep
from researchdesk.harness.sweeps.spec import spec_toml

SPEC = SweepSpec(
    name="s",
    recipe="r",
    arm="ours",
    metric="valid",
    better="higher",
    space=(Dimension("lr", Distribution.LOG_UNIFORM, 1e-5, 1e-1),),
    budget=Budget(9),
)
START = datetime(2026, 1, 1, tzinfo=UTC)
Told = tuple[float, str, int | None, Mapping[str, Any]]


def told(folder: Path, *events: Told, sweep: str = spec_toml(SPEC)) -> Path:
    """A sweep's folder with these events: seconds after the start, kind, trial, data."""
    folder.mkdir(exist_ok=True)
    config = RunConfig("r", "d", "", False, False, (), sweep=sweep, engine="cluster")
    (folder / "config.toml").write_text(config.to_toml())
    with (folder / "events.jsonl").open("a") as file:
        for seconds, kind, trial, data in events:
            at = START + timedelta(seconds=seconds)
            of = {} if trial is None else {"arm": "ours", "seed": trial, "vary": "trial"}
            file.write(encode(Event(kind, at, data=data, **of)))
    return folder


def point(seconds: float, trial: int, step: int, value: float, name: str = "valid") -> Told:
    return seconds, "metric", trial, {"step": step, "name": name, "value": value}


def end(valid: float, **more: Any) -> dict[str, Any]:
    return {"metrics": {"valid": valid, "test": 0.5}, "seconds": 2.5, **more}


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return told(
        tmp_path / "20260101-000000-r",
        (0, "run_started", None, {}),
        (1, "seed_started", 0, {"settings": {"lr": 0.1}, "node": "a"}),
        (1, "seed_started", 1, {"settings": {"lr": 0.2}}),
        point(2, 0, 1, 0.3),
        point(2, 1, 1, 0.1),
        point(2, 0, 1, 9.0, "test"),
        (3, "seed_finished", 0, end(0.3)),
        (4, "seed_finished", 0, end(0.9)),
        (4, "seed_finished", 1, end(0.1, stopped=7)),
        (5, "seed_started", 2, {"settings": {"lr": 0.3}}),
        point(6, 2, 1, 0.4),
        (7, "seed_retried", 2, {"reason": "preempted", "try": 2}),
        (8, "seed_started", 2, {"settings": {"lr": 0.3}, "step": 1, "node": "b"}),
        point(8, 2, 2, 0.5),
        (9, "seed_started", 3, {"settings": {"lr": 0.4}}),
        point(9, 3, 1, 0.8),
        (10, "run_interrupted", None, {}),
        (500, "sweep_extended", None, {"budget": {"trials": 20, "hours": 2.0}}),
        (600, "run_resumed", None, {}),
        (601, "seed_started", 3, {"settings": {"lr": 0.4}}),
        point(602, 3, 1, 0.6),
        (604, "seed_failed", 3, {"error": "loss stopped being finite", "step": 3}),
    )


def test_trials_are_told_with_their_ends_and_what_led_there(folder: Path) -> None:
    sweep = read_sweep(folder, owned=True)
    assert (sweep.id, sweep.spec, sweep.engine) == (folder.name, SPEC, "cluster")
    assert (sweep.state, sweep.started_at, sweep.ended_at) == (RunState.RUNNING, START, None)
    assert sweep.budget == Budget(20, 2.0)
    assert sweep.seconds == 10 + 4
    zero, one, two, three = sweep.trials
    assert (zero.number, zero.settings, zero.state, zero.value) == (
        *(0, {"lr": 0.1}, TrialState.FINISHED),
        0.3,
    ), "of two ends the first counts"
    assert (zero.metrics, zero.seconds, zero.node) == ({"valid": 0.3, "test": 0.5}, 2.5, "a")
    assert (zero.started_at, zero.ended_at) == (at(1), at(3))
    assert (one.state, one.step, one.value) == (TrialState.STOPPED, 7, 0.1)
    assert (two.state, two.retries, two.node) == (TrialState.RUNNING, ("preempted",), "b")
    assert (three.state, three.error, three.value) == (
        *(TrialState.FAILED, "loss stopped being finite"),
        None,
    )
    assert (three.seconds, three.started_at, three.step) == (3, at(9), 3)


def test_a_clock_that_was_set_back_gives_no_budget_back(folder: Path) -> None:
    told(
        folder,
        (605, "seed_started", 4, {"settings": {"lr": 0.4}}),
        (-9_000, "seed_failed", 4, {"error": "it broke"}),
        (-8_999, "run_finished", None, {}),
    )
    sweep = read_sweep(folder, owned=False)
    assert (sweep.seconds, sweep.trials[4].seconds) == (10, 0)


def test_a_sweep_that_nobody_keeps_has_cancelled_trials_and_looks_are_no_end(folder: Path) -> None:
    assert read_sweep(folder, owned=False).state is RunState.CRASHED
    told(folder, (605, "run_finished", None, {}))
    told(folder, (9_999, "test_looked", None, {"trial": 0}))
    sweep = read_sweep(folder, owned=False)
    assert (sweep.state, sweep.ended_at) == (RunState.FINISHED, at(605))
    assert [trial.state for trial in sweep.trials][2] is TrialState.CANCELLED
    assert sweep.looks == ((0, at(9_999)),)
    assert sweep.seconds == 10 + 5


def test_trials_with_an_engine_that_nobody_follows_go_on(folder: Path) -> None:
    submitted = {"key": "k", "submission": 1, "handle": "h", "job": "measure", "arm": "ours"}
    told(folder, (605, "trial_submitted", None, submitted), (606, "run_detached", None, {}))
    sweep = read_sweep(folder, owned=False)
    assert (sweep.state, sweep.ended_at) == (RunState.AWAY, None)
    assert sweep.trials[2].state is TrialState.RUNNING


def test_hours_of_a_stretch_that_died_are_counted_to_the_last_that_was_heard(
    tmp_path: Path,
) -> None:
    hour = 3_600
    folder = told(
        tmp_path / "20260101-000000-r",
        (0, "run_started", None, {}),
        (0, "seed_started", 0, {"settings": {"lr": 0.1}}),
        *(point(step * hour, 0, step, 0.1) for step in range(1, 6)),
    )
    died = read_sweep(folder, owned=False)
    assert (died.seconds, died.ended_at) == (5 * hour, at(5 * hour))
    told(folder, (30 * hour, "run_resumed", None, {}), point(31 * hour, 0, 6, 0.1))
    assert read_sweep(folder, owned=True).seconds == 6 * hour


def test_hours_away_are_not_counted_when_what_was_away_is_called_off(tmp_path: Path) -> None:
    folder = told(
        tmp_path / "20260101-000000-r",
        (0, "run_started", None, {}),
        (60, "run_detached", None, {}),
        (9_000, "trials_called_off", None, {}),
        (9_000, "run_interrupted", None, {}),
    )
    sweep = read_sweep(folder, owned=False)
    assert (sweep.seconds, sweep.was_left, sweep.ended_at) == (60, True, at(9_000))
    told(folder, (20_000, "run_resumed", None, {}), (20_005, "run_finished", None, {}))
    assert read_sweep(folder, owned=False).seconds == 65


def test_curves_come_in_the_order_of_the_ends_those_under_way_last(folder: Path) -> None:
    with (folder / "events.jsonl").open("a") as file:
        file.write('{"kind": "metric", "at": "torn')
    assert list(read_curves(folder, SPEC)) == [
        (0, {1: 0.3}),
        (0, {}),
        (1, {1: 0.1}),
        (3, {1: 0.6}),
        (2, {1: 0.4, 2: 0.5}),
    ]
    assert list(read_curves(folder / "none", SPEC)) == []


def test_what_is_no_sweep_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no sweep's"):
        read_sweep(told(tmp_path / "run", sweep=""), owned=False)
    with pytest.raises(BadInputError, match="sweep is not right"):
        read_sweep(told(tmp_path / "bad", sweep="arm = 3"), owned=False)
    empty = read_sweep(told(tmp_path / "20260101-000000-new"), owned=True)
    assert (empty.trials, empty.seconds, empty.budget) == ((), 0.0, SPEC.budget)


def test_a_trial_that_was_lost_is_gone_on_with_and_comes_to_its_end_then(folder: Path) -> None:
    told(folder, (605, "seed_failed", 2, {"error": "killed", "lost": True}))
    lost = read_sweep(folder, owned=False).trials[2]
    assert (lost.state, lost.error) == (TrialState.LOST, "killed")
    assert list(read_curves(folder, SPEC))[-1] == (2, {1: 0.4, 2: 0.5}), "it has no end"
    told(folder, (700, "run_resumed", None, {}), (701, "seed_started", 2, {"step": 2}))
    assert read_sweep(folder, owned=True).trials[2].state is TrialState.RUNNING
    told(folder, (702, "seed_finished", 2, end(0.7)), (703, "seed_failed", 2, {"lost": True}))
    assert read_sweep(folder, owned=True).trials[2].value == 0.7
