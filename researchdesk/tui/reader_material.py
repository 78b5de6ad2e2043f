"""What the reader shows at a step: text, figures, and which of them first. No widgets here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from researchdesk.domain.documents import (
    Block,
    CodeLink,
    Document,
    Figure,
    FigureKind,
    SectionKind,
)
from researchdesk.domain.papers import Paper
from researchdesk.domain.workflows import Place
from researchdesk.errors import DeskError, NotOnDeskError
from researchdesk.services.desk import Desk
from researchdesk.services.documents import document_of, passage
from researchdesk.tui.commands import keyed
from researchdesk.tui.notices import words_of
from researchdesk.tui.position import Position

_NO_TEXT = (
    "{reader.page} shows the pages as they are printed; {library.add} in the library adds a "
    "better PDF."
)
_NO_LINKS = (
    "The paper names no code. {Reader.enter}: clone code that you know of, and read it here."
)
_LINKS = "{Reader.enter}: clone the code, read it here, pin notes to its lines."
_MEANWHILE = "Until then: what the desk knows of it."
_WHOLE = "The whole paper. {reader.whole} or {reader.back}: back to the step."


class View(StrEnum):
    """What stands in the middle."""

    TEXT = "text"
    FIGURES = "figures"
    QUESTIONS = "questions"
    PAGE = "page"


_VIEWS = {Place.FIGURES: View.FIGURES, Place.QUESTIONS: View.QUESTIONS}


@dataclass(frozen=True, slots=True)
class Material:
    """``note`` says what stands in for the text, or why it is missing. ``appendix`` is the index
    of the block where the appendix begins. ``view`` is what the step opens with."""

    view: View
    blocks: tuple[Block, ...] = ()
    note: str = ""
    appendix: int | None = None
    figures: tuple[Figure, ...] = ()
    pages: int = 0
    source: str = ""


def view_of(position: Position) -> View:
    """What the step at hand opens with: the view of the first place that it names."""
    return _VIEWS.get(position.current.places[0], View.TEXT)


def material_of(desk: Desk, position: Position, *, whole: bool = False) -> Material:
    """What there is to show at this place; slow where the paper was not taken apart before."""
    view = View.TEXT if whole else view_of(position)
    document, problem = _document(desk, position.paper)
    if document is None:
        return _without(desk, position, view, problem)
    if whole:
        blocks, note = document.blocks, document.problem or keyed(_WHOLE)
    else:
        found = passage(desk, position.paper, position.current)
        blocks, note = found.blocks, found.fallback
        if note and not document.sections:
            note = f"{note} {keyed(_NO_TEXT)}" if document.pages else note
    if Place.CODE in position.current.places and not whole:
        blocks = _links(document.code_links, blocks)
        note = keyed(_LINKS if blocks else _NO_LINKS)
    if view is View.FIGURES and not document.figures:
        view = View.TEXT
    source = "text from arXiv's HTML" if document.source == "html" else "text from the PDF"
    return Material(
        view, tuple(blocks), note, _appendix(document, blocks), document.figures, document.pages,
        source,
    )  # fmt: skip


def _document(desk: Desk, paper: Paper) -> tuple[Document | None, str]:
    try:
        return document_of(desk, paper), ""
    except NotOnDeskError:
        return None, ""
    except DeskError as error:
        return None, words_of(error)


def _without(desk: Desk, position: Position, view: View, problem: str) -> Material:
    """The metadata's words, or why there are none."""
    if view is View.FIGURES:
        view = View.TEXT
    if problem:
        return Material(view, note=problem)
    found = passage(desk, position.paper, position.current)
    note = _no_pdf(position.paper, bool(found.blocks))
    if not found.blocks:
        known = replace(position.current, places=(Place.TITLE, Place.ABSTRACT))
        found = passage(desk, position.paper, known)
        note = f"{note} {_MEANWHILE}"
    blocks = tuple(replace(block, page=0) for block in found.blocks)
    return Material(view, blocks, note)


def _no_pdf(paper: Paper, has_text: bool) -> str:
    here = "This is arXiv's own wording; the" if has_text else "The"
    if paper.arxiv is None:
        return f"{here} PDF is not on this desk. Add the file in the library with a."
    return f"{here} PDF is not on this desk. " + keyed(
        "Press {reader.fetch} to fetch it from arXiv, and the text stands here."
    )


def _appendix(document: Document, blocks: Sequence[Block]) -> int | None:
    starts = [
        document.blocks[section.first]
        for section in document.sections
        if section.kind is SectionKind.APPENDIX and section.first < len(document.blocks)
    ]
    if not starts:
        return None
    return next((at for at, block in enumerate(blocks) if block is starts[0]), None)


def _links(links: Sequence[CodeLink], blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The links first, the authors' own before others, then where the text speaks of code."""
    ordered = sorted(links, key=lambda link: not link.own)
    found = []
    for link in ordered:
        whose = "the authors' own" if link.own else "named in the paper"
        found += [Block(0, link.url, 2), Block(0, f"{whose}, page {link.page}: “{link.quote}”")]
    return (*found, *blocks)


def label_of(figure: Figure) -> str:
    """``Figure 3``, ``Table 1`` …"""
    kind = {FigureKind.FIGURE: "Figure", FigureKind.TABLE: "Table"}.get(figure.kind, "Algorithm")
    return f"{kind} {figure.number}".strip()
