"""Verdicts: each by hand from numbers, without a run."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from researchdesk.domain.recipes import Arm, Claim, ClaimKind, Recipe
from researchdesk.domain.runs import SeedResult, Task
from researchdesk.domain.verdicts import ClaimResult, Shortfall, Verdict, exit_code
from researchdesk.harness.comparison import judge

VALUE = Claim("c", "t", ClaimKind.VALUE, "m", "ours", "table 1", 1.0, tolerance=0.2)
COUNT = Claim("c", "t", ClaimKind.COUNT, "m", "ours", "table 1", 0.27, tolerance=0.005)
BOUND = Claim("c", "t", ClaimKind.BOUND, "m", "ours", "table 1", 1.0, direction="at least")
ORDER = Claim(
    "c", "t", ClaimKind.ORDERING, "m", "ours", "table 1", 0.0, versus="base", direction="at least"
)
FIVE = (0.98, 1.02, 1.01, 0.99, 1.0)


def verdict_on(
    claim: Claim,
    values: Sequence[float] | Mapping[str, Sequence[float]],
    *,
    deterministic: bool = False,
    quick: bool = False,
    failures: Mapping[Task, str] | None = None,
    shortened: bool = True,
) -> ClaimResult:
    of_arms = values if isinstance(values, Mapping) else {"ours": values}
    arms = tuple(
        Arm(name, deterministic=deterministic, quick={"steps": 1} if shortened else {})
        for name in ("ours", "base")
    )
    recipe = Recipe(
        "n", Path(), "2001.00001", 1, "t", "s", 5, arms, (claim,), "digest", bundled=True
    )
    results = [
        SeedResult(Task(arm, seed), {claim.metric: value, "drawn": seed}, 1.0)
        for arm, measured in of_arms.items()
        for seed, value in enumerate(measured)
    ]
    (result,) = judge(recipe, results, quick=quick, failures=failures)
    return result


def test_a_value_within_tolerance_at_95_percent_is_reproduced() -> None:
    result = verdict_on(VALUE, FIVE)
    assert (result.verdict, result.test, result.n) == (Verdict.REPRODUCED, "TOST", 5)
    assert result.mean == pytest.approx(1.0)
    assert result.interval is not None
    assert 0.8 < result.interval.low < result.interval.high < 1.2


def test_a_value_in_the_prediction_interval_alone_is_imprecise() -> None:
    result = verdict_on(VALUE, (0.5, 1.4, 0.9, 1.3, 0.7))
    assert result.verdict is Verdict.IMPRECISE
    assert (result.test, result.more_seeds) == ("prediction interval", 18)
    assert result.p is not None
    assert result.p > 0.05
    assert result.interval is not None
    assert result.interval.low < 1.0 < result.interval.high
    assert "equivalence is not shown; about 18 seeds would decide" in result.why


def test_seeds_that_would_decide_do() -> None:
    spread = (0.5, 1.4, 0.9, 1.3, 0.7)
    told = verdict_on(VALUE, spread).why
    enough = int(told.split("about ")[1].split()[0])
    copies = -(-enough // len(spread))
    assert verdict_on(VALUE, spread * (copies + 1)).verdict is Verdict.REPRODUCED
    far = (2.5, 0.1, 1.9, 1.3, 0.7)
    assert verdict_on(VALUE, far).why.endswith("more seeds alone would hardly decide")


def test_a_value_outside_the_prediction_interval_is_different() -> None:
    result = verdict_on(VALUE, (0.5, 0.52, 0.49, 0.51, 0.5))
    assert (result.verdict, result.test) == (Verdict.DIFFERENT, "prediction interval")
    assert result.p is not None
    assert result.p < 0.05
    assert "wholly outside ± 0.2" in result.why


def test_two_seeds_suffice_and_one_does_not() -> None:
    assert verdict_on(VALUE, (1.0, 1.001)).verdict is Verdict.REPRODUCED
    lonely = verdict_on(VALUE, (1.0,))
    assert (lonely.verdict, lonely.n, lonely.mean) == (Verdict.NOT_COMPARABLE, 1, 1.0)


def test_one_measurement_of_a_deterministic_arm_suffices() -> None:
    assert verdict_on(VALUE, (1.2,), deterministic=True).verdict is Verdict.REPRODUCED
    assert verdict_on(VALUE, (1.21,), deterministic=True).verdict is Verdict.DIFFERENT


@pytest.mark.parametrize(
    ("measured", "verdict"),
    [
        (0.265, Verdict.REPRODUCED),
        (0.275, Verdict.REPRODUCED),
        (0.2751, Verdict.DIFFERENT),
        (0.2649, Verdict.DIFFERENT),
    ],
)
def test_a_count_holds_to_half_the_last_printed_digit(measured: float, verdict: Verdict) -> None:
    assert verdict_on(COUNT, (measured,), deterministic=True).verdict is verdict


def test_a_count_that_varies_is_judged_as_a_value() -> None:
    assert verdict_on(COUNT, (0.27, 0.271, 0.27)).verdict is Verdict.REPRODUCED
    assert verdict_on(COUNT, (0.27, 0.28)).verdict is Verdict.IMPRECISE
    assert verdict_on(COUNT, (0.29, 0.28)).verdict is Verdict.IMPRECISE
    assert verdict_on(COUNT, (0.29, 0.291, 0.29)).verdict is Verdict.DIFFERENT


def test_bounds_are_met_missed_or_open_at_95_percent() -> None:
    assert verdict_on(BOUND, (1.1, 1.2, 1.15)).verdict is Verdict.REPRODUCED
    assert verdict_on(BOUND, (0.8, 0.9, 0.85)).verdict is Verdict.DIFFERENT
    assert verdict_on(BOUND, (0.8, 1.3, 1.0)).verdict is Verdict.IMPRECISE
    at_most = Claim("c", "t", ClaimKind.BOUND, "m", "ours", "w", 1.0, direction="at most")
    assert verdict_on(at_most, (0.8, 0.9, 0.85)).verdict is Verdict.REPRODUCED
    assert verdict_on(at_most, (1.1, 1.2, 1.15)).verdict is Verdict.DIFFERENT


def test_a_deterministic_bound_is_met_at_its_edge() -> None:
    assert verdict_on(BOUND, (1.0,), deterministic=True).verdict is Verdict.REPRODUCED
    assert verdict_on(BOUND, (0.999,), deterministic=True).verdict is Verdict.DIFFERENT


def test_orderings_compare_two_arms() -> None:
    better = {"ours": (0.9, 0.92, 0.91), "base": (0.5, 0.55, 0.52)}
    result = verdict_on(ORDER, better)
    assert result.verdict is Verdict.REPRODUCED
    assert result.mean == pytest.approx(0.91 - 0.5233, abs=1e-3)
    worse = {"ours": better["base"], "base": better["ours"]}
    assert verdict_on(ORDER, worse).verdict is Verdict.DIFFERENT
    alike = {"ours": (0.9, 0.5, 0.7), "base": (0.6, 0.8, 0.65)}
    assert verdict_on(ORDER, alike).verdict is Verdict.IMPRECISE


@pytest.mark.parametrize(
    ("seeds", "verdict", "p", "more"),
    [(3, Verdict.IMPRECISE, 1 / 20, 4), (4, Verdict.REPRODUCED, 1 / 70, None)],
)
def test_an_ordering_without_spread_is_shown_by_enough_seeds(
    seeds: int, verdict: Verdict, p: float, more: int | None
) -> None:
    result = verdict_on(ORDER, {"ours": (1.0,) * seeds, "base": (0.0,) * seeds})
    assert (result.verdict, result.test, result.more_seeds) == (verdict, "permutation", more)
    assert result.p == pytest.approx(p)
    assert result.why.count("gave the same number") == 2
    turned = verdict_on(ORDER, {"ours": (0.0,) * seeds, "base": (1.0,) * seeds})
    assert turned.verdict is (Verdict.DIFFERENT if more is None else Verdict.IMPRECISE)


def test_two_arms_that_always_give_one_and_the_same_number_decide_nothing() -> None:
    tie = verdict_on(ORDER, {"ours": (1.0,) * 9, "base": (1.0,) * 9})
    assert (tie.verdict, tie.p, tie.more_seeds) == (Verdict.IMPRECISE, 1.0, None)


@pytest.mark.parametrize(
    ("direction", "gap", "verdict", "words"),
    [
        ("at least", 0.5, Verdict.REPRODUCED, "0.5 is above 0"),
        ("at least", 0.0, Verdict.DIFFERENT, "0 is not above 0"),
        ("at least", -0.5, Verdict.DIFFERENT, "-0.5 is not above 0"),
        ("at most", -0.5, Verdict.REPRODUCED, "-0.5 is below 0"),
        ("at most", 0.0, Verdict.DIFFERENT, "0 is not below 0"),
    ],
)
def test_an_ordering_without_a_gap_claimed_is_strict(
    direction: str, gap: float, verdict: Verdict, words: str
) -> None:
    claim = replace(ORDER, direction=direction)
    arms = {"ours": (0.5 + gap,), "base": (0.5,)}
    result = verdict_on(claim, arms, deterministic=True)
    assert (result.verdict, result.test) == (verdict, "exact")
    assert words in result.why


def test_rounding_makes_neither_a_gap_nor_a_miss() -> None:
    alike = {"ours": (0.1 + 0.2,), "base": (0.3,)}
    assert verdict_on(ORDER, alike, deterministic=True).verdict is Verdict.DIFFERENT
    fifth, apart = replace(ORDER, claimed=0.2), {"ours": (0.3,), "base": (0.1,)}
    assert verdict_on(fifth, apart, deterministic=True).verdict is Verdict.REPRODUCED


def test_identical_seeds_are_said_and_do_not_pass_by_accident() -> None:
    few = verdict_on(VALUE, (1.1, 1.1, 1.1, 1.1))
    assert (few.verdict, few.test, few.more_seeds) == (Verdict.IMPRECISE, "sign test", 5)
    near = verdict_on(VALUE, (1.1,) * 5)
    assert (near.verdict, near.p) == (Verdict.REPRODUCED, 1 / 32)
    assert "all 5 seeds of ours gave the same number" in near.why
    assert verdict_on(VALUE, (1.3, 1.3, 1.3)).verdict is Verdict.IMPRECISE
    assert verdict_on(VALUE, (1.3,) * 5).verdict is Verdict.DIFFERENT
    assert verdict_on(BOUND, (1.3,) * 4).verdict is Verdict.IMPRECISE
    assert verdict_on(BOUND, (1.3,) * 5).verdict is Verdict.REPRODUCED
    assert verdict_on(BOUND, (0.7,) * 5).verdict is Verdict.DIFFERENT


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("claim", [VALUE, COUNT, BOUND, ORDER])
def test_a_seed_without_a_finite_number_never_passes(claim: Claim, bad: float) -> None:
    base = {"base": (0.1, 0.2, 0.3)}
    some = verdict_on(claim, {"ours": (1.0, bad, 1.01), **base})
    assert some.verdict is Verdict.NOT_COMPARABLE
    assert "seed 1 of arm ours" in some.why
    every = verdict_on(claim, {"ours": (bad, bad), **base})
    assert every.verdict is Verdict.DIFFERENT
    assert every.mean is None


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_an_ordering_is_not_refuted_by_the_other_arms_divergence(bad: float) -> None:
    result = verdict_on(
        replace(ORDER, direction="at most"), {"ours": (0.1, 0.11, 0.13), "base": (bad, bad, bad)}
    )
    assert (result.verdict, result.shortfall) == (Verdict.NOT_COMPARABLE, Shortfall.NOT_FINITE)
    assert result.why == (
        "seeds 0, 1, 2 of arm base gave no finite m: nothing to compare ours with"
    )
    assert exit_code([result]) == 6


def test_an_arm_that_was_not_run_is_untested_with_its_reason() -> None:
    assert verdict_on(VALUE, ()).why == "arm ours was not run"
    result = verdict_on(VALUE, (), failures={Task("ours", 2): "boom", Task("ours", 1): "boom"})
    assert (result.verdict, result.why) == (Verdict.UNTESTED, "seeds 1, 2 of arm ours failed")
    assert verdict_on(ORDER, FIVE).why == "arm base was not run"


def test_what_one_arm_measured_is_no_difference() -> None:
    for arms in (FIVE, {"ours": (1.0,), "base": (0.1, 0.2)}, {"ours": (1.0, 2.0), "base": (0.1,)}):
        result = verdict_on(ORDER, arms)
        assert (result.mean, result.n) == (None, 0), arms


def test_failed_seeds_are_said_next_to_the_verdict() -> None:
    result = verdict_on(VALUE, FIVE, failures={Task("ours", 5): "boom"})
    assert result.verdict is Verdict.IMPRECISE
    assert "seed 5 of ours failed and are not in the mean; survivors only" in result.why
    better = {"ours": (0.9, 0.92, 0.91), "base": (0.5, 0.55, 0.52)}
    of_the_other = verdict_on(ORDER, better, failures={Task("base", 3): "boom"})
    assert of_the_other.verdict is Verdict.IMPRECISE
    off = verdict_on(VALUE, (0.5, 0.52, 0.49), failures={Task("ours", 3): "boom"})
    assert off.verdict is Verdict.DIFFERENT
    assert verdict_on(VALUE, FIVE, failures={Task("base", 0): "boom"}).verdict is (
        Verdict.REPRODUCED
    )


def test_seeds_that_did_not_measure_it_leave_survivors_only() -> None:
    arm = Arm("ours")
    recipe = Recipe("n", Path(), "2001.00001", 1, "t", "s", 5, (arm,), (VALUE,), "d", bundled=True)
    results = [SeedResult(Task("ours", seed), {"m": v}, 1.0) for seed, v in enumerate(FIVE)]
    (whole,) = judge(recipe, results)
    (result,) = judge(recipe, [*results, SeedResult(Task("ours", 5), {"other": 1.0}, 1.0)])
    assert (whole.verdict, result.verdict) == (Verdict.REPRODUCED, Verdict.IMPRECISE)
    assert "1 of 6 seeds of ours did not measure it; survivors only" in result.why


def test_a_metric_that_no_seed_measured_is_untested() -> None:
    arm = Arm("ours")
    recipe = Recipe("n", Path(), "2001.00001", 1, "t", "s", 5, (arm,), (VALUE,), "d", bundled=True)
    (result,) = judge(recipe, [SeedResult(Task("ours", 0), {"other": 1.0}, 1.0)])
    assert (result.verdict, result.why) == (Verdict.UNTESTED, "arm ours measured no m")


def test_a_quick_run_shows_consistency_at_most() -> None:
    assert verdict_on(VALUE, FIVE, quick=True).verdict is Verdict.IMPRECISE
    assert verdict_on(COUNT, (0.27,), deterministic=True, quick=True).verdict is Verdict.IMPRECISE


def test_a_difference_in_a_shortened_run_says_nothing_of_the_paper() -> None:
    off = (0.5, 0.52, 0.49)
    assert verdict_on(VALUE, off, quick=True).verdict is Verdict.NOT_COMPARABLE
    assert verdict_on(VALUE, (math.nan,) * 2, quick=True).verdict is Verdict.NOT_COMPARABLE
    whole = verdict_on(VALUE, off, quick=True, shortened=False)
    assert whole.verdict is Verdict.DIFFERENT


def test_no_tolerance_is_not_comparable() -> None:
    bare = Claim("c", "t", ClaimKind.VALUE, "m", "ours", "w", 1.0)
    assert verdict_on(bare, FIVE).verdict is Verdict.NOT_COMPARABLE
