"""Verdicts and numbers of claims as a person reads them, on every surface alike."""

import math

from researchdesk.domain.recipes import Claim, ClaimKind, SpreadKind, ToleranceRule
from researchdesk.domain.verdicts import USUAL_LEVEL, ClaimResult, Verdict

MARKS = {
    Verdict.REPRODUCED: "✓",
    Verdict.IMPRECISE: "≈",
    Verdict.DIFFERENT: "✗",
    Verdict.NOT_COMPARABLE: "–",
    Verdict.UNTESTED: "·",
}


_OF_RATES = ("Newcombe", "Wilson")
_SPREADS = {
    SpreadKind.SD: "standard deviation",
    SpreadKind.SE: "standard error",
    SpreadKind.UNKNOWN: "of unknown meaning",
}
_RULES = {
    ToleranceRule.LAST_DIGIT: "half a unit of the last digit printed",
    ToleranceRule.PAPERS_SPREAD: "the paper's own ±",
    ToleranceRule.FIFTH_OF_EFFECT: "a fifth of the effect claimed",
}
_FEWEST, _TYPED = 4, 12
WIDER = (
    "An interval with its level behind it was made wider by Holm's correction: together, those of "
    "its table hold at 95 %."
)
CHOSEN = "*"
"""Stands after a tolerance that follows from no rule but from its reason in writing."""


def claimed(claim: Claim, *, unit: bool = True) -> str:
    """The claimed number as the paper has it, with its tolerance; rates in per cent."""
    direction = {"at least": "≥ ", "at most": "≤ "}.get(claim.direction, "")
    mark = CHOSEN if claim.tolerance_rule is ToleranceRule.CHOSEN else ""
    tolerance = f" ± {number(claim, claim.tolerance)}{mark}" if claim.tolerance else ""
    whole = number(claim, claim.claimed, typed=True)
    return f"{direction}{whole}{tolerance}{_unit(claim) if unit else ''}"


def paper(claim: Claim) -> str:
    """The claimed number with the paper's own ± and what it is; without one, the number alone."""
    whole = claim.printed or number(claim, claim.claimed, typed=True)
    over = "" if claim.runs is None else f" over {claim.runs} runs"
    if claim.kind is ClaimKind.RATE:
        return whole if claim.runs is None else f"{whole} of {claim.runs} trials"
    if claim.spread is None:
        return whole + over
    return f"{whole} ± {claim.spread:g} ({_SPREADS[claim.spread_kind]}{over})"


def tolerance(claim: Claim) -> str:
    """The tolerance and the rule it follows from, or the reason it was chosen for."""
    if claim.tolerance is None:
        return ""
    whole = f"± {number(claim, claim.tolerance)}{_unit(claim)}"
    if claim.tolerance_rule is None:
        return whole
    if claim.tolerance_rule is ToleranceRule.CHOSEN:
        return f"{whole}, chosen: {claim.tolerance_reason}"
    return f"{whole}, {_RULES[claim.tolerance_rule]}"


def measured(claim: Claim, result: ClaimResult, *, unit: bool = True) -> str:
    """Mean and spread over the seeds; empty where nothing was measured."""
    if result.mean is None:
        return ""
    spread = f" ± {result.sd:.3g}" if result.sd is not None and result.n > 1 else ""
    over = "datasets" if claim.over else "n"
    seeds = f" ({over}={result.n})" if result.n > 1 else ""
    return f"{number(claim, result.mean)}{spread}{_unit(claim) if unit else ''}{seeds}"


def interval(claim: Claim, result: ClaimResult) -> str:
    """The interval's ends; of a difference of rates in per cent; empty where there is none.

    One that Holm's correction made wider than 95 % has its level behind it.
    """
    if result.interval is None:
        return ""
    low, high = result.interval.low, result.interval.high
    if result.test.startswith(_OF_RATES):
        ends = f"Δ {100 * low:.3g} … {100 * high:.3g} %"
    else:
        ends = f"{low:.{_digits(claim, low)}g} … {high:.{_digits(claim, high)}g}"
    return f"{ends} ({level(result)})" if is_wider(result) else ends


def is_wider(result: ClaimResult) -> bool:
    """Whether the interval is at more than 95 %, for there being several claims in its table."""
    return result.interval is not None and result.level > USUAL_LEVEL


def level(result: ClaimResult) -> str:
    """The interval's level, ``99.44 %``, never rounded to 100."""
    of = 100 * result.level
    return next(text for text in (f"{of:.{n}g}" for n in range(4, 18)) if text != "100") + " %"


def interval_name(claim: Claim, result: ClaimResult) -> str:
    """What the interval of a claim is one of; the level of one made wider stands with its ends."""
    if "prediction interval" in result.test:
        name = "prediction interval"
    elif claim.kind is ClaimKind.RATE:
        name = "interval of the difference of the rates"
    elif claim.kind is ClaimKind.ORDERING:
        name = "interval of the difference"
    else:
        name = "interval of the mean"
    return f"{name}, made wider by Holm's correction" if is_wider(result) else f"95 % {name}"


def probability(p: float | None) -> str:
    """A p value; empty where there is none."""
    return "" if p is None else f"{p:.3g}"


def number(claim: Claim, value: float, *, typed: bool = False) -> str:
    """A number of the claim's metric; counts in full without a fraction, rates in per cent.

    Others have four digits, or as many as it takes to tell them apart by the tolerance; without a
    tolerance no fewer than the claimed number. ``typed``: all digits that a person typed.
    """
    if claim.kind is ClaimKind.RATE:
        return f"{100 * value:.4g} %"
    whole = claim.kind is ClaimKind.COUNT and float(value).is_integer()
    if whole:
        return f"{value:,.0f}"
    return f"{value:.{_TYPED if typed else _digits(claim, value)}g}"


def _digits(claim: Claim, value: float) -> int:
    tolerance = claim.tolerance
    if not value or not math.isfinite(value):
        return _FEWEST
    if not tolerance:
        typed = f"{claim.claimed:.{_TYPED}g}".partition("e")[0]
        return max(_FEWEST, len(typed.replace(".", "").lstrip("-0")))
    places = math.floor(math.log10(abs(value))) - math.floor(math.log10(tolerance)) + 1
    return min(max(_FEWEST, places), _TYPED)


def _unit(claim: Claim) -> str:
    return f" {claim.unit}" if claim.unit and claim.kind is not ClaimKind.RATE else ""
