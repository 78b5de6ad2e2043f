"""The backlog, one idea a line: its place, what it is worth, its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.message import Message

from researchdesk.domain.ideas import Idea, IdeaState, score
from researchdesk.domain.text import one_line
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.widgets.idea_words import STATES, bar, days, dots
from researchdesk.tui.widgets.line_list import LineList, fit

_PLACE, _BAR, _SCORE, _IMPACT, _FUN, _WORK = 6, 6, 6, 7, 6, 7
_LEFT = _PLACE + _BAR + _SCORE + _IMPACT + _FUN + _WORK
HEAD = (
    " " * _PLACE
    + "score".ljust(_BAR + _SCORE)
    + "impact".ljust(_IMPACT)
    + "fun".ljust(_FUN)
    + "work".center(_WORK)
    + "idea"
)
"""What the columns are."""


class IdeaList(LineList[Idea]):
    """Ideas in the order given; those of the person's own order have a mark at their place.

    The bar is the root of the share of the best score, so that the small ones are seen too.
    """

    VERBS: ClassVar[tuple[Command, ...]] = (
        *LineList.VERBS,
        Command("ideas.open", "enter", "open", "Edit", "Change the marked idea.", True),
    )
    BINDINGS = bindings(VERBS)
    COMPONENT_CLASSES = {"idea-list--own", "idea-list--bar", "idea-list--back"}
    DEFAULT_CSS = """
    IdeaList > .idea-list--own { color: $text-accent; text-style: bold; }
    IdeaList > .idea-list--bar { color: $text-primary; }
    IdeaList > .idea-list--back { color: $text-warning; }
    """

    @dataclass
    class Looked(Message):
        """The cursor came to this idea, or the list became empty."""

        idea: Idea | None

    @dataclass
    class Opened(Message):
        idea: Idea

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today
        self._best = 1.0

    def show(self, ideas: Sequence[Idea], today: date, prefer: int = 0) -> None:
        """Show these; the cursor stays on its idea, or goes to the number ``prefer``."""
        self._today = today
        self._best = max((score(idea).value for idea in ideas), default=1.0)
        self.put(ideas, str(prefer) if prefer else "")

    def key_of(self, item: Idea) -> str:
        return str(item.id)

    def announce(self) -> None:
        self.post_message(self.Looked(self.current))

    def announce_opened(self, item: Idea) -> None:
        self.post_message(self.Opened(item))

    def segments(self, item: Idea, width: int, base: Style, muted: Style) -> list[Segment]:
        plain = base == muted
        own, drawn, back = (
            base if plain else base + self.get_component_rich_style(name, partial=True)
            for name in ("idea-list--own", "idea-list--bar", "idea-list--back")
        )
        told, away = score(item), not item.is_at_hand(self._today)
        mark = _mark(item, self._today)
        style = back if item.is_back(self._today) else own if item.place else muted
        words = muted if away else base
        return [
            Segment(fit(self._place(item, mark), _PLACE), style),
            Segment(bar(sqrt(told.value / self._best), _BAR), muted if away else drawn),
            Segment(f"{told.words:>{_SCORE - 1}} ", words),
            Segment(f"{dots(item.impact):{_IMPACT}}{dots(item.fun):{_FUN}}", words),
            Segment(f"{days(item.work_days):>{_WORK - 2}}  ", words),
            Segment(fit(one_line(item.text), max(width - _LEFT, 1)), words),
        ]

    def _place(self, item: Idea, mark: str) -> str:
        if not item.is_at_hand(self._today):
            return f"    {mark}"
        at = self.items.index(item) + 1
        return f"{at:>3}{'◆' if item.place else ' '}{mark}"


def _mark(item: Idea, today: date) -> str:
    """A sign of its state; the usual one has none."""
    if item.is_back(today):
        return "↩"
    return " " if item.state is IdeaState.OPEN else STATES[item.state][0]
