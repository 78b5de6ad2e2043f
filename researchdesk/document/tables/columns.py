"""The columns of a table, from the blanks that run down through its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from researchdesk.document.tables.print import Rule, Word
from researchdesk.document.tables.rows import Row

_POWER = frozenset("0123456789+-−–")
_JOINERS = frozenset("±/×·+=~→⇒&|:")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Words of a row that no wide blank parts."""

    words: tuple[Word, ...]

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @property
    def text(self) -> str:
        """Its words; a small number set high or low at a number is told from it: ``10^20``."""
        text = self.words[0].text
        for left, right in pairwise(self.words):
            mark = " "
            if _hangs(left, right) and left.text[-1].isdigit() and right.text[0] in _POWER:
                mark = "^" if right.base < left.base else "_"
            text += mark + right.text
        return text

    @property
    def numeric(self) -> bool:
        """Whether it begins with a bare number."""
        return self.words[0].numeric


@dataclass(frozen=True, slots=True)
class _Level:
    """A stretch across a table: the weight of what crosses it and of what parts there, and of
    numbers alone."""

    begin: float
    end: float
    crossing: float
    parting: float
    spoilt: float
    numbers: float


_Stretch = tuple[float, float]
Weighed = tuple[Chunk, float]
"""A chunk, and how much it counts against a blank that it crosses."""


def chunks_of(row: Row, em: float, walls: Sequence[Rule] = ()) -> tuple[Chunk, ...]:
    """The row in pieces: parted by blanks, by walls, and between two bare numbers."""
    parts: list[list[Word]] = [[row.words[0]]]
    for word in row.words[1:]:
        before = parts[-1][-1]
        if _parted(before, word, em) or _walled(before, word, walls):
            parts.append([word])
        else:
            parts[-1].append(word)
    return tuple(Chunk(tuple(part)) for part in parts)


def _hangs(left: Word, right: Word) -> bool:
    """Whether the second is small print, raised or lowered, right behind the first."""
    small = right.size < 0.85 * left.size and abs(right.base - left.base) > 0.08 * left.size
    return small and right.x0 - left.x1 < 0.35 * left.size


def _parted(left: Word, right: Word, em: float) -> bool:
    gap = right.x0 - left.x1
    if _hangs(left, right):
        return False
    if _joins(left.text, -1) or _joins(right.text, 0):
        return gap > 0.9 * em
    if left.numeric and right.numeric:
        return gap > 0.12 * em
    return gap > 0.48 * em


def _joins(text: str, at: int) -> bool:
    """Whether the word ties its neighbour to itself."""
    return text in _JOINERS or text[at] == "±"


def _walled(left: Word, right: Word, walls: Sequence[Rule]) -> bool:
    y = (left.y0 + left.y1) / 2
    return any(
        left.x1 - 1.5 <= wall.at <= right.x0 + 1.5 and wall.start - 2 <= y <= wall.end + 2
        for wall in walls
    )


def edges_of(rows: Sequence[Row], em: float) -> list[float]:
    """The edges between the columns of these rows, each counted in full."""
    return find_edges([[(c, 1.0) for c in chunks_of(row, em)] for row in rows], em)


def find_edges(rows: Sequence[Sequence[Weighed]], em: float) -> list[float]:
    """Where one column ends and the next begins, from left to right, outer edges left out.

    An edge lies in a blank that few rows cross and many part at, or that parts numbers.
    """
    edges: list[float] = []
    chunks = [item for row in rows for item in row]
    for valley, calm in _valleys(rows):
        begin, end = valley
        inside = [
            (c.x0, c.x1) for c, weight in chunks if weight >= 1 and begin <= c.x0 and c.x1 <= end
        ]
        if inside:
            islands = _joined(inside)
            starts = [begin, *(island[1] for island in islands)]
            ends = [*(island[0] for island in islands), end]
        else:
            starts, ends = [[side] for side in (calm if calm[1] - calm[0] > 0.1 * em else valley)]
        edges += [(a + b) / 2 for a, b in zip(starts, ends, strict=True) if b - a > 0.1 * em]
    return edges


def _valleys(rows: Sequence[Sequence[Weighed]]) -> Iterator[tuple[_Stretch, _Stretch]]:
    """Each blank between columns, and the widest part of it that the least crosses."""
    total = sum(max((weight for _, weight in row), default=0.0) for row in rows)
    seen = False
    low: list[_Level] = []
    for level in _levels(rows):
        if _is_blank(level, total):
            if seen and level.parting > 0:
                low.append(level)
            continue
        if low:
            yield (low[0].begin, low[-1].end), _calmest(low)
        seen, low = True, []


def _is_blank(level: _Level, total: float) -> bool:
    if level.crossing <= max(0.1 * total, 0.34 * level.parting) + 1e-6:
        return True
    numbers = level.numbers
    return numbers >= 2 and level.spoilt <= 0.1 * numbers and numbers >= 0.25 * level.crossing


def _levels(rows: Sequence[Sequence[Weighed]]) -> Iterator[_Level]:
    """Stretch by stretch, from left to right, what crosses and what parts there."""
    events: list[tuple[float, tuple[float, ...]]] = []
    for row in rows:
        for chunk, weight in row:
            spoilt = weight if chunk.numeric else 0.0
            events.append((chunk.x0, (weight, 0.0, spoilt, 0.0)))
            events.append((chunk.x1, (-weight, 0.0, -spoilt, 0.0)))
        for (left, one), (right, two) in pairwise(row):
            weight = min(one, two)
            numbers = weight if left.numeric and right.numeric else 0.0
            events.append((left.x1, (0.0, weight, 0.0, numbers)))
            events.append((right.x0, (0.0, -weight, 0.0, -numbers)))
    events.sort()
    sums = [0.0] * 4
    for at, (x, changes) in enumerate(events):
        sums = [total + change for total, change in zip(sums, changes, strict=True)]
        following = events[at + 1][0] if at + 1 < len(events) else x
        if following > x:
            yield _Level(x, following, *sums)


def _calmest(low: Sequence[_Level]) -> _Stretch:
    least = min(round(level.crossing, 6) for level in low)
    calm = _joined([(lv.begin, lv.end) for lv in low if round(lv.crossing, 6) == least])
    return max(calm, key=lambda span: span[1] - span[0])


def _joined(spans: Sequence[_Stretch]) -> list[_Stretch]:
    found: list[_Stretch] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found
