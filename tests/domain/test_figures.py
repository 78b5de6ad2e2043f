"""Numbers of claims as a person reads them."""

from dataclasses import replace

from researchdesk.domain.figures import claimed, interval, interval_name, measured, paper, tolerance
from researchdesk.domain.recipes import Claim, ClaimKind, SpreadKind, ToleranceRule
from researchdesk.domain.verdicts import ClaimResult, Interval, Verdict

VALUE = Claim("c", "t", ClaimKind.VALUE, "m", "ours", "w", 0.93, tolerance=0.02)
RATE = replace(VALUE, kind=ClaimKind.RATE, claimed=0.94, tolerance=0.06, runs=100, unit="share")


def test_a_chosen_tolerance_is_marked_and_its_reason_told() -> None:
    chosen = replace(VALUE, tolerance_rule=ToleranceRule.CHOSEN, tolerance_reason="a long story")
    assert claimed(chosen) == "0.93 ± 0.02*"
    assert tolerance(chosen) == "± 0.02, chosen: a long story"
    ruled = replace(VALUE, tolerance_rule=ToleranceRule.FIFTH_OF_EFFECT)
    assert (claimed(ruled), claimed(VALUE)) == ("0.93 ± 0.02", "0.93 ± 0.02")
    assert tolerance(ruled) == "± 0.02, a fifth of the effect claimed"


def test_rates_are_in_per_cent_everywhere() -> None:
    result = ClaimResult(
        "c", Verdict.IMPRECISE, "", 10, 0.9, None, Interval(-0.34, 0.042), "Newcombe"
    )
    assert claimed(RATE) == "94 % ± 6 %"
    assert measured(RATE, result) == "90 % (n=10)"
    assert interval(RATE, result) == "Δ -34 … 4.2 %"
    assert interval(RATE, replace(result, test="TOST")) == "-0.34 … 0.042"
    assert paper(RATE) == "94 % of 100 trials"


def test_the_papers_own_spread_is_told_with_its_meaning() -> None:
    spread = replace(VALUE, printed="0.930", spread=0.01, runs=5)
    assert paper(spread) == "0.930 ± 0.01 (of unknown meaning over 5 runs)"
    sd = replace(spread, spread_kind=SpreadKind.SD)
    assert paper(sd) == "0.930 ± 0.01 (standard deviation over 5 runs)"
    assert paper(VALUE) == "0.93"


def test_a_difference_in_the_last_digit_is_seen() -> None:
    claim = replace(VALUE, claimed=0.088834, tolerance=5e-7)
    result = ClaimResult("c", Verdict.DIFFERENT, "", 1, 0.08883475510689004)
    assert claimed(claim) == "0.088834 ± 5e-07"
    assert measured(claim, result) == "0.0888348"
    assert measured(replace(claim, tolerance=1e-9), replace(result, mean=0.0)) == "0"
    bound = replace(VALUE, kind=ClaimKind.BOUND, claimed=0.80009, tolerance=None)
    assert claimed(replace(bound, direction="at least")) == "≥ 0.80009"
    assert measured(bound, replace(result, mean=0.826474123)) == "0.82647"
    exact = replace(claim, claimed=0.0888348, tolerance=0.0)
    assert measured(exact, result) == "0.0888348"
    ends = replace(result, interval=Interval(0.08883471, 0.08883479))
    assert interval(replace(claim, tolerance=1e-8), ends) == "0.08883471 … 0.08883479"
    assert interval(VALUE, ends) == "0.08883 … 0.08883"


def test_an_interval_made_wider_is_not_told_as_one_of_95_percent() -> None:
    usual = ClaimResult("c", Verdict.IMPRECISE, "", 5, 0.9, 0.1, Interval(0.8, 1), "TOST")
    assert (interval_name(VALUE, usual), interval(VALUE, usual)) == (
        "95 % interval of the mean",
        "0.8 … 1",
    )
    wider = replace(usual, level=1 - 0.05 / 9)
    assert interval(VALUE, wider) == "0.8 … 1 (99.44 %)"
    assert interval(RATE, replace(wider, test="Newcombe")) == "Δ 80 … 100 % (99.44 %)"
    assert interval(VALUE, replace(wider, level=0.999999)) == "0.8 … 1 (99.9999 %)"
    for claim, test in ((VALUE, "TOST"), (VALUE, "prediction interval"), (RATE, "Newcombe")):
        name = interval_name(claim, replace(wider, test=test))
        assert ("95 %" in name, "wider by Holm" in name) == (False, True)


def test_datasets_are_not_called_seeds() -> None:
    over = replace(VALUE, kind=ClaimKind.ORDERING, over=("a", "b"), tolerance=None)
    assert measured(over, ClaimResult("c", Verdict.IMPRECISE, "", 2, 0.1)) == "0.1 (datasets=2)"
