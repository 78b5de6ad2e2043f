"""The surprises at the left of their screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.message import Message

from researchdesk.domain.surprises import Surprise
from researchdesk.domain.text import one_line
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.surprise_words import mark_of
from researchdesk.tui.widgets.bench_words import ago
from researchdesk.tui.widgets.line_list import LineList, fit

_GO = Command("funny.go", "enter", "open", "Go there", "Go to where it was met.")
_ROOMY = 64
_NUMBER, _STATE, _AGE = 4, 18, 10


class SurpriseList(LineList[Surprise]):
    """Surprises, one a line: state, number, what is funny, how long ago it was noticed."""

    VERBS: ClassVar[tuple[Command, ...]] = (*LineList.VERBS, _GO)
    BINDINGS = bindings([_GO])
    COMPONENT_CLASSES = {
        "surprise-list--noticed",
        "surprise-list--standing",
        "surprise-list--investigated",
        "surprise-list--explained",
    }
    DEFAULT_CSS = """
    SurpriseList {
        & > .surprise-list--noticed { color: $text-warning; text-style: bold; }
        & > .surprise-list--standing { color: $text-error; text-style: bold; }
        & > .surprise-list--investigated { color: $text-accent; text-style: bold; }
        & > .surprise-list--explained { color: $text-success; text-style: bold; }
    }
    """

    @dataclass
    class Looked(Message):
        """The cursor came to this one, or there is none."""

        surprise: Surprise | None

    @dataclass
    class Chosen(Message):
        surprise: Surprise

    def __init__(self) -> None:
        super().__init__()
        self._now = datetime.min.replace(tzinfo=UTC)

    def show(self, items: Sequence[Surprise], now: datetime, prefer: int = 0) -> None:
        """Show these; the cursor goes to the number ``prefer``, else stays on its surprise, else
        near where it was."""
        self._now = now
        self.put(items, str(prefer) if prefer else "")

    def key_of(self, item: Surprise) -> str:
        return str(item.id)

    def announce(self) -> None:
        self.post_message(self.Looked(self.current))

    def announce_opened(self, item: Surprise) -> None:
        self.post_message(self.Chosen(item))

    def segments(self, item: Surprise, width: int, base: Style, muted: Style) -> list[Segment]:
        state = _STATE + 1 if width >= _ROOMY else 0
        text = max(width - 3 - _NUMBER - 1 - state - _AGE - 2, 1)
        name = item.state.name.casefold()
        mark = muted
        if f"surprise-list--{name}" in self.COMPONENT_CLASSES and muted != base:
            mark = base + self.get_component_rich_style(f"surprise-list--{name}", partial=True)
        words = base if item.is_open else muted
        return [
            Segment(f" {mark_of(item.state)} ", mark),
            Segment(fit(str(item.id), _NUMBER) + " ", muted),
            Segment(fit(one_line(item.text), text) + " ", words),
            Segment(fit(item.state.value, state - 1) + " " if state else "", mark),
            Segment(fit(_when(item, self._now), _AGE) + " ", muted),
        ]


def _when(item: Surprise, now: datetime) -> str:
    """The day it comes back on, or how long ago it was noticed."""
    if item.again_on:
        return f"→{item.again_on:%m-%d}"
    return ago(item.noticed_at, now)
