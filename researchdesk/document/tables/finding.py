"""The tables of a paper's pages, cell by cell. Imported in the worker process only."""

from collections.abc import Iterator, Sequence
from typing import Any

from researchdesk.document.tables.captions import Placed, placed
from researchdesk.document.tables.extent import extended
from researchdesk.document.tables.frames import Frame, find_frames, outermost
from researchdesk.document.tables.grid import Cells, build
from researchdesk.document.tables.print import Print, read_print
from researchdesk.document.tables.rows import rows_of
from researchdesk.document.tables.search import assign, unruled
from researchdesk.domain.documents import Box, Figure, FigureKind, Table

_FEWEST = 3


def find_tables(document: Any, figures: Sequence[Figure]) -> Iterator[list[Table]]:
    """The tables of each page that has a table's caption, page by page, from top to bottom."""
    pages = sorted({figure.page for figure in figures if figure.kind is FigureKind.TABLE})
    for number in pages:
        if not 1 <= number <= len(document):
            continue
        page = read_print(document[number - 1], number)
        yield page_tables(page, [figure for figure in figures if figure.page == number])


def page_tables(page: Print, figures: Sequence[Figure]) -> list[Table]:
    """The tables of one page; ``figures`` are those whose captions stand on it."""
    captions = placed(page, figures)
    frames = ruled(page, [box for _, box in captions])
    given = assign(captions, frames)
    if any(at not in given and c[0].kind is FigureKind.TABLE for at, c in enumerate(captions)):
        taken = [frame for own in given.values() for frame in own]
        frames = outermost([*frames, *unruled(page, captions, taken)])
        given = assign(captions, frames)
    tables = [
        (frame, _table(page, captions[at], frame))
        for at, own in given.items()
        for frame in own
        if captions[at][0].kind is FigureKind.TABLE
    ]
    known = [frame for own in given.values() for frame in own]
    tables += [(frame, table) for frame, table in _loose(page, frames, known, figures)]
    tables.sort(key=lambda item: (item[0].y0, item[0].x0))
    return [table for _, table in tables if table.cells]


def _loose(
    page: Print, frames: Sequence[Frame], known: Sequence[Frame], figures: Sequence[Figure]
) -> Iterator[tuple[Frame, Table]]:
    """Tables without a caption: ruled, outside of all figures, with numbers in columns."""
    drawn = [f.box for f in figures if f.box and f.kind is not FigureKind.TABLE]
    for frame in frames:
        if frame in known or any(_inside(frame, box) for box in drawn):
            continue
        cells = cells_in(page, frame)
        if _is_table(cells):
            yield frame, Table("", page.number, cells, box=frame.box)


def _inside(frame: Frame, box: Box) -> bool:
    x, y = (frame.x0 + frame.x1) / 2, (frame.y0 + frame.y1) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _is_table(cells: Cells) -> bool:
    """Whether most of the cells are filled, and a fair share of them with numbers."""
    if len(cells) < _FEWEST or len(cells[0]) < _FEWEST:
        return False
    filled = [cell for line in cells for cell in line if cell]
    numbers = [cell for cell in filled if cell[0].isdigit() or cell[:1] in "+-−."]
    return len(filled) > 0.6 * len(cells) * len(cells[0]) and len(numbers) > 0.3 * len(filled)


def ruled(page: Print, captions: Sequence[Box]) -> list[Frame]:
    """The ruled tables of a page with all their rows."""
    grown = [extended(page, frame, captions) for frame in find_frames(page, captions)]
    return outermost([frame for frame in grown if frame])


def cells_in(page: Print, frame: Frame) -> Cells:
    """The cells of what is printed in this place."""
    words = [word for word in (*page.words, *page.sideways) if frame.holds(word)]
    across = [r for r in page.across if frame.y0 - 2 <= r.at <= frame.y1 + 2]
    across = [r for r in across if r.end > frame.x0 and r.start < frame.x1]
    down = [r for r in page.down if frame.x0 - 2 <= r.at <= frame.x1 + 2]
    down = [r for r in down if r.end > frame.y0 and r.start < frame.y1]
    return build(rows_of(words), across, down)


def _table(page: Print, caption: Placed, frame: Frame) -> Table:
    figure = caption[0]
    return Table(
        figure.number, page.number, cells_in(page, frame), caption=figure.caption, box=frame.box
    )
