"""What a review of a paper is grown from: notes by pass, questions, claims, runs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from researchdesk.domain.durations import spent
from researchdesk.domain.links import Link
from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Note, NoteKind
from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.domain.text import one_line
from researchdesk.domain.verdict_counts import counted, sentence
from researchdesk.domain.verdicts import Verdict
from researchdesk.errors import DeskError, NotOnDeskError, UsageProblemError
from researchdesk.export.own_words import own_words
from researchdesk.services import notes, reading
from researchdesk.services.claim_runs import last_result
from researchdesk.services.claims import claims_of
from researchdesk.services.desk import Desk
from researchdesk.services.reports import failed_checks
from researchdesk.services.story_parts import results_of
from researchdesk.services.subjects import Subject, SubjectKind, subject_of
from researchdesk.services.surprise_words import noticed_by_claim
from researchdesk.services.version_marks import mark_of

CRITICAL_PASS = 3
"""From this pass on a reading is critical."""


def review_values(desk: Desk, ref: str) -> tuple[dict[str, Any], list[str], Subject]:
    """What a template of a review is filled with, and what is to be told beside it.

    Raises NotOnDeskError where there is no such paper or nothing was noted of it,
    UsageProblemError where ``ref`` is no paper.
    """
    subject = subject_of(desk, ref)
    if subject.kind is not SubjectKind.PAPER or subject.paper is None:
        raise UsageProblemError(
            f"{subject.ref} is no paper: a review is of what you read.",
            "Name a paper's id or key: researchdesk list",
        )
    paper = subject.paper
    found = notes.notes_of(desk, paper)
    if not found:
        raise NotOnDeskError(
            f"There are no notes of {paper.name} that a review could grow from.",
            f"Read it in passes first: researchdesk read {paper.name}. The third one doubts it.",
        )
    critical = any(note.pass_number >= CRITICAL_PASS for note in found)
    told = [] if critical else [_no_critical(paper)]
    changed = mark_of(desk, paper.id, max(note.version for note in found))
    if changed:
        told.append(f"Of this paper: {changed}.")
    return _values(desk, subject, paper, found), told, subject


def _values(desk: Desk, subject: Subject, paper: Paper, found: Sequence[Note]) -> dict[str, Any]:
    answers: dict[int, list[Note]] = {}
    for note in found:
        if note.answers is not None:
            answers.setdefault(note.answers, []).append(note)
    said = [_told(note, answers) for note in found if note.answers is None]
    return {
        "title": paper.title,
        "authors": list(paper.metadata.authors),
        "paper": paper.name,
        "version": max(note.version for note in found),
        "critical_pass": CRITICAL_PASS,
        "has_critical": any(note.pass_number >= CRITICAL_PASS for note in found),
        "notes": [one for one in said if one["kind"] == "note"],
        "questions": [one for one in said if one["kind"] == "question" and one["open"]],
        "answered": [one for one in said if one["kind"] == "question" and not one["open"]],
        "tricks": [one for one in said if one["kind"] == "trick"],
        "claims": [_claim(desk, claim) for claim in claims_of(desk, paper)],
        "runs": _runs(desk, subject),
        "recipes": [recipe.name for recipe in subject.wanted],
        "passes": _passes(desk, paper),
    }


def _no_critical(paper: Paper) -> str:
    return (
        f"No note of {paper.name} is from pass {CRITICAL_PASS} or later, where a paper is doubted: "
        f"the weaknesses are for you. Begin it: researchdesk pass start {paper.name} --pass "
        f"{CRITICAL_PASS}"
    )


def _told(note: Note, answers: Mapping[int, Sequence[Note]]) -> dict[str, Any]:
    return {
        "number": note.id,
        "kind": note.kind.value,
        "pass": note.pass_number,
        "step": note.step,
        "page": note.page,
        "quote": one_line(note.quote),
        "text": own_words(note.text, _named),
        "open": note.kind is NoteKind.QUESTION and note.resolved_at is None,
        "version": note.version,
        "code": f"{note.code.path}:{note.code.line}" if note.code else "",
        "answers": [_told(item, {}) for item in answers.get(note.id, ())],
    }


def _named(link: Link) -> str:
    return link.label or link.ref


def _claim(desk: Desk, claim: Any) -> dict[str, Any]:
    """A claim that a person took, with what the newest run says of it; ``result`` may be None."""
    found, result = last_result(desk, claim), None
    if found is not None:
        run, judged = found
        result = next(iter(_results(desk, run.id, {judged.claim_id})), None)
    return {
        "slug": claim.slug,
        "text": claim.text,
        "where": claim.where,
        "page": claim.page,
        "quote": one_line(claim.quote),
        "result": result,
    }


def _runs(desk: Desk, subject: Subject) -> list[dict[str, Any]]:
    return [_run(desk, run) for run in subject.runs]


def _run(desk: Desk, run: RunSummary) -> dict[str, Any]:
    results = _results(desk, run.id)
    verdicts = Counter(one.verdict for one in results)
    noticed = noticed_by_claim(desk, run.id)
    return {
        "id": run.id,
        "recipe": run.recipe,
        "state": run.state.value,
        "verdict": run.verdict.value if run.verdict else "",
        "quick": run.quick,
        "results": results,
        "noticed": {
            one.claim_id: [item.words for item in noticed.get(one.claim_id, ())] for one in results
        },
        "explained": [
            claim for claim, of in noticed.items() if any(one.is_explained for one in of)
        ],
        "finished": run.state is RunState.FINISHED,
        "reproduced": verdicts[Verdict.REPRODUCED],
        "tested": len(results) - verdicts[Verdict.UNTESTED],
        "counts": sentence(counted(results)) if results else "",
        "failed": [one_line(words) for words in failed_checks(run)],
    }


def _results(desk: Desk, run_id: str, claims: set[str] | None = None) -> list[Any]:
    try:
        return list(results_of(desk, run_id, claims))
    except DeskError:
        return []


def _passes(desk: Desk, paper: Paper) -> list[dict[str, Any]]:
    return [
        {
            "number": item.number,
            "workflow": item.workflow,
            "state": item.state.value,
            "time": spent(item.seconds),
            "decision": item.decision.value if item.decision else "",
            "why": one_line(item.why),
        }
        for item in reading.passes_of(desk, paper)
    ]
