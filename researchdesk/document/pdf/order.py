"""Reading order: running heads away, columns one after the other."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from researchdesk.document.pdf.lines import Line, PageText, join_baselines
from researchdesk.document.pdf.rows import with_whole_rows
from researchdesk.document.pdf.words import CAPTION
from researchdesk.domain.documents import Box

_OPENING = re.compile(r"abstract\b|(?:\d|I)?\.?\s*introduction\s*$", re.IGNORECASE)
_SECTION = re.compile(r"(?:\d{1,2}|[A-Z])(?:\.\d{1,2}){0,3}\.?")
_NUMBER = re.compile(r"\W*(?:\d{1,4}|[ivxl]{1,6})\W*")


def without_furniture(pages: Sequence[PageText]) -> list[PageText]:
    """The pages without page numbers and without lines repeated at the edge of several pages."""
    seen: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for page in pages:
        for line in page.lines:
            if _at_edge(line, page):
                seen[_repeated_key(line)].add(page.number)
    needed = 3 if len(pages) > 5 else 2
    repeated = {key for key, found in seen.items() if len(found) >= needed}
    return [_without(page, repeated) for page in pages]


def reading_order(page: PageText, columns: "Columns") -> list[Line]:
    """The page's lines, top to bottom, the left column before the right one.

    On a page of two columns, lines across the gutter with nothing beside them part it into bands,
    each of which has its own left and right.
    """
    two = columns.two_on(page)
    pieces = join_baselines(with_whole_rows(page.lines, columns.gutter * two), reach=1.25)
    if not two:
        return _column(pieces)
    gutter = columns.gutter
    across = [line for line in pieces if _crosses(line, gutter)]
    beside = [line for line in pieces if not _crosses(line, gutter)]
    bars = [line for line in across if not any(_overlap(line, other) for other in beside)]
    if page.number == 1:
        front = _front(pieces)
        bars = [line for line in pieces if line in front or line in bars]
    barred = set(bars)
    rest = [line for line in (*beside, *across) if line not in barred]
    ordered: list[Line] = []
    for bar in _bands(bars, rest):
        edge = min((line.middle for line in bar), default=float("inf"))
        band = [line for line in rest if line.middle < edge]
        rest = [line for line in rest if line.middle >= edge]
        ordered += _column([line for line in band if (line.x0 + line.x1) / 2 < gutter])
        ordered += _column([line for line in band if (line.x0 + line.x1) / 2 >= gutter])
        ordered += _column(bar)
    return ordered


def _front(pieces: Sequence[Line]) -> list[Line]:
    """Title and authors: what stands above the abstract or, without one, the introduction."""
    known = (line.y0 for line in pieces if _OPENING.match(line.text.strip()))
    top = min(known, default=0.0)
    return [line for line in pieces if line.y1 < top]


def _bands(bars: Sequence[Line], rest: Sequence[Line]) -> list[list[Line]]:
    """Bars with nothing between them taken together, top to bottom; the last is empty."""
    middles = sorted(line.middle for line in rest)
    bands: list[list[Line]] = []
    for bar in sorted(bars, key=lambda line: line.middle):
        between = bands and any(bands[-1][-1].middle < y < bar.middle for y in middles)
        if bands and not between:
            bands[-1].append(bar)
        else:
            bands.append([bar])
    return [*bands, []]


@dataclass(frozen=True, slots=True)
class Columns:
    """``gutter`` is the middle of the text, in points from the left edge of the page; ``doubled``
    are the numbers of the pages with a second column."""

    gutter: float
    width: float
    left: float = 0.0
    right: float = 0.0
    doubled: frozenset[int] = frozenset()

    @classmethod
    def of(cls, pages: Sequence[PageText], body_size: float) -> "Columns":
        """Two columns where a good part of the running text lies right of the middle."""
        lines = [
            line
            for page in pages
            for line in page.lines
            if abs(line.size - body_size) < 1 and len(line.text) > 25
        ]
        if not lines:
            width = pages[0].width if pages else 0.0
            return cls(width / 2, 1.0, 0.0, width)
        lefts = sorted(line.x0 for line in lines)
        rights = sorted(line.x1 for line in lines)
        left, right = lefts[len(lefts) // 50], rights[-1 - len(rights) // 50]
        gutter = (left + right) / 2
        beyond = sum(line.x0 > gutter - 4 for line in lines)
        width = max(right - left, 1.0)
        two = beyond > 0.2 * len(lines)
        doubled = {page.number for page in pages if two and _is_doubled(page, gutter, width)}
        return cls(gutter, width, left, right, frozenset(doubled))

    def two_on(self, page: PageText) -> bool:
        """Whether this page has a second column."""
        return page.number in self.doubled

    def span(self, page: PageText, box: Box) -> tuple[float, float]:
        """The left and right edge of the column that the box stands in, or of the whole text."""
        x0, _, x1, _ = box
        if not self.two_on(page) or (x0 < self.gutter - 4 and x1 > self.gutter + 4):
            return self.left, self.right
        margin = 0.02 * self.width
        if (x0 + x1) / 2 < self.gutter:
            return self.left, self.gutter - margin
        return self.gutter + margin, self.right


def _column(lines: Sequence[Line]) -> list[Line]:
    groups: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.group].append(line)
    ordered = sorted(groups.values(), key=lambda group: min(line.y0 for line in group))
    return [line for group in ordered for line in join_baselines(group, reach=2.2)]


def _is_doubled(page: PageText, gutter: float, width: float) -> bool:
    wide = (line for line in page.lines if line.x1 - line.x0 > 0.2 * width)
    return sum(line.x0 > gutter - 4 for line in wide) >= 3


def _crosses(line: Line, gutter: float) -> bool:
    return line.x0 < gutter - 4 and line.x1 > gutter + 4


def _overlap(one: Line, two: Line) -> bool:
    return one is not two and min(one.y1, two.y1) - max(one.y0, two.y0) > 0.3 * two.size


def _at_edge(line: Line, page: PageText) -> bool:
    return line.y1 < 0.12 * page.height or line.y0 > 0.88 * page.height


def _repeated_key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text.strip().lower()), round(line.y0 / 6)


def _labels(line: Line, page: PageText, repeated: set[tuple[str, int]]) -> bool:
    """Whether the line is a caption's label, or the number right before a heading."""
    text = line.text.strip()
    if CAPTION.fullmatch(text):
        return True
    if not _SECTION.fullmatch(text):
        return False
    return any(
        0 < other.x0 - line.x1 < 3 * line.size
        and abs(other.y1 - line.y1) < 0.3 * line.size
        and sum(c.isalpha() for c in other.text) > 3
        and _repeated_key(other) not in repeated
        for other in page.lines
    )


def _without(page: PageText, repeated: set[tuple[str, int]]) -> PageText:
    lowest = max((line.y0 for line in page.lines), default=0)
    highest = min((line.y1 for line in page.lines), default=0)

    def stays(line: Line) -> bool:
        if not _at_edge(line, page) or _labels(line, page, repeated):
            return True
        if _NUMBER.fullmatch(line.text.strip()):
            outermost = line.y0 >= lowest - 4 or line.y1 <= highest + 4
            return not outermost
        return _repeated_key(line) not in repeated or len(line.text.strip()) < 3

    kept = tuple(line for line in page.lines if stays(line))
    return replace(page, lines=kept)
