"""The rows of a text on the screen: where each line breaks, and what stands between. Pure."""

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from rich.cells import cell_len, get_character_cell_size

from researchdesk.domain.documents import Block, BlockKind

READING_WIDTH = 86
"""Cells in a line of running text, at most: longer ones are hard to read."""


class RowKind(Enum):
    """What a row is: a line of a block, or furniture between blocks."""

    TEXT = "text"
    HEADING = "heading"
    SUBHEADING = "subheading"
    MINOR = "minor"
    EQUATION = "equation"
    NOTE = "note"
    PAGE = "page"
    RULE = "rule"
    BLANK = "blank"


class Row(NamedTuple):
    """``start``..``end`` of the text of a block, set in by ``indent``. Furniture has ``block`` -1
    and its own ``words``."""

    kind: RowKind
    block: int = -1
    start: int = 0
    end: int = 0
    indent: int = 0
    words: str = ""


_BLANK = Row(RowKind.BLANK)
_KINDS = {
    BlockKind.CAPTION: (RowKind.MINOR, 2),
    BlockKind.FOOTNOTE: (RowKind.MINOR, 2),
    BlockKind.EQUATION: (RowKind.EQUATION, 6),
    BlockKind.GRAPHIC: (RowKind.MINOR, 4),
}
_HANGING = 4
_LABEL = re.compile(r"(?:Figure|Fig\.|Table|Algorithm)\s*[\w.]*\d[.:]?", re.IGNORECASE)


def rows_of(
    blocks: Sequence[Block],
    width: int,
    note: str = "",
    appendix: int | None = None,
    source: str = "",
) -> list[Row]:
    """The rows of ``blocks`` in ``width`` cells; ``note`` stands before them; ``appendix`` is the
    index of the block where the appendix begins; ``source`` stands beside the first page's number.
    Print inside pictures is left out."""
    width = max(8, min(width, READING_WIDTH))
    rows: list[Row] = []
    if note:
        lines = (note[start:end] for start, end in wrapped(note, width - 2))
        rows += [*(Row(RowKind.NOTE, words=words) for words in lines), _BLANK]
    page = 0
    plain = any(block.kind is not BlockKind.GRAPHIC for block in blocks)
    for at, block in enumerate(blocks):
        if not block.text or (plain and block.kind is BlockKind.GRAPHIC):
            continue
        if at == appendix:
            rows.append(Row(RowKind.RULE, words="Appendix"))
        if block.page != page:
            page = block.page
            if page:
                rows.append(Row(RowKind.PAGE, words=f"page {page}{source and f' · {source}'}"))
                source = ""
        rows.extend(_rows_of_block(at, block, width))
        rows.append(_BLANK)
    return rows


def _rows_of_block(at: int, block: Block, width: int) -> Iterator[Row]:
    if block.heading:
        kind, indent = (RowKind.HEADING if block.heading == 1 else RowKind.SUBHEADING), 0
    else:
        kind, indent = _KINDS.get(block.kind, (RowKind.TEXT, 0))
    hanging = _HANGING if block.kind is BlockKind.REFERENCE else indent
    for start, end in wrapped(block.text, width - max(indent, hanging)):
        yield Row(kind, at, start, end, indent if start == 0 else hanging)


def label_end(block: Block) -> int:
    """Where the label of a caption (``Figure 3:``) ends; 0 for any other block."""
    match = _LABEL.match(block.text) if block.kind is BlockKind.CAPTION else None
    return match.end() if match else 0


def wrapped(text: str, width: int) -> Iterator[tuple[int, int]]:
    """(start, end) of each line of ``text`` in ``width`` cells, broken at blanks and newlines."""
    width = max(2, width)
    even = cell_len(text) == len(text)
    at, end = 0, len(text)
    while at < end:
        stop = at + width if even else _reach(text, at, width)
        newline = text.find("\n", at, stop + 1)
        if newline >= 0:
            yield at, newline
            at = newline + 1
            continue
        if stop >= end:
            yield at, end
            return
        cut = text.rfind(" ", at, stop + 1)
        if cut <= at:
            cut = stop
        yield at, cut
        at = cut
        while at < end and text[at] == " ":
            at += 1


def _reach(text: str, at: int, width: int) -> int:
    """Where ``width`` cells from ``at`` end; one character further at least."""
    used = 0
    for place in range(at, min(len(text), at + 8 * width)):
        used += get_character_cell_size(text[place])
        if used > width:
            return max(place, at + 1)
    return min(len(text), at + 8 * width)
