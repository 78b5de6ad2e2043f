"""The cells of a LaTeXML table, with cells that span several written into each place."""

import re
from collections.abc import Iterator
from itertools import islice

from researchdesk.document.html.text import Element, classes, has_class, is_element, text_of

Cells = tuple[tuple[str, ...], ...]

_WIDEST = 120
_MOST_ROWS = 3000
_SPAN = re.compile(r"ltx_(?P<kind>col|row)span_(?P<count>\d{1,3})")


def is_table(element: Element) -> bool:
    """Whether it is a table of data: formulas are set in tables too."""
    if has_class(element, "ltx_eqn_table", "ltx_equation", "ltx_equationgroup"):
        return False
    return element.tag == "table" or has_class(element, "ltx_tabular")


def cells_of(table: Element) -> Cells:
    """The rows of the table, all of one length, without those and the columns that are empty."""
    rows = list(islice(_rows(table), _MOST_ROWS))
    grid: list[list[str | None]] = [[] for _ in rows]
    for at, row in enumerate(rows):
        _put(grid, at, row)
    width = max((len(row) for row in grid), default=0)
    texts = [[text or "" for text in row] + [""] * (width - len(row)) for row in grid]
    used = [at for at in range(width) if any(row[at] for row in texts)]
    return tuple(tuple(row[at] for at in used) for row in texts if any(row))


def _rows(table: Element) -> Iterator[Element]:
    """Its own rows, not those of tables in its cells."""
    for element in table.iter():
        row = is_element(element) and (element.tag == "tr" or has_class(element, "ltx_tr"))
        if row and _table_around(element) is table:
            yield element


def _table_around(element: Element) -> Element | None:
    return next((item for item in element.iterancestors() if is_table(item)), None)


def _put(grid: list[list[str | None]], at: int, row: Element) -> None:
    """Write a row; what spans rows is written into those to come."""
    column = 0
    for cell in row:
        if not is_element(cell) or not _is_cell(cell):
            continue
        while column < len(grid[at]) and grid[at][column] is not None:
            column += 1
        wide, high = _span(cell, "col"), _span(cell, "row")
        text = text_of(cell)
        for line in grid[at : at + high]:
            line.extend([None] * (min(column + wide, _WIDEST) - len(line)))
            for place in range(column, min(column + wide, _WIDEST)):
                line[place] = text
        column += wide


def _is_cell(element: Element) -> bool:
    return element.tag in {"td", "th"} or has_class(element, "ltx_td", "ltx_th")


def _span(cell: Element, kind: str) -> int:
    named = cell.get(f"{kind}span") or ""
    if named.isascii() and named.isdigit():
        return max(1, min(int(named[:4]), _WIDEST))
    for name in classes(cell):
        match = _SPAN.fullmatch(name)
        if match and match["kind"] == kind:
            return max(1, min(int(match["count"]), _WIDEST))
    return 1
