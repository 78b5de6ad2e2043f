"""The parts of the bench that need no screen."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from textual.content import Content

from researchdesk.domain.runs import Event, Task
from researchdesk.tui.widgets.bench_columns import Column, Columns
from researchdesk.tui.widgets.bench_plot import Scale, log_ticks, scaled, tick_words, ticks
from researchdesk.tui.widgets.bench_view import RunView, median_curve
from researchdesk.tui.widgets.bench_words import SeedState, ago

NOW = datetime(2026, 4, 12, 12, tzinfo=UTC)
FIRST, SECOND = Task("a", 0), Task("a", 1)


def event(kind: str, seed: int | None = 0, **data: Any) -> Event:
    return Event(kind, NOW, "a" if seed is not None else "", seed, data)


def metric(step: int, value: float | None, seed: int = 0) -> Event:
    return event("metric", seed, step=step, name="loss", value=value)


def test_seeds_go_from_waiting_to_done_or_failed() -> None:
    view = RunView("r", [FIRST, SECOND])
    view.take([event("run_started", None), event("seed_started"), event("seed_started", 1)])
    view.take([metric(1, 0.5), event("seed_finished", metrics={"loss": 0.25}, seconds=2.0)])
    view.take([event("seed_failed", 1, error="burst")])
    assert [seed.state for seed in view.seeds.values()] == [SeedState.DONE, SeedState.FAILED]
    assert view.seeds[FIRST].latest == {"loss": 0.25}
    assert (view.seeds[SECOND].error, view.ends, view.taken) == ("burst", 2, 6)


def test_a_seed_that_starts_again_drops_its_old_curve() -> None:
    view = RunView("r", [FIRST])
    view.take([event("seed_started"), metric(1, 9.0), event("run_interrupted", None)])
    assert view.seeds[FIRST].state is SeedState.STOPPED
    view.take([event("run_resumed", None)])
    assert view.seeds[FIRST].state is SeedState.WAITING
    view.take([event("seed_started"), metric(1, 0.5)])
    assert view.curves["loss"][FIRST] == [(1.0, 0.5)]


def test_values_that_are_not_finite_are_counted_and_not_drawn() -> None:
    view = RunView("r", [FIRST])
    view.take([metric(1, 0.5), metric(2, math.nan), metric(3, math.inf), metric(4, None)])
    assert view.curves["loss"][FIRST] == [(1.0, 0.5)]
    assert view.not_finite == {"loss": 2}


def test_the_median_leaves_out_steps_that_few_seeds_have() -> None:
    curves = [[(1.0, 1.0), (2.0, 2.0)], [(1.0, 3.0), (2.0, 4.0)], [(1.0, 8.0), (1.5, 0.0)]]
    assert median_curve(curves) == [(1.0, 3.0), (2.0, 3.0)]
    assert median_curve([]) == []


def test_what_has_no_logarithm_is_left_out() -> None:
    points = [(0.0, 1.0), (10.0, -1.0), (100.0, 10.0)]
    assert scaled(points, Scale.LOG_BOTH) == [(2.0, 1.0)]
    assert scaled(points, Scale.LINEAR) == points


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3.7, 12), (1e-9, 3e-9), (0, 5_000_000)])
def test_ticks_are_few_and_inside(low: float, high: float) -> None:
    found = ticks(low, high)
    assert 3 <= len(found) <= 7
    assert low <= found[0] + 1e-12
    assert found[-1] <= high * (1 + 1e-9)


def test_ticks_of_a_single_value_and_of_powers() -> None:
    assert ticks(3, 3) == [3]
    assert [tick_words(tick, log=True) for tick in log_ticks(0, 1.31)] == [
        "10⁰", "2", "5", "10¹", "20",
    ]  # fmt: skip
    assert len(log_ticks(-12, 12)) <= 9
    assert [tick_words(value, log=False) for value in (2e6, 0, -0.5, 15_000)] == [
        "2M", "0", "-0.5", "15k",
    ]  # fmt: skip


def test_columns_wrap_side_by_side_or_give_way() -> None:
    row = Columns(
        [Column(4, 1, lines=1), Column(3)],
        [Content("one two three"), Content("x")],
        Content("narrow"),
    )
    assert row._content(14).plain == "one two…   x"
    assert row._content(5).plain == "narrow"


@pytest.mark.parametrize(
    ("gone", "words"),
    [({"seconds": 5}, "just now"), ({"minutes": 90}, "1 h ago"), ({"days": 3}, "3 d ago")],
)
def test_how_long_ago(gone: dict[str, int], words: str) -> None:
    assert ago(NOW - timedelta(**gone), NOW) == words
