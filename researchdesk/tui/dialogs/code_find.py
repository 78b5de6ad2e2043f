"""Words looked for in a clone: in the names of its files and in their lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList

from researchdesk.domain.code import Clone, CodeFile, CodeHit
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError
from researchdesk.services.clone_files import find_words
from researchdesk.tui.dialogs.base import CANCEL, Dialog, button
from researchdesk.tui.notices import words_of
from researchdesk.tui.widgets.brief import Option, Static

_NAMES = 20


class CodeFindDialog(Dialog[CodeHit]):
    """Ends with the place that was chosen; that of a file by its name has the line 1."""

    AUTO_FOCUS = "#words"
    HEADING = "Find in the code"

    @dataclass
    class Found(Message):
        words: str
        hits: Sequence[CodeHit]

    @dataclass
    class Failed(Message):
        words: str
        error: DeskError

    def __init__(
        self, held: Clone, commit: str, files: Sequence[CodeFile], words: str = ""
    ) -> None:
        super().__init__()
        self._held, self._commit, self._files = held, commit, files
        self._words = words
        self._hits: list[CodeHit] = []

    def compose_fields(self) -> ComposeResult:
        yield Input(
            self._words,
            id="words",
            placeholder="words as they stand, or a file's name",
            compact=True,
        )
        yield Static("", id="state", markup=False)
        yield OptionList(id="results", markup=False)

    def compose_buttons(self) -> ComposeResult:
        yield button("accept", "Go there  enter", "Go to the marked place.", "primary")
        yield button("cancel", self.leaving("Close"), CANCEL.help)

    @on(Input.Changed, "#words")
    def look(self, event: Input.Changed) -> None:
        event.stop()
        words = event.value.strip()
        if len(words) > 1:
            self._search(words)
        else:
            self._show([], "")

    @on(Input.Submitted)
    async def to_results(self, event: Input.Submitted) -> None:
        event.stop()
        if self._hits:
            self.query_one("#results", OptionList).focus()

    def on_key(self, event: object) -> None:
        """Down from the words leads into what was found."""
        if (
            getattr(event, "key", "") == "down"
            and self.query_one("#words").has_focus
            and self._hits
        ):
            self.query_one("#results", OptionList).focus()

    @work(thread=True, exclusive=True, group="code-find", exit_on_error=False)
    def _search(self, words: str) -> None:
        try:
            hits = find_words(self._held, words, self._commit)
        except DeskError as error:
            self.post_message(self.Failed(words, error))
        else:
            self.post_message(self.Found(words, hits))

    def _are_asked(self, words: str) -> bool:
        """Whether these words stand in the field still: others may be typed since."""
        return words == self.query_one("#words", Input).value.strip()

    @on(Failed)
    def show_failure(self, message: Failed) -> None:
        if self._are_asked(message.words):
            self.complain(words_of(message.error))

    @on(Found)
    def show_found(self, message: Found) -> None:
        if not self._are_asked(message.words):
            return
        words = message.words.lower()
        named = [item for item in self._files if words in item.path.lower() and item.text][:_NAMES]
        hits = [*(CodeHit(item.path, 1, "") for item in named), *message.hits]
        count = f"{len(message.hits)} lines" if len(message.hits) != 1 else "1 line"
        self._show(hits, f"{count}. Enter goes there." if hits else "Nothing has these words.")

    def _show(self, hits: list[CodeHit], state: str) -> None:
        self._hits = hits
        results = self.query_one("#results", OptionList)
        results.clear_options()
        results.add_options([Option(_prompt(hit)) for hit in hits])
        if hits:
            results.highlighted = 0
        self.query_one("#state", Static).update(Content(state))

    @on(OptionList.OptionSelected, "#results")
    def choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._hits[event.option_index])

    async def action_accept(self) -> None:
        at = self.query_one("#results", OptionList).highlighted
        if at is not None and at < len(self._hits):
            self.dismiss(self._hits[at])
        else:
            self.complain("Nothing is marked to go to.")


def _prompt(hit: CodeHit) -> Content:
    if not hit.text:
        return Content.styled(one_line(hit.path), "bold")
    return Content.assemble(
        (f"{one_line(hit.path)}:{hit.line}", "$text-muted"), "  ", hit.text.strip()
    )
