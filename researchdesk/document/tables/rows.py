"""Words of a table gathered into the lines that they stand on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from researchdesk.document.tables.print import Word
from researchdesk.domain.documents import Box


@dataclass(frozen=True, slots=True)
class Row:
    """Words on one line, from left to right; ``base`` their baseline."""

    words: tuple[Word, ...]
    base: float

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @property
    def y0(self) -> float:
        return min(word.y0 for word in self.words)

    @property
    def y1(self) -> float:
        return max(word.y1 for word in self.words)

    def widest_gap(self) -> float:
        """The greatest distance between neighbours, 0 for a single word."""
        found, end = 0.0, self.words[0].x1
        for word in self.words[1:]:
            found = max(found, word.x0 - end)
            end = max(end, word.x1)
        return found


def em_of(words: Sequence[Word]) -> float:
    """The size that most of the words are set in; 10 points without words."""
    return median(word.size for word in words) if words else 10.0


def rows_of(words: Iterable[Word]) -> list[Row]:
    """The lines from top to bottom. Raised and lowered print joins the line that it hangs on."""
    everything = list(words)
    em = em_of(everything)
    plain = sorted((w for w in everything if w.size >= 0.72 * em), key=lambda word: word.base)
    groups: list[list[Word]] = []
    for word in plain:
        if groups and word.base - _base(groups[-1]) <= 0.3 * em:
            groups[-1].append(word)
        else:
            groups.append([word])
    for word in everything:
        if word.size < 0.72 * em:
            _hang(word, groups, em)
    rows = [Row(tuple(sorted(group, key=lambda w: w.x0)), _base(group)) for group in groups]
    return sorted(rows, key=lambda row: row.base)


def settled(rows: Sequence[Row], em: float) -> list[Row]:
    """The rows, where labels that stand halfway between two have joined the upper one.

    A label joins the lower one where the upper has words in its place.
    """
    full = [row for row in rows if row.widest_gap() > 0.6 * em]
    steps = [below.base - above.base for above, below in pairwise(full)]
    if not steps:
        return list(rows)
    close = 0.75 * median(steps)
    kept: list[Row] = []
    held: Row | None = None
    for at, row in enumerate(rows):
        if held is not None:
            row, held = _joined(row, held), None
        below = rows[at + 1] if at + 1 < len(rows) else None
        if kept and row.base - kept[-1].base < close and not _collide(row, kept[-1]):
            kept[-1] = _joined(kept[-1], row)
        elif below and below.base - row.base < close and not _collide(row, below):
            held = row
        else:
            kept.append(row)
    return kept


def _joined(row: Row, label: Row) -> Row:
    return Row(tuple(sorted((*row.words, *label.words), key=lambda word: word.x0)), row.base)


def _collide(one: Row, two: Row) -> bool:
    return any(a.x0 < b.x1 and b.x0 < a.x1 for a in one.words for b in two.words)


def union(boxes: Iterable[Box]) -> Box:
    """The box that holds them all. Raises ValueError without one."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _base(group: Sequence[Word]) -> float:
    return median(word.base for word in group)


def _hang(word: Word, groups: list[list[Word]], em: float) -> None:
    """Adds a small word to the line next to it, or begins a line with it."""
    near: tuple[float, list[Word]] | None = None
    for group in groups:
        off = word.base - _base(group)
        if -0.75 * em <= off <= 0.5 * em and (near is None or abs(off) < near[0]):
            near = abs(off), group
    if near is None:
        groups.append([word])
    else:
        near[1].append(word)
