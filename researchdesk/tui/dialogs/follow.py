"""The dialog that follows something."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label

from researchdesk.domain.feeds import Feed, FeedKind
from researchdesk.errors import DeskError
from researchdesk.services import feeds
from researchdesk.services.desk import Desk
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.notices import words_of
from researchdesk.tui.widgets.brief import Static

_FIELDS = (
    (FeedKind.CATEGORY, "Categories", "cs.LG stat.ML"),
    (FeedKind.AUTHOR, "Author", "as arXiv spells the name"),
    (FeedKind.SEARCH, "Search", 'words that all occur; "quoted ones" together'),
    (FeedKind.ADDRESS, "Feed", "https://www.reddit.com/r/MachineLearning"),
)
_HINT = (
    "Fill in what you like. Of other feeds, a subreddit or a lab's page, the entries count "
    "that link to papers of arXiv."
)


class FollowDialog(Dialog[tuple[Feed, ...]]):
    """Ends with what is followed now. ``desk`` keeps it."""

    HEADING: ClassVar[str] = "Follow"
    ACCEPT_LABEL: ClassVar[str] = "Follow"
    AUTO_FOCUS = "#category"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def compose_fields(self) -> ComposeResult:
        for kind, label, example in _FIELDS:
            with Horizontal(classes="row"):
                yield Label(label, classes="name")
                yield Input(id=kind.value, placeholder=example, compact=True)
        yield Static(_HINT, classes="hint", markup=False)

    async def on_input_submitted(self) -> None:
        await self.action_accept()

    async def action_accept(self) -> None:
        wanted = [(kind, text) for kind, _, _ in _FIELDS for text in self._texts(kind)]
        if not wanted:
            self.complain(
                f"Give a category, a name, words, or an address; {self.cancel_key} leaves."
            )
            return
        try:
            with self._desk.database.writing():
                followed = tuple(feeds.follow(self._desk, *item) for item in wanted)
        except DeskError as error:
            self.complain(words_of(error))
        else:
            self.dismiss(followed)

    def _texts(self, kind: FeedKind) -> list[str]:
        text = self.query_one(f"#{kind.value}", Input).value.strip()
        if kind is FeedKind.CATEGORY:
            return text.replace(",", " ").replace("+", " ").split()
        return [text] if text else []
