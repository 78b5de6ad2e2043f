"""Numbers at the ends of what a float holds: judged, never a crash, never a pass by accident."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from researchdesk.domain.recipes import Arm, Claim, ClaimKind, Recipe
from researchdesk.domain.runs import SeedResult, Task
from researchdesk.domain.verdicts import ClaimResult, Shortfall, Verdict
from researchdesk.harness.comparison import judge

VALUE = Claim("c", "t", ClaimKind.VALUE, "m", "ours", "table 1", 1.0, tolerance=0.2)
BOUND = Claim("c", "t", ClaimKind.BOUND, "m", "ours", "table 1", 1.0, direction="at least")
ORDER = Claim(
    "c", "t", ClaimKind.ORDERING, "m", "ours", "table 1", 0.0, versus="base", direction="at least"
)
Judge = Callable[..., ClaimResult]


@pytest.mark.parametrize("claim", [VALUE, BOUND])
@pytest.mark.parametrize("values", [(1e200, 2e200, 3e200), (1e-200, 2e-200, 3e-200), (5e-324, 0.0)])
def test_large_and_small_numbers_are_judged(
    result: Judge, claim: Claim, values: Sequence[float]
) -> None:
    found = result(claim, values)
    assert found.n == len(values)
    assert found.sd is None or found.sd > 0 or max(values) < 1e-300


def test_arms_far_apart_in_size_are_compared(result: Judge) -> None:
    found = result(ORDER, {"ours": [1e200, 1.1e200, 1.2e200, 1.1e200], "base": [1.0, 2.0, 3.0]})
    assert found.verdict is Verdict.REPRODUCED
    found = result(ORDER, {"ours": [1e-200, 3e-200], "base": [2e-200, 2.5e-200]})
    assert found.verdict is Verdict.IMPRECISE


def test_a_number_that_cannot_be_calculated_with_is_as_good_as_infinite(result: Judge) -> None:
    some = result(VALUE, [1.0, 1.7e308, 1.01])
    assert (some.verdict, some.shortfall) == (Verdict.NOT_COMPARABLE, Shortfall.NOT_FINITE)
    assert "seed 1 of arm ours gave a m beyond 1e+250" in some.why
    every = result(VALUE, [1.7e308, 1.6e308])
    assert every.verdict is Verdict.DIFFERENT


def test_one_seed_without_a_finite_number_says_nothing_of_the_paper(result: Judge) -> None:
    found = result(VALUE, [float("nan")])
    assert (found.verdict, found.shortfall) == (Verdict.NOT_COMPARABLE, Shortfall.NOT_FINITE)
    exact = result(VALUE, [float("nan")], exact=["ours"])
    assert exact.verdict is Verdict.DIFFERENT


@pytest.mark.parametrize("claim", [VALUE, BOUND])
def test_seeds_that_differ_by_rounding_alone_have_no_spread(result: Judge, claim: Claim) -> None:
    found = result(claim, [1.1, 1.1 + 2e-16, 1.1])
    assert found.verdict is Verdict.IMPRECISE
    assert "gave the same number" in found.why


def test_seeds_that_differ_in_nothing_count_as_one() -> None:
    """An experiment that does not use its seed shows no spread, and proves nothing by it."""
    claim = Claim("c", "c", ClaimKind.VALUE, "m", "ours", "table 1", 0.5, tolerance=0.1)
    recipe = Recipe(
        "n", Path(), "2001.00001", 1, "t", "s", 5, (Arm("ours"),), (claim,), "d", bundled=True
    )
    same = [SeedResult(Task("ours", seed), {"m": 0.5009}, 1.0) for seed in range(6)]
    (found,) = judge(recipe, same)
    assert (found.verdict, found.shortfall) == (Verdict.NOT_COMPARABLE, Shortfall.ONE_SEED)
    assert "not to use its seed" in found.why
    whole = [SeedResult(Task("ours", seed), {"m": 1.0}, 1.0) for seed in range(6)]
    (found,) = judge(replace(recipe, claims=(replace(claim, claimed=1.0),)), whole)
    assert found.verdict is Verdict.REPRODUCED
