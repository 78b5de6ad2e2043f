"""What stands on Home: one row a thing that waits, with where it leads."""

from dataclasses import dataclass
from datetime import date, datetime

from textual.content import Content

from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import PassState, ReadingPass
from researchdesk.domain.runs import RunSummary
from researchdesk.domain.surprises import Surprise
from researchdesk.errors import DeskError
from researchdesk.services import library, notes, reading
from researchdesk.services.desk import Desk
from researchdesk.services.reading import Due
from researchdesk.services.today import Today
from researchdesk.tui.active_time import spoken
from researchdesk.tui.messages import Follow, OpenPaper
from researchdesk.tui.widgets.bench_words import ago, seeds_words, state_words, verdict_words

PUT_OFF, HALF_DONE, RUNS, SURPRISES = (
    "Put off to now",
    "Half done",
    "Runs that ended",
    "Open surprises",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing. ``key`` is unique; ``target`` is what to post to go there.

    ``due`` is there for reading that was put off. ``detail`` tells more of it.
    """

    key: str
    section: str
    title: str
    facts: Content
    target: OpenPaper | Follow
    detail: Content
    ref: str = ""
    due: Due | None = None


def rows_of(desk: Desk, today: Today) -> list[Row]:
    """Every row, in the order of the screen. Reads the desk: for a thread."""
    now = desk.clock()
    return [
        *(_put_off(desk, item) for item in today.due),
        *(_half_done(desk, item, now) for item in today.half_done),
        *(_ended(desk, run, now) for run in today.ended_runs),
        *(_funny(item, now) for item in today.surprises),
    ]


def _put_off(desk: Desk, due: Due) -> Row:
    item = due.reading_pass
    again = item.again_on or desk.today()
    facts = [due.paper.name, f"pass {item.number} {_ENDS[item.state]}", _late(again, desk.today())]
    number = item.number + 1 if item.state is PassState.FINISHED and _follows(desk, item) else None
    return Row(
        f"pass:{item.id}",
        PUT_OFF,
        due.paper.title,
        _facts(*facts, item.why),
        OpenPaper(due.paper.name, number or item.number),
        _about(desk, due, f"Put off to {again}. {_next(number, item)}"),
        due.paper.name,
        due,
    )


def _half_done(desk: Desk, due: Due, now: datetime) -> Row:
    item = due.reading_pass
    where = _where(desk, item)
    facts = [due.paper.name, f"pass {item.number}", where, f"begun {ago(item.started_at, now)}"]
    return Row(
        f"pass:{item.id}",
        HALF_DONE,
        due.paper.title,
        _facts(*facts, _spent(item)),
        OpenPaper(due.paper.name, item.number),
        _about(desk, due, f"Pass {item.number} stands at {where}. Enter goes on there."),
        due.paper.name,
    )


def _ended(desk: Desk, run: RunSummary, now: datetime) -> Row:
    title = _title(desk, run)
    said = verdict_words(run.verdict) if run.verdict else state_words(run.state)
    when = ago(run.ended_at or run.started_at, now)
    facts = [run.arxiv_id, seeds_words(run), "quick" if run.quick else "", when]
    lines = [
        Content.styled(title, "bold"),
        said,
        Content.styled(f"{run.recipe} · {run.id}", "$text-muted"),
        Content(""),
        *(
            Content.assemble(verdict_words(claim.verdict), f"  {claim.claim_id}: {claim.why}")
            for claim in run.claims
        ),
        Content(""),
        Content("Enter opens it on the bench."),
    ]
    return Row(
        f"run:{run.id}",
        RUNS,
        title,
        Content.assemble(said, Content.styled(" · ", "$text-muted"), _facts(*facts)),
        Follow(f"run:{run.id}"),
        Content("\n").join(lines),
        run.arxiv_id,
    )


def _funny(item: Surprise, now: datetime) -> Row:
    lines = [
        Content.styled(item.text, "bold"),
        Content(""),
        Content.styled("Expected", "$text-muted"),
        Content(item.expected),
        Content(""),
        Content.styled("Observed", "$text-muted"),
        Content(item.observed),
    ]
    return Row(
        f"funny:{item.id}",
        SURPRISES,
        item.text,
        _facts(item.on and f"on {item.on}", f"noticed {ago(item.noticed_at, now)}"),
        Follow(f"funny:{item.id}"),
        Content("\n").join(lines),
        item.on,
    )


_ENDS = {PassState.STARTED: "under way", PassState.FINISHED: "done", PassState.DROPPED: "left"}


def _facts(*parts: str) -> Content:
    return Content.styled(" · ".join(part for part in parts if part), "$text-muted")


def _spent(item: ReadingPass) -> str:
    return spoken(item.seconds) if item.seconds >= 1 else ""


def _late(again: date, today: date) -> str:
    days = (today - again).days
    return {0: "due today", 1: "due since yesterday"}.get(days, f"due for {days} days")


def _next(number: int | None, item: ReadingPass) -> str:
    return f"Enter begins pass {number}." if number else f"Enter opens pass {item.number}."


def _follows(desk: Desk, item: ReadingPass) -> bool:
    try:
        plan = reading.workflow_named(desk, item.workflow)
    except DeskError:
        return False
    return plan.pass_number(item.number + 1) is not None


def _where(desk: Desk, item: ReadingPass) -> str:
    try:
        plan = reading.plan_of(reading.workflow_named(desk, item.workflow), item.number)
    except DeskError:
        return f"step {item.step + 1}"
    at = min(item.step, len(plan.steps) - 1)
    return f"step {at + 1} of {len(plan.steps)}: {plan.steps[at].title}"


def _about(desk: Desk, due: Due, next_words: str) -> Content:
    paper, item = due.paper, due.reading_pass
    written = len(notes.notes_of(desk, paper))
    kept = {0: "no notes yet", 1: "1 note"}.get(written, f"{written} notes")
    facts = [paper.name, kept, _spent(item) and f"{_spent(item)} in this pass"]
    lines = [
        Content.styled(paper.title, "bold"),
        Content(", ".join(paper.metadata.authors) or "Authors unknown"),
        _facts(*facts),
        Content(""),
        *([Content.assemble(("You wrote  ", "$text-muted"), item.why)] if item.why else []),
        Content(next_words),
        Content(""),
        Content(paper.metadata.abstract or "There is no abstract."),
    ]
    return Content("\n").join(lines)


def _title(desk: Desk, run: RunSummary) -> str:
    paper: Paper | None
    try:
        paper = library.get_paper(desk, run.arxiv_id)
    except DeskError:
        paper = None
    return paper.title if paper else run.recipe
