"""Reviews on a screen: read, shown in a dialog, answered."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.worker import get_current_worker

from researchdesk.domain.reviews import Answer, Review
from researchdesk.tui.late import late
from researchdesk.tui.messages import OpenReview
from researchdesk.tui.notices import say
from researchdesk.tui.screens.base import DeskScreen

if TYPE_CHECKING:
    from researchdesk.tui.dialogs.settle import Settled


class Reviewing(DeskScreen):
    """A screen on which something is reviewed: post ``OpenReview``, or call ``review``."""

    @dataclass
    class ReviewRead(Message):
        review: Review

    @on(OpenReview)
    def open_review(self, message: OpenReview) -> None:
        message.stop()
        self.review(message.ref)

    def review(self, ref: str) -> None:
        """Show the review of an idea or investigation, and keep its answer."""
        self._read_review(ref)

    def reviewed(self) -> None:
        """Called after an answer was kept: read again what is shown."""

    @work(thread=True, exclusive=True, group="review", exit_on_error=False)
    def _read_review(self, ref: str) -> None:
        found: Review = late("services.reviews").review_of(self.desk, ref)
        if not get_current_worker().is_cancelled:
            self.post_message(self.ReviewRead(found))

    @on(ReviewRead)
    def show_review(self, message: ReviewRead) -> None:
        dialog = late("tui.dialogs.review").ReviewDialog(message.review, self.desk.today())
        self.app.push_screen(dialog.saved_by(partial(self._answer, message.review)))

    def _answer(self, review: Review, given: "Settled") -> None:
        answer = Answer(given.name)
        keep = late("services.reviews").answer_review
        keep(self.desk, review.ref, answer, given.why, given.until)
        say(self, review.title, _TOLD[answer].format(given.until))
        self.reviewed()


_TOLD = {
    Answer.GO_ON: "It goes on",
    Answer.PARK: "Parked until {}",
    Answer.STOP: "Stopped; its reason is kept",
}
