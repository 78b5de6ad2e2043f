"""Entries for the "that's funny" log, ready-filled; each is kept only when it is taken."""

import math
from collections.abc import Iterator

from researchdesk.domain.links import LinkKind, ref_link
from researchdesk.domain.offers import Offer as Offer
from researchdesk.domain.offers import check_offer, claim_offer, finding_offers
from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.domain.surprises import Surprise
from researchdesk.domain.text import one_line
from researchdesk.domain.verdicts import Verdict
from researchdesk.domain.watching import Certainty, WatchReport
from researchdesk.errors import DeskError, NotOnDeskError
from researchdesk.services.desk import Desk
from researchdesk.services.finding_pages import finding_pages
from researchdesk.services.refs import whole_ref
from researchdesk.services.run_recipes import claims_of_run, same_recipe
from researchdesk.services.run_summaries import newest_written, summary
from researchdesk.services.surprises import add_surprise
from researchdesk.services.watching import watch_report, watch_reports
from researchdesk.storage import surprises

_RUNS, _REPORTS = 12, 12
_TESTED = (Verdict.REPRODUCED, Verdict.IMPRECISE, Verdict.DIFFERENT)


def offers_of_run(desk: Desk, run_id: str) -> list[Offer]:
    """What of a run is funny and not told yet: claims that are different, checks that failed.

    ``run_id`` may be a ref. A claim is judged once its run came to its end. Raises NotOnDeskError.
    """
    return [offer for offer in all_of_run(desk, run_id) if told_by(desk, offer) is None]


def open_offers(desk: Desk, recipe: str = "") -> list[Offer]:
    """The offers of the runs and reports written last, the newest first.

    Of a claim, a check or a script only the newest word counts. ``recipe``: of its runs only.
    """
    return [offer for offer in _newest(desk, recipe) if told_by(desk, offer) is None]


def take_offer(desk: Desk, offer: Offer) -> Surprise:
    """Keep it; one that was taken already is given as it is now."""
    return add_surprise(
        desk,
        offer.text,
        offer.expected,
        offer.observed,
        offer.on,
        source=offer.source,
        delta=offer.delta,
    )


def offer_named(desk: Desk, source: str) -> Offer:
    """The offer of this name, taken or not. Raises NotOnDeskError."""
    of, _, about = source.partition("#")
    found = next((one for one in _all_of(desk, of) if _about(one.source) == about), None)
    if found is None:
        raise NotOnDeskError(
            f"There is no offer {one_line(source)!r}.",
            "See what there is: researchdesk funny offers. Nothing was kept.",
        )
    return found


def offers_of(desk: Desk, ref: str) -> list[Offer]:
    """The offers of a run (its id, or ``run:ID``) or of ``watch:N``. Raises NotOnDeskError."""
    return [offer for offer in _all_of(desk, ref) if told_by(desk, offer) is None]


def tellers_of(desk: Desk, ref: str) -> list[Surprise]:
    """The surprises that tell of what a run or a report offers already, each once."""
    told = [told_by(desk, offer) for offer in _all_of(desk, ref)]
    return list({one.id: one for one in told if one is not None}.values())


def taken_from(desk: Desk, source: str) -> Surprise | None:
    """The surprise that was taken from the offer of this name."""
    return surprises.of_source(desk.database.connection, source)


def told_by(desk: Desk, offer: Offer) -> Surprise | None:
    """The surprise that tells of it already.

    It is the one taken from it, else an open one taken from the same claim or check of another
    run of the recipe, or from the same finding in the same script; else a closed one, of a claim
    that says the same number again.
    """
    if (own := taken_from(desk, offer.source)) is not None:
        return own
    about, closed = _about(offer.source), None
    for item in reversed(surprises.all_surprises(desk.database.connection)):
        if _about(item.source) != about or not (item.is_open or _says_again(offer, item)):
            continue
        if _same_subject(desk, item.source, offer.source):
            if item.is_open:
                return item
            closed = item
    return closed


def again(desk: Desk, ref: str = "") -> list[tuple[Offer, Surprise]]:
    """What a run or a report says again (without ``ref``, those written last), with the surprise
    that was taken from another one and tells of it. Raises NotOnDeskError."""
    every = _all_of(desk, ref) if ref else _newest(desk)
    told = [(offer, told_by(desk, offer)) for offer in every]
    return [(offer, one) for offer, one in told if one and one.source != offer.source]


def _says_again(offer: Offer, item: Surprise) -> bool:
    """Whether a claim says the number that it said when the surprise was taken."""
    if not _about(offer.source).startswith("claim:"):
        return False
    if offer.delta is None or item.delta is None:
        return offer.observed == item.observed
    return math.isclose(offer.delta.observed, item.delta.observed, rel_tol=1e-9, abs_tol=1e-12)


def all_of_run(desk: Desk, run_id: str) -> list[Offer]:
    """As ``offers_of_run``, those that are told already too."""
    link = ref_link(whole_ref(desk, run_id))
    named = link.target if link and link.kind is LinkKind.RUN else run_id
    return _of_summary(desk, summary(desk, named.partition("#")[0]))


def all_of_report(report: WatchReport) -> list[Offer]:
    """What is certain or likely in a report, told already or not; none of one that is not kept."""
    if not report.id:
        return []
    return finding_offers(report, report.at_least(Certainty.LIKELY), finding_pages())


def _all_of(desk: Desk, ref: str) -> list[Offer]:
    link = ref_link(whole_ref(desk, ref))
    if link is not None and link.kind is LinkKind.WATCH:
        return all_of_report(watch_report(desk, int(link.target)))
    return all_of_run(desk, ref)


def _of_summary(desk: Desk, run: RunSummary) -> list[Offer]:
    return [*_of_claims(desk, run), *_of_checks(run)]


def _of_claims(desk: Desk, run: RunSummary) -> list[Offer]:
    different = [one for one in run.claims if one.verdict is Verdict.DIFFERENT]
    if not different or run.state is not RunState.FINISHED:
        return []
    by_id = {claim.id: claim for claim in claims_of_run(desk, run.id)}
    return [
        claim_offer(run, by_id[one.claim_id], one) for one in different if one.claim_id in by_id
    ]


def _of_checks(run: RunSummary) -> list[Offer]:
    return [check_offer(run, check) for check in run.checks if check.get("ok") is False]


def _newest(desk: Desk, recipe: str = "") -> list[Offer]:
    seen: set[tuple[str, ...]] = set()
    every = list(_of_newest_runs(desk, seen, recipe))
    return every + ([] if recipe else list(_of_newest_reports(desk, seen)))


def _of_newest_runs(desk: Desk, seen: set[tuple[str, ...]], recipe: str) -> Iterator[Offer]:
    """Of the runs written last; ``seen`` is what a newer run of the recipe has decided."""
    newest = sorted(newest_written(desk, _RUNS), key=lambda run: run.started_at, reverse=True)
    for run in newest:
        if recipe not in ("", run.recipe):
            continue
        try:
            offers = _of_summary(desk, run)
        except DeskError:
            continue
        yield from (one for one in offers if (run.recipe, _about(one.source)) not in seen)
        seen.update((run.recipe, about) for about in _decided(run))


def _decided(run: RunSummary) -> Iterator[str]:
    for result in run.claims:
        if result.verdict in _TESTED:
            yield f"claim:{result.claim_id}"
    for check in run.checks:
        if check.get("ok") is not None:
            yield _about(check_offer(run, check).source)


def _of_newest_reports(desk: Desk, seen: set[tuple[str, ...]]) -> Iterator[Offer]:
    for report in watch_reports(desk, _REPORTS):
        if _script(report) not in seen:
            seen.add(_script(report))
            yield from all_of_report(report)


def _about(source: str) -> str:
    return source.partition("#")[2]


def _script(report: WatchReport) -> tuple[str, ...]:
    return report.folder, report.name


def _same_subject(desk: Desk, one: str, other: str) -> bool:
    """Whether two sources that end alike are of one recipe, or of one script."""
    (kind, one_of), (other_kind, other_of) = _of(one), _of(other)
    if kind != other_kind:
        return False
    try:
        if kind == LinkKind.WATCH:
            reports = (watch_report(desk, int(of)) for of in (one_of, other_of))
            return len({_script(report) for report in reports}) == 1
        return same_recipe(desk, one_of, other_of)
    except DeskError:
        return False


def _of(source: str) -> tuple[str, str]:
    """``run`` and its id, or ``watch`` and its number."""
    kind, _, of = source.partition("#")[0].partition(":")
    return kind, of
