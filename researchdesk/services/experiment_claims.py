"""A hypothesis as a claim, so that it is judged as a paper's claims are."""

from typing import Any

from researchdesk.domain import figures
from researchdesk.domain.clock import utc_day
from researchdesk.domain.investigations import LATE, Experiment, Hypothesis, Relation
from researchdesk.domain.recipes import Claim, ClaimKind, ToleranceRule

_REASON = "the ± that was stated with the hypothesis"
_KEYS = ("id", "text", "kind", "metric", "arm", "where", "claimed")
_MORE = ("direction", "versus", "tolerance", "tolerance_rule", "tolerance_reason", "table")


def claim_of(experiment: Experiment) -> Claim | None:
    """The newest hypothesis as a claim over arms that are named as the experiments are.

    One that is higher or lower than the parent's is an ordering (a gap of 0: strictly), a bound is
    one, a number is a value whose tolerance is the ± that was stated. Each hypothesis is a family
    of its own for Holm's correction: what is said of one does not change with a later one.
    """
    stated = experiment.hypothesis
    if stated is None or (stated.relation.is_to_parent and experiment.parent is None):
        return None
    number = stated.value or 0.0
    common: dict[str, Any] = {
        "id": claim_id(experiment),
        "text": f"{stated.words}: {stated.text}" if stated.text else stated.words,
        "metric": stated.metric,
        "arm": experiment.name,
        "where": _where(experiment, stated),
        "table": f"experiment {experiment.name}",
    }
    if stated.relation.is_to_parent:
        higher = stated.relation is Relation.HIGHER
        return Claim(
            kind=ClaimKind.ORDERING,
            versus=experiment.parent_name,
            direction="at least" if higher else "at most",
            claimed=number if higher else -number + 0.0,
            **common,
        )
    if stated.relation is Relation.EQUALS:
        return Claim(
            kind=ClaimKind.VALUE,
            claimed=number,
            tolerance=stated.within or 0.0,
            tolerance_rule=ToleranceRule.CHOSEN,
            tolerance_reason=_REASON,
            **common,
        )
    return Claim(kind=ClaimKind.BOUND, direction=stated.relation.value, claimed=number, **common)


def mean_of(experiment: Experiment) -> str:
    """The mean that its own seeds gave, with the digits that its hypothesis needs; ``""`` where
    nothing was measured."""
    of = experiment.outcome.measured
    if of is None:
        return ""
    claim = claim_of(experiment)
    return figures.number(claim, of.mean) if claim else f"{of.mean:.4g}"


def claim_id(experiment: Experiment) -> str:
    """What the hypothesis is called among the claims of a run."""
    return f"hypothesis-{experiment.name}"


def claim_table(claim: Claim) -> dict[str, Any]:
    """The claim as a table of a recipe's file."""
    found = {key: getattr(claim, key) for key in _KEYS}
    found |= {key: getattr(claim, key) for key in _MORE if getattr(claim, key) not in ("", None)}
    return {key: str(value) if isinstance(value, str) else value for key, value in found.items()}


def _where(experiment: Experiment, stated: Hypothesis) -> str:
    late = f", {LATE}" if stated.late else ""
    return f"hypothesis of experiment {experiment.name}, stated {utc_day(stated.stated_at)}{late}"
