"""How long a run will take yet."""

from datetime import UTC, datetime, timedelta

import pytest

from researchdesk.domain.estimate import Estimate
from researchdesk.domain.runs import Event

BEGIN = datetime(2026, 4, 12, 12, tzinfo=UTC)


def at(seconds: float, kind: str, arm: str = "", seed: int | None = None, **data: object) -> Event:
    return Event(kind, BEGIN + timedelta(seconds=seconds), arm, seed, data)


def left(*events: Event) -> float | None:
    estimate = Estimate()
    for event in events:
        estimate.take(event)
    return estimate.left_s


def test_nothing_is_said_before_anything_is_known() -> None:
    begun = at(0, "run_started", left={"a": 4})
    assert left() is None
    assert left(begun) is None
    assert left(begun, at(2, "seed_started", "a", 0)) is None


def test_seeds_one_after_the_other_cost_what_the_first_did() -> None:
    events = [
        at(0, "run_started", left={"a": 4}),
        at(2, "seed_started", "a", 0),
        at(12, "seed_finished", "a", 0),
    ]
    assert left(*events) == pytest.approx(30)


def test_two_at_a_time_take_half_as_long() -> None:
    events = [
        at(0, "run_started", left={"a": 6}),
        at(2, "seed_started", "a", 0),
        at(2, "seed_started", "a", 1),
        at(12, "seed_finished", "a", 0),
        at(12, "seed_finished", "a", 1),
    ]
    assert left(*events) == pytest.approx(20)


def test_the_last_seed_has_no_company() -> None:
    begun = [at(0, "run_started", left={"a": 3}, steps={"a": 60})]
    begun += [at(0, "seed_started", "a", seed) for seed in (0, 1)]
    steps = [at(20, "metric", "a", seed, step=40, name="loss", value=1.0) for seed in (0, 1)]
    assert left(*begun, *steps) == pytest.approx(40)


def test_steps_of_the_first_seed_tell_before_it_ends() -> None:
    timed = [
        at(0, "run_started", left={"a": 2}),
        at(0, "seed_started", "a", 0),
        at(10, "timing", "a", 0, step=100, steps=1000),
    ]
    assert left(*timed) == pytest.approx(190)
    logged = [
        at(0, "run_started", left={"a": 2}, steps={"a": 1000}),
        at(0, "seed_started", "a", 0),
        at(10, "metric", "a", 0, step=100, name="loss", value=1.0),
    ]
    assert left(*logged) == pytest.approx(190)


def test_making_ready_is_not_taken_for_the_pace_of_the_steps() -> None:
    events = [
        at(0, "run_started", left={"a": 1}, steps={"a": 1000}),
        at(0, "seed_started", "a", 0),
        at(30, "metric", "a", 0, step=1, name="loss", value=1.0),
        at(31, "metric", "a", 0, step=101, name="loss", value=1.0),
    ]
    assert left(*events[:3]) is None
    assert left(*events) == pytest.approx(9, rel=0.05)


def test_a_seed_that_goes_on_from_a_checkpoint_is_measured_from_there() -> None:
    events = [
        at(0, "run_resumed", left={"a": 1}),
        at(0, "seed_started", "a", 0, step=900),
        at(10, "timing", "a", 0, step=950, steps=1000),
    ]
    assert left(*events) == pytest.approx(10)


def test_arms_not_yet_begun_cost_as_the_others_and_failures_count_as_done() -> None:
    events = [
        at(0, "run_started", left={"a": 2, "b": 2}),
        at(0, "seed_started", "a", 0),
        at(10, "seed_finished", "a", 0),
        at(10, "seed_started", "a", 1),
        at(11, "seed_failed", "a", 1, error="no"),
    ]
    assert left(*events) == pytest.approx(22, rel=0.1)


def test_odd_events_are_no_trouble() -> None:
    odd = at(9, "timing", "a", 0, step="x", steps=None)
    events = [at(0, "run_started", left=3), at(1, "seed_started", "a", 0), odd]
    assert left(*events, at(9, "seed_finished", "b", 3), at(9, "metric", "c", 1)) is None
