"""The dialog that puts papers on the desk."""

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Label, ProgressBar

from researchdesk.errors import UsageProblemError
from researchdesk.files import path_of
from researchdesk.tui.dialogs.base import Dialog, button
from researchdesk.tui.fetching import Fetching
from researchdesk.tui.messages import Fetch
from researchdesk.tui.notices import words_of
from researchdesk.tui.widgets.brief import Static


class AddDialog(Dialog[None]):
    """Asks for a paper and shows it coming. Left early, the fetch goes on behind it."""

    HEADING = "Add a paper"

    def __init__(self) -> None:
        super().__init__()
        self._waiting: set[str] = set()

    def compose_fields(self) -> ComposeResult:
        yield Label(
            "arXiv id or address (several: blanks between), or a PDF's path", classes="label"
        )
        yield Input(id="text", placeholder="1706.03762", compact=True)
        yield Static("", id="state", markup=False)
        yield ProgressBar(id="bar", show_eta=False)

    def compose_buttons(self) -> ComposeResult:
        yield button("accept", "Add  enter", "Fetch it.", "primary")
        yield button("cancel", self.leaving("Close"), "Close; what is under way goes on.")

    def on_mount(self) -> None:
        self.query_one("#bar").display = False

    async def on_input_submitted(self) -> None:
        await self.action_accept()

    async def action_accept(self) -> None:
        field = self.query_one("#text", Input)
        text = field.value.strip()
        if self._waiting:
            return
        if not text:
            self.complain("Nothing to add yet: give an id such as 1706.03762.")
            return
        self.complain("")
        texts = (text,) if _is_path(text) else tuple(text.split())
        self._waiting = set(texts)
        self.post_message(Fetch(texts))

    def show_fetching(self, fetching: Fetching) -> bool:
        """Show how far it is; close when all has come."""
        if fetching.text not in self._waiting:
            return False
        self.query_one("#state", Static).update(Content(fetching.words))
        bar = self.query_one("#bar", ProgressBar)
        bar.display = bool(fetching.total)
        bar.update(total=fetching.total, progress=fetching.done)
        if fetching.error is not None:
            self._waiting.discard(fetching.text)
            self.query_one("#state", Static).update(Content(""))
            self.complain(words_of(fetching.error))
            self.query_one("#text", Input).focus()
            return True
        if fetching.added is not None:
            self._waiting.discard(fetching.text)
            if not self._waiting and not self.query_one("#problem").has_class("-shown"):
                self.dismiss(None)
            return False
        return True


def _is_path(text: str) -> bool:
    """Many ids in one line are longer than any name."""
    try:
        return path_of(text).exists()
    except UsageProblemError:
        return False
