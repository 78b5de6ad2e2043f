"""The best row of a table is more than noise, or it is not called so."""

import random

import pytest
from scipy import stats

from researchdesk.harness.leads import Column, Lead, leads

GOOD, FAIR, POOR = (0.96, 0.95, 0.97, 0.96), (0.90, 0.91, 0.89, 0.90), (0.5, 0.52, 0.51, 0.5)


def test_the_best_is_shown_where_it_differs_from_every_other_row() -> None:
    (lead,) = leads([Column({"a": FAIR, "b": GOOD, "c": POOR}, "higher")])
    assert lead is not None
    assert (lead.best, lead.nearest, lead.is_shown) == ("b", "a", True)
    student = stats.ttest_ind(GOOD, FAIR).pvalue
    assert lead.p == pytest.approx(student, rel=0.2)
    (lower,) = leads([Column({"a": FAIR, "b": GOOD, "c": POOR}, "lower")])
    assert lower is not None
    assert (lower.best, lower.nearest, lower.is_shown) == ("c", "a", True)


def test_a_better_mean_alone_is_not_shown() -> None:
    noisy = (0.99, 0.90, 1.0, 0.89)
    (lead,) = leads([Column({"a": FAIR, "b": noisy}, "higher")])
    assert lead is not None
    assert (lead.best, lead.is_shown) == ("b", False)
    (lead,) = leads([Column({"a": GOOD, "b": FAIR, "c": (0.97, 0.2, 0.9, 0.9)}, "higher")])
    assert lead == Lead("a", "c", lead.p if lead else None)
    assert not lead.is_shown


def test_the_tests_of_the_whole_table_are_corrected_together() -> None:
    close = Column({"a": (1.0, 1.1, 1.2, 1.1), "b": (0.9, 0.98, 1.0, 0.95)}, "higher")
    alone, among = leads([close])[0], leads([close, close, close])[0]
    assert alone is not None
    assert among is not None
    assert alone.is_shown
    assert not among.is_shown
    assert among.p == pytest.approx(3 * (alone.p or 0))


@pytest.mark.parametrize(
    ("other", "exact", "shown"),
    [
        ((0.2,), (), False),
        ((0.2,), ("b",), True),
        ((0.2, 0.2, 0.2), (), False),
        ((0.2,) * 5, (), True),
        ((float("nan"), 0.2), (), True),
    ],
)
def test_a_row_without_a_spread_is_told_from_only_where_it_is_exact(
    other: tuple[float, ...], exact: tuple[str, ...], shown: bool
) -> None:
    (lead,) = leads([Column({"a": GOOD, "b": other, "c": POOR}, "higher", exact)])
    assert lead is not None
    assert lead.is_shown is shown


def test_exact_rows_that_are_equal_are_not_told_apart_and_one_row_leads_nothing() -> None:
    (lead,) = leads([Column({"a": (0.1 + 0.2,), "b": (0.3,)}, "higher", ("a", "b"))])
    assert lead is not None
    assert not lead.is_shown
    assert leads([Column({"a": GOOD}, "higher"), Column({"a": GOOD, "b": FAIR}, "")]) == [
        None,
        None,
    ]


def test_arms_that_are_the_same_are_seldom_called_different() -> None:
    draw = random.Random(7)
    false = 0
    for _ in range(600):
        rows = {name: [draw.gauss(0, 1) for _ in range(4)] for name in "abc"}
        (lead,) = leads([Column(rows, "higher")])
        false += bool(lead and lead.is_shown)
    assert false / 600 < 0.06
