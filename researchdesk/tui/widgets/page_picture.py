"""The printed page as a picture."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.picture import Picture


class PagePicture(Vertical, can_focus=True):
    """One page; turned with the keys that scroll a text."""

    VERBS: ClassVar[tuple[Command, ...]] = (
        Command("page.next", "down,j,pagedown,space", "turn(1)", "Next page", "The next page.",
                True, key_label="↓"),
        Command("page.previous", "up,k,pageup", "turn(-1)", "Page before", "The page before.",
                key_label="↑"),
        Command("page.large", "enter", "screen.large", "Large", "The page as large as it goes.",
                True),
    )  # fmt: skip
    BINDINGS = bindings(VERBS)
    DEFAULT_CSS = """
    PagePicture {
        height: 1fr; padding: 1 1 0 1;
        #page-number { height: 1; padding: 0 1; color: $text-muted; }
    }
    """

    @dataclass
    class Wanted(Message):
        page: int

    def __init__(self) -> None:
        super().__init__(id="view-page")
        self.page = 1
        self._pages = 1

    def compose(self) -> ComposeResult:
        yield Static(id="page-number", markup=False)
        yield Picture()

    def show(self, page: int, pages: int) -> None:
        """Show this page of so many."""
        self._pages = max(1, pages)
        self.page = max(1, min(page, self._pages))
        words = keyed(
            "page {page} of {pages} as printed · {reader.page}: back to the text",
            page=self.page,
            pages=self._pages,
        )
        self.query_one("#page-number", Static).update(Content(words))
        self.query_one(Picture).say("Drawing …")
        self.post_message(self.Wanted(self.page))

    def show_picture(self, page: int, path: Path | None, problem: str = "") -> None:
        """The picture that was wanted, or why there is none."""
        if page == self.page:
            picture = self.query_one(Picture)
            if path is None:
                picture.say(problem)
            else:
                picture.show(path, keyed("Press {reader.outside} to open the PDF in a viewer."))

    def action_turn(self, by: int) -> None:
        if 1 <= self.page + by <= self._pages:
            self.show(self.page + by, self._pages)
