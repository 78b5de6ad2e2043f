"""What would be funny of what is looked at: filled in as far as it is known."""

from collections.abc import Sequence

from researchdesk.domain.ladder import Rung, RungState
from researchdesk.domain.links import LinkKind, ref_link
from researchdesk.domain.offers import (
    Offer,
    claim_offer,
    delta_of,
    expected_of,
    finding_offer,
    observed_of,
)
from researchdesk.domain.recipes import Claim
from researchdesk.domain.refs import as_ref
from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.domain.text import one_line
from researchdesk.domain.verdicts import ClaimResult, Verdict
from researchdesk.domain.watching import Certainty, WatchFinding, WatchReport
from researchdesk.errors import DeskError
from researchdesk.services import offers
from researchdesk.services.desk import Desk
from researchdesk.services.evidence import Standing, state_of
from researchdesk.services.finding_pages import finding_pages
from researchdesk.services.refs import normal_ref
from researchdesk.tui.claim_rows import ClaimRow
from researchdesk.tui.commands import keyed
from researchdesk.tui.surprise_form import SurpriseForm, form_of

KEEPS = "{app.add-surprise} keeps it as a surprise"


def of_offer(desk: Desk, offer: Offer) -> SurpriseForm:
    """An offer; of one that is told already the numbers only, and which surprise tells of it."""
    told = offers.told_by(desk, offer)
    return form_of(offer, told.id if told else 0)


def of_run(desk: Desk, run_id: str) -> SurpriseForm:
    """The first thing of a run that is funny and not told yet, else just where it was met."""
    open_ = offers.offers_of_run(desk, run_id)
    return form_of(open_[0]) if open_ else SurpriseForm(on=f"run:{run_id}")


def of_claim(
    desk: Desk, run: RunSummary | None, claim: Claim, result: ClaimResult | None, on: str
) -> SurpriseForm:
    """A recipe's claim and what the run says of it; ``on`` is where there is no run."""
    if run is None:
        return SurpriseForm(expected=expected_of(claim), on=on)
    ref = f"run:{run.id}#{claim.id}"
    if result is None or (result.mean is None and result.verdict is not Verdict.DIFFERENT):
        return SurpriseForm(expected=expected_of(claim), on=ref)
    if result.verdict is Verdict.DIFFERENT and run.state is RunState.FINISHED:
        return of_offer(desk, claim_offer(run, claim, result))
    said = observed_of(claim, result)
    return SurpriseForm("", expected_of(claim), said, ref, delta=delta_of(claim, result))


def of_row(row: ClaimRow, paper: str) -> SurpriseForm:
    """A claim of a paper, or a number printed there that is none yet."""
    place = f" ({row.where})" if row.where else ""
    on = f"claim:{row.claim.slug}" if row.claim else paper
    return SurpriseForm(expected=f"{row.text}{place}", on=on)


def of_finding(desk: Desk, report: WatchReport, number: int | None) -> SurpriseForm:
    """A finding of a report by its place among them; of the report itself, where it belongs."""
    on = as_ref(report.on) if report.on else f"watch:{report.id}"
    if number is None or number >= len(report.findings):
        return SurpriseForm(on=on)
    finding = report.findings[number]
    offer = _offer_of(report, finding, number)
    if finding.certainty is Certainty.LOOK:
        return SurpriseForm(offer.text, offer.expected, offer.observed, on)
    return of_offer(desk, offer)


def of_rung(desk: Desk, recipe: str, paper: str, arm: str, rung: Rung | None) -> SurpriseForm:
    """A rung that failed; where a run of the recipe failed at it too, as that run's offer."""
    if rung is None or rung.state is not RungState.FAILED:
        return SurpriseForm(on=paper)
    kind = rung.kind
    said = one_line("; ".join(filter(None, (rung.figure, rung.message)))) or "It failed."
    of_arm = f", {arm}" if arm else ""
    return _of_same_rung(desk, recipe, f"check:{arm}:{rung.name}") or SurpriseForm(
        f"A rung failed: {kind.title}{of_arm} of {recipe}",
        one_line(f"The rung “{kind.title}” passes. {kind.asks}"),
        said,
        paper,
    )


def of_ref(desk: Desk, ref: str, paper: str) -> SurpriseForm:
    """What a ref leads to; ``paper`` is where it is met where the ref leads to nothing of work."""
    link = ref_link(ref) if ref else None
    if link is None:
        return SurpriseForm(on=paper)
    if link.kind is LinkKind.RUN:
        return of_run(desk, link.target)
    at_work = (LinkKind.IDEA, LinkKind.INVESTIGATION, LinkKind.EXPERIMENT, LinkKind.WATCH)
    return SurpriseForm(on=link.ref if link.kind in at_work else paper)


def what_is(desk: Desk, ref: str) -> str:
    """What a ref leads to, and what that says now, in a line."""
    try:
        state = state_of(desk, normal_ref(desk, ref))
    except DeskError as error:
        return error.message
    said = "nothing of this name is on the desk" if state.standing is Standing.GONE else state.said
    return " · ".join(part for part in (state.title, said) if part)


def funny_words(desk: Desk, run: RunSummary, claims: Sequence[ClaimResult]) -> str:
    """What to do about a run that ended with something funny, in a few words; or ``""``."""
    differs = any(claim.verdict is Verdict.DIFFERENT for claim in claims)
    failed = any(check.get("ok") is False for check in run.checks)
    if run.state is not RunState.FINISHED or not (differs or failed):
        return ""
    try:
        if offers.offers_of_run(desk, run.id):
            return keyed(KEEPS)
        told = offers.tellers_of(desk, run.id)
    except DeskError:
        return ""
    return f"surprise {told[0].id} tells of it" if told else ""


def _offer_of(report: WatchReport, finding: WatchFinding, number: int) -> Offer:
    page = finding_pages().get(finding.name)
    before = sum(one.name == finding.name for one in report.findings[:number])
    return finding_offer(report, finding, page, before)


def _of_same_rung(desk: Desk, recipe: str, about: str) -> SurpriseForm | None:
    found = offers.open_offers(desk, recipe)
    return next((form_of(one) for one in found if one.source.endswith(f"#{about}")), None)
