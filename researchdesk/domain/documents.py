"""A paper taken apart: blocks in reading order, sections, figures, tables, references, links.

A ``Box`` is (x0, y0, x1, y1) in points on the page as it is displayed, from its upper left corner.
"""

from dataclasses import dataclass
from enum import StrEnum

Box = tuple[float, float, float, float]


class SectionKind(StrEnum):
    ABSTRACT = "abstract"
    INTRODUCTION = "introduction"
    BODY = "body"
    CONCLUSION = "conclusion"
    REFERENCES = "references"
    APPENDIX = "appendix"


class BlockKind(StrEnum):
    """``GRAPHIC`` is print inside a figure or table; ``FRONT`` title, authors, affiliations."""

    TEXT = "text"
    HEADING = "heading"
    CAPTION = "caption"
    EQUATION = "equation"
    FOOTNOTE = "footnote"
    GRAPHIC = "graphic"
    REFERENCE = "reference"
    FRONT = "front"


class FigureKind(StrEnum):
    FIGURE = "figure"
    TABLE = "table"
    ALGORITHM = "algorithm"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of running text, or another piece of print.

    ``page`` counts from 1, 0 where unknown. ``heading`` is its level, 0 for what is no heading.
    ``box`` holds the part of it on ``page``.
    """

    page: int
    text: str
    heading: int = 0
    kind: BlockKind = BlockKind.TEXT
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """``first``..``last`` are indices into the document's blocks, ``last`` not included."""

    title: str
    level: int
    kind: SectionKind
    page: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, table or algorithm; ``number`` as printed.

    ``box`` holds what is pictured together with its caption; ``caption_box`` the caption alone.
    ``cells`` are rows of a table, known here only where the text came from HTML.
    """

    kind: FigureKind
    number: str
    caption: str
    page: int
    box: Box | None = None
    caption_box: Box | None = None
    cells: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, header rows among them; an empty cell is ``""``.

    ``number`` is that of the caption it belongs to, ``""`` for a table without one.
    """

    number: str
    page: int
    cells: tuple[tuple[str, ...], ...]
    caption: str = ""
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of the bibliography. ``label`` as printed (``"12"``, ``"Vas+17"``) or ``""``;
    ``arxiv`` a base id; ``doi`` without resolver; ``year`` 0 where none was found."""

    label: str
    text: str
    page: int
    title: str = ""
    arxiv: str = ""
    doi: str = ""
    url: str = ""
    year: int = 0


@dataclass(frozen=True, slots=True)
class CodeLink:
    """A link to code or a project page; ``quote`` is the sentence it stands in. ``cloneable`` says
    that ``url`` names a repository that git can clone. ``own``: the sentence or its place says that
    the code is of the paper's authors."""

    url: str
    page: int
    quote: str
    cloneable: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Document:
    """``problem`` says in words why there is no text, where there is none.

    ``source`` is ``"pdf"`` or ``"html"``: where the text was read from. ``holds`` names what the
    PDF has besides pages that a viewer might run or open: ``"JavaScript"``, ``"embedded files"``.
    """

    title: str
    pages: int
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...]
    stamp: str = ""
    problem: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    references: tuple[Reference, ...] = ()
    code_links: tuple[CodeLink, ...] = ()
    source: str = "pdf"
    holds: tuple[str, ...] = ()

    @property
    def caution(self) -> str:
        """What to know before the PDF is opened elsewhere; ``""`` where it holds only pages."""
        if not self.holds:
            return ""
        listed = " and ".join(filter(None, (", ".join(self.holds[:-1]), self.holds[-1])))
        return f"This PDF holds {listed}. Nothing of it is run or opened here; a viewer may do so."
