"""Numbers of claims as a person reads them."""

from researchdesk.domain.recipes import Claim, ClaimKind
from researchdesk.domain.verdicts import ClaimResult


def claimed(claim: Claim) -> str:
    """The claimed number as the paper has it, with its tolerance."""
    direction = {"at least": "≥ ", "at most": "≤ "}.get(claim.direction, "")
    tolerance = f" ± {_number(claim, claim.tolerance)}" if claim.tolerance else ""
    return f"{direction}{_number(claim, claim.claimed)}{tolerance}{_unit(claim)}"


def measured(claim: Claim, result: ClaimResult) -> str:
    """Mean and spread over the seeds."""
    if result.mean is None:
        return ""
    spread = f" ± {result.sd:.3g}" if result.sd is not None and result.n > 1 else ""
    seeds = f" (n={result.n})" if result.n > 1 else ""
    return f"{_number(claim, result.mean)}{spread}{_unit(claim)}{seeds}"


def interval(result: ClaimResult) -> str:
    return f"{result.interval.low:.4g} … {result.interval.high:.4g}" if result.interval else ""


def _number(claim: Claim, value: float) -> str:
    whole = claim.kind is ClaimKind.COUNT and value == int(value)
    return f"{value:,.0f}" if whole else f"{value:.4g}"


def _unit(claim: Claim) -> str:
    return f" {claim.unit}" if claim.unit else ""
