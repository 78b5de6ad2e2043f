"""A judged claim as JSON has it."""

from typing import Any

from researchdesk.domain.recipes import Claim, ToleranceRule
from researchdesk.domain.verdicts import ClaimResult


def claim_json(claim: Claim, result: ClaimResult) -> dict[str, Any]:
    """What the paper says, what was measured, and how the verdict was come to.

    ``place`` and ``where`` are the same place in the paper. ``interval`` is at 95 %, or
    at a higher ``interval_level`` where Holm's correction made it wider: of what is said in
    ``why``; ``p`` is that of ``test``. ``paper`` has the paper's own ± and runs.
    """
    return {**_of_paper(claim), **_of_run(result)}


def _of_paper(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "text": claim.text,
        "place": claim.where,
        "where": claim.where,
        "quote": claim.quote,
        "quote_verified": claim.verified,
        "kind": claim.kind,
        "arm": claim.arm,
        "versus": claim.versus or None,
        "metric": claim.metric,
        "over": list(claim.over),
        "paired": claim.paired,
        "unit": claim.unit,
        "better": claim.better or None,
        "direction": claim.direction or None,
        "table": claim.table or None,
        "claimed": claim.claimed,
        "printed": claim.printed or None,
        "spread": claim.spread,
        "spread_kind": None if claim.spread is None else claim.spread_kind,
        "runs": claim.runs,
        "effect_claimed": list(claim.effect) if claim.effect else None,
        "tolerance": claim.tolerance,
        "tolerance_rule": claim.tolerance_rule,
        "tolerance_reason": claim.tolerance_reason or None,
        "chosen": claim.tolerance_rule is ToleranceRule.CHOSEN,
    }


def _of_run(result: ClaimResult) -> dict[str, Any]:
    interval = result.interval
    return {
        "n": result.n,
        "mean": result.mean,
        "sd": result.sd,
        "interval": [interval.low, interval.high] if interval else None,
        "interval_level": result.level if interval else None,
        "test": result.test or None,
        "p": result.p,
        "p_adjusted": result.p_adjusted,
        "effect": result.effect,
        "more_seeds": result.more_seeds,
        "arithmetic": list(result.arithmetic),
        "causes": list(result.causes),
        "verdict": result.verdict,
        "why": result.why,
        "shortfall": result.shortfall,
    }
