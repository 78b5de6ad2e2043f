"""Orderings: paired, over datasets, and the floors that few pairs have."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from researchdesk.domain.recipes import Claim, ClaimKind
from researchdesk.domain.verdicts import ClaimResult, Verdict

Judge = Callable[..., ClaimResult]
ORDER = Claim(
    "c", "t", ClaimKind.ORDERING, "m", "ours", "table 1", 0.0, versus="base", direction="at least"
)
PAIRED = replace(ORDER, paired=True)
SIX = (0.1, 0.5, 0.9, 0.3, 0.7, 0.2)
LEAD = (0.02, 0.03, 0.01, 0.04, 0.02, 0.05)
NAMES = ("a", "b", "c", "d", "e", "f")
OVER = replace(ORDER, over=NAMES)


def above(values: tuple[float, ...], by: tuple[float, ...] = LEAD) -> tuple[float, ...]:
    return tuple(value + more for value, more in zip(values, by, strict=False))


def test_pairs_show_what_their_seeds_spread_would_hide(result: Judge) -> None:
    arms = {"ours": above(SIX), "base": SIX}
    assert result(ORDER, arms).verdict is Verdict.IMPRECISE
    found = result(PAIRED, arms)
    assert (found.verdict, found.test) == (Verdict.REPRODUCED, "sign-flip permutation")
    assert (found.n, found.p) == (6, pytest.approx(2 / 64))
    assert found.mean == pytest.approx(sum(LEAD) / 6)
    assert any("2/2^6 = 0.03125" in line for line in found.arithmetic)
    assert result(PAIRED, {"ours": SIX, "base": above(SIX)}).verdict is Verdict.DIFFERENT
    turned = replace(PAIRED, direction="at most")
    assert result(turned, {"ours": SIX, "base": above(SIX)}).verdict is Verdict.REPRODUCED


def test_fewer_than_six_pairs_cannot_decide_and_it_is_said(result: Judge) -> None:
    found = result(PAIRED, {"ours": above(SIX[:5]), "base": SIX[:5]})
    assert (found.verdict, found.more_seeds) == (Verdict.IMPRECISE, 6)
    assert "the smallest p of 5 pairs is 2/2^5 = 0.0625" in found.why


def test_pairs_that_do_not_differ_decide_nothing(result: Judge) -> None:
    found = result(PAIRED, {"ours": SIX, "base": SIX})
    assert (found.verdict, found.p) == (Verdict.IMPRECISE, 1.0)


def test_a_paired_gap_is_held_against_the_gap_claimed(result: Judge) -> None:
    arms = {"ours": above(SIX, (0.2,) * 6), "base": SIX}
    assert result(replace(PAIRED, claimed=0.1), arms).verdict is Verdict.REPRODUCED
    assert result(replace(PAIRED, claimed=0.3), arms).verdict is Verdict.DIFFERENT
    assert result(replace(PAIRED, claimed=0.2), arms).verdict is Verdict.IMPRECISE


def test_only_seeds_that_both_arms_have_are_paired(result: Judge) -> None:
    found = result(PAIRED, {"ours": above(SIX), "base": (*SIX, 9.0)})
    assert (found.verdict, found.n) == (Verdict.REPRODUCED, 6)


def over(leads: tuple[float, ...]) -> dict[str, tuple[float, ...]]:
    arms: dict[str, tuple[float, ...]] = {}
    for name, base, lead in zip(NAMES, SIX, leads, strict=False):
        arms[f"base/{name}"] = (base, base + 0.01)
        arms[f"ours/{name}"] = (base + lead, base + lead + 0.01)
    return arms


def test_datasets_are_compared_by_signed_ranks(result: Judge) -> None:
    found = result(OVER, over(LEAD))
    assert (found.verdict, found.test) == (Verdict.REPRODUCED, "Wilcoxon signed-rank")
    assert (found.n, found.p) == (6, pytest.approx(2 / 64))
    assert any(line.strip() == "a: 0.02" for line in found.arithmetic)
    turned = result(OVER, over(tuple(-lead for lead in LEAD)))
    assert turned.verdict is Verdict.DIFFERENT


def test_five_datasets_cannot_decide_and_a_missing_one_is_not_passed_over(result: Judge) -> None:
    five = replace(OVER, over=NAMES[:5])
    found = result(five, over(LEAD))
    assert found.verdict is Verdict.IMPRECISE
    assert "six datasets at least" in found.why
    assert result(OVER, over(LEAD[:5])).verdict is Verdict.UNTESTED


def test_a_tie_of_datasets_is_no_win_by_its_rounding(result: Judge) -> None:
    arms = over(LEAD) | {"ours/f": (0.5, 0.66), "base/f": (0.57, 0.59)}
    assert sum(arms["ours/f"]) / 2 != sum(arms["base/f"]) / 2
    found = result(OVER, arms)
    assert (found.verdict, found.p) == (Verdict.IMPRECISE, pytest.approx(2 / 32))
    assert "the smallest p of 6 datasets, 1 of them tied, is 2/2^5 = 0.0625" in found.why
    same = result(OVER, {name: arms[name.replace("ours", "base")] for name in arms})
    assert (same.verdict, same.p) == (Verdict.IMPRECISE, 1.0)
    assert "all 6 datasets are ties" in same.why


def test_a_tie_of_pairs_is_no_win_by_its_rounding(result: Judge) -> None:
    tied = {"ours": (*above(SIX[:5]), 0.1 + 0.2), "base": (*SIX[:5], 0.3)}
    found = result(PAIRED, tied)
    assert (found.verdict, found.p, found.more_seeds) == (Verdict.IMPRECISE, 1 / 16, 8)
    assert "six pairs that are no ties at least could decide" in found.why


def test_one_arm_without_spread_gets_no_smaller_p_than_its_seeds_allow(result: Judge) -> None:
    arms = {"ours": (1.0, 1.0), "base": (0.5, 0.51)}
    found = result(ORDER, arms)
    assert (found.verdict, found.p) == (Verdict.IMPRECISE, pytest.approx(1 / 6))
    exact = result(ORDER, {"ours": (1.0,), "base": (0.5, 0.51)}, exact=["ours"])
    assert exact.verdict is Verdict.REPRODUCED


@pytest.mark.parametrize("claimed", [0.0, 0.2])
def test_more_seeds_are_told_with_the_arithmetic(result: Judge, claimed: float) -> None:
    found = result(
        replace(ORDER, claimed=claimed), {"ours": (0.9, 0.5, 0.7), "base": (0.6, 0.7, 0.55)}
    )
    assert found.verdict is Verdict.IMPRECISE
    assert found.more_seeds is not None
    assert any("degrees of freedom (Welch)" in line for line in found.arithmetic)
    assert max(map(len, found.arithmetic)) <= 76
