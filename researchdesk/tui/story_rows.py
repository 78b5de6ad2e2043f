"""What stands in a storyline's margin, row by row: each link at the height where it is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from textual.content import Content

from researchdesk.domain.links import links_in
from researchdesk.domain.story_evidence import SIGNS, Linked, Mark
from researchdesk.domain.text import one_line
from researchdesk.tui.widgets.line_list import fit
from researchdesk.tui.widgets.story_text import links_of_line

STYLES = {
    Mark.HOLDS: "holds",
    Mark.PLAIN: "quiet",
    Mark.OPEN: "open",
    Mark.CHANGED: "changed",
    Mark.CONTRADICTED: "contradicted",
    Mark.GONE: "gone",
}
MOST_ROWS = 4
"""How many rows one link may take."""
_NARROW = 12
_NEVER = 1_000_000
_WAITING = "…"
_GRAVITY = tuple(Mark)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link in the text: what it links, and where it begins."""

    ref: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the margin: ``words``, in the style of this name, about this link.

    ``news``: what it links changed, is gone or was contradicted, and was not seen yet.
    """

    words: str
    style: str
    anchor: Anchor
    news: bool = False


def anchors_in(text: str) -> Iterator[Anchor]:
    """Where the links stand. Line by line, of which most are as they were, where that will do."""
    if "`" not in text and "~~~" not in text:
        for at, row in enumerate(text.split("\n")):
            for link in links_of_line(row):
                yield Anchor(link.ref, at, link.start)
        return
    line, begun, at = 0, 0, 0
    for link in links_in(text):
        fresh = text.count("\n", at, link.start)
        if fresh:
            line += fresh
            begun = text.rfind("\n", 0, link.start) + 1
        at = link.start
        yield Anchor(link.ref, line, link.start - begun)


def lines_of(linked: Linked) -> tuple[str, ...]:
    """What is said of it: that its paper was withdrawn or replaced, what it says now, what it said
    before where that is news, its name."""
    name, since = one_line(linked.title) or linked.ref, one_line(linked.since)
    said, before = one_line(linked.said), one_line(linked.before)
    if since:
        said = said.removesuffix(since).removesuffix("; ")
    if linked.mark is Mark.PLAIN:
        return tuple(filter(None, (since, name, said)))
    told = f"it said: {before}" if linked.news and before not in ("", said) else ""
    return tuple(filter(None, (since, said, told, name)))


def rows_of(
    heights: Mapping[int, Sequence[Anchor]], told: Mapping[str, Linked], width: int
) -> dict[int, Row]:
    """The rows by their height, of links by theirs, in a margin of this width.

    Those of one height end where the next begin, so that none is pushed away from its line. In
    less than twelve columns there is the mark alone.
    """
    starts = sorted(heights)
    rows: dict[int, Row] = {}
    for start, end in zip(starts, [*starts[1:], _NEVER], strict=False):
        room = 1 if width < _NARROW else end - start
        rows.update(enumerate(_block(heights[start], told, room, width), start))
    return rows


def _block(
    anchors: Sequence[Anchor], told: Mapping[str, Linked], room: int, width: int
) -> list[Row]:
    """What is said at one height: each link in turn where there is room, else the gravest."""
    rows: list[Row] = []
    if len(anchors) <= room:
        for done, anchor in enumerate(anchors):
            behind = len(anchors) - done - 1
            rows += _words(anchor, told, min(MOST_ROWS, room - len(rows) - behind), width)
        return rows
    graver = sorted(anchors, key=lambda anchor: _gravity(told.get(anchor.ref)), reverse=True)
    rows = [row for anchor in graver[:room] for row in _words(anchor, told, 1, width)]
    if width >= _NARROW:
        left = f" (+{len(anchors) - room})"
        words = fit(rows[-1].words, width - 1 - len(left)).rstrip()
        rows[-1] = replace(rows[-1], words=f"{words}{left}")
    return rows


def _gravity(linked: Linked | None) -> int:
    return -1 if linked is None else _GRAVITY.index(linked.mark)


def _words(anchor: Anchor, told: Mapping[str, Linked], room: int, width: int) -> list[Row]:
    """What is said of one link, in at most ``room`` rows."""
    linked = told.get(anchor.ref)
    if linked is None:
        return [Row(_WAITING if width < _NARROW else f"{_WAITING} reading", "quiet", anchor)]
    sign, style = SIGNS[linked.mark], STYLES[linked.mark]
    if width < _NARROW:
        return [Row(sign, style, anchor, linked.news)]
    first, *others = lines_of(linked)
    if room == 1:
        first = " · ".join((first, *others[-1:]))
        others = []
    rows = [Row(f"{sign} {fit(first, width - 3).rstrip()}", style, anchor, linked.news)]
    for line in others:
        for words in _wrapped(line, width - 3, room - len(rows)):
            rows.append(Row(f"  {words}", "quiet", anchor, linked.news))
    return rows


def _wrapped(line: str, width: int, room: int) -> list[str]:
    """``line`` in at most ``room`` rows of this width, cut with an ellipsis where it is longer."""
    if room < 1:
        return []
    found = [row.plain.rstrip() for row in Content(line).wrap(max(width, 1))]
    if len(found) > room:
        rest = " ".join(found[room - 1 :])
        found = [*found[: room - 1], fit(rest, width) if cell_len(rest) > width else rest]
    return found
