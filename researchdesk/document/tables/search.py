"""Which places on a page are tables without rules, and which table a caption speaks of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from researchdesk.document.tables.captions import Placed
from researchdesk.document.tables.columns import chunks_of
from researchdesk.document.tables.frames import Frame
from researchdesk.document.tables.print import Print, Word
from researchdesk.document.tables.rows import Row, em_of, rows_of, union
from researchdesk.domain.documents import Box, FigureKind

_FARTHEST = 100.0
_BESIDE = 40.0
_OTHER_SIDE = 25.0
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class _Pair:
    """A caption, by its place in the list, and a table that may be its own."""

    away: float
    caption: int
    frame: Frame
    under: bool


def assign(captions: Sequence[Placed], frames: Sequence[Frame]) -> dict[int, list[Frame]]:
    """The tables of each caption, by its place in the list: the nearest goes first.

    Where the captions of a page stand, above or below, is taken to be the same for all. Tables
    beside each other are one caption's where there is no other.
    """
    pairs = list(_pairs(captions, frames))
    tabular = [p for p in pairs if captions[p.caption][0].kind is FigureKind.TABLE]
    under = _mostly_under(tabular)
    pairs.sort(key=lambda pair: pair.away + (_OTHER_SIDE if pair.under != under else 0))
    taken: set[Frame] = set()
    mine: dict[int, list[Frame]] = {}
    for pair in pairs:
        if pair.frame not in taken and pair.caption not in mine:
            taken.add(pair.frame)
            mine[pair.caption] = [pair.frame]
    for pair in pairs:
        if pair.frame in taken or pair.caption not in mine:
            continue
        if _level(mine[pair.caption][0], pair.frame):
            taken.add(pair.frame)
            mine[pair.caption].append(pair.frame)
    return {at: sorted(own, key=lambda frame: frame.x0) for at, own in mine.items()}


def _pairs(captions: Sequence[Placed], frames: Sequence[Frame]) -> Iterator[_Pair]:
    for at, (_, box) in enumerate(captions):
        for frame in frames:
            away = _distance(box, frame)
            if away is not None and away <= _FARTHEST:
                yield _Pair(away, at, frame, frame.y0 + frame.y1 > box[1] + box[3])


def _mostly_under(pairs: Sequence[_Pair]) -> bool:
    """Whether the tables stand under their captions: so more captions have one, or nearer ones."""
    rated = []
    for under in (False, True):
        nearest: dict[int, float] = {}
        for pair in pairs:
            if pair.under == under:
                nearest[pair.caption] = min(pair.away, nearest.get(pair.caption, _FARTHEST))
        rated.append(sum(_FARTHEST - away for away in nearest.values()))
    return rated[True] > rated[False]


def _distance(box: Box, frame: Frame) -> float | None:
    """Points between a caption and a table above, below or beside it; None where it is aside."""
    shared = min(box[2], frame.x1) - max(box[0], frame.x0)
    if shared >= 0.5 * min(box[2] - box[0], frame.x1 - frame.x0):
        return max(box[1] - frame.y1, frame.y0 - box[3], 0.0)
    level = min(box[3], frame.y1) - max(box[1], frame.y0)
    apart = max(box[0] - frame.x1, frame.x0 - box[2])
    if level > 0.5 * min(box[3] - box[1], frame.y1 - frame.y0) and 0 <= apart < _BESIDE:
        return apart + _BESIDE
    return None


def _level(one: Frame, two: Frame) -> bool:
    shared = min(one.y1, two.y1) - max(one.y0, two.y0)
    return shared > 0.5 * min(one.y1 - one.y0, two.y1 - two.y0)


def unruled(page: Print, captions: Sequence[Placed], frames: Sequence[Frame]) -> list[Frame]:
    """Lines set in columns, right above or below the captions of tables; outside of ``frames``."""
    blocked = [box for _, box in captions] + [frame.box for frame in frames]
    free = [word for word in page.words if not any(_inside(word, box) for box in blocked)]
    found: list[Frame] = []
    for figure, box in captions:
        if figure.kind is not FigureKind.TABLE:
            continue
        left, right = _column(page, box)
        words = [word for word in free if left <= (word.x0 + word.x1) / 2 <= right]
        rows, em = rows_of(words), em_of(words)
        limits = [one for one in blocked if one != box and one[2] > left and one[0] < right]
        below = [row for row in rows if row.base > box[3]]
        above = [row for row in reversed(rows) if row.base < box[1]]
        for way, start in ((above, box[1]), (below, box[3])):
            grown = _grown(way, start, right - left, em, limits)
            if sum(len(chunks_of(row, em)) > 1 for row in grown) >= _FEWEST:
                found.append(Frame(*union((r.x0, r.y0, r.x1, r.y1) for r in grown)))
    return found


def _column(page: Print, box: Box) -> tuple[float, float]:
    """Left and right end of the column of text that a caption stands in."""
    middle = page.width / 2
    if box[0] < middle - 4 and middle + 4 < box[2]:
        return 0.0, page.width
    crossing = sum(1 for word in page.words if word.x0 < middle - 2 and word.x1 > middle + 2)
    if crossing > 0.25 * len(rows_of(page.words)):
        return 0.0, page.width
    return (0.0, middle + 4) if box[2] <= middle + 4 else (middle - 4, page.width)


def _inside(word: Word, box: Box) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


def _grown(
    rows: Sequence[Row], start: float, width: float, em: float, limits: Sequence[Box]
) -> list[Row]:
    """The rows from the caption on that are set in columns; stops at running text."""
    found: list[Row] = []
    edge = start
    for row in rows:
        gap = row.y0 - edge if row.base > start else edge - row.y1
        if gap > (3.5 if not found else 2.0) * em:
            break
        between = (min(edge, row.base), max(edge, row.base))
        if any(between[0] < (box[1] + box[3]) / 2 < between[1] for box in limits):
            break
        if len(chunks_of(row, em)) < 2 and row.x1 - row.x0 > 0.35 * width:
            break
        found.append(row)
        edge = row.y1 if row.base > start else row.y0
    while found and len(chunks_of(found[-1], em)) < 2:
        found.pop()
    return found
