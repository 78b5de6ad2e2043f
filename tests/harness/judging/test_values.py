"""Values with the paper's own ±, zero spread, other data, and the arithmetic that is told."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from researchdesk.domain.recipes import Claim, ClaimKind, DataNeed, SpreadKind, ToleranceRule
from researchdesk.domain.runs import SeedResult, Task
from researchdesk.domain.verdicts import ClaimResult, Shortfall, Verdict

Judge = Callable[..., ClaimResult]
VALUE = Claim("c", "t", ClaimKind.VALUE, "m", "ours", "table 1", 0.93, tolerance=0.02)
BY_RUNS = replace(VALUE, spread=0.03, spread_kind=SpreadKind.SD, runs=5)
OURS = (0.91, 0.935, 0.92, 0.955, 0.9)
LOW = (0.81, 0.835, 0.82, 0.8, 0.83)


def test_the_papers_spread_over_runs_makes_the_interval_welchs(result: Judge) -> None:
    found = result(BY_RUNS, OURS)
    other = stats.ttest_ind_from_stats(0.924, 0.0216217, 5, 0.93, 0.03, 5, equal_var=False)
    assert (found.verdict, found.test) == (Verdict.IMPRECISE, "prediction interval, Welch")
    assert found.p == pytest.approx(other.pvalue, abs=1e-4)
    assert found.interval is not None
    assert found.interval.low + found.interval.high == pytest.approx(2 * 0.93)
    assert "Welch" in found.test
    assert any("√(s_c²/n_c + s²/n)" in line for line in found.arithmetic)
    assert result(BY_RUNS, LOW).verdict is Verdict.DIFFERENT


def test_equivalence_reckons_with_the_papers_own_uncertainty(result: Judge) -> None:
    near = (0.93, 0.931, 0.929, 0.93, 0.932)
    assert result(VALUE, near).verdict is Verdict.REPRODUCED
    uncertain = result(replace(BY_RUNS, spread=0.1), near)
    assert (uncertain.verdict, uncertain.more_seeds) == (Verdict.IMPRECISE, None)
    assert "more seeds alone would hardly decide" in uncertain.why
    assert result(replace(BY_RUNS, spread=0.01), near).verdict is Verdict.REPRODUCED


def test_a_standard_error_over_runs_is_turned_into_a_standard_deviation(result: Judge) -> None:
    as_error = replace(BY_RUNS, spread=0.03 / 5**0.5, spread_kind=SpreadKind.SE)
    a, b = result(BY_RUNS, OURS), result(as_error, OURS)
    assert a.p == pytest.approx(b.p)
    assert "√5 = 0.03" in " ".join(" ".join(b.arithmetic).split())


@pytest.mark.parametrize(
    ("spread", "words"),
    [
        ({"spread_kind": SpreadKind.UNKNOWN, "runs": 5}, "of unknown meaning"),
        ({"spread_kind": SpreadKind.SE, "runs": 1}, "a standard error within one run"),
        ({"spread_kind": SpreadKind.SE, "runs": None}, "whose number is not given"),
        ({"spread_kind": SpreadKind.SD, "runs": None}, "whose number is not given"),
    ],
)
def test_a_spread_that_says_nothing_of_runs_is_left_out_and_said(
    result: Judge, spread: dict[str, object], words: str
) -> None:
    plain, found = result(VALUE, OURS), result(replace(BY_RUNS, **spread), OURS)
    assert (found.verdict, found.interval, found.p) == (plain.verdict, plain.interval, plain.p)
    assert words in found.why
    assert "left out of the arithmetic" in found.why
    assert words in " ".join(" ".join(found.arithmetic).split())


def test_identical_seeds_against_a_papers_spread_are_held_against_it(result: Judge) -> None:
    inside = result(BY_RUNS, (0.905,) * 6)
    assert (inside.verdict, inside.test) == (Verdict.IMPRECISE, "prediction interval, Welch")
    assert result(BY_RUNS, (0.5,) * 6).verdict is Verdict.DIFFERENT
    assert result(BY_RUNS, (0.5,) * 3).verdict is Verdict.IMPRECISE
    assert result(replace(BY_RUNS, spread=0.0), (0.5,) * 6).verdict is Verdict.DIFFERENT


def test_a_difference_says_how_far_it_goes(result: Judge) -> None:
    far = result(VALUE, LOW)
    assert "is wholly outside ± 0.02" in far.why
    assert far.effect is not None
    assert far.effect < -5
    edge = result(replace(VALUE, tolerance=0.1), LOW)
    assert "may yet be within ± 0.1" in edge.why


def test_the_arithmetic_fits_a_terminal_and_names_what_it_takes(result: Judge) -> None:
    chosen = replace(
        VALUE, tolerance_rule=ToleranceRule.CHOSEN, tolerance_reason="because of this " * 9
    )
    for claim in (chosen, BY_RUNS):
        lines = result(claim, OURS).arithmetic
        assert max(map(len, lines)) <= 76
        assert any("n = 5, mean 0.924, sd 0.02162" in line for line in lines)
        assert any("TOST" in line for line in lines)
        assert any("Hedges' g" in line for line in lines)
    assert any("(chosen): because of this" in line for line in result(chosen, OURS).arithmetic)


def test_other_data_makes_numbers_not_comparable_but_not_orderings(result: Judge) -> None:
    digits = DataNeed("images", "hf:cifar10@1", "scikit-learn:digits", always=False)
    taken = {"needs": [digits], "data": {"images": "substitute:scikit-learn:digits"}}
    number = result(VALUE, OURS, **taken)
    assert (number.verdict, number.shortfall) == (Verdict.NOT_COMPARABLE, Shortfall.OTHER_DATA)
    assert (number.n, number.p) == (5, None)
    assert "scikit-learn:digits in place of hf:cifar10@1" in number.why
    kind = {"kind": ClaimKind.ORDERING, "versus": "base", "direction": "at least"}
    ordering = replace(VALUE, claimed=0.0, tolerance=None, **kind)
    told = result(ordering, {"ours": OURS, "base": LOW}, **taken)
    assert told.verdict is Verdict.REPRODUCED
    assert "on scikit-learn:digits in place of hf:cifar10@1" in told.why
    assert result(VALUE, OURS, needs=[digits], data={"images": "images"}).verdict is (
        Verdict.IMPRECISE
    )
    always = replace(digits, always=True)
    assert result(VALUE, OURS, needs=[always]).shortfall is Shortfall.OTHER_DATA
    assert result(VALUE, (float("nan"),) * 2, **taken).verdict is Verdict.NOT_COMPARABLE


def test_an_arm_that_cannot_run_here_is_untested_with_the_words_given(result: Judge) -> None:
    found = result(VALUE, {}, missing={"ours": "the authors' code needs a network"})
    assert (found.verdict, found.shortfall) == (Verdict.UNTESTED, Shortfall.MISSING)
    assert found.why == "the authors' code needs a network"


def test_seeds_that_varied_one_source_are_no_evidence(result: Judge) -> None:
    assert result(VALUE, OURS, vary="init").verdict is Verdict.UNTESTED
    assert result(VALUE, OURS, vary="all").verdict is Verdict.IMPRECISE
    plain = result(VALUE, OURS)
    noise = [SeedResult(Task("ours", s, "order"), {"m": 9.0}, 1.0) for s in range(5)]
    whole = [SeedResult(Task("ours", s, "all"), {"m": 9.0}, 1.0) for s in range(5)]
    assert result(VALUE, OURS, also=[*noise, *whole]) == plain


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.integers(-50, 50), min_size=2, max_size=8),
    st.integers(-60, 60),
    st.integers(0, 20),
    st.sampled_from([None, 0.0, 3.0]),
)
def test_turning_all_signs_turns_no_verdict(
    result: Judge, values: list[int], claimed: int, tolerance: int, spread: float | None
) -> None:
    claim = replace(VALUE, claimed=float(claimed), tolerance=float(tolerance), spread=spread)
    claim = replace(claim, spread_kind=SpreadKind.SD, runs=4)
    turned = replace(claim, claimed=-float(claimed))
    a, b = result(claim, [float(v) for v in values]), result(turned, [-float(v) for v in values])
    assert (a.verdict, a.more_seeds) == (b.verdict, b.more_seeds)
    if a.verdict is Verdict.REPRODUCED:
        assert abs(sum(values) / len(values) - claimed) <= tolerance
    assert all(len(line) <= 76 for line in a.arithmetic)
