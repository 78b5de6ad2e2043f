"""Lines of a table joined where they are one row, and its columns where they are one."""

from collections.abc import Sequence
from dataclasses import dataclass

_CLOSE = 0.75


@dataclass(slots=True)
class Line:
    """A line of cells while they are put together; ``ruled``: a rule stands above it."""

    base: float
    header: bool
    ruled: bool
    cells: list[list[str]]

    @property
    def filled(self) -> list[int]:
        return [at for at, cell in enumerate(self.cells) if cell]


def finished(lines: Sequence[Line]) -> tuple[tuple[str, ...], ...]:
    """The cells of these lines, without empty rows and columns."""
    joined = _continued(lines)
    _raise_labels(joined)
    cells = [[" ".join(cell) for cell in line.cells] for line in joined]
    cells = [row for row in cells if any(row)]
    return tuple(tuple(row) for row in _narrowed(cells))


def _merge(line: Line, into: Line) -> None:
    for at in line.filled:
        into.cells[at].extend(line.cells[at])


def _continued(lines: Sequence[Line]) -> list[Line]:
    """Lines that go on with the words of the line above are joined to it."""
    kept: list[Line] = []
    for line in lines:
        above = kept[-1] if kept else None
        if above and not line.header and not above.header and _goes_on(line, above):
            _merge(line, above)
        else:
            kept.append(line)
    return kept


def _goes_on(line: Line, above: Line) -> bool:
    filled, before = set(line.filled), set(above.filled)
    if line.ruled or 0 in filled or not filled < before or len(filled) > max(1, len(before) // 2):
        return False
    return all(any(c.isalpha() for c in "".join(line.cells[at])) for at in filled)


def _raise_labels(lines: Sequence[Line]) -> None:
    """A label in the middle of the rows between two rules goes to the first of them."""
    bands: list[list[Line]] = []
    for line in lines:
        if line.header:
            continue
        if line.ruled or not bands:
            bands.append([])
        bands[-1].append(line)
    for band in bands if len(bands) > 1 else []:
        held = [line for line in band if line.cells[0]]
        if len(band) < 3 or len(held) != 1 or held[0] is band[0]:
            continue
        middle = (band[0].base + band[-1].base) / 2
        if abs(held[0].base - middle) < _CLOSE * (band[1].base - band[0].base):
            band[0].cells[0], held[0].cells[0] = held[0].cells[0], []


def _narrowed(cells: list[list[str]]) -> list[list[str]]:
    """Neighbouring columns of which no row fills both are one column."""
    at = 0
    while cells and at + 1 < len(cells[0]):
        if any(row[at] and row[at + 1] for row in cells):
            at += 1
            continue
        cells = [[*row[:at], row[at] or row[at + 1], *row[at + 2 :]] for row in cells]
    return cells
