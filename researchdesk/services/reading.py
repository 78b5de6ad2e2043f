"""Passes: started, continued, ended with a decision; the time in them; what was put off."""

import math
from dataclasses import dataclass
from datetime import date

from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Decision, PassState, ReadingPass
from researchdesk.domain.text import clean
from researchdesk.domain.workflows import Step, Workflow, WorkflowPass
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.workflows import workflows
from researchdesk.storage import notes, papers, reading

_LONGEST_STRETCH_S = 3600.0


@dataclass(frozen=True, slots=True)
class Due:
    """A paper, and the pass over it that brings it back."""

    paper: Paper
    reading_pass: ReadingPass


@dataclass(frozen=True, slots=True)
class StepsLeft:
    """Steps of a pass that were not come to, and steps come to without a note on them."""

    not_reached: tuple[Step, ...]
    without_note: tuple[Step, ...]


def workflow_named(desk: Desk, name: str) -> Workflow:
    """The workflow of this name. Raises NotOnDeskError with the names there are."""
    known = workflows(desk)
    if name not in known:
        raise NotOnDeskError(
            f"There is no reading workflow {name!r}.",
            f"There are: {', '.join(sorted(known))}. Your own go into {desk.root / 'workflows'}.",
        )
    return known[name]


def workflow_of(desk: Desk, paper: Paper) -> Workflow:
    """The workflow this paper was last read by, else the default of the settings."""
    known = workflows(desk)
    used = [item.workflow for item in passes_of(desk, paper) if item.workflow in known]
    return known[used[-1]] if used else workflow_named(desk, desk.settings.workflow)


def passes_of(desk: Desk, paper: Paper) -> list[ReadingPass]:
    """The passes over this paper, all versions, in the order they were started."""
    return reading.passes(desk.database.connection, paper.id)


def start_pass(
    desk: Desk,
    paper: Paper,
    number: int,
    workflow: str | None = None,
    version: int | None = None,
) -> ReadingPass:
    """Start a pass; one that is under way goes on as it is, one that ended is opened again.

    Raises UsageProblemError where the workflow has no such pass.
    """
    plan = workflow_named(desk, workflow) if workflow else workflow_of(desk, paper)
    plan_of(plan, number)
    with desk.database.writing() as db:
        found = _find(desk, paper, number, plan.name, version or paper.version)
        if found is None:
            return reading.insert_pass(
                db, paper.id, version or paper.version, plan.name, number, desk.clock()
            )
        if found.state is PassState.STARTED:
            if reading.due(db, desk.today(), paper.id):
                reading.record(db, found.id, PassState.STARTED, desk.clock())
            return found
        return reading.move_pass(db, found.id, PassState.STARTED, desk.clock())


def finish_pass(
    desk: Desk,
    paper: Paper,
    number: int,
    why: str = "",
    again_on: date | None = None,
    decision: Decision | None = None,
    *,
    shown: ReadingPass | None = None,
) -> ReadingPass:
    """End a pass that was read to its end. A day to come back means ``LATER``.

    It is the one that is ``shown``, else that of this number which was started last. Raises
    NotOnDeskError where it is not under way, UsageProblemError for ``LATER`` without a day and for
    another decision with one, BadInputError for a day in the past.
    """
    if decision is None and again_on is not None:
        decision = Decision.LATER
    if decision is Decision.LATER and again_on is None:
        raise UsageProblemError("Later is a day.", "Give it: --again 2027-01-31")
    if decision is not Decision.LATER and again_on is not None:
        raise UsageProblemError(
            f'A day to come back does not go with "{decision}".', 'It goes with "later".'
        )
    ended = _Ended(PassState.FINISHED, why, again_on, decision)
    return _end(desk, paper, number, ended, shown)


def drop_pass(
    desk: Desk,
    paper: Paper,
    number: int,
    why: str,
    again_on: date | None = None,
    *,
    shown: ReadingPass | None = None,
) -> ReadingPass:
    """Leave the paper in this pass (found as ``finish_pass`` does), with the reason: a normal, good
    end.

    Its decision is ``STOP``, or ``LATER`` with a day to come back. Raises UsageProblemError without
    a reason, NotOnDeskError where the pass is not under way, BadInputError for a day in the past.
    """
    if not why.strip():
        raise UsageProblemError(
            "Leaving a paper is fine; say why, in a few words.", 'For example: --why "no ablation"'
        )
    decision = Decision.LATER if again_on else Decision.STOP
    return _end(desk, paper, number, _Ended(PassState.DROPPED, why, again_on, decision), shown)


def spend(desk: Desk, pass_id: int, seconds: float) -> None:
    """Add to the time spent in a pass.

    What can be no stretch of reading is not added: less than nothing, or more than an hour at once.
    Raises BusyError at once where another program writes.
    """
    if math.isfinite(seconds) and 0 < seconds <= _LONGEST_STRETCH_S:
        with desk.database.writing_at_once() as db:
            reading.add_seconds(db, pass_id, seconds)


def due(desk: Desk, on: date | None = None) -> list[Due]:
    """What was put off to ``on`` (today) or before and not taken up since, the longest due first.

    It is taken up once any pass over the paper is started, gone on with on the day, or ended.
    """
    return _with_papers(desk, reading.due(desk.database.connection, on or desk.today()))


def half_done(desk: Desk) -> list[Due]:
    """Papers with a pass under way, the last started first; each once.

    Not those that were put off or let go since.
    """
    newest: dict[int, ReadingPass] = {}
    for item in reading.half_done(desk.database.connection):
        newest.setdefault(item.paper_id, item)
    return _with_papers(desk, list(newest.values()))


def steps_left(desk: Desk, item: ReadingPass) -> StepsLeft:
    """What a pass did not come to. Of a workflow that is not there any more: nothing."""
    workflow = workflows(desk).get(item.workflow)
    plan = workflow.pass_number(item.number) if workflow else None
    if plan is None:
        return StepsLeft((), ())
    kept = notes.notes(desk.database.connection, item.paper_id, item.number)
    noted = {note.step for note in kept if note.pass_id == item.id}
    reached = plan.steps[: item.step + 1]
    return StepsLeft(
        not_reached=tuple(step for step in plan.steps[item.step + 1 :] if step.key not in noted),
        without_note=tuple(step for step in reached if step.key not in noted),
    )


def set_step(desk: Desk, item: ReadingPass, step: int) -> ReadingPass:
    """Move to a step of the pass, counted from 0; kept within the pass's steps."""
    plan = plan_of(workflow_named(desk, item.workflow), item.number)
    step = max(0, min(step, len(plan.steps) - 1))
    with desk.database.writing() as db:
        return reading.set_step(db, item.id, step)


def plan_of(workflow: Workflow, number: int) -> WorkflowPass:
    """The pass of a workflow. Raises UsageProblemError where it has none of this number."""
    plan = workflow.pass_number(number)
    if plan is None:
        raise UsageProblemError(
            f"The workflow {workflow.name} has no pass {number}.",
            f"It has passes 1 to {len(workflow.passes)}.",
        )
    return plan


def current_pass(
    desk: Desk, paper: Paper, number: int, version: int | None = None
) -> ReadingPass | None:
    """The pass of this number that moved last over this version (the one at hand), or None."""
    found = [
        item
        for item in passes_of(desk, paper)
        if item.number == number and item.version == (version or paper.version)
    ]
    return max(found, key=lambda item: item.ended_at or item.started_at) if found else None


def number_at_hand(desk: Desk, paper: Paper) -> int:
    """The number of the pass under way over the version at hand, the highest; 1 if none is."""
    return max(
        (
            item.number
            for item in passes_of(desk, paper)
            if item.state is PassState.STARTED and item.version == paper.version
        ),
        default=1,
    )


def _find(desk: Desk, paper: Paper, number: int, workflow: str, version: int) -> ReadingPass | None:
    for item in passes_of(desk, paper):
        if (item.number, item.workflow, item.version) == (number, workflow, version):
            return item
    return None


def _with_papers(desk: Desk, found: list[ReadingPass]) -> list[Due]:
    by_id = papers.by_ids(desk.database.connection, {item.paper_id for item in found})
    return [Due(by_id[item.paper_id], item) for item in found]


@dataclass(frozen=True, slots=True)
class _Ended:
    state: PassState
    why: str
    again_on: date | None
    decision: Decision | None


def _end(
    desk: Desk, paper: Paper, number: int, ended: _Ended, shown: ReadingPass | None
) -> ReadingPass:
    again_on = ended.again_on
    if again_on is not None and again_on < desk.today():
        raise BadInputError(f"{again_on} lies in the past.", "Give the day to come back to it.")
    reason = clean(ended.why).strip()
    with desk.database.writing() as db:
        under_way = [
            item
            for item in reading.passes(db, paper.id)
            if item.number == number
            and item.state is PassState.STARTED
            and (shown is None or item.id == shown.id)
        ]
        if not under_way:
            raise _not_under_way(paper, number, shown)
        moment = desk.clock()
        return reading.move_pass(
            db, under_way[-1].id, ended.state, moment, reason, again_on, ended.decision
        )


def _not_under_way(paper: Paper, number: int, shown: ReadingPass | None) -> NotOnDeskError:
    if shown is not None:
        return NotOnDeskError(
            f"This pass {number} over {paper.name} is not under way any more: it was ended in "
            "another window, or the paper was merged. Nothing was changed.",
            "Open the paper again to see how it stands.",
        )
    return NotOnDeskError(
        f"Pass {number} over {paper.name} is not under way.",
        f"Start it with: researchdesk pass start {paper.name} --pass {number}",
    )
