"""The limits of a sweep as a person types them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.sweeps import Budget
from researchdesk.errors import UsageProblemError
from researchdesk.services.sweep_budgets import twice, typed
from researchdesk.services.sweep_making import SweepOptions

ALL = Budget(64, 2.0, 8.0)


@pytest.mark.parametrize(
    ("text", "budget", "more"),
    [
        ("64", ALL, SweepOptions(trials=64)),
        (" 1,000 ", Budget(64), SweepOptions(trials=1000)),
        ("1.5", Budget(hours=1.0), SweepOptions(hours=1.5)),
        ("8", Budget(gpu_hours=4.0), SweepOptions(gpu_hours=8.0)),
        ("9", Budget(), SweepOptions(trials=9)),
        ("1 trial", ALL, SweepOptions(trials=1)),
        ("4h", ALL, SweepOptions(hours=4.0)),
        ("4 hours by the clock", ALL, SweepOptions(hours=4.0)),
        ("1,000 trials, 8 GPU-hours", ALL, SweepOptions(trials=1000, gpu_hours=8.0)),
        ("2 GPU hours and 3 hours; 4", ALL, SweepOptions(trials=4, hours=3.0, gpu_hours=2.0)),
    ],
)
def test_a_limit_is_a_number_and_its_unit(text: str, budget: Budget, more: SweepOptions) -> None:
    assert typed(text, budget) == more


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "many",
            "-3",
            "1e3",
            "nan",
            "inf",
            "2.5 trials",
            "3 days",
            "3 hours, 4 hours",
            "3,",
            "1,00",
        ),
        *("٣", "4 [b]hours[/b]\x1b[31m"),
    ],
)
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(UsageProblemError, match="is no limit of a sweep") as caught:
        typed(text, ALL)
    assert "\x1b" not in caught.value.message


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    with suppress(UsageProblemError):
        typed(text, ALL)


@given(
    st.builds(
        Budget,
        st.integers(0, 10**9),
        st.sampled_from([0.0, 0.25, 1.0, 36.5]),
        st.sampled_from([0.0, 0.5, 100.0]),
    )
)
def test_what_is_offered_is_twice_as_much(budget: Budget) -> None:
    if budget == Budget():
        return
    more = typed(twice(budget), budget)
    offered = Budget(more.trials or 0, more.hours or 0.0, more.gpu_hours or 0.0)
    assert offered == Budget(2 * budget.trials, 2 * budget.hours, 2 * budget.gpu_hours)
