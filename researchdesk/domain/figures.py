"""Verdicts and numbers of claims as a person reads them, on every surface alike."""

from researchdesk.domain.recipes import Claim, ClaimKind
from researchdesk.domain.verdicts import ClaimResult, Verdict

MARKS = {
    Verdict.REPRODUCED: "✓",
    Verdict.IMPRECISE: "≈",
    Verdict.DIFFERENT: "✗",
    Verdict.NOT_COMPARABLE: "–",
    Verdict.UNTESTED: "·",
}


def claimed(claim: Claim, *, unit: bool = True) -> str:
    """The claimed number as the paper has it, with its tolerance."""
    direction = {"at least": "≥ ", "at most": "≤ "}.get(claim.direction, "")
    tolerance = f" ± {number(claim, claim.tolerance)}" if claim.tolerance else ""
    return f"{direction}{number(claim, claim.claimed)}{tolerance}{_unit(claim) if unit else ''}"


def measured(claim: Claim, result: ClaimResult, *, unit: bool = True) -> str:
    """Mean and spread over the seeds; empty where nothing was measured."""
    if result.mean is None:
        return ""
    spread = f" ± {result.sd:.3g}" if result.sd is not None and result.n > 1 else ""
    seeds = f" (n={result.n})" if result.n > 1 else ""
    return f"{number(claim, result.mean)}{spread}{_unit(claim) if unit else ''}{seeds}"


def interval(result: ClaimResult) -> str:
    """The interval's ends; empty where there is none."""
    return f"{result.interval.low:.4g} … {result.interval.high:.4g}" if result.interval else ""


def number(claim: Claim, value: float) -> str:
    """A number of the claim's metric; counts in full, without a fraction."""
    whole = claim.kind is ClaimKind.COUNT and float(value).is_integer()
    return f"{value:,.0f}" if whole else f"{value:.4g}"


def _unit(claim: Claim) -> str:
    return f" {claim.unit}" if claim.unit else ""
