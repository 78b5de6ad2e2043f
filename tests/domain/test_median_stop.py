"""The median stopping rule: the medians of running means, of the trials that came so far."""

import math
import statistics
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from researchdesk.domain.median_stop import RunningMedian, Threshold, Thresholds
from researchdesk.domain.sweeps import MedianRule

Curve = Mapping[int, float]


def table(curves: list[Curve], better: str, rule: MedianRule) -> tuple[Threshold, ...]:
    found = Thresholds(rule, better)
    for curve in curves:
        found.add(curve)
    return found.table()


def by_the_book(curves: list[Curve], rule: MedianRule) -> dict[int, float]:
    """Golovin et al. (2017), 3.2.1, word by word."""
    steps = sorted({step for curve in curves for step in curve if step >= rule.after})
    found = {}
    for step in steps:
        means = [
            statistics.fmean(value for at, value in curve.items() if at <= step)
            for curve in curves
            if curve and max(curve) >= step and min(curve) <= step
        ]
        if len(means) >= rule.trials:
            found[step] = statistics.median(means)
    return found


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), min_size=1))
def test_a_running_median_is_the_median(values: list[float]) -> None:
    running = RunningMedian()
    for count, value in enumerate(values, start=1):
        running.push(value)
        assert len(running) == count
        assert running.value == statistics.median(values[:count])


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.lists(st.floats(-100, 100), max_size=8), max_size=90),
    st.sampled_from(["higher", "lower"]),
    st.integers(0, 30),
    st.integers(1, 6),
)
def test_thresholds_are_those_of_the_source(
    rows: list[list[float]], better: str, after: int, trials: int
) -> None:
    curves = [{10 * (i + 1): value for i, value in enumerate(row)} for row in rows]
    rule = MedianRule(after, trials)
    found = table(curves, better, rule)
    # what only trials after the first 64 logged may have no step of its own
    of_first = {step for curve in curves[:64] for step in curve}
    expected = {s: v for s, v in by_the_book(curves, rule).items() if s in of_first}
    numbers = {step: value for step, value in found if value is not None}
    assert numbers.keys() == expected.keys()
    assert all(math.isclose(numbers[s], expected[s], abs_tol=1e-9) for s in expected)
    assert not found or found[-1][1] is None, "beyond the last step nothing is compared"


def test_steps_that_differ_from_trial_to_trial_are_compared_with_the_last_before() -> None:
    fast, slow = {10: 1.0, 20: 3.0}, {15: 1.0, 30: 5.0}
    found = table([fast, slow], "higher", MedianRule(0, 1))
    assert found == ((10, 1.0), (15, 1.0), (20, 1.5), (30, 3.0), (31, None))
    assert table([fast, slow], "higher", MedianRule(0, 2)) == ((15, 1.0), (20, 1.5), (30, None))
    assert table([fast], "higher", MedianRule(0, 2)) == ()


def test_not_a_number_is_the_worst_there_is() -> None:
    for better in ("higher", "lower"):
        curves = [{1: math.nan, 2: 0.5}, {1: 0.5, 2: 0.5}, {1: 0.25, 2: 0.25}]
        assert dict(table(curves, better, MedianRule(0, 3)))[2] is not None
        assert table([{1: math.nan}], better, MedianRule(0, 1)) == ()


def test_a_long_curve_and_many_trials_keep_the_table_small() -> None:
    found = Thresholds(MedianRule(), "lower")
    for number in range(200):
        found.add({step: 1.0 / (step + 1) for step in range(number % 7, 3_000, 10)})
    assert 100 < len(found.table()) <= 257
