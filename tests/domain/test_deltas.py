import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from researchdesk.domain.deltas import THE_STATED, Delta, words

FINITE = st.floats(-1e9, 1e9, allow_nan=False)


def test_a_delta_is_told_in_the_unit_of_its_spread() -> None:
    delta = Delta(0.31, 0.44, 0.05, "5 seeds of ours/loss")
    assert delta.by == pytest.approx(0.13)
    assert delta.in_spreads == pytest.approx(2.6)
    assert words(delta) == "+0.13, 2.6 standard deviations of 5 seeds of ours/loss"


def test_one_stated_is_told_as_such() -> None:
    assert words(Delta(93.8, 93.4, 0.2, THE_STATED)) == "-0.4, 2.0 times the ± stated"


def test_without_a_spread_there_is_only_the_difference() -> None:
    assert Delta(1, 2).in_spreads is None
    assert words(Delta(1, 2)) == "+1"
    assert words(Delta(2, 2, 0.1, "3 seeds")) == "no difference"
    alike = Delta(1, 2, 0.0, "3 seeds of ours/score")
    assert alike.in_spreads is None
    assert words(alike) == "+1; 3 seeds of ours/score gave one number, so there is no spread"


def test_rounding_is_no_difference() -> None:
    assert Delta(0.3, 0.1 + 0.2).by == 0
    assert Delta(0.3, 0.30001).by > 0


@given(FINITE, FINITE, st.floats(1e-6, 1e6))
def test_it_has_the_sign_of_what_came_out_larger(e: float, o: float, spread: float) -> None:
    delta = Delta(e, o, spread, "3 seeds")
    assert delta.by == -Delta(o, e).by
    assert delta.in_spreads is not None
    assert delta.in_spreads >= 0
    assume(delta.by)
    assert (delta.by > 0) == (o > e)
    assert words(delta).startswith("+" if o > e else "-")


@given(st.sampled_from([None, 0.0, -1.0, math.inf, math.nan]))
def test_a_spread_that_is_none_is_not_divided_by(spread: float | None) -> None:
    assert Delta(1, 2, spread, "").in_spreads is None
