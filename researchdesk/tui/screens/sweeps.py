"""The sweeps of the desk: started, followed, extended, and looked into."""

import importlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from textual import on, work
from textual.content import Content
from textual.message import Message

from researchdesk.domain.budget_curves import Against
from researchdesk.domain.runs import RunState
from researchdesk.errors import DeskError
from researchdesk.files import path_of
from researchdesk.services import sweeps
from researchdesk.services.sweep_testing import TestLook, look_at_test
from researchdesk.tui.commands import bindings, keyed
from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog
from researchdesk.tui.dialogs.look_at_test import TestLookDialog, may_look
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.notices import say, tell, telling
from researchdesk.tui.screens.sweeps_doing import SweepsDoing
from researchdesk.tui.screens.sweeps_verbs import SWEEPS_VERBS
from researchdesk.tui.widgets.sweep_plot import SweepPlot
from researchdesk.tui.widgets.trial_list import TrialList


class SweepsScreen(SweepsDoing):
    """Sweeps started here go on while other screens are looked at, and end with the app; trials
    that are with an engine of their own go on there. What had ended is kept."""

    ABOUT = (
        "A sweep tries many settings of an arm and chooses one by a validation metric. At the left "
        "the sweeps; at the right what the budget bought, and the trials, the best first. What was "
        "measured on the test is shown of the chosen trial only, when you ask ({sweeps.test}), and "
        "each look is counted."
    )
    VERBS = SWEEPS_VERBS
    BINDINGS = bindings(SWEEPS_VERBS)

    @dataclass
    class Seen(Message):
        look: TestLook

    @dataclass
    class Done(Message):
        """Something was done in a thread, or was not."""

        words: str = ""
        error: DeskError | None = None

    # Stopped, removed

    def action_cancel(self) -> None:
        """Stop the sweep, wherever its trials are."""
        page, own = self.page, self.own or self._keeper.beginning
        if own is not None and (page is None or not own.sweep_id or page.engine == "local"):
            own.stop.set()
            say(
                self,
                keyed("Stopping. Trials that ended are kept; {sweeps.resume} goes on from there."),
            )
            self.show_status()
        elif page is not None and page.state in (RunState.RUNNING, RunState.AWAY):
            say(self, "Stopping it …")
            self._cancel(page.id)
        else:
            say(self, "Nothing of this is under way.")

    @work(thread=True, group="cancel", exit_on_error=False)
    def _cancel(self, sweep_id: str) -> None:
        try:
            done = sweeps.cancel_sweep(self.desk, sweep_id)
        except DeskError as error:
            self.post_message(self.Done(error=error))
            return
        words = keyed(
            "It was stopped; trials that ended are kept, {sweeps.resume} goes on from there."
        )
        asked = "Its process was asked to stop; trials that ended are kept."
        self.post_message(self.Done(words if done else asked))

    def action_remove(self) -> None:
        """Remove the sweep, after a yes."""
        if (page := self._free_page(to_remove=True)) is None:
            return
        words = (
            f"{page.id}\n\nIts events, its {len(page.trials):,} trials and its copy of the recipe "
            "are removed for good. The recipe itself stays."
        )
        if page.state is RunState.AWAY:
            words += (
                f"\n\n{page.at_engine} of its trials are with {page.engine} and would go on there, "
                "with nobody to gather them"
            ) + keyed(": {sweeps.cancel} calls them off first.")
        dialog = ConfirmDialog("Remove this sweep?", Content(words), "Yes, remove it")
        self.app.push_screen(dialog, partial(self._removed, page.id))

    def _removed(self, sweep_id: str, yes: bool | None) -> None:
        if yes:
            with telling(self):
                sweeps.remove_sweep(self.desk, sweep_id)
                say(self, f"{sweep_id} is removed.")
            self.reload()

    # Looked into

    def action_test(self) -> None:
        """Look at the test metric of the trial that validation chose, after a yes."""
        page, marked = self.page, self.query_one(TrialList).current
        if page is None or marked is None:
            say(self, "Mark a trial first.")
        elif page.best is None:
            say(self, "No trial has come to its end with a value to choose by.")
        else:
            look = partial(self._look_answered, page.id)
            self.app.push_screen(may_look(page, page.best, marked), look)

    def _look_answered(self, sweep_id: str, yes: bool | None) -> None:
        if yes:
            self._look(sweep_id)
        else:
            say(self, "Not looked at, and nothing was counted.")

    @work(thread=True, group="test", exit_on_error=False)
    def _look(self, sweep_id: str) -> None:
        try:
            look = look_at_test(self.desk, sweep_id)
        except DeskError as error:
            self.post_message(self.Done(error=error))
        else:
            self.post_message(self.Seen(look))

    @on(Seen)
    def show_look(self, message: Seen) -> None:
        message.stop()
        self._follower.look_soon()
        self.query_one(TrialList).go_to(message.look.trial.number)
        self.app.push_screen(TestLookDialog(message.look))

    def action_settings(self) -> None:
        self.panes.turn_picture()

    def action_turn(self) -> None:
        self.query_one(SweepPlot).action_turn()

    def action_write(self) -> None:
        """Ask for a file, and draw the curve into it."""
        page = self.page
        if page is None or page.best is None:
            say(self, "There is no curve to draw yet.")
            return
        asked = "A file that ends with .pdf, .svg or .png. One of ours is drawn anew."
        dialog = QuestionDialog("The curve to a file", asked, f"{page.id}.pdf", "Draw")
        self.app.push_screen(dialog, partial(self._file_named, page.id))

    def _file_named(self, sweep_id: str, answer: str | None) -> None:
        if answer is not None:
            against = self.query_one(SweepPlot).against or Against.TRIALS
            with telling(self):
                self._write(sweep_id, path_of(answer), against)
                say(self, "Drawing …")

    @work(thread=True, group="write", exit_on_error=False)
    def _write(self, sweep_id: str, to: Path, against: Against) -> None:
        drawing = importlib.import_module("researchdesk.services.budget_drawing")
        try:
            drawing.draw_curve(self.desk, sweep_id, against, to)
        except DeskError as error:
            self.post_message(self.Done(error=error))
        else:
            self.post_message(self.Done(f"The curve is in {to.absolute()}."))

    @on(Done)
    def tell_done(self, message: Done) -> None:
        message.stop()
        self._follower.look_soon()
        self.reload()
        if message.error is not None:
            tell(self, message.error)
        else:
            say(self, message.words)

    # About the screen

    def action_next_pane(self) -> None:
        self.panes.step(1)

    def action_last_pane(self) -> None:
        self.panes.step(-1)

    def action_back(self) -> None:
        """To the list; from there to the bench."""
        if self.panes.part == "list":
            self.dismiss()
        else:
            self.panes.go_to("list")
