"""Figures, tables and algorithms of a LaTeXML page: their captions, and the tables' cells."""

from collections.abc import Iterator
from dataclasses import dataclass

from researchdesk.document.html.tables import Cells, cells_of, is_table
from researchdesk.document.html.text import (
    Element,
    has_class,
    is_element,
    is_skipped,
    lines_of,
    text_of,
)
from researchdesk.document.pdf.words import CAPTION, CAPTION_KINDS
from researchdesk.domain.documents import Block, BlockKind, Figure, FigureKind
from researchdesk.domain.text import one_line

_FLOATS = ("ltx_figure", "ltx_table", "ltx_float", "ltx_algorithm", "ltx_lstlisting")


@dataclass(frozen=True, slots=True)
class Float:
    """What one float holds, in its order."""

    blocks: tuple[Block, ...]
    figures: tuple[Figure, ...]


def is_float(element: Element) -> bool:
    """Whether it is a figure, a table or an algorithm with its caption."""
    if element.tag == "figure":
        return True
    return has_class(element, *_FLOATS) and _caption_in(element) is not None


def read_float(element: Element) -> Float:
    """The captions and the print of a float. Parts without a number belong to the whole."""
    captions: list[Block] = []
    parts: list[Block] = []
    figures: list[Figure] = []
    texts = [_caption_text(item) for item in element.iter() if _is_caption(item)]
    for text in dict.fromkeys(texts):  # LaTeXML writes some of them twice
        figure = _figure(text)
        if figure is None:
            if text:
                parts.append(Block(0, text, kind=BlockKind.GRAPHIC))
            continue
        figures.append(figure)
        captions.append(Block(0, text, kind=BlockKind.CAPTION))
    tables = [cells for table in _tables(element) if (cells := cells_of(table))]
    return Float((*captions, *parts, *_printed(element)), tuple(_with_cells(figures, tables)))


def rows_block(cells: Cells) -> Block:
    """A table as text, a line for each row."""
    text = "\n".join(" | ".join(row) for row in cells)
    return Block(0, text, kind=BlockKind.GRAPHIC)


def _caption_in(element: Element) -> Element | None:
    return next((item for item in element.iter() if _is_caption(item)), None)


def _is_caption(element: Element) -> bool:
    return is_element(element) and (
        element.tag == "figcaption" or has_class(element, "ltx_caption")
    )


def _caption_text(caption: Element) -> str:
    """``Table 2: What it shows``, however the parts are marked."""
    text = text_of(caption)
    tag = next((item for item in caption if is_element(item) and has_class(item, "ltx_tag")), None)
    number = "" if tag is None else text_of(tag)
    rest = text[len(number) :].lstrip() if number and text.startswith(number) else ""
    if not rest or number[-1] in ".:)|—–":
        return text
    return f"{number}: {rest}"


def _figure(text: str) -> Figure | None:
    match = CAPTION.match(text)
    if match is None:
        return None
    kind = FigureKind(CAPTION_KINDS[match["kind"][0].lower()])
    return Figure(kind, match["number"], one_line(match["text"]), 0)


def _tables(element: Element) -> Iterator[Element]:
    """The outermost tables of data; those that only set captions side by side are opened."""
    for item in element.iter():
        if not is_element(item) or not is_table(item) or _is_frame(item):
            continue
        around = item.iterancestors()
        inside = (other for other in around if other is not element and is_table(other))
        if not any(not _is_frame(other) for other in inside):
            yield item


def _is_frame(table: Element) -> bool:
    """Whether captions stand in it: then its cells are whole tables or figures."""
    return _caption_in(table) is not None


def _with_cells(figures: list[Figure], tables: list[Cells]) -> Iterator[Figure]:
    """Each table with its own cells where their numbers fit, else the first with all."""
    wanted = [figure for figure in figures if figure.kind is FigureKind.TABLE]
    shares: list[list[Cells]] = [[] for _ in wanted]
    if wanted and len(wanted) == len(tables):
        shares = [[cells] for cells in tables]
    elif wanted:
        shares[0] = tables
    given = iter(shares)
    for figure in figures:
        if figure.kind is not FigureKind.TABLE:
            yield figure
            continue
        cells = tuple(row for part in next(given) for row in part)
        yield Figure(figure.kind, figure.number, figure.caption, 0, cells=cells)


def _printed(element: Element) -> Iterator[Block]:
    """Text inside the float: an algorithm's lines, words that are no table's."""
    for item in element.iter():
        if not is_element(item) or is_skipped(item):
            continue
        if has_class(item, "ltx_listing", "ltx_verbatim") or item.tag == "pre":
            text = listing_of(item)
        elif has_class(item, "ltx_p") and not _within_table(item, element):
            text = text_of(item)
        else:
            continue
        if text and not _within_listing(item, element):
            yield Block(0, text, kind=BlockKind.GRAPHIC)


def listing_of(element: Element) -> str:
    """Code or an algorithm, a line for each of its lines."""
    lines = [item for item in element.iter() if is_element(item) and _is_line(item)]
    if not lines:
        return lines_of(element)
    return "\n".join(lines_of(line).replace("\n", " ") for line in lines).strip("\n")


def _is_line(element: Element) -> bool:
    return has_class(element, "ltx_listingline")


def _within_table(item: Element, element: Element) -> bool:
    return any(is_table(other) and not _is_frame(other) for other in _between(item, element))


def _within_listing(item: Element, element: Element) -> bool:
    return any(
        has_class(other, "ltx_listing", "ltx_verbatim", "ltx_caption", "ltx_note")
        or other.tag in {"pre", "figcaption"}
        for other in _between(item, element)
    )


def _between(item: Element, element: Element) -> Iterator[Element]:
    for other in item.iterancestors():
        if other is element:
            return
        yield other
