"""Holm's correction over the claims of one table, or of the recipe where it names none.

With ten true claims, each tested at 5 %, four runs in ten would call one of them different. So a
claim is different only where its test says so after Holm, and an ordering is shown only where its
difference is. A value that is outside its own interval and not different after Holm lies inside
the wider interval that holds all claims of the table together in 95 %; that one is then given.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from researchdesk.domain.verdicts import ClaimResult, Verdict
from researchdesk.harness.judging.finding import ALPHA, Finding, g, lines, span
from researchdesk.harness.statistics.multiplicity import holm


def corrected(findings: Sequence[Finding]) -> list[ClaimResult]:
    """The results in their order, with what does not outlast the correction made imprecise."""
    against, shown = _adjusted(findings, "against"), _adjusted(findings, "shown")
    return [_corrected(finding, against, shown) for finding in findings]


class _Adjusted:
    """Adjusted p and the size of the family, for each claim that has such a test."""

    def __init__(self) -> None:
        self.p: dict[str, float] = {}
        self.size: dict[str, int] = {}


def _adjusted(findings: Sequence[Finding], side: str) -> _Adjusted:
    families: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for finding in findings:
        p = getattr(finding, side)
        if p is not None:
            families[finding.claim.table].append((finding.claim.id, p))
    found = _Adjusted()
    for family in families.values():
        for (name, _), p in zip(family, holm([p for _, p in family]), strict=True):
            found.p[name], found.size[name] = p, len(family)
    return found


def _corrected(finding: Finding, against: _Adjusted, shown: _Adjusted) -> ClaimResult:
    result, name = finding.result, finding.claim.id
    one_sided = finding.shown is not None or finding.wider is None
    side, raw = against, finding.against
    if one_sided and result.verdict is not Verdict.DIFFERENT:
        side, raw = shown, finding.shown
    if raw is None or (result.verdict is Verdict.REPRODUCED and finding.shown is None):
        return result
    p, size = side.p[name], side.size[name]
    of = finding.claim.table or "the recipe"
    line = f"Holm over the {size} tests of {of}: p = {g(p)}" if size > 1 else ""
    told = (*result.arithmetic, *lines(line))
    result = replace(result, p_adjusted=p, arithmetic=told)
    if result.verdict is Verdict.IMPRECISE or p < ALPHA:
        return result
    why = f"{result.why}; but not after Holm over the {size} tests of {of} (p = {g(p)})"
    result = replace(result, verdict=Verdict.IMPRECISE, why=why)
    if finding.wider is None:
        return result
    level = 1 - ALPHA * raw / p
    wider = finding.wider(level)
    why = f"{why}: together in 95 %, the interval is {span(wider)}"
    return replace(result, interval=wider, level=level, why=why)
