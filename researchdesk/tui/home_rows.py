"""What stands on Home: one row a thing that waits, with where it leads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from textual.content import Content

from researchdesk.domain.durations import spent
from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import PassState, ReadingPass
from researchdesk.domain.runs import RunSummary
from researchdesk.domain.workflows import Workflow
from researchdesk.errors import DeskError
from researchdesk.services import library, notes, reading
from researchdesk.services.desk import Desk
from researchdesk.services.investigation_records import titles_by_run
from researchdesk.services.reading import Due
from researchdesk.services.today import Today
from researchdesk.tui.commands import keyed
from researchdesk.tui.home_finished_rows import finished
from researchdesk.tui.home_loop_rows import due_review, funny, late, returned
from researchdesk.tui.home_news_rows import changed, pair, waiting
from researchdesk.tui.home_row import HALF_DONE, PUT_OFF, RUNS, facts_line
from researchdesk.tui.home_row import Row as Row
from researchdesk.tui.late import late as loaded
from researchdesk.tui.messages import Follow, OpenPaper
from researchdesk.tui.widgets.bench_words import ago, seeds_words, state_words, verdict_words


@dataclass(frozen=True, slots=True)
class _Known:
    """What is asked for again and again. ``written`` is how many notes a paper has,
    ``investigated`` what runs were made for, by their ids."""

    desk: Desk
    now: datetime
    written: Mapping[int, tuple[int, datetime]]
    investigated: Mapping[str, str]
    workflows: dict[str, Workflow | None] = field(default_factory=dict)

    def workflow(self, name: str) -> Workflow | None:
        """None where it is gone or broken."""
        if name not in self.workflows:
            try:
                self.workflows[name] = reading.workflow_named(self.desk, name)
            except DeskError:
                self.workflows[name] = None
        return self.workflows[name]


def rows_of(desk: Desk, today: Today) -> list[Row]:
    """Every row, in the order of the screen. Reads the desk: for a thread."""
    known = _Known(desk, desk.clock(), notes.counted(desk), titles_by_run(desk))
    return [
        *(finished(desk, one, known.now) for one in today.finished if not one.celebrated_at),
        *(_put_off(known, item) for item in today.due),
        *(returned(desk, item) for item in today.back),
        *(_half_done(known, item) for item in today.half_done),
        *_begun_notes(desk),
        *(_ended(known, run) for run in today.ended_runs),
        *([waiting(today.new)] if today.new else []),
        *(changed(desk, item, known.now) for item in today.news),
        *(pair(item) for item in today.proposals),
        *(funny(item, known.now) for item in today.surprises),
        *(due_review(desk, item) for item in today.reviews),
        *(finished(desk, one, known.now) for one in today.finished if one.celebrated_at),
    ]


def _begun_notes(desk: Desk) -> list[Row]:
    """Loaded where something was begun ever."""
    if not (desk.root / "drafts").is_dir():
        return []
    found: list[Row] = loaded("tui.home_draft_rows").begun_notes(desk)
    return found


def _put_off(known: _Known, due: Due) -> Row:
    item, today = due.reading_pass, known.desk.today()
    again = item.again_on or today
    facts = [due.paper.name, f"pass {item.number} {_ENDS[item.state]}", late(again, today)]
    number = item.number + 1 if item.state is PassState.FINISHED and _follows(known, item) else None
    return Row(
        f"pass:{item.id}",
        PUT_OFF,
        due.paper.title,
        facts_line(*facts, item.why),
        OpenPaper(due.paper.name, number or item.number),
        _about(known, due, f"Put off to {again}. {_next(number, item)}"),
        due.paper.name,
        due,
    )


def _half_done(known: _Known, due: Due) -> Row:
    item = due.reading_pass
    where, begun = _where(known, item), ago(item.started_at, known.now)
    facts = [due.paper.name, f"pass {item.number}", where, f"begun {begun}"]
    return Row(
        f"pass:{item.id}",
        HALF_DONE,
        due.paper.title,
        facts_line(*facts, spent(item.seconds)),
        OpenPaper(due.paper.name, item.number),
        _about(known, due, f"Pass {item.number} stands at {where}. {keyed(_GO_ON)}"),
        due.paper.name,
    )


def _ended(known: _Known, run: RunSummary) -> Row:
    made_for = "" if run.arxiv_id else known.investigated.get(run.id, "")
    title = made_for or _title(known.desk, run)
    said = verdict_words(run.verdict) if run.verdict else state_words(run.state)
    when = ago(run.ended_at or run.started_at, known.now)
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
        Content(
            keyed("{Home.open} goes to it." if made_for else "{Home.open} opens it on the bench.")
        ),
    ]
    return Row(
        f"run:{run.id}",
        RUNS,
        title,
        Content.assemble(said, Content.styled(" · ", "$text-muted"), facts_line(*facts)),
        Follow(f"run:{run.id}"),
        Content("\n").join(lines),
        run.arxiv_id,
    )


_GO_ON = "{Home.open} goes on there."
_ENDS = {PassState.STARTED: "under way", PassState.FINISHED: "done", PassState.DROPPED: "left"}


def _next(number: int | None, item: ReadingPass) -> str:
    words = "{Home.open} begins pass {number}." if number else "{Home.open} opens pass {number}."
    return keyed(words, number=number or item.number)


def _follows(known: _Known, item: ReadingPass) -> bool:
    workflow = known.workflow(item.workflow)
    return workflow is not None and workflow.pass_number(item.number + 1) is not None


def _where(known: _Known, item: ReadingPass) -> str:
    workflow = known.workflow(item.workflow)
    plan = workflow and workflow.pass_number(item.number)
    if not plan:
        return f"step {item.step + 1}"
    at = min(item.step, len(plan.steps) - 1)
    return f"step {at + 1} of {len(plan.steps)}: {plan.steps[at].title}"


def _about(known: _Known, due: Due, next_words: str) -> Content:
    paper, item = due.paper, due.reading_pass
    written = known.written[paper.id][0] if paper.id in known.written else 0
    kept = {0: "no notes yet", 1: "1 note"}.get(written, f"{written} notes")
    facts = [paper.name, kept, spent(item.seconds) and f"{spent(item.seconds)} in this pass"]
    lines = [
        Content.styled(paper.title, "bold"),
        Content(", ".join(paper.metadata.authors) or "Authors unknown"),
        facts_line(*facts),
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
