"""The bench: a run's page for others, written and opened."""

import importlib
from dataclasses import dataclass
from pathlib import Path

from textual import on, work
from textual.message import Message

from researchdesk.errors import DeskError
from researchdesk.services.viewer import open_outside
from researchdesk.tui.notices import say, tell, warn
from researchdesk.tui.screens.bench_base import BenchBase


class BenchReports(BenchBase):
    """A report takes a second or two to draw: that is done in a thread."""

    @dataclass
    class Reported(Message):
        """The page stands there. ``unseen`` is why it could not be opened, empty where it was."""

        path: Path
        unseen: str

    @dataclass
    class NotReported(Message):
        error: DeskError

    def action_report(self) -> None:
        """Write the page of the run that is looked at, and open it."""
        if not self._detail.run_id:
            say(self, "There is no run yet; s starts one.")
            return
        say(self, "Writing the run's page …")
        self._report(self._detail.run_id)

    @work(thread=True, exclusive=True, group="report", exit_on_error=False)
    def _report(self, run_id: str) -> None:
        writing = importlib.import_module("researchdesk.services.report_writing")
        try:
            path = writing.write_report(self.desk, [run_id]).path
        except DeskError as error:
            self.post_message(self.NotReported(error))
            return
        try:
            open_outside(path)
        except DeskError as error:
            self.post_message(self.Reported(path, error.message))
        else:
            self.post_message(self.Reported(path, ""))

    @on(Reported)
    def tell_place(self, message: Reported) -> None:
        message.stop()
        if message.unseen:
            warn(self, f"{message.path}\n{message.unseen}", "The report is written, not opened")
        else:
            say(self, str(message.path), "The report is written")

    @on(NotReported)
    def tell_failure(self, message: NotReported) -> None:
        message.stop()
        tell(self, message.error)
