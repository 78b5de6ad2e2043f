"""Takes a PDF apart in a process of its own, so that a bad file never harms the desk."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from researchdesk.document.codec import decode, from_json, to_json
from researchdesk.document.jobs import Job, PictureWish, Request
from researchdesk.document.process import crashed, run
from researchdesk.domain.documents import Document, Figure, FigureKind, Table

__all__ = [
    "PARSER_VERSION",
    "PictureWish",
    "extract",
    "extract_tables",
    "from_json",
    "render",
    "to_json",
]

PARSER_VERSION = 4
"""Goes up whenever the same PDF would come out differently."""

Progress = Callable[[int, int], None]
"""Told how many pages or pictures are done, and how many there are."""

Made = TypeVar("Made")


def extract(pdf: Path, timeout: float = 30) -> Document:
    """The parts of the paper in this file. ``timeout`` is in seconds.

    A file without text (a scan, a password) gives a document whose ``problem`` says so. Raises
    BadInputError where the file is no PDF, is broken, or its reading crashes or takes too long.
    """
    _, done = run(Request(Job.DOCUMENT, str(pdf.absolute())), timeout)
    return _made(pdf, Document, done)


def extract_tables(
    pdf: Path,
    figures: Sequence[Figure],
    timeout: float = 30,
    progress: Progress | None = None,
) -> tuple[Table, ...]:
    """The cells of the tables that these captions belong to, in the order of the pages.

    On the pages of those captions, tables without one are found too. Captions of figures on the
    same pages help to tell what is whose. A header that spans columns is repeated in each of them.
    Raises BadInputError as ``extract`` does, and for a file with a password.
    """
    pages = {figure.page for figure in figures if figure.kind is FigureKind.TABLE}
    if not pages:
        return ()
    near = tuple(figure for figure in figures if figure.page in pages)
    request = Request(Job.TABLES, str(pdf.absolute()), figures=near)
    found, _ = run(request, timeout, _counted(progress, len(pages)))
    return tuple(_made(pdf, Table, table) for page in found for table in page)


def render(
    pdf: Path,
    pictures: Sequence[PictureWish],
    folder: Path,
    timeout: float = 30,
    progress: Progress | None = None,
) -> list[Path]:
    """PNG files of these pages or parts of them, in the order asked for; made in one process.

    Each file is written whole or not at all, under a name that the wish decides. A picture is
    upright whichever way its page is turned, and at most 8,000 pixels long. Raises BadInputError
    as ``extract_tables`` does, and for a page that is not there or a folder that cannot be
    written; the pictures before it are then kept.
    """
    if not pictures:
        return []
    request = Request(
        Job.RENDER, str(pdf.absolute()), wishes=tuple(pictures), folder=str(folder.absolute())
    )
    found, _ = run(request, timeout, _counted(progress, len(pictures)))
    return [Path(name) for name in found]


def _counted(progress: Progress | None, total: int) -> Callable[[int], None] | None:
    return None if progress is None else lambda done: progress(done, total)


def _made(pdf: Path, kind: type[Made], reply: Any) -> Made:
    try:
        return decode(kind, reply)
    except (ValueError, KeyError, TypeError) as error:
        raise crashed(pdf, 0) from error
