"""Where a story is to be written, and in which form."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Label, RadioSet

from researchdesk.errors import DeskError
from researchdesk.files import path_of
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.notices import words_of
from researchdesk.tui.widgets.option import OptionButton, OptionSet

_FORMS = (
    (".md", False, "Markdown"),
    (".md", True, "Markdown, with the four questions of each statement"),
    (".tex", False, "LaTeX introduction, and a .bib of the papers that it cites"),
)


@dataclass(frozen=True, slots=True)
class ExportForm:
    """What was chosen; ``questions`` are those of each statement, in markdown only."""

    path: Path
    latex: bool
    questions: bool


class ExportDialog(Dialog[Sequence[Path]]):
    """Writes by ``write`` and ends with the files; where that cannot be done, it says why."""

    HEADING = "Export the story"
    AUTO_FOCUS = "#form"
    CSS_PATH = ["dialogs.tcss", "story.tcss"]
    ACCEPT_LABEL = "Write"

    def __init__(self, path: Path, write: Callable[[ExportForm], Sequence[Path]]) -> None:
        super().__init__()
        self._path, self._write = path, write

    def compose_fields(self) -> ComposeResult:
        yield Label("Form", classes="label")
        with OptionSet(id="form", compact=True):
            for at, (_, _, words) in enumerate(_FORMS):
                yield OptionButton(words, chosen=at == 0)
        yield Label("File, or a folder that there is", classes="label")
        yield Input(str(self._path), id="path", compact=True)

    @on(RadioSet.Changed)
    def follow_form(self, event: RadioSet.Changed) -> None:
        """The end of the file's name goes with the form."""
        field = self.query_one("#path", Input)
        path = Path(field.value.strip() or self._path)
        if path.suffix in {".md", ".tex"}:
            field.value = str(path.with_suffix(_FORMS[event.index][0]))

    @on(Input.Changed)
    def forget(self) -> None:
        self.complain("")

    async def on_input_submitted(self) -> None:
        await self.action_accept()

    async def action_accept(self) -> None:
        words = self.query_one("#path", Input).value.strip()
        if not words:
            self.complain("Say which file to write.")
            return
        suffix, questions, _ = _FORMS[max(self.query_one(RadioSet).pressed_index, 0)]
        try:
            form = ExportForm(path_of(words).absolute(), suffix == ".tex", questions)
            self.dismiss(self._write(form))
        except DeskError as error:
            self.complain(words_of(error))
