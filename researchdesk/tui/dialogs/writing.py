"""Which text is to be written from what is looked at, and into which file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input, Label, RadioSet

from researchdesk import files
from researchdesk.errors import BadInputError, DeskError
from researchdesk.services import writing
from researchdesk.services.desk import Desk
from researchdesk.services.writing import File, Request, Template, Text, Wants
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.notices import words_of
from researchdesk.tui.widgets.option import OptionButton, OptionSet


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, and where."""

    text: Text
    files: Sequence[File]


class WritingDialog(Dialog[Written]):
    """Writes a text of ``ref`` and ends with its files; where that cannot be done, it says why."""

    HEADING = "Write"
    AUTO_FOCUS = "#template"
    CSS_PATH = ["dialogs.tcss", "writing.tcss"]
    ACCEPT_LABEL = "Write"

    @dataclass
    class Done(Message):
        written: Written

    @dataclass
    class Failed(Message):
        error: DeskError

    def __init__(self, desk: Desk, ref: str, wants: Wants) -> None:
        super().__init__()
        self._desk, self._ref = desk, ref
        found = [one for one in writing.templates(desk) if one.wants in (wants, Wants.POINTS)]
        self._templates: list[Template] = sorted(found, key=lambda one: one.wants is Wants.POINTS)
        self._folder = Path.cwd()

    def compose_fields(self) -> ComposeResult:
        yield Label("What", classes="label")
        with OptionSet(id="template", compact=True):
            for at, one in enumerate(self._templates):
                yield OptionButton(f"{one.name}: {one.purpose}", chosen=at == 0)
        yield Label("File; what you changed there is never written over", classes="label")
        yield Input(str(self._path(self._templates[0])), id="path", compact=True)
        yield Label("File with the reviewers' points", classes="label points")
        yield Input(placeholder="points.md", id="points", classes="points", compact=True)

    @property
    def chosen(self) -> Template:
        """The template that is chosen."""
        return self._templates[max(self.query_one(RadioSet).pressed_index, 0)]

    @on(RadioSet.Changed)
    def follow_template(self) -> None:
        """The file is named as the template, as long as no other name was given."""
        field, known = self.query_one("#path", Input), {*map(self._path, self._templates)}
        if Path(field.value.strip() or ".") in known or not field.value.strip():
            field.value = str(self._path(self.chosen))
        self.set_class(self.chosen.wants is Wants.POINTS, "-points")

    async def on_input_submitted(self) -> None:
        await self.action_accept()

    async def action_accept(self) -> None:
        words = self.query_one("#path", Input).value.strip()
        points = self.query_one("#points", Input).value.strip()
        if not words:
            self.complain("Say which file to write.")
        elif self.chosen.wants is Wants.POINTS and not points:
            self.complain("Say in which file the reviewers' points stand.")
        else:
            self._write_to(words, points)

    def _write_to(self, words: str, points: str) -> None:
        try:
            path = files.path_of(words).absolute()
            from_file = files.path_of(points).absolute() if points else None
        except DeskError as error:
            self.complain(words_of(error))
        else:
            self._write(self.chosen, path, from_file)

    @work(thread=True, exclusive=True, group="write", exit_on_error=False)
    def _write(self, template: Template, path: Path, points: Path | None) -> None:
        form = "tex" if path.suffix.casefold() == ".tex" else "md"
        try:
            asks = template.wants is Wants.POINTS and points is not None
            said = _points(points) if asks and points else None
            request = Request(
                template.name, self._ref, form, points=said, points_from=str(points or "")
            )
            self.post_message(self.Done(Written(*writing.write(self._desk, request, path))))
        except DeskError as error:
            self.post_message(self.Failed(error))

    @on(Done)
    def end(self, message: Done) -> None:
        self.dismiss(message.written)

    @on(Failed)
    def show_failure(self, message: Failed) -> None:
        self.complain(words_of(message.error))

    def _path(self, template: Template) -> Path:
        name = self._ref.rpartition(":")[2].replace("/", "_")
        return self._folder / f"{name}-{template.name}.{template.forms[0]}"


def _points(path: Path) -> str:
    """Raises BadInputError where there is no such file, or no text in it."""
    if not path.is_file():
        raise BadInputError(f"There is no file {path}.", "Nothing was written.")
    return files.read_text(path).removeprefix("\ufeff")
