"""The list of Home: rows under headings, the first nine with their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.home_rows import Row
from researchdesk.tui.widgets.brief import Option
from researchdesk.tui.widgets.steady_options import SteadyOptions

_NUMBERED = 9


class HomeList(SteadyOptions):
    """Rows by section. Enter or a click on one asks to go there."""

    VERBS: ClassVar[tuple[Command, ...]] = (
        Command("home.open", "enter", "select", "Open", "Go to the marked thing.", shown=True),
    )
    BINDINGS = bindings(VERBS)
    DEFAULT_CSS = """
    HomeList {
        height: 1fr; text-wrap: nowrap; text-overflow: ellipsis;
        & > .option-list--option-disabled { color: $text-primary; text-style: bold; }
    }
    """

    @dataclass
    class Looked(Message):
        """The highlight is on this row, or there is none."""

        row: Row | None

    @dataclass
    class Chosen(Message):
        row: Row

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._rows: list[Row] = []
        self._marked = ""

    @property
    def current(self) -> Row | None:
        """The row under the highlight."""
        if self.highlighted is None:
            return None
        return self._row(self.get_option_at_index(self.highlighted).id)

    def numbered(self, number: int) -> Row | None:
        """The row that shows this number."""
        return self._rows[number - 1] if 1 <= number <= min(len(self._rows), _NUMBERED) else None

    def show(self, rows: Sequence[Row]) -> None:
        """Show these; the highlight stays on its row, else near where it was. A new first row
        takes it."""
        before, at = self.current, self._at()
        known = {row.key for row in self._rows}
        newer = bool(rows and known and rows[0].key not in known)
        self._rows = list(rows)
        options: list[Option] = []
        for section, group in groupby(self._rows, key=lambda row: row.section):
            items = list(group)
            head = Content.assemble(f"{section} ", (f"{len(items)}", "$text-muted"))
            options.append(Option(Content.assemble("\n" if options else "", head), disabled=True))
            options += [Option(self._prompt(row), id=row.key) for row in items]
        keys = [row.key for row in self._rows]
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options(options)
            if keys:
                kept = before is not None and before.key in keys and not newer
                key = (
                    before.key if before and kept else keys[0 if newer else min(at, len(keys) - 1)]
                )
                self.highlighted = self.get_option_index(key)
        self._marked = ""
        self._remark()
        self.call_after_refresh(self._into_view)
        self.post_message(self.Looked(self.current))

    def _into_view(self) -> None:
        if self._at():
            self.scroll_to_highlight()
        else:
            self.scroll_home(animate=False)

    def _prompt(self, row: Row, marked: bool = False) -> Content:
        """Under the highlight without colours of its own: those are made for the background."""
        at = self._rows.index(row) + 1
        number = f" {at} " if at <= _NUMBERED else "   "
        return Content.assemble(
            (number, "bold" if marked else "bold $text-accent"),
            (row.title, "bold"),
            "\n   ",
            row.facts.plain if marked else row.facts,
        )

    def _remark(self) -> None:
        current = self.current
        marked = current.key if current else ""
        for key in {self._marked, marked} - {""}:
            if row := self._row(key):
                self.replace_option_prompt(key, self._prompt(row, marked=key == marked))
        self._marked = marked

    def _row(self, key: str | None) -> Row | None:
        return next((row for row in self._rows if row.key == key), None)

    def _at(self) -> int:
        current = self.current
        return self._rows.index(current) if current else 0

    @on(OptionList.OptionHighlighted)
    def look(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._remark()
        self.post_message(self.Looked(self.current))

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if row := self._row(event.option_id):
            self.post_message(self.Chosen(row))
