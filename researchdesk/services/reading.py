"""Passes: started, continued, finished, or dropped with a reason."""

from datetime import date

from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import PassState, ReadingPass
from researchdesk.domain.text import clean
from researchdesk.domain.workflows import Workflow, WorkflowPass
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.workflows import workflows
from researchdesk.storage import reading


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
            return found
        return reading.move_pass(db, found.id, PassState.STARTED, desk.clock())


def finish_pass(
    desk: Desk, paper: Paper, number: int, why: str = "", again_on: date | None = None
) -> ReadingPass:
    """End a pass that was read to its end. Raises NotOnDeskError where it is not under way."""
    return _end(desk, paper, number, PassState.FINISHED, why, again_on)


def drop_pass(
    desk: Desk, paper: Paper, number: int, why: str, again_on: date | None = None
) -> ReadingPass:
    """Leave the paper in this pass, with the reason: a normal, good end.

    Raises UsageProblemError without a reason, NotOnDeskError where the pass is not under way.
    """
    if not why.strip():
        raise UsageProblemError(
            "Leaving a paper is fine; say why, in a few words.", 'For example: --why "no ablation"'
        )
    return _end(desk, paper, number, PassState.DROPPED, why, again_on)


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


def current_pass(desk: Desk, paper: Paper, number: int) -> ReadingPass | None:
    """The pass of this number that moved last over the version at hand, or None."""
    found = [
        item
        for item in passes_of(desk, paper)
        if item.number == number and item.version == paper.version
    ]
    return max(found, key=lambda item: item.ended_at or item.started_at) if found else None


def _find(desk: Desk, paper: Paper, number: int, workflow: str, version: int) -> ReadingPass | None:
    for item in passes_of(desk, paper):
        if (item.number, item.workflow, item.version) == (number, workflow, version):
            return item
    return None


def _end(
    desk: Desk,
    paper: Paper,
    number: int,
    state: PassState,
    why: str,
    again_on: date | None,
) -> ReadingPass:
    under_way = [
        item
        for item in passes_of(desk, paper)
        if item.number == number and item.state is PassState.STARTED
    ]
    if not under_way:
        raise NotOnDeskError(
            f"Pass {number} over {paper.name} is not under way.",
            f"Start it with: researchdesk pass start {paper.name} --pass {number}",
        )
    if again_on is not None and again_on < desk.clock().date():
        raise BadInputError(f"{again_on} lies in the past.", "Give the day to come back to it.")
    reason = clean(why).strip()
    with desk.database.writing() as db:
        return reading.move_pass(db, under_way[-1].id, state, desk.clock(), reason, again_on)
