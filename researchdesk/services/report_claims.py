"""The claims of a run as a report tells them."""

from collections.abc import Callable, Iterator

from researchdesk.domain import figures
from researchdesk.domain.recipes import Claim, ToleranceRule
from researchdesk.domain.text import clean, one_line
from researchdesk.domain.verdict_counts import kind_of
from researchdesk.domain.verdicts import ClaimResult, Verdict
from researchdesk.export.report_page import ClaimEntry
from researchdesk.services.claim_pictures import picture_of
from researchdesk.services.reports import Report

Elsewhere = Callable[[str], str]
"""Which other run tested the claim of this id, and what it says; ``""`` for none."""


def claim_entries(report: Report, elsewhere: Elsewhere) -> tuple[ClaimEntry, ...]:
    """Each claim of the recipe with what the run says of it."""
    by_id = {claim.id: claim for claim in report.recipe.claims}
    return tuple(
        _entry(report, by_id[result.claim_id], result, elsewhere) for result in report.claims
    )


def chosen_tolerances(report: Report) -> tuple[tuple[str, str], ...]:
    """The tolerances that follow from no rule: claim and reason."""
    return tuple(
        (claim.id, one_line(claim.tolerance_reason))
        for claim in report.recipe.claims
        if claim.tolerance_rule is ToleranceRule.CHOSEN
    )


def _entry(report: Report, claim: Claim, result: ClaimResult, elsewhere: Elsewhere) -> ClaimEntry:
    untested = result.verdict is Verdict.UNTESTED
    between = figures.interval(claim, result)
    return ClaimEntry(
        id=one_line(claim.id),
        text=one_line(claim.text),
        where=one_line(claim.where),
        quote=one_line(claim.quote),
        verified=claim.verified,
        kind=kind_of(result.verdict),
        mark=figures.MARKS[result.verdict],
        verdict=result.verdict.value,
        why=one_line(result.why),
        claimed=one_line(figures.claimed(claim)),
        rule=one_line(figures.tolerance(claim)),
        paper=one_line(figures.paper(claim)) if claim.spread or claim.runs else "",
        measured=one_line(figures.measured(claim, result)),
        n=str(result.n) if result.n else "",
        interval=between,
        interval_name=figures.interval_name(claim, result) if between else "",
        test=one_line(result.test),
        p=figures.probability(result.p),
        holm=figures.probability(result.p_adjusted),
        effect="" if result.effect is None else f"{result.effect:.3g}",
        measure=_measure(claim),
        arithmetic=tuple(clean(line).rstrip() for line in result.arithmetic),
        causes=tuple(_remarks(result)),
        shortfall=str(result.shortfall or ""),
        elsewhere=elsewhere(claim.id) if untested else "",
        picture=picture_of(report, claim, result),
    )


def _measure(claim: Claim) -> str:
    """Which metric of which arms the claim is about."""
    versus = f" against {claim.versus}" if claim.versus else ""
    over = f", over {', '.join(claim.over)}" if claim.over else ""
    pairs = ", seed by seed" if claim.paired else ""
    return one_line(f"{claim.metric} of {claim.arm}{versus}{pairs}{over}")


def _remarks(result: ClaimResult) -> Iterator[str]:
    for cause in result.causes:
        yield f"Likely cause: {one_line(cause)}"
    if result.more_seeds is not None:
        yield f"About {result.more_seeds} seeds in all would decide."
