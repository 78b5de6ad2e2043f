"""What the desk already knows under the two questions about a surprise; nothing files itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from researchdesk.domain.claims import PaperClaim
from researchdesk.domain.deltas import number_in
from researchdesk.domain.links import Link, LinkKind, ref_link
from researchdesk.domain.papers import Paper
from researchdesk.domain.refs import names_run
from researchdesk.domain.surprises import Doubt, Evidence, Side, Surprise
from researchdesk.domain.text import one_line
from researchdesk.domain.watching import Certainty, WatchFinding, WatchReport
from researchdesk.errors import DeskError, UsageProblemError
from researchdesk.services.claims import claims_of, get_claim
from researchdesk.services.desk import Desk
from researchdesk.services.explaining import file_evidence
from researchdesk.services.library import paper_named, paper_of
from researchdesk.services.quotes import find_quote
from researchdesk.services.run_doubts import Known as Known
from researchdesk.services.run_doubts import known_of_run
from researchdesk.services.runs import get_run
from researchdesk.services.surprises import case_of, get_surprise
from researchdesk.services.watching import findings_on, watch_report, watch_reports

_MOST_CLAIMS = 8


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a surprise was seen on: a run's id with its paper, or a paper alone, or neither."""

    run_id: str
    paper: str


def known_about(desk: Desk, surprise: Surprise) -> list[Known]:
    """What speaks for or against trust in the experiment, then the expectation, in a fixed order.

    Of a run: its checks, its seeds, what watching found; of its paper: claims with their places,
    quotes and spreads. Reads no more than what the surprise was seen on.
    """
    link = ref_link(surprise.on) if surprise.on else None
    seen = _seen(desk, surprise.on, link)
    found: list[Known] = []
    if seen.run_id:
        _, _, claim_id = link.target.partition("#") if link else ("", "", "")
        found += known_of_run(desk, seen.run_id, claim_id)
    found += _watched(desk, seen, link)
    found += _claims(desk, surprise, seen, link)
    return sorted(found, key=lambda item: list(Doubt).index(item.about))


def take_known(desk: Desk, number: int, *places: int) -> list[Evidence]:
    """File what stands at these places, from 1, of what is known: all of it, or nothing.

    Raises UsageProblemError where there is none, or one was filed already; NotOnDeskError.
    """
    found = known_about(desk, get_surprise(desk, number))
    for place in places:
        if not 1 <= place <= len(found):
            raise UsageProblemError(
                f"There is no {place} among the {len(found)} things that the desk knows; "
                "nothing was filed.",
                f"See them with: researchdesk funny evidence {number} --known",
            )
    filed = []
    with desk.database.writing():
        have = [item for item in case_of(desk, number).evidence if item.counts]
        for place in dict.fromkeys(places):
            item = found[place - 1]
            if any(item.is_same(other) for other in have):
                raise UsageProblemError(
                    f"{place} was filed already; nothing was filed.",
                    f"See what was not: researchdesk funny evidence {number} --known",
                )
            new = file_evidence(desk, number, item.about.value, item.side, item.ref, item.words)
            filed.append(new)
    return filed


def _seen(desk: Desk, on: str, link: Link | None) -> _Seen:
    run_id = names_run(on)
    if run_id:
        try:
            return _Seen(run_id, get_run(desk, run_id).arxiv_id)
        except DeskError:
            return _Seen("", "")
    if link is not None and link.kind is LinkKind.PAPER:
        paper = paper_named(desk, link.target)
        return _Seen("", paper.name if paper else "")
    return _Seen("", "")


def _watched(desk: Desk, seen: _Seen, link: Link | None) -> Iterator[Known]:
    of_run = (seen.run_id, f"run:{seen.run_id}") if seen.run_id else ()
    refs = (*of_run, seen.paper) if seen.paper else of_run
    found = findings_on(desk, *refs)
    quiet = {report.name: report for report in reversed(watch_reports(desk)) if report.on in refs}
    if link is not None and link.kind is LinkKind.WATCH:
        try:
            report = watch_report(desk, int(link.target))
        except DeskError:
            return
        found = [(report, item) for item in report.at_least(Certainty.LIKELY)]
        quiet = {report.name: report}
    for report, item in found:
        yield Known(Doubt.TRUST, Side.AGAINST, f"watch:{report.id}", _finding(report, item))
    for report in quiet.values():
        if not report.unsure and not report.at_least(Certainty.LIKELY):
            words = f"{one_line(report.name)} was watched: nothing certain or likely found"
            yield Known(Doubt.TRUST, Side.FOR, f"watch:{report.id}", words)


def _finding(report: WatchReport, item: WatchFinding) -> str:
    place = f"{item.file}:{item.line}" if item.file else report.name
    return one_line(f"watch finds {item.name} ({item.certainty.value}) in {place}: {item.message}")


def _claims(desk: Desk, surprise: Surprise, seen: _Seen, link: Link | None) -> Iterator[Known]:
    if link is not None and link.kind is LinkKind.CLAIM:
        try:
            claim = get_claim(desk, link.target)
        except DeskError:
            return
        yield from _claim(desk, paper_of(desk, claim.paper_id), claim)
        return
    paper = paper_named(desk, seen.paper) if seen.paper else None
    if paper is None:
        return
    expected = number_in(surprise.expected)
    found = sorted(claims_of(desk, paper), key=lambda item: item.value != expected)
    for claim in found[:_MOST_CLAIMS]:
        yield from _claim(desk, paper, claim)


def _claim(desk: Desk, paper: Paper | None, claim: PaperClaim) -> Iterator[Known]:
    where = ", ".join(
        part for part in (claim.where, f"page {claim.page}" if claim.page else "") if part
    )
    spread = "" if claim.spread is None else f", ± {claim.spread:g}"
    said = f"the paper claims: {claim.text}{spread}" + (f" ({where})" if where else "")
    found = (
        find_quote(desk, paper, claim.quote, claim.version).found if paper and claim.quote else None
    )
    if found:
        said += "; its quote stands in the paper"
    yield Known(Doubt.EXPECTATION, Side.FOR, f"claim:{claim.slug}", one_line(said))
    if found is False:
        words = "the quote of the claim was not found in the paper's text"
        yield Known(Doubt.EXPECTATION, Side.AGAINST, f"claim:{claim.slug}", words)
    if claim.spread is None and claim.value is not None:
        words = "the claim has one number and no spread"
        yield Known(Doubt.EXPECTATION, Side.AGAINST, f"claim:{claim.slug}", words)
