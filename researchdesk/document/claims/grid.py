"""A table's cells told apart: heads, labels, results; which of its sides names the methods."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from researchdesk.document.claims.names import Names
from researchdesk.document.claims.numbers import Number, cell_numbers
from researchdesk.document.claims.words import Head, Speaks, heads_in, read_head

_MOST_HEADS = 5
_COUNTED = re.compile(r"\d+(?:\.\d+)?\s?[kKMB]")
_DASH = re.compile(r"[-–−—·.\s?✓✗]*|n/?a|N/?A")


@dataclass(frozen=True, slots=True)
class Side:
    """A row or a column: its label, the group it stands in, what the label says."""

    label: str
    group: str
    head: Head


@dataclass(frozen=True, slots=True)
class Result:
    """A number in a cell: its place among the body's rows and the columns, and the number.

    ``part`` counts where a cell holds several (``86.7/85.9``), ``parts`` says how many.
    """

    row: int
    column: int
    number: Number
    part: int = 0
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table read: ``rows`` and ``columns`` by the indices that ``results`` use.

    ``by_column``: the columns name the methods, the rows what is measured.
    """

    rows: dict[int, Side]
    columns: dict[int, Side]
    results: tuple[Result, ...]
    by_column: bool
    quotes: dict[int, str]


def read_grid(cells: Sequence[Sequence[str]], names: Names) -> Grid:
    """The table's numbers with their heads; without results where it holds none."""
    rows = [[" ".join(cell.split()) for cell in row] for row in cells]
    width = max((len(row) for row in rows), default=0)
    if not width:
        return Grid({}, {}, (), False, {})
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    top = _heads(rows)
    body = rows[top:]
    labels = _label_columns(body, width)
    heads = [_parted(row) for row in rows[:top]]
    columns = {j: _side(_joined([row[j] for row in heads]), "") for j in range(labels, width)}
    sides, quotes = _row_sides(body, labels)
    results = tuple(
        Result(i, j, number, part, len(found))
        for i in sides
        for j in range(labels, width)
        for found in [cell_numbers(body[i][j])]
        for part, number in enumerate(found)
    )
    used = {result.column for result in results}
    columns = {j: side for j, side in columns.items() if j in used}
    filled = {result.row for result in results}
    sides = {i: side for i, side in sides.items() if i in filled}
    by_column = _names_in_columns(list(sides.values()), list(columns.values()), names)
    return Grid(sides, columns, results, by_column, quotes)


def _side(label: str, group: str) -> Side:
    return Side(label, group, read_head(label))


def _joined(parts: Sequence[str]) -> str:
    kept: list[str] = []
    for part in parts:
        if part and part not in kept and not _COUNTED.fullmatch(part):
            kept.append(part)
    return " ".join(kept)


def _heads(rows: Sequence[Sequence[str]]) -> int:
    """How many of the first rows are heads: those before the first that is mostly numbers."""
    for at, row in enumerate(rows[: _MOST_HEADS + 1]):
        cells = [cell for cell in row[1:] if cell and not _DASH.fullmatch(cell)]
        numbers = [cell for cell in cells if cell_numbers(cell)]
        counts = not row[0] and cells and all(_COUNTED.fullmatch(cell) for cell in cells)
        settings = at and read_head(row[0]).speaks is Speaks.SETTING and not _decimal(cells)
        if len(numbers) * 2 > len(cells) and cells and not counts and not (settings and at < 3):
            return at
        if numbers and at and _decimal(cells) and row[0] and len(numbers) * 3 >= len(cells):
            return at
    return 1 if rows and len(rows) > 1 else 0


def _decimal(cells: Sequence[str]) -> bool:
    return any(n.decimals for cell in cells for n in cell_numbers(cell))


def _parted(row: Sequence[str]) -> list[str]:
    """A row of heads in which the heads of several columns, run together, are told apart."""
    parted = list(row)
    start = 0
    for at in range(1, len(row) + 1):
        if at == len(row) or row[at] != row[start]:
            count = at - start
            for parts in (row[start].split(), heads_in(row[start])):
                if count >= 2 and len(parts) == count and len(heads_in(row[start])) > 1:
                    parted[start:at] = parts
                    break
            start = at
    return parted


def _label_columns(body: Sequence[Sequence[str]], width: int) -> int:
    """How many columns on the left hold words rather than numbers; at least one."""
    count = 0
    for j in range(min(width - 1, 4)):
        cells = [row[j] for row in body if row[j] and not _DASH.fullmatch(row[j])]
        wordy = sum(1 for cell in cells if not cell_numbers(cell))
        if cells and wordy * 2 <= len(cells):
            break
        if not cells and count:
            break
        count = j + 1
    return max(count, 1)


def _row_sides(
    body: Sequence[Sequence[str]], labels: int
) -> tuple[dict[int, Side], dict[int, str]]:
    sides: dict[int, Side] = {}
    quotes: dict[int, str] = {}
    group, carried = "", [""] * labels
    for i, row in enumerate(body):
        values = [cell for cell in row[labels:] if cell and not _DASH.fullmatch(cell)]
        lead = [cell for cell in row[:labels] if cell]
        if not any(cell_numbers(cell) for cell in values):
            words = _joined([*lead, *values])
            group = words if len(words) <= 80 else ""
            carried = [""] * labels
            continue
        for j in range(labels):
            carried[j] = row[j] or (carried[j] if not any(row[:j]) or j == 0 else "")
        sides[i] = _side(_joined(carried), group)
        quotes[i] = " | ".join(cell for cell in row if cell)
    return sides, quotes


def _names_in_columns(rows: Sequence[Side], columns: Sequence[Side], names: Names) -> bool:
    """Whether the columns name methods: they hold the paper's own name or the rows what is
    measured, and not the other way round."""
    if len(columns) < 2:
        return False
    weight = _measures(rows) - _measures(columns)
    weight += 1.5 * (_some_own(columns, names) - _some_own(rows, names))
    return weight > 0.4


def _measures(sides: Sequence[Side]) -> float:
    told = [s for s in sides if s.head.speaks in {Speaks.METRIC, Speaks.COST} or s.head.dataset]
    return len(told) / max(len(sides), 1)


def _some_own(sides: Sequence[Side], names: Names) -> float:
    """How surely some of the sides, but not all, name the paper's own method."""
    sure = [names.own(f"{side.label}") for side in sides]
    if not sure or (min(sure) == max(sure) and len(sure) > 1):
        return 0.0
    return max(sure)
