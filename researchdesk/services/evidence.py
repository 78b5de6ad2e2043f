"""What a linked thing says now, of every kind that can be linked."""

from collections.abc import Callable

from researchdesk.domain import figures
from researchdesk.domain.evidence import EvidenceState as EvidenceState
from researchdesk.domain.evidence import Standing as Standing
from researchdesk.domain.ideas import IdeaState
from researchdesk.domain.investigations import LATE, InvestigationState, OutcomeKind
from researchdesk.domain.links import Link, LinkKind, ref_link
from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.domain.surprises import SurpriseState, state_said, unfounded
from researchdesk.domain.text import one_line
from researchdesk.domain.verdicts import ClaimResult, Verdict
from researchdesk.domain.version_marks import version_words
from researchdesk.domain.watching import Certainty
from researchdesk.errors import DeskError, NotOnDeskError
from researchdesk.services import notes
from researchdesk.services.claim_runs import last_result
from researchdesk.services.claims import get_claim
from researchdesk.services.desk import Desk
from researchdesk.services.investigation_records import get_investigation
from researchdesk.services.library import paper_named
from researchdesk.services.run_recipes import claim_in, has_claim
from researchdesk.services.run_summaries import summary
from researchdesk.services.shipped import shipped_metadata
from researchdesk.services.surprises import case_of
from researchdesk.services.version_marks import mark_of
from researchdesk.services.watching import watch_report
from researchdesk.storage import ideas, surprises

_Told = tuple[str, str, Standing]
_LONGEST = 80
_GONE = "nothing of this name is on the desk"
_VERDICTS = {Verdict.REPRODUCED: Standing.HOLDS, Verdict.DIFFERENT: Standing.AGAINST}


def state_of(desk: Desk, ref: str) -> EvidenceState:
    """What the thing of this ref says now; ``GONE`` where nothing answers to it. Never raises for
    a ref, whatever it is."""
    link = ref_link(ref)
    if link is None:
        return EvidenceState(ref, one_line(ref), "no link", Standing.GONE)
    try:
        title, said, standing = _TELLERS[link.kind](desk, link.target)
        since = _since(desk, link)
    except (DeskError, LookupError):
        return EvidenceState(link.ref, link.ref, _GONE, Standing.GONE)
    said = f"{said}; {since}" if since else said
    return EvidenceState(link.ref, _short(title), said, standing, since)


def _since(desk: Desk, link: Link) -> str:
    """That the paper of a citation, a claim or a note is not what it was, as their own lists say
    it. Raises DeskError, LookupError."""
    if link.kind is LinkKind.CLAIM:
        claim = get_claim(desk, link.target)
        pinned = (claim.paper_id, claim.version)
    elif link.kind is LinkKind.NOTE:
        note = notes.get_note(desk, int(link.target))
        pinned = (note.paper_id, note.version)
    elif link.kind is LinkKind.PAPER and (paper := paper_named(desk, link.target)):
        pinned = (paper.id, paper.version)
    else:
        return ""
    return mark_of(desk, *pinned) or ""


def _short(title: str) -> str:
    line = one_line(title)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def _paper(desk: Desk, target: str) -> _Told:
    paper = paper_named(desk, target)
    if paper is not None:
        return paper.title, version_words(paper.version), Standing.PLAIN
    shipped = shipped_metadata(target)
    if shipped is None:
        raise NotOnDeskError(_GONE)
    return shipped.title, f"v{shipped.version}", Standing.PLAIN


def _claim(desk: Desk, target: str) -> _Told:
    claim = get_claim(desk, target)
    found = last_result(desk, claim)
    if found is None:
        return claim.text, "no run has tested it", Standing.OPEN
    return claim.text, *_judged(desk, found[1], found[0])


def _run(desk: Desk, target: str) -> _Told:
    run_id, _, claim_id = target.partition("#")
    run = summary(desk, run_id)
    if claim_id:
        result = next((item for item in run.claims if item.claim_id == claim_id), None)
        title = f"{run.recipe}: {claim_id}"
        if result is not None:
            return title, *_judged(desk, result, run)
        if run.state is RunState.FINISHED or not has_claim(desk, run_id, claim_id):
            raise NotOnDeskError(_GONE)
        return title, run.state.value, Standing.OPEN
    if run.verdict is None:
        return run.recipe, run.state.value, Standing.OPEN
    said = f"{run.verdict.value}{' (quick)' if run.quick else ''}"
    return run.recipe, said, _VERDICTS.get(run.verdict, Standing.OPEN)


def _judged(desk: Desk, result: ClaimResult, run: RunSummary) -> tuple[str, Standing]:
    mean = ""
    if result.mean is not None:
        claim = claim_in(desk, run.id, result.claim_id)
        number = figures.number(claim, result.mean) if claim else f"{result.mean:.6g}"
        mean = f": {number} (n={result.n})"
    quick = ", quick" if run.quick else ""
    said = f"{result.verdict.value}{mean}{quick}"
    return said, _VERDICTS.get(result.verdict, Standing.OPEN)


def _note(desk: Desk, target: str) -> _Told:
    note = notes.get_note(desk, int(target))
    if notes.is_deleted(desk, note.id):
        raise NotOnDeskError(_GONE)
    return note.text or note.quote, note.kind.value, Standing.PLAIN


def _watched(desk: Desk, target: str) -> _Told:
    report = watch_report(desk, int(target))
    bad, unsure = report.at_least(Certainty.LIKELY), report.unsure
    if unsure and not bad:
        found = report.counts if report.findings else ""
        return report.name, ", ".join(filter(None, (found, unsure))), Standing.OPEN
    return report.name, report.counts, Standing.AGAINST if bad else Standing.HOLDS


def _surprise(desk: Desk, target: str) -> _Told:
    found = surprises.get(desk.database.connection, int(target))
    good = (SurpriseState.STANDING, SurpriseState.EXPLAINED)
    bad = (SurpriseState.ARTEFACT, SurpriseState.DROPPED)
    if found.state in good and unfounded(case := case_of(desk, found.id)):
        return found.text, state_said(case), Standing.OPEN
    return found.text, found.state.value, _standing(found.state in good, found.state in bad)


def _idea(desk: Desk, target: str) -> _Told:
    idea = ideas.get(desk.database.connection, int(target))
    return (
        idea.text,
        idea.state.value,
        _standing(idea.state is IdeaState.DONE, idea.state is IdeaState.STOPPED),
    )


def _investigation(desk: Desk, target: str) -> _Told:
    found = get_investigation(desk, int(target))
    done, stopped = InvestigationState.DONE, InvestigationState.STOPPED
    return (
        found.title,
        found.state.value,
        _standing(found.state is done, found.state is stopped),
    )


def _experiment(desk: Desk, target: str) -> _Told:
    # To judge takes scipy, which what links notes and papers should not wait for.
    from researchdesk.services.experiment_records import get_experiment  # noqa: PLC0415

    found = get_experiment(desk, target)
    kind = found.outcome.kind
    held = kind is OutcomeKind.HELD and not found.is_late
    late = f", {LATE}" if found.is_late else ""
    return found.label, f"{kind.value}{late}", _standing(held, kind is OutcomeKind.REFUTED)


def _standing(holds: bool, against: bool) -> Standing:
    return Standing.HOLDS if holds else Standing.AGAINST if against else Standing.OPEN


_TELLERS: dict[LinkKind, Callable[[Desk, str], _Told]] = {
    LinkKind.PAPER: _paper,
    LinkKind.CLAIM: _claim,
    LinkKind.RUN: _run,
    LinkKind.NOTE: _note,
    LinkKind.WATCH: _watched,
    LinkKind.FUNNY: _surprise,
    LinkKind.IDEA: _idea,
    LinkKind.INVESTIGATION: _investigation,
    LinkKind.EXPERIMENT: _experiment,
}
