"""The variance due to each source."""

import math

import numpy as np
import pytest

from researchdesk.domain.runs import SeedResult, Task
from researchdesk.harness.variance import variance_rows


def results(values: dict[str, list[float]], arm: str = "ours") -> list[SeedResult]:
    return [
        SeedResult(Task(arm, seed, vary), {"score": value}, 1.0)
        for vary, of in values.items()
        for seed, value in enumerate(of)
    ]


def test_rows_tell_spread_and_share() -> None:
    found = variance_rows(
        results({"init": [0.0, 1.0, 2.0], "all": [0.0, 2.0, 4.0], "order": [1.0] * 3})
    )
    rows = {row.source: row for row in found}
    assert [row.source for row in found] == ["all", "init", "order"]
    assert rows["all"].sd == pytest.approx(2.0)
    assert (rows["all"].share, rows["init"].share, rows["order"].share) == (1.0, 0.25, 0.0)
    assert rows["init"].n == 3


def test_the_spread_is_numpys() -> None:
    values = np.random.default_rng(0).normal(5, 2, 30).tolist()
    (row,) = variance_rows(results({"init": values}))
    assert row.sd == pytest.approx(float(np.std(values, ddof=1)))
    assert row.share is None  # nothing says what all together make


def test_too_few_and_no_numbers_and_plain_seeds_are_left_out() -> None:
    assert variance_rows(results({"": [1.0, 2.0]})) == ()
    assert variance_rows(results({"init": [1.0]})) == ()
    (row,) = variance_rows(results({"init": [1.0, math.nan, 3.0]}))
    assert (row.n, row.sd) == (2, pytest.approx(math.sqrt(2)))


def test_equal_numbers_together_divide_by_no_zero() -> None:
    found = variance_rows(results({"all": [0.1, 0.1, 0.1], "init": [0.1, 0.2, 0.3]}))
    assert [(row.sd > 0, row.share) for row in found] == [(False, None), (True, None)]


@pytest.mark.parametrize(("init", "joint"), [(2, 2), (2, 3), (3, 2)])
def test_two_seeds_tell_no_share(init: int, joint: int) -> None:
    values = {"init": [0.0, 5.0, 9.0][:init], "all": [0.0, 1.0, 2.0][:joint]}
    assert {(row.share, row.note) for row in variance_rows(results(values)) if row.n < 3} == {
        (None, "")
    }
    shares = {row.source: row.share for row in variance_rows(results(values))}
    assert shares["init"] is None


def test_more_than_the_joint_is_no_share_but_words() -> None:
    found = variance_rows(results({"all": [0.0, 1.0, 2.0], "init": [0.0, 2.0, 4.0]}))
    assert [(row.share, row.note) for row in found] == [
        (1.0, ""),
        (None, "more than the joint: too few seeds"),
    ]


def test_the_spread_of_numbers_whose_squares_no_float_holds() -> None:
    values = {"all": (1e200, 3e200, 5e200), "init": (1e200, 2e200, 3e200)}
    found = [
        SeedResult(Task("ours", seed, vary), {"m": value}, 1.0)
        for vary, of in values.items()
        for seed, value in enumerate(of)
    ]
    shares = {row.source: row.share for row in variance_rows(found)}
    assert shares == {"all": pytest.approx(1.0), "init": pytest.approx(0.25)}
