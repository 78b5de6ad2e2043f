"""Where the reading of a paper stands: workflow, pass, step. No widgets here."""

from dataclasses import dataclass, replace

from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Decision, PassState, ReadingPass
from researchdesk.domain.workflows import Step, Workflow, WorkflowPass
from researchdesk.errors import BusyError, DeskError
from researchdesk.services import library, reading
from researchdesk.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Position:
    """``item`` is the pass on the desk, None where it was not begun. ``step`` counts from 0; where
    it is ``unwritten``, the desk has another one yet.

    ``noted`` are the keys of the steps that notes of this pass belong to.
    """

    paper: Paper
    workflow: Workflow
    plan: WorkflowPass
    item: ReadingPass | None
    step: int
    noted: frozenset[str] = frozenset()
    unwritten: bool = False

    @property
    def current(self) -> Step:
        return self.plan.steps[self.step]

    @property
    def under_way(self) -> bool:
        return self.item is not None and self.item.state is PassState.STARTED

    @property
    def is_last(self) -> bool:
        return self.step == len(self.plan.steps) - 1

    @property
    def next_pass(self) -> WorkflowPass | None:
        return self.workflow.pass_number(self.plan.number + 1)

    @property
    def versions(self) -> tuple[int, ...]:
        """The versions whose PDF is on the desk, the oldest first."""
        return tuple(sorted(held.version for held in self.paper.versions if held.pdf))

    @property
    def state(self) -> str:
        """How this pass stands, in words."""
        if self.item is None:
            return "not begun"
        if self.item.state is PassState.STARTED:
            return "under way"
        word = "finished" if self.item.state is PassState.FINISHED else "left"
        if self.item.decision is Decision.STOP and self.item.state is PassState.FINISHED:
            word = "finished, that was all"
        why = f": {self.item.why}" if self.item.why else ""
        again = f", again on {self.item.again_on}" if self.item.again_on else ""
        return f"{word}{again}{why}"

    def mark(self, index: int) -> str:
        """▶ here, ✓ with a note or come to in a finished pass, · passed by, ○ not come to."""
        if index == self.step:
            return "▶"
        ended = self.item is not None and self.item.state is PassState.FINISHED
        reached = self.item.step if self.item is not None else 0
        if (ended and index <= reached) or self.plan.steps[index].key in self.noted:
            return "✓"
        return "·" if index < reached else "○"


def position_of(desk: Desk, ref: str, number: int | None = None) -> Position:
    """Where the paper was left; with ``number`` at that pass. Raises NotOnDeskError, DeskError."""
    paper = library.get_paper(desk, ref)
    passes = [item for item in reading.passes_of(desk, paper) if item.version == paper.version]
    if number is None:
        last = max(passes, key=lambda item: item.ended_at or item.started_at, default=None)
        number = last.number if last else 1
    item = reading.current_pass(desk, paper, number)
    workflow = _workflow(desk, paper, item)
    plan = reading.plan_of(workflow, number)
    step = min(item.step, len(plan.steps) - 1) if item else 0
    return Position(paper, workflow, plan, item, step)


def begun(desk: Desk, position: Position) -> Position:
    """The same place, the pass under way."""
    if position.under_way:
        return position
    item = reading.start_pass(
        desk, position.paper, position.plan.number, workflow=position.workflow.name
    )
    return replace(position, item=item)


def moved(desk: Desk, position: Position, step: int) -> Position:
    """At another step. A pass not begun is begun; one that ended is only looked through.

    Nobody waits for another program that writes: the step is ``unwritten`` then.
    """
    step = max(0, min(step, len(position.plan.steps) - 1))
    counts = position.item is None or position.under_way
    return written(desk, replace(position, step=step, unwritten=counts))


def written(desk: Desk, position: Position) -> Position:
    """The same place, on the desk too; as it is where another program writes just now."""
    if not position.unwritten:
        return position
    try:
        with desk.database.writing_at_once():
            item = begun(desk, position).item
            item = reading.set_step(desk, item, position.step) if item else None
    except BusyError:
        return position
    return replace(position, item=item, unwritten=False)


def _workflow(desk: Desk, paper: Paper, item: ReadingPass | None) -> Workflow:
    if item is not None:
        try:
            return reading.workflow_named(desk, item.workflow)
        except DeskError:
            return reading.workflow_of(desk, paper)
    return reading.workflow_of(desk, paper)
