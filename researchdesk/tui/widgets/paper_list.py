"""The list of papers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.message import Message

from researchdesk.services.library import Listed
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.shelf import Sign
from researchdesk.tui.widgets.line_list import LineList, fit

_OPEN = Command("list.open", "enter", "open", "Read", "Open the paper in the reader.", shown=True)
_MARKS = {"unread": "○", "in": "◐", "pass": "●", "left": "×"}
_STATUS_WIDTH = 14


def mark_of(status: str) -> str:
    """A sign for a reading status; the words stand beside it."""
    return _MARKS.get(status.split(" ")[0], " ")


class PaperList(LineList[Listed]):
    """Papers, one a line: reading status, name, title, and what is to be seen to."""

    COMPONENT_CLASSES = {"paper-list--due"}
    DEFAULT_CSS = """
    PaperList > .paper-list--due { color: $text-warning; text-style: bold; }
    """

    VERBS: ClassVar[tuple[Command, ...]] = (*LineList.VERBS, _OPEN)
    BINDINGS = bindings([_OPEN])

    @dataclass
    class Highlighted(Message):
        """The cursor came to this paper, or the list became empty."""

        listed: Listed | None

    @dataclass
    class Opened(Message):
        listed: Listed

    def __init__(self) -> None:
        super().__init__()
        self._name_width = 10
        self._signs: Mapping[int, Sign] = {}

    def show(
        self,
        papers: Sequence[Listed],
        prefer: str = "",
        signs: Mapping[int, Sign] | None = None,
    ) -> None:
        """Show these; the cursor stays on its paper, or goes to the one named ``prefer``.

        ``signs`` are by the papers' row numbers.
        """
        self._signs = signs or {}
        widest = max((cell_len(item.paper.name) for item in papers), default=10)
        self._name_width = min(max(widest, 10), 20)
        self.put(papers, prefer)

    def key_of(self, item: Listed) -> str:
        return item.paper.name

    def announce(self) -> None:
        self.post_message(self.Highlighted(self.current))

    def announce_opened(self, item: Listed) -> None:
        self.post_message(self.Opened(item))

    def segments(self, item: Listed, width: int, base: Style, muted: Style) -> list[Segment]:
        title_width = width - self._name_width - _STATUS_WIDTH - 6
        sign = self._signs.get(item.paper.id)
        words, style = item.status, muted
        if sign is not None and sign.due is not None:
            words = sign.due
            if muted != base:
                style = base + self.get_component_rich_style("paper-list--due", partial=True)
        newer = f"↑v{sign.newer} " if sign is not None and sign.newer else ""
        return [
            Segment(f" {mark_of(item.status)} ", base),
            Segment(fit(item.paper.name, self._name_width) + " ", muted),
            Segment(fit(item.paper.title, max(title_width - len(newer), 1)) + " ", base),
            Segment(newer, base),
            Segment(fit(words, _STATUS_WIDTH) + " ", style),
        ]
