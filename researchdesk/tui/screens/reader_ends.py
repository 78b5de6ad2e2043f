"""How a paper is read, and how a pass ends."""

from functools import partial

from researchdesk.services import library, notes, reading, workflows
from researchdesk.services.reading import StepsLeft
from researchdesk.tui.dialogs.choice import Choice, ChoiceDialog
from researchdesk.tui.dialogs.ending import Ending, EndingDialog
from researchdesk.tui.late import late
from researchdesk.tui.messages import LibraryChanged
from researchdesk.tui.notices import say, telling
from researchdesk.tui.position import Position, begun
from researchdesk.tui.screens.reader_base import ReaderBase


class Endings(ReaderBase):
    """The part of the reader that chooses workflows and ends passes."""

    def action_workflow(self) -> None:
        if self.position is None:
            return
        choices = [
            Choice(name, item.title, f"{len(item.passes)} passes. {item.source}")
            for name, item in workflows.workflows(self.desk).items()
        ]
        dialog = ChoiceDialog("How to read this paper", choices, self.position.workflow.name)
        self.app.push_screen(dialog, self._read_by)

    def _read_by(self, name: str | None) -> None:
        if name is None or self.position is None or name == self.position.workflow.name:
            return
        with telling(self):
            paper = self.position.paper
            plan = workflows.workflows(self.desk)[name]
            number = min(self.position.plan.number, len(plan.passes))
            reading.start_pass(self.desk, paper, number, workflow=name)
            self.open(paper.name, number)
            self.post_message(LibraryChanged())

    def action_finish(self) -> None:
        self._ask_ending(dropped=False)

    def action_drop(self) -> None:
        self._ask_ending(dropped=True)

    def action_write(self) -> None:
        if self.position is not None:
            late("tui.writing").ask_of_paper(self, self.position.paper.name)

    def _ask_ending(self, *, dropped: bool) -> None:
        if self.position is None:
            return
        self.keep_time()
        place = self.position
        item, steps = place.item, place.plan.steps
        with telling(self):
            left = reading.steps_left(self.desk, item) if item else StepsLeft(steps[1:], steps[:1])
            waiting = len(notes.questions_of(self.desk, place.paper, only_open=True))
            dialog = EndingDialog(place, self.desk.today(), left, waiting, dropped=dropped)
            dialog.saved_by(partial(self._end, place, dropped=dropped))
            self.app.push_screen(dialog, partial(self._go_on, place, dropped=dropped))

    def _end(self, place: Position, ending: Ending, *, dropped: bool) -> None:
        """End the pass that was asked about, even where the reader shows another by now: one may
        have been begun elsewhere. Raises DeskError; the pass is as it was then."""
        if self.position is not None and _pass_of(self.position) == _pass_of(place):
            place = self.position = begun(self.desk, self.position)
            self.keep_time()
        else:
            place = begun(self.desk, place)
        paper, number, shown = place.paper, place.plan.number, place.item
        why, again = ending.why, ending.again_on
        if dropped:
            reading.drop_pass(self.desk, paper, number, why, again, shown=shown)
        else:
            reading.finish_pass(self.desk, paper, number, why, again, ending.decision, shown=shown)

    def _go_on(self, place: Position, ending: Ending | None, *, dropped: bool) -> None:
        """Show what comes after a pass that came to its end."""
        if ending is None:
            return
        with telling(self):
            number = place.plan.number
            paper = library.get_paper(self.desk, place.paper.name)
            following = place.next_pass if ending.go_on else None
            if following:
                reading.start_pass(self.desk, paper, following.number, workflow=place.workflow.name)
            self.open(paper.name, following.number if following else number)
            self.post_message(LibraryChanged())
            word = "Left" if dropped else "Finished"
            say(self, f"{word} pass {number}. Your notes are kept.")


def _pass_of(place: Position) -> tuple[int, int, str, int]:
    return place.paper.id, place.paper.version, place.workflow.name, place.plan.number
