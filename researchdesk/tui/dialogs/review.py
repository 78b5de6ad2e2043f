"""The dialog of a review: what it brought, what it cost, what else there is; then the question."""

from collections.abc import Sequence
from datetime import date

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Label

from researchdesk.domain.clock import local_day
from researchdesk.domain.ideas import score
from researchdesk.domain.review_words import left_words, progress_words, spent_words
from researchdesk.domain.reviews import Answer, Review
from researchdesk.domain.text import one_line
from researchdesk.tui.dialogs.settle import PARK, SettleDialog, Way
from researchdesk.tui.widgets.brief import Static

_WAYS = (
    Way(Answer.GO_ON.value, "Go on"),
    PARK,
    Way(Answer.STOP.value, "Stop: it is not worth it any more", reason=True),
)


class ReviewDialog(SettleDialog):
    """Shows what a review shows, and asks: go on, park until, or stop? Ends with the answer's name,
    its reason and its day."""

    ACCEPT_LABEL = "Answer"
    WHY = "in a line; may stay empty to go on"

    def __init__(self, review: Review, today: date) -> None:
        super().__init__("Is it worth going on?", review.title, _WAYS, today)
        self._review = review

    def compose_facts(self) -> ComposeResult:
        found = self._review
        progress = progress_words(found.progress)
        since = f"since {local_day(found.since)}: {progress[0]}"
        yield from _fact("Progress", [since, *progress[1:]])
        yield from _fact("Time", spent_words(found.spent))
        yield from _fact("Worth", left_words(found.left))
        yield from _fact("Instead", _instead(found))
        if found.earlier:
            last = found.earlier[-1]
            why = f": {last.why}" if last.why else ""
            said = f"{local_day(last.at)} {last.said}{why}"
            yield from _fact("Last time", [said])


def _fact(name: str, lines: Sequence[str]) -> ComposeResult:
    with Horizontal(classes="fact"):
        yield Label(name, classes="name")
        yield Static(Content("\n").join(Content(line) for line in lines), classes="said")


def _instead(found: Review) -> list[str]:
    own = [found.instead] if found.instead else []
    others = [f"{one_line(item.text)} (score {score(item).words})" for item in found.others]
    return [*own, *others] or ["nothing else stands in the backlog"]
