"""The works around a paper, one a line: those on the desk with where their reading stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.message import Message

from researchdesk.services.citations import Near
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.widgets.line_list import LineList, fit
from researchdesk.tui.widgets.paper_list import mark_of

INFLUENTIAL = "★"
_WALK = Command(
    "citations.walk", "enter", "open", "Go there", "To what is around the marked work.", shown=True
)
_VENUE, _YEAR, _COUNT = 14, 4, 8
_VENUE_NARROW = 8
_NARROW = 90
_AUTHORS_FROM, _AUTHORS = 120, 24


class CitationList(LineList[Near]):
    """Signs, title, authors where there is room, venue, year, how often cited."""

    VERBS: ClassVar[tuple[Command, ...]] = (*LineList.VERBS, _WALK)
    BINDINGS = bindings([_WALK])
    DEFAULT_CSS = """
    CitationList { scrollbar-gutter: stable; }
    CitationList > .citation-list--desk { color: $text-success; }
    CitationList > .citation-list--influential { color: $text-warning; }
    """
    COMPONENT_CLASSES = {"citation-list--desk", "citation-list--influential"}

    @dataclass
    class Highlighted(Message):
        """The cursor came to this work, or the list became empty."""

        near: Near | None

    @dataclass
    class Fitted(Message):
        """The lines are so wide now."""

        width: int

    @dataclass
    class Walked(Message):
        near: Near

    def on_resize(self) -> None:
        self.post_message(self.Fitted(self.room))

    def key_of(self, item: Near) -> str:
        return near_key(item)

    def announce(self) -> None:
        self.post_message(self.Highlighted(self.current))

    def announce_opened(self, item: Near) -> None:
        self.post_message(self.Walked(item))

    def segments(self, item: Near, width: int, base: Style, muted: Style) -> list[Segment]:
        venue = _VENUE_NARROW if width < _NARROW else _VENUE
        authors = _AUTHORS if width >= _AUTHORS_FROM else 0
        room = width - 5 - venue - _YEAR - _COUNT - 4 - (authors + 1 if authors else 0)
        marked = muted == base
        desk, sign = base, base
        if not marked:
            desk += self.get_component_rich_style("citation-list--desk", partial=True)
            sign += self.get_component_rich_style("citation-list--influential", partial=True)
        work = item.work
        told = [
            Segment(f" {mark_of(item.status) if item.on_desk else ' '} ", desk),
            Segment(f"{INFLUENTIAL if work.influential else ' '} ", sign),
            Segment(fit(work.title, max(room, 1)) + " ", base),
        ]
        if authors:
            told.append(Segment(fit(short_authors(work.authors), authors) + " ", muted))
        count = "" if work.cited_by is None else f"{work.cited_by:,}"
        return [
            *told,
            Segment(fit(item.venue, venue) + " ", muted),
            Segment(fit(str(work.year or ""), _YEAR) + " ", muted),
            Segment(f"{count:>{_COUNT}} ", muted),
        ]


def near_key(near: Near) -> str:
    """What names a work as long as a screen lives."""
    return f"{near.paper_id}.{near.work_id}"


def head_line(width: int) -> str:
    """The heads of the columns, over the lines of a list so wide."""
    venue = _VENUE_NARROW if width < _NARROW else _VENUE
    authors = _AUTHORS if width >= _AUTHORS_FROM else 0
    room = width - 5 - venue - _YEAR - _COUNT - 4 - (authors + 1 if authors else 0)
    names = f"{fit('authors', authors)} " if authors else ""
    return (
        f"     {fit('title', max(room, 1))} {names}{fit('venue', venue)} {fit('year', _YEAR)} "
        f"{'cited':>{_COUNT}} "
    )


def with_words(works: Sequence[Near], words: str) -> list[Near]:
    """Those in which every word stands: title, authors, venue, year, id."""
    wanted = words.casefold().split()
    return [near for near in works if all(word in _text(near) for word in wanted)]


def short_authors(names: tuple[str, ...]) -> str:
    """The first author, and that there are more."""
    return f"{names[0]} et al." if len(names) > 2 else " and ".join(names)


def _text(near: Near) -> str:
    work = near.work
    parts = (work.title, *work.authors, near.venue, work.venue, str(work.year or ""), near.id)
    return " ".join(parts).casefold()
