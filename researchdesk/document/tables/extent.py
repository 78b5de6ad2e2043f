"""How far a table goes beyond its rules: rows above the first and below the last one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from researchdesk.document.tables.columns import chunks_of, edges_of
from researchdesk.document.tables.frames import Frame
from researchdesk.document.tables.print import Print, Word
from researchdesk.document.tables.rows import Row, em_of, rows_of
from researchdesk.domain.documents import Box

_REACH = 1.4
_AGREED = 0.6
_NUMBERS = 3


@dataclass(frozen=True, slots=True)
class _Manner:
    """How the rows inside a frame are set."""

    edges: Sequence[float]
    em: float
    reach: float
    narrow: float


def extended(page: Print, frame: Frame, captions: Sequence[Box]) -> Frame | None:
    """The frame with the rows that go on in its columns; None for a lone rule without any."""
    strip = [
        word
        for word in page.words
        if frame.x0 - 3 <= (word.x0 + word.x1) / 2 <= frame.x1 + 3
        and not _captioned(word, captions)
    ]
    outside = [w for w in page.words if w.x1 < frame.x0 + 3 or w.x0 > frame.x1 - 3]
    rows = [row for row in rows_of(strip) if not _goes_on(outside, row, frame)]
    inside = [row for row in rows if frame.y0 - 1 <= _middle(row) <= frame.y1 + 1]
    em = em_of([word for row in inside or rows for word in row.words])
    if frame.y1 - frame.y0 < 0.8 * em:
        inside = list(_around(rows, frame, em))
        if len(inside) < 2:
            return None
        frame = _with(frame, inside)
    above = [row for row in reversed(rows) if row not in inside and _middle(row) < frame.y0]
    below = [row for row in rows if row not in inside and _middle(row) > frame.y1]
    narrow = 0.5 * (frame.x1 - frame.x0)
    manner = _Manner(edges_of(inside, em), em, _reach(inside, em), narrow)
    higher = list(_following(above, inside, manner, frame.y0, up=True))
    lower = list(_following(below, inside, manner, frame.y1, up=False))
    return _with(frame, [*higher, *lower])


def _captioned(word: Word, captions: Sequence[Box]) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return any(box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1 for box in captions)


def _middle(row: Row) -> float:
    return (row.y0 + row.y1) / 2


def _goes_on(outside: Sequence[Word], row: Row, frame: Frame) -> bool:
    """Whether the line runs on beyond the sides of the frame, as running text does."""
    em = em_of(row.words)
    for word in outside:
        if abs(word.base - row.base) < 0.2 * em:
            left = word.x1 < frame.x0 + 3 and 0 <= row.x0 - word.x1 < 0.5 * em
            right = word.x0 > frame.x1 - 3 and 0 <= word.x0 - row.x1 < 0.5 * em
            if left or right:
                return True
    return False


def _around(rows: Sequence[Row], frame: Frame, em: float) -> Iterator[Row]:
    """The row above and the row below a lone rule, where both are set in columns."""
    above = [row for row in rows if row.base < frame.y1 + 0.1 * em]
    below = [row for row in rows if row.base > frame.y1 + 0.1 * em]
    if not above or not below:
        return
    near = frame.y0 - above[-1].y1 < _REACH * em and below[0].y0 - frame.y1 < _REACH * em
    if near and all(len(chunks_of(row, em)) > 1 for row in (above[-1], below[0])):
        yield above[-1]
        yield below[0]


def _following(
    rows: Sequence[Row], inside: Sequence[Row], manner: _Manner, start: float, up: bool
) -> Iterator[Row]:
    """The rows, from ``start`` away, set as those inside are; single words may come between."""
    last = inside[:1] if up else inside[-1:]
    waiting: list[Row] = []
    for row in rows:
        gap = start - row.y1 if up else row.y0 - start
        if gap > manner.reach or em_of(row.words) > 1.12 * manner.em:
            return
        start = row.y0 if up else row.y1
        if _fits(row, manner, up) or _aligned(row, last, manner) or _alike(row, last, manner):
            yield from (*waiting, row)
            last, waiting = [row], []
        elif (
            not waiting and len(chunks_of(row, manner.em)) == 1 and row.x1 - row.x0 < manner.narrow
        ):
            waiting.append(row)
        else:
            return


def _fits(row: Row, manner: _Manner, up: bool) -> bool:
    """Whether the row's blanks are those between the columns; above, a header may span some."""
    chunks, edges = chunks_of(row, manner.em), manner.edges
    if up and len(chunks) > 1 and row.widest_gap() > 1.5 * manner.em:
        return True
    if not edges:
        return sum(chunk.numeric for chunk in chunks) >= _NUMBERS
    crossed = sum(any(c.x0 < edge < c.x1 for c in chunks) for edge in edges)
    fewest = max(2.0, 0.5 * (len(edges) + 1))
    return len(chunks) >= fewest and crossed <= (1 - _AGREED) * len(edges)


def _aligned(row: Row, last: Sequence[Row], manner: _Manner) -> bool:
    """Whether nearly each piece of the row has one piece of the last row as its own."""
    if not last:
        return False
    here, there = chunks_of(row, manner.em), chunks_of(last[0], manner.em)
    own = [sum(a.x0 < b.x1 and b.x0 < a.x1 for b in there) for a in here]
    return own.count(1) >= max(2.0, 0.7 * len(here), 0.7 * len(there))


def _alike(row: Row, last: Sequence[Row], manner: _Manner) -> bool:
    """Whether the row begins where the last one does and is parted by a wide blank."""
    if not last or row.widest_gap() < 1.5 * manner.em:
        return False
    return abs(row.x0 - last[0].x0) < 0.3 * manner.em


def _reach(rows: Sequence[Row], em: float) -> float:
    """How far the next row may stand off: not much farther than rows do inside."""
    gaps = [below.y0 - above.y1 for above, below in pairwise(rows)]
    return min(_REACH * em, (median(gaps) if len(gaps) > 1 else 0.4 * em) + 0.6 * em)


def _with(frame: Frame, rows: Sequence[Row]) -> Frame:
    if not rows:
        return frame
    y0 = min(frame.y0, *(row.y0 for row in rows))
    return Frame(frame.x0, y0, frame.x1, max(frame.y1, *(row.y1 for row in rows)))
