"""The bench: a run's page for others, written and opened."""

import importlib
from dataclasses import dataclass
from pathlib import Path

from textual import on, work
from textual.message import Message

from researchdesk.errors import DeskError
from researchdesk.services.viewer import open_outside
from researchdesk.tui.commands import keyed
from researchdesk.tui.notices import say, tell, warn
from researchdesk.tui.screens.bench_base import BenchBase


class BenchReports(BenchBase):
    """A report takes a second or two to draw: that is done in a thread."""

    @dataclass
    class Reported(Message):
        """The page stands there. ``unseen`` is why it could not be opened, empty where it was;
        ``kept`` the page that a person changed by hand, which stays beside it."""

        path: Path
        unseen: str
        kept: Path | None = None

        @property
        def words(self) -> str:
            stays = f"\n{self.kept} was changed by hand and stays as it is." if self.kept else ""
            return f"{self.path}{stays}"

    @dataclass
    class NotReported(Message):
        error: DeskError

    def action_report(self) -> None:
        """Write the page of the run that is looked at, and open it."""
        if not self._detail.run_id:
            say(self, keyed("There is no run yet; {bench.start} starts one."))
            return
        say(self, "Writing the run's page …")
        self._report(self._detail.run_id)

    @work(thread=True, exclusive=True, group="report", exit_on_error=False)
    def _report(self, run_id: str) -> None:
        writing = importlib.import_module("researchdesk.services.report_writing")
        try:
            done = writing.write_report(self.desk, [run_id])
        except DeskError as error:
            self.post_message(self.NotReported(error))
            return
        unseen = ""
        try:
            open_outside(done.path)
        except DeskError as error:
            unseen = error.message
        self.post_message(self.Reported(done.path, unseen, done.instead_of))

    @on(Reported)
    def tell_place(self, message: Reported) -> None:
        message.stop()
        if message.unseen:
            warn(self, f"{message.words}\n{message.unseen}", "The report is written, not opened")
        else:
            say(self, message.words, "The report is written")

    @on(NotReported)
    def tell_failure(self, message: NotReported) -> None:
        message.stop()
        tell(self, message.error)
