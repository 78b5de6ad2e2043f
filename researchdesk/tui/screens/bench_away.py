"""The bench: runs that others have under way, another process or an engine, called off."""

from dataclasses import dataclass

from textual import on, work
from textual.message import Message

from researchdesk.errors import DeskError
from researchdesk.services import away
from researchdesk.tui.commands import keyed
from researchdesk.tui.notices import say, tell
from researchdesk.tui.screens.bench_sweeps import BenchSweeps


class BenchAway(BenchSweeps):
    """An engine may take long to answer: that is done in a thread."""

    @dataclass
    class CalledOff(Message):
        """``done``: it stands; else its process was asked to. ``error``: why it could not be."""

        run_id: str
        done: bool
        error: DeskError | None = None

    @work(thread=True, group="call-off", exit_on_error=False)
    def call_off(self, run_id: str) -> None:
        """Stop a run, wherever its trials are."""
        try:
            done = away.call_off(self.desk, run_id)
        except DeskError as error:
            self.post_message(self.CalledOff(run_id, False, error))
        else:
            self.post_message(self.CalledOff(run_id, done))

    @on(CalledOff)
    def tell_called_off(self, message: CalledOff) -> None:
        message.stop()
        if message.error is not None:
            tell(self, message.error)
        elif message.done:
            say(
                self,
                keyed(
                    "Its trials were called off. Finished seeds are kept; {bench.resume} goes "
                    "on from there."
                ),
            )
        else:
            say(self, "Its process was asked to stop. Finished seeds are kept.")
        if message.run_id == self._detail.run_id:
            self._detail.look_again()
        self._shelf.reload()
