"""The claims of a recipe file, and the tolerances that follow from their rules."""

import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from researchdesk.domain.recipes import Arm, Claim, ClaimKind, SpreadKind, ToleranceRule
from researchdesk.harness.recipes.fields import Table
from researchdesk.harness.recipes.printed import parse_printed

_DIRECTIONS = ("at least", "at most")
_TOLERATED = (ClaimKind.VALUE, ClaimKind.COUNT, ClaimKind.RATE)
_TOLERANCE = ("tolerance", "tolerance_rule", "tolerance_reason", "effect")
_KEYS = (
    *("id", "text", "kind", "metric", "arm", "versus", "direction", "better", "where", "quote"),
    *("verified", "claimed", "unit", "printed", "spread", "spread_kind", "runs", "table", "over"),
    *("paired", *_TOLERANCE),
)
_NEEDS = {
    ToleranceRule.LAST_DIGIT: "printed",
    ToleranceRule.PAPERS_SPREAD: "spread",
    ToleranceRule.FIFTH_OF_EFFECT: "effect",
    ToleranceRule.CHOSEN: "tolerance_reason",
}
_AGREE = 1e-6  # of what is written, for a rule's outcome that was rounded by hand


def read_claim(table: Table, arms: Mapping[str, Arm]) -> Claim:
    """One ``[[claims]]``; what is wrong is noted. ``arms`` are the recipe's, by name."""
    table.only(*_KEYS)
    effect = table.numbers("effect", 2)
    claim = Claim(
        id=table.text("id", needed=True),
        text=table.text("text", needed=True),
        kind=ClaimKind(table.one_of("kind", list(ClaimKind), needed=True) or ClaimKind.VALUE),
        metric=table.text("metric", needed=True),
        arm=table.text("arm", needed=True),
        where=table.text("where", needed=True),
        claimed=table.number("claimed", needed=True) or 0.0,
        quote=table.text("quote"),
        verified=table.flag("verified"),
        unit=table.text("unit"),
        tolerance=table.number("tolerance", least=0),
        tolerance_rule=_rule(table),
        tolerance_reason=table.text("tolerance_reason"),
        direction=table.one_of("direction", _DIRECTIONS),
        versus=table.text("versus"),
        better=table.one_of("better", ("higher", "lower")),
        printed=table.text("printed"),
        effect=(effect[0], effect[1]) if effect else None,
        spread=table.number("spread", least=0),
        spread_kind=SpreadKind(table.one_of("spread_kind", list(SpreadKind)) or SpreadKind.UNKNOWN),
        runs=table.whole("runs", least=1),
        table=table.text("table"),
        over=table.texts("over"),
        paired=table.flag("paired"),
    )
    _check_arms(table, claim, arms)
    _check_kind(table, claim)
    _check_words(table, claim)
    half_digit = _check_printed(table, claim)
    return replace(claim, tolerance=_tolerance(table, claim, half_digit))


def _rule(table: Table) -> ToleranceRule | None:
    name = table.one_of("tolerance_rule", list(ToleranceRule))
    return ToleranceRule(name) if name else None


def _check_arms(table: Table, claim: Claim, arms: Mapping[str, Arm]) -> None:
    for key, name in (("arm", claim.arm), ("versus", claim.versus)):
        if not name:
            continue
        if name not in arms:
            table.problem(key, f"names the arm {name!r}, which is not among {', '.join(arms)}")
            continue
        command = arms[name].command
        if command and not command.metrics_file and claim.metric not in command.patterns:
            table.problem("metric", f"{claim.metric!r} has no pattern in the arm {name!r}")
    if claim.versus and claim.versus == claim.arm:
        table.problem("versus", "is the arm itself")


def _check_kind(table: Table, claim: Claim) -> None:
    """What a claim of its kind must have, and what has no meaning for it."""
    if not table.has("kind") or table.values["kind"] != claim.kind:
        return
    unwanted: list[str] = []
    if claim.kind in (ClaimKind.BOUND, ClaimKind.ORDERING):
        if not table.has("direction"):
            table.problem("direction", "is missing: it is 'at least' or 'at most'")
        unwanted += _TOLERANCE
    else:
        unwanted += ["direction"]
    if claim.kind is not ClaimKind.ORDERING:
        unwanted += ["versus", "over", "paired"]
    elif not claim.versus:
        table.problem("versus", "is missing: name the arm to compare with")
    for key in unwanted:
        if table.has(key):
            table.problem(key, f"has no meaning for a claim of kind {claim.kind}")
    if claim.kind is ClaimKind.RATE:
        if not 0 <= claim.claimed <= 1:
            table.problem("claimed", "is not from 0 to 1: a rate is a share")
        if "%" in claim.unit:
            table.problem("unit", "a rate is a share from 0 to 1: leave the unit out")


def _check_words(table: Table, claim: Claim) -> None:
    if claim.verified and not claim.quote:
        table.problem("verified", "is true, but there is no quote")
    if table.has("spread_kind") and not table.has("spread"):
        table.problem("spread_kind", "says what a spread is, and there is no `spread`")
    if len(set(claim.over)) < len(claim.over):
        table.problem("over", "names a dataset twice")


def _check_printed(table: Table, claim: Claim) -> float | None:
    """Half a unit of the last printed digit, where the paper's number can be read."""
    if not claim.printed:
        return None
    found = parse_printed(claim.printed, claim.unit)
    if found is None:
        table.problem(
            "printed",
            f"{claim.printed!r} is not one number with a multiplier, % or the claim's unit after "
            "it, as 0.27M, 3.7134e-2, 94 %",
        )
        return None
    if table.has("claimed") and not _agree(found.value, claim.claimed):
        table.problem(
            "printed",
            f"{claim.printed!r} says {found.value:.10g} in the claim's unit, but claimed is "
            f"{claim.claimed:.10g}",
        )
    return found.half_digit


def _tolerance(table: Table, claim: Claim, half_digit: float | None) -> float | None:
    """The tolerance by its rule; one that is written must agree with it."""
    if claim.kind not in _TOLERATED:
        return None
    rule = claim.tolerance_rule
    if rule is None:
        if not table.has("tolerance_rule"):
            known = ", ".join(ToleranceRule)
            table.problem(
                "tolerance_rule",
                f"is missing: say beforehand what the tolerance follows from, one of {known}",
            )
        return claim.tolerance
    if not table.values.get(_NEEDS[rule], "") and table.values.get(_NEEDS[rule]) != 0:
        table.problem(_NEEDS[rule], f"is missing: the tolerance's rule {str(rule)!r} needs it")
        return claim.tolerance
    if rule is ToleranceRule.CHOSEN:
        if not table.has("tolerance"):
            table.problem("tolerance", "is missing: no rule computes one that is chosen")
        return claim.tolerance
    computed = _computed(table, claim, half_digit)
    if computed is None or claim.tolerance is None:
        return computed
    if not _agree(claim.tolerance, computed):
        table.problem(
            "tolerance",
            f"is {claim.tolerance:.10g}, but the rule {str(rule)!r} gives {computed:.10g}: leave "
            "the tolerance out, or mend what the rule takes",
        )
    return claim.tolerance


def _computed(table: Table, claim: Claim, half_digit: float | None) -> float | None:
    if claim.tolerance_rule is ToleranceRule.LAST_DIGIT:
        return half_digit
    if claim.tolerance_rule is ToleranceRule.PAPERS_SPREAD:
        return claim.spread
    if claim.effect is None:
        return None
    if not any(_agree(number, claim.claimed) for number in claim.effect):
        table.problem("effect", f"has not {claim.claimed:.10g}, the number claimed, on either side")
    return _fifth_of(table, claim.effect)


def _fifth_of(table: Table, effect: tuple[float, float]) -> float | None:
    """A fifth of |A - B|, of the numbers as they are written."""
    size = abs(Decimal(repr(effect[0])) - Decimal(repr(effect[1])))
    if not size:
        table.problem("effect", "is none: its two numbers are the same")
    if not math.isfinite(float(size)):
        table.problem("effect", "is too large for a number here")
        return None
    return float(size / 5)


def _agree(written: float, found: float) -> bool:
    return math.isclose(written, found, rel_tol=_AGREE, abs_tol=1e-300)
