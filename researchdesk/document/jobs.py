"""What the process that opens PDFs is asked to do. Imports no parser."""

from dataclasses import dataclass
from enum import StrEnum

from researchdesk.domain.documents import Box, Figure


class Job(StrEnum):
    DOCUMENT = "document"
    TABLES = "tables"
    RENDER = "render"


@dataclass(frozen=True, slots=True)
class PictureWish:
    """A picture of a page, which counts from 1, or of a box of it; ``dpi`` from 20 to 400.

    The box is in points of the page turned so that its text is upright, as those of a figure are.
    """

    page: int
    box: Box | None = None
    dpi: int = 110


@dataclass(frozen=True, slots=True)
class Request:
    """A job on one PDF; ``figures`` for tables, ``wishes`` and ``folder`` for pictures."""

    job: Job
    pdf: str
    figures: tuple[Figure, ...] = ()
    wishes: tuple[PictureWish, ...] = ()
    folder: str = ""
