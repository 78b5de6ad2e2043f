"""Rows and rules of a table made into cells."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from researchdesk.document.tables.columns import Chunk, Weighed, chunks_of, find_edges
from researchdesk.document.tables.lines import Line, finished
from researchdesk.document.tables.print import Rule, Word
from researchdesk.document.tables.rows import Row, em_of, settled

Cells = tuple[tuple[str, ...], ...]
_LIGHT = 0.2
_LIGHTEST = 0.01


@dataclass(frozen=True, slots=True)
class _Grid:
    """The columns: the edges between them, and from where to where their print reaches."""

    edges: Sequence[float]
    reaches: Sequence[tuple[float, float] | None]
    em: float

    @property
    def count(self) -> int:
        return len(self.edges) + 1

    def at(self, x: float) -> int:
        """The column that this place lies in."""
        return bisect_left(self.edges, x)


def build(rows: Sequence[Row], across: Sequence[Rule], down: Sequence[Rule]) -> Cells:
    """The cells of these rows.

    What spans columns is repeated in each of them, save where it begins in the first column and is
    no header: a line that names the rows below it.
    """
    if not rows:
        return ()
    em = em_of([word for row in rows for word in row.words])
    rows = settled(rows, em)
    split = [chunks_of(row, em, down) for row in rows]
    head = _header_rows(rows, across)
    full = (min(row.x0 for row in rows), max(row.x1 for row in rows))
    weighed = [
        [(chunk, _weight(chunk, at < head, across, full, em)) for chunk in chunks]
        for at, chunks in enumerate(split)
    ]
    edges = find_edges([row for row in weighed if len(row) > 1] or weighed, em)
    grid = _Grid(edges, _reaches(weighed, edges), em)
    lines = []
    for at, (row, chunks) in enumerate(zip(rows, split, strict=True)):
        header = at < head
        line = Line(
            row.base, header, _ruled(rows, at, across, full), [[] for _ in range(grid.count)]
        )
        chunks = tuple(piece for chunk in chunks for piece in _apart(chunk, grid))
        if header:
            chunks = tuple(piece for chunk in chunks for piece in _pieces(chunk, grid, across))
        elif len(chunks) == 1 and _names_rows(chunks[0], rows, at, across, full):
            line.cells[0].append(chunks[0].text)
            chunks = ()
        for chunk in chunks:
            _put(line, chunk, grid, _spanned(chunk, chunks, grid, across, full) if header else None)
        lines.append(line)
    return finished(lines)


def _header_rows(rows: Sequence[Row], across: Sequence[Rule]) -> int:
    """How many rows stand above the first rule that parts rows over most of the width."""
    full = (min(row.x0 for row in rows), max(row.x1 for row in rows))
    for at in range(1, len(rows)):
        if _ruled(rows, at, across, full):
            return at if at <= max(4, len(rows) // 2) else 1
    return 1


def _ruled(rows: Sequence[Row], at: int, across: Sequence[Rule], full: tuple[float, float]) -> bool:
    """Whether a rule over most of the width parts this row from the one above."""
    if not 0 < at < len(rows):
        return False
    between = [r for r in across if rows[at - 1].base - 1 <= r.at <= rows[at].base]
    covered = sum(min(r.end, full[1]) - max(r.start, full[0]) for r in between)
    return covered >= 0.8 * (full[1] - full[0])


def _names_rows(
    chunk: Chunk, rows: Sequence[Row], at: int, across: Sequence[Rule], full: tuple[float, float]
) -> bool:
    """Whether the only piece of a line stands in the middle of the table, next to a rule."""
    off = (chunk.x0 + chunk.x1 - full[0] - full[1]) / 2
    ruled = _ruled(rows, at, across, full) or _ruled(rows, at + 1, across, full)
    return ruled and abs(off) < 0.04 * (full[1] - full[0]) and not chunk.numeric


def _weight(
    chunk: Chunk, header: bool, across: Sequence[Rule], full: tuple[float, float], em: float
) -> float:
    """How much a piece counts against a blank that it crosses: a header, which may span, little."""
    if not header:
        return 1.0
    return _LIGHTEST if _underline(chunk, across, full, em) else _LIGHT


def _underline(
    chunk: Chunk, across: Sequence[Rule], full: tuple[float, float], em: float
) -> Rule | None:
    """The rule right under a header, wider than it but not as wide as the table."""
    bottom = max(word.base for word in chunk.words)
    for rule in across:
        near = -0.1 * em <= rule.at - bottom < 0.9 * em
        holds = rule.start - 2 <= chunk.x0 and chunk.x1 <= rule.end + 2
        if near and holds and rule.length < 0.85 * (full[1] - full[0]):
            return rule if rule.length > 1.3 * (chunk.x1 - chunk.x0) else None
    return None


def _reaches(
    rows: Sequence[Sequence[Weighed]], edges: Sequence[float]
) -> list[tuple[float, float] | None]:
    """Where the print of each column begins and ends; spanning pieces are left out."""
    found: list[tuple[float, float] | None] = [None] * (len(edges) + 1)
    for row in rows:
        for chunk, weight in row:
            at = bisect_left(edges, chunk.x0)
            if weight >= 1 and at == bisect_left(edges, chunk.x1):
                x0, x1 = found[at] or (chunk.x0, chunk.x1)
                found[at] = min(x0, chunk.x0), max(x1, chunk.x1)
    return found


def _apart(chunk: Chunk, grid: _Grid) -> list[Chunk]:
    """The piece cut by columns, if then each part stands as its column does."""
    parts = [[chunk.words[0]]]
    for left, right in pairwise(chunk.words):
        if grid.at((left.x0 + left.x1) / 2) != grid.at((right.x0 + right.x1) / 2):
            parts.append([])
        parts[-1].append(right)
    pieces = [Chunk(tuple(part)) for part in parts]
    if len(pieces) > 1 and all(_stands(piece, grid) for piece in pieces):
        return pieces
    return [chunk]


def _stands(piece: Chunk, grid: _Grid) -> bool:
    """Whether the piece is at its column's left, right or middle and reaches into no other."""
    at = grid.at((piece.x0 + piece.x1) / 2)
    reach = grid.reaches[at]
    if reach is None:
        return False
    others = [other for column, other in enumerate(grid.reaches) if other and column != at]
    if any(piece.x0 < other[1] and other[0] < piece.x1 for other in others):
        return False
    left, right = piece.x0 - reach[0], reach[1] - piece.x1
    return min(abs(left), abs(right), abs(left - right) / 2) < 1.2


def _pieces(chunk: Chunk, grid: _Grid, across: Sequence[Rule]) -> list[Chunk]:
    """A header over several columns, cut where a wider blank or the end of an underline lies over
    an edge."""
    gaps = [right.x0 - left.x1 for left, right in pairwise(chunk.words)]
    parts = [[chunk.words[0]]]
    for at, (left, right) in enumerate(pairwise(chunk.words)):
        usual = min(gaps[:at] + gaps[at + 1 :], default=0.25 * grid.em)
        near = any(left.x1 - 0.4 * grid.em < edge < right.x0 + 0.4 * grid.em for edge in grid.edges)
        wide = gaps[at] > max(1.25 * usual, 0.3 * grid.em)
        if near and (wide or _underlined_apart(left, right, across, grid.em)):
            parts.append([])
        parts[-1].append(right)
    return [Chunk(tuple(part)) for part in parts]


def _underlined_apart(left: Word, right: Word, across: Sequence[Rule], em: float) -> bool:
    """Whether a rule under the first word ends before the second, where another begins."""
    under = [rule for rule in across if -0.1 * em <= rule.at - left.base < 0.9 * em]
    ends = any(rule.start < left.x1 <= rule.end + 2 and rule.end < right.x0 + 2 for rule in under)
    starts = any(left.x1 - 2 < rule.start <= right.x0 + 2 and rule.end > right.x0 for rule in under)
    return ends and starts


def _spanned(
    chunk: Chunk,
    row: Sequence[Chunk],
    grid: _Grid,
    across: Sequence[Rule],
    full: tuple[float, float],
) -> range | None:
    """The columns that a header stands over: those it is underlined for or centred on."""
    rule = _underline(chunk, across, full, grid.em)
    if rule and not any(c is not chunk and rule.start < c.x1 and c.x0 < rule.end for c in row):
        first, last = grid.at(rule.start + 0.4 * grid.em), grid.at(rule.end - 0.4 * grid.em)
        return range(first, last + 1) if last > first else None
    middle, own = (chunk.x0 + chunk.x1) / 2, grid.at((chunk.x0 + chunk.x1) / 2)
    taken = {grid.at((c.x0 + c.x1) / 2) for c in row if c is not chunk}
    free = set(range(1, grid.count)) - taken
    best: range | None = None
    for first in range(own, 0, -1):
        if first not in free:
            break
        for last in range(max(own, first + 1), grid.count):
            if last not in free:
                break
            if _centred(grid, first, last, middle) and (best is None or last - first >= len(best)):
                best = range(first, last + 1)
    return best


def _centred(grid: _Grid, first: int, last: int, middle: float) -> bool:
    left, right = grid.reaches[first], grid.reaches[last]
    if left is None or right is None:
        return False
    return abs((left[0] + right[1]) / 2 - middle) < 0.4 * grid.em


def _put(line: Line, chunk: Chunk, grid: _Grid, spanned: range | None) -> None:
    if spanned is None:
        first, last = grid.at(chunk.x0 + 0.3 * grid.em), grid.at(chunk.x1 - 0.3 * grid.em)
        if last <= first or _stands(chunk, grid):
            line.cells[grid.at((chunk.x0 + chunk.x1) / 2)].append(chunk.text)
            return
        if sum(word.numeric for word in chunk.words) >= 2:
            for word in chunk.words:
                line.cells[grid.at((word.x0 + word.x1) / 2)].append(word.text)
            return
        spanned = range(1) if first == 0 and not line.header else range(first, last + 1)
    for at in spanned:
        line.cells[at].append(chunk.text)
