"""Reading order measured with evidence that the parser does not use: PyMuPDF's bare lines.

Two figures. Columns: what stands left of the middle of a page must not be mixed with what stands
right of it. Lines: of two lines of print one below the other, the lower one comes later.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from corpus_print import Line, Print, Text

from researchdesk.domain.documents import BlockKind, Document

RUNNING = {BlockKind.TEXT, BlockKind.REFERENCE}
SAME_LINE, NEAR, APART = 3.0, 60.0, 30.0


@dataclass
class Order:
    """``pages`` are those with two columns, ``mixed`` those of them that interleave; ``lines``
    those of all pages that are in the parsed text once, ``turned`` the pairs out of order."""

    pages: int = 0
    mixed: int = 0
    lines: int = 0
    turned: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Piece:
    """A bare line and where the parsed text has it."""

    line: Line
    place: int
    block: int


def order_of(printed: Print, document: Document) -> Order:
    """Columns and lines of all pages."""
    text, order = Text(document), Order()
    pages: dict[int, list[Line]] = {}
    for line in printed.lines:
        pages.setdefault(line.page, []).append(line)
    for number, lines in pages.items():
        level = [line for line in lines if line.level]
        _columns(_placed(level, text, 20), printed.widths[number], f"page {number + 1}", order)
        pieces = _placed(level, text, 12)
        order.lines += len(pieces)
        for one, two in turned(pieces):
            order.turned += 1
            first, second = one.line.letters[:40], two.line.letters[:40]
            order.faults.append(f"page {number + 1}: '{first}' comes after '{second}'")
    return order


def _placed(lines: Sequence[Line], text: Text, longer_than: int) -> list[Piece]:
    """Lines of the page's usual size that running text has once."""
    sizes: Counter[int] = Counter()
    for line in lines:
        sizes[line.size] += len(line.letters)
    usual = sizes.most_common(1)[0][0] if sizes else 0
    pieces = []
    for line in lines:
        wanted = len(line.letters) > longer_than and abs(line.size - usual) <= 1
        found = text.find(line.letters) if wanted else None
        if found and text.kinds[found[1]] in RUNNING:
            pieces.append(Piece(line, *found))
    return pieces


def turned(pieces: Sequence[Piece]) -> list[tuple[Piece, Piece]]:
    """Neighbours in print, first and second, that the text has the other way round.

    Pieces on one baseline, or less than ``SAME_LINE`` points off it, are one line of print and
    are read from the left; below each other are those that share some of their width.
    """
    found = []
    for one in pieces:
        after = [two for two in pieces if two is not one and _follows(one, two)]
        if after:
            two = min(
                after, key=lambda piece: (piece.line.y > one.line.y + SAME_LINE, piece.line.y)
            )
            if two.place < one.place:
                found.append((one, two))
    return found


def _follows(one: Piece, two: Piece) -> bool:
    """Whether the second stands next to the first on its line, or under it."""
    down = two.line.y - one.line.y
    if abs(down) <= SAME_LINE:
        return 0 <= two.line.x0 - one.line.x1 + SAME_LINE < APART
    shared = min(one.line.x1, two.line.x1) - max(one.line.x0, two.line.x0)
    narrower = min(one.line.x1 - one.line.x0, two.line.x1 - two.line.x0)
    return SAME_LINE < down < NEAR and shared > 0.3 * narrower


def _columns(pieces: Sequence[Piece], width: float, page: str, order: Order) -> None:
    """Whether this page's columns are interleaved."""
    middle = width / 2
    left = [piece for piece in pieces if piece.line.x1 < middle + 3]
    right = [piece for piece in pieces if piece.line.x0 > middle - 3]
    if len(left) < 8 or len(right) < 8:
        return
    order.pages += 1
    across = sorted(
        piece.line.y
        for piece in pieces
        if piece.line.x0 < middle - 20 and piece.line.x1 > middle + 20
    )
    if fault := _fault(left, right, across):
        order.mixed += 1
        order.faults.append(f"{page}: {fault}")


def _fault(left: Sequence[Piece], right: Sequence[Piece], across: Sequence[float]) -> str:
    """What is wrong between lines across, in words."""
    bands: dict[int, tuple[list[Piece], list[Piece]]] = {}
    for side, pieces in enumerate((left, right)):
        for piece in pieces:
            band = bands.setdefault(bisect_right(across, piece.line.y), ([], []))
            band[side].append(piece)
    for one, two in bands.values():
        if one and two and max(p.place for p in one) > min(p.place for p in two):
            return "a line of the right column comes before one of the left"
        for column in (one, two):
            placed = [piece.line.y for piece in sorted(column, key=lambda p: p.place)]
            if any(b < a - NEAR for a, b in pairwise(placed)):
                return "lines of a column are out of order"
    return ""
