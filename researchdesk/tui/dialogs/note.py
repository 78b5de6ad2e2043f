"""The dialog for a note."""

from dataclasses import dataclass, replace

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label, RadioSet, TextArea

from researchdesk.domain.reading import NoteKind
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.widgets.option import OptionButton


@dataclass(frozen=True, slots=True)
class NoteForm:
    """A note as it is being written. ``saved``: the person said to keep it."""

    text: str = ""
    quote: str = ""
    page: int | None = None
    kind: NoteKind = NoteKind.NOTE
    saved: bool = False


class NoteDialog(Dialog[NoteForm]):
    """Kind, page, quote and text. Left with escape it ends with the form, not ``saved``."""

    AUTO_FOCUS = "#text"

    def __init__(self, title: str, form: NoteForm) -> None:
        super().__init__()
        self._title, self._form = title, form

    def heading(self) -> str:
        return self._title

    def compose_fields(self) -> ComposeResult:
        with Horizontal(classes="row"):
            yield Label("Kind ", classes="label")
            with RadioSet(id="kind", compact=True):
                for kind in NoteKind:
                    yield OptionButton(kind.value, chosen=kind is self._form.kind)
        with Horizontal(classes="row"):
            yield Label("Page ", classes="label")
            page = "" if self._form.page is None else str(self._form.page)
            yield Input(page, id="page", type="integer", placeholder="none", compact=True)
        yield Label("Quote from the paper", classes="label")
        yield TextArea(self._form.quote, id="quote", compact=True, soft_wrap=True)
        yield Label("Your words", classes="label")
        yield TextArea(self._form.text, id="text", compact=True, soft_wrap=True)

    def on_mount(self) -> None:
        area = self.query_one("#text", TextArea)
        area.move_cursor(area.document.end)
        area.focus()

    def unsaved(self) -> str:
        if self._read() != self._form:
            return "The note is not kept yet: ctrl+s keeps it, escape leaves it."
        return ""

    def settle(self) -> None:
        """Nothing to keep: ``unsaved`` said so."""

    async def action_accept(self) -> None:
        form = self._read()
        if not form.text.strip():
            self.complain("The note wants a few words of your own.")
        elif form.page is not None and form.page < 1:
            self.complain("Pages count from 1.")
        else:
            self.dismiss(replace(form, saved=True))

    def action_cancel(self) -> None:
        form = self._read()
        self.dismiss(None if form == self._form else form)

    def _read(self) -> NoteForm:
        page = self.query_one("#page", Input).value.strip()
        index = self.query_one("#kind", RadioSet).pressed_index
        return NoteForm(
            text=self.query_one("#text", TextArea).text,
            quote=self.query_one("#quote", TextArea).text,
            page=int(page) if page.lstrip("+-").isdigit() else None,
            kind=list(NoteKind)[max(index, 0)],
        )
