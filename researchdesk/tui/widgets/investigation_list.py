"""The investigations at the left of their screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from researchdesk.domain.investigations import Investigation
from researchdesk.domain.text import one_line
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.widgets.bench_words import ago
from researchdesk.tui.widgets.brief import Option
from researchdesk.tui.widgets.investigation_words import QUIET, investigation_state
from researchdesk.tui.widgets.steady_options import SteadyOptions


class InvestigationList(SteadyOptions):
    """Two lines each: what is looked into; its number, its state, what it is of."""

    VERBS: ClassVar[tuple[Command, ...]] = (
        Command("tinker.enter", "enter,right", "select", "Its steps", "Go to its steps.",
                key_label="enter"),
    )  # fmt: skip
    BINDINGS = bindings(VERBS)
    DEFAULT_CSS = """
    InvestigationList { height: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    @dataclass
    class Looked(Message):
        """The highlight is on this one, or there is none."""

        investigation: Investigation | None

    @dataclass
    class Chosen(Message):
        investigation: Investigation

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._items: list[Investigation] = []
        self._now: datetime | None = None
        self._marked: int | None = None

    @property
    def current(self) -> Investigation | None:
        """The investigation under the highlight."""
        at = self.highlighted
        return self._items[at] if at is not None and at < len(self._items) else None

    def show(self, items: Sequence[Investigation], now: datetime, prefer: int = 0) -> None:
        """Show these; the highlight goes to the number ``prefer``, else stays where it was."""
        before = self.current
        wanted = prefer or (before.id if before else 0)
        self._items, self._now = list(items), now
        numbers = [item.id for item in items]
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options([Option(self._prompt(item)) for item in items])
            at = numbers.index(wanted) if wanted in numbers else 0
            self.highlighted = at if numbers else None
        self._marked = None
        self._remark()
        self.call_after_refresh(self.scroll_to_highlight)
        self.post_message(self.Looked(self.current))

    def _prompt(self, item: Investigation, marked: bool = False) -> Content:
        """Under the highlight without colours of its own: those are made for the background."""
        since = ago(item.touched_at, self._now or item.touched_at)
        said = Content.assemble(
            (f"{item.id} · ", QUIET), investigation_state(item), (f" · {since}", QUIET),
            (f" · of {item.of}" if item.of else "", QUIET),
        )  # fmt: skip
        return Content.assemble(
            (one_line(item.title), "bold"), "\n", said.plain if marked else said
        )

    def _remark(self) -> None:
        old, self._marked = self._marked, self.highlighted
        for at in {old, self._marked} - {None}:
            if at is not None and at < len(self._items):
                self.replace_option_prompt_at_index(
                    at, self._prompt(self._items[at], marked=at == self._marked)
                )

    @on(OptionList.OptionHighlighted)
    def look(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._remark()
        self.post_message(self.Looked(self.current))

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if self.current:
            self.post_message(self.Chosen(self.current))
