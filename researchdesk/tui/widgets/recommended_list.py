"""What to read next, two lines a paper: its place, and the words for and against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.message import Message

from researchdesk.domain.recommending import Suggestion
from researchdesk.domain.text import one_line
from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.widgets.line_list import LineList, fit
from researchdesk.tui.widgets.recommended_detail import AGAINST, FOR, bar

_PLACE, _BAR, _STATUS = 4, 6, 9
_LEFT = _PLACE + _BAR + 1 + _STATUS
_HEAD = " " * (_PLACE - 1) + "# " + "worth".ljust(_BAR) + "reading".ljust(_STATUS) + "paper"


def head(left_out: int, everything: bool) -> str:
    """What the columns are; how many papers are not in the list, and the key that tells them."""
    if everything:
        return _HEAD + keyed(" · those read or judged too, {recommended.all} leaves them out")
    if not left_out:
        return _HEAD
    shows = keyed("{recommended.all} shows all")
    return f"{_HEAD} · {left_out:,} read or judged left out, {shows}"


class RecommendedList(LineList[Suggestion]):
    """Suggestions in the order given; the bar goes from the last one's score to the first one's."""

    VERBS: ClassVar[tuple[Command, ...]] = (
        *LineList.VERBS,
        Command("recommended.open", "enter", "open", "Read", "Read the marked paper.", True),
    )
    BINDINGS = bindings(VERBS)
    COMPONENT_CLASSES = {
        "recommended-list--bar",
        "recommended-list--for",
        "recommended-list--against",
        "recommended-list--feed",
    }
    DEFAULT_CSS = """
    RecommendedList > .recommended-list--bar { color: $text-primary; }
    RecommendedList > .recommended-list--for { color: $text-success; }
    RecommendedList > .recommended-list--against { color: $text-error; }
    RecommendedList > .recommended-list--feed { color: $text-accent; }
    """
    item_height = 2

    @dataclass
    class Looked(Message):
        """The cursor came to this paper, or the list became empty."""

        suggestion: Suggestion | None

    @dataclass
    class Opened(Message):
        suggestion: Suggestion

    def __init__(self) -> None:
        super().__init__()
        self._places: dict[str, int] = {}
        self._best = self._least = 0.0

    def show(self, found: Sequence[Suggestion]) -> None:
        """Show these; the cursor stays on its paper."""
        self._places = {self.key_of(item): at for at, item in enumerate(found, start=1)}
        scores = [item.score for item in found]
        self._best, self._least = max(scores, default=0.0), min(scores, default=0.0)
        self.put(found)

    def share(self, item: Suggestion) -> float:
        """Where its score stands between the last one's (0) and the first one's (1)."""
        span = self._best - self._least
        return (item.score - self._least) / span if span else 1.0

    def key_of(self, item: Suggestion) -> str:
        return f"{item.paper_id}/{item.entry_id}"

    def announce(self) -> None:
        self.post_message(self.Looked(self.current))

    def announce_opened(self, item: Suggestion) -> None:
        self.post_message(self.Opened(item))

    def segments(self, item: Suggestion, width: int, base: Style, muted: Style) -> list[Segment]:
        plain = base == muted
        drawn, feed = (self._style(name, base, plain) for name in ("bar", "feed"))
        status = feed if item.status == "feed" else base if item.status == "unread" else muted
        return [
            Segment(f"{self._places.get(self.key_of(item), 0):>{_PLACE - 1}} ", muted),
            Segment(bar(self.share(item), _BAR) + " ", drawn),
            Segment(fit(item.status, _STATUS), status),
            Segment(fit(one_line(item.title), max(width - _LEFT, 1)), base),
        ]

    def further_segments(
        self, item: Suggestion, part: int, width: int, base: Style, muted: Style
    ) -> list[Segment]:
        plain = base == muted
        parts = [Segment(" " * _LEFT, base)]
        for sign, text in _that_fit(item, width - _LEFT):
            style = self._style("for" if sign == FOR else "against", base, plain)
            parts.append(Segment(text, style))
        return parts

    def _style(self, name: str, base: Style, plain: bool) -> Style:
        """A colour of ours; on the highlighted line there is none."""
        if plain:
            return base
        return base + self.get_component_rich_style(f"recommended-list--{name}", partial=True)


def _that_fit(item: Suggestion, room: int) -> list[tuple[str, str]]:
    """Signs and words that have room, those for it first; of each two for it, one is against."""
    words = [(FOR, word) for word in item.words_for]
    for at, word in enumerate(item.words_against):
        words.insert(min(3 * at + 2, len(words)), (AGAINST, word))
    found: list[tuple[str, str]] = []
    for sign, word in words:
        text = f"{sign}{one_line(word.text)}  "
        if cell_len(text) > room:
            break
        room -= cell_len(text)
        found.append((sign, text))
    return sorted(found, key=lambda pair: pair[0] != FOR)
