"""How a paper is read, and how a pass ends."""

from functools import partial

from researchdesk.services import library, notes, reading, workflows
from researchdesk.services.reading import StepsLeft
from researchdesk.tui.dialogs.choice import Choice, ChoiceDialog
from researchdesk.tui.dialogs.ending import Ending, EndingDialog
from researchdesk.tui.late import late
from researchdesk.tui.messages import LibraryChanged
from researchdesk.tui.notices import say, telling
from researchdesk.tui.position import begun
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
        item = self.position.item
        steps = self.position.plan.steps
        with telling(self):
            left = reading.steps_left(self.desk, item) if item else StepsLeft(steps[1:], steps[:1])
            waiting = len(notes.questions_of(self.desk, self.position.paper, only_open=True))
            dialog = EndingDialog(self.position, self.desk.today(), left, waiting, dropped=dropped)
            dialog.saved_by(lambda ending: self._end(ending, dropped=dropped))
            self.app.push_screen(dialog, partial(self._go_on, dropped=dropped))

    def _end(self, ending: Ending, *, dropped: bool) -> None:
        """Raises DeskError; the pass is as it was then."""
        if self.position is None:
            return
        position = self.position = begun(self.desk, self.position)
        self.keep_time()
        paper, number = position.paper, position.plan.number
        if dropped:
            reading.drop_pass(self.desk, paper, number, ending.why, ending.again_on)
        else:
            reading.finish_pass(
                self.desk, paper, number, ending.why, ending.again_on, ending.decision
            )

    def _go_on(self, ending: Ending | None, *, dropped: bool) -> None:
        """Show what comes after a pass that came to its end."""
        if ending is None or self.position is None:
            return
        with telling(self):
            position = self.position
            number = position.plan.number
            paper = library.get_paper(self.desk, position.paper.name)
            following = position.next_pass if ending.go_on else None
            if following:
                reading.start_pass(
                    self.desk, paper, following.number, workflow=position.workflow.name
                )
            self.open(paper.name, following.number if following else number)
            self.post_message(LibraryChanged())
            word = "Left" if dropped else "Finished"
            say(self, f"{word} pass {number}. Your notes are kept.")
