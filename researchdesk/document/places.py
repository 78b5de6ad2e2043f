"""Which blocks of a paper a reading step shows. Pure: works on a document already parsed."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from researchdesk.domain.documents import (
    Block,
    BlockKind,
    Document,
    FigureKind,
    Section,
    SectionKind,
)
from researchdesk.domain.workflows import Place

_CODE = re.compile(
    r"github|gitlab|bitbucket|codeberg|(?:source |our )code\b|code (?:is|are|will be|and)\b"
    r"|\bimplementation is available|project page",
    re.IGNORECASE,
)
_CODE_HINTS = ("code", "git", "bitbucket", "implementation is", "project page")
_LABELS = {kind: kind.value.capitalize() for kind in FigureKind}

NO_ABSTRACT = "No abstract was found; this is what stands before the first section."
NO_INTRODUCTION = "No introduction was found; this is the first section."
NO_CONCLUSION = "No conclusion was found; this is the last section before the references."
NO_SECTIONS = "No sections were found; this is the whole text."
NO_BODY = "No introduction and conclusion were found; this is everything before the references."
NO_HEADINGS = "No headings were found."
NO_FIGURES = "No captions of figures or tables were found."
NO_REFERENCES = "No references were found."
NO_APPENDIX = "This paper has no appendix, or none was found."
NO_CODE = "The paper's text names no code."


@dataclass(frozen=True, slots=True)
class Passage:
    """What a step shows. ``fallback`` says in words where something else stands in for the place,
    or why there is nothing; empty where the place was found."""

    blocks: tuple[Block, ...]
    fallback: str = ""


def blocks_at(document: Document, places: Sequence[Place]) -> Passage:
    """The blocks of these places, one place after the other, each block once.

    ``Place.QUESTIONS`` gives nothing: what was not understood is in the notes.
    """
    if document.problem:
        return Passage((), document.problem)
    blocks: list[Block] = []
    notes: list[str] = []
    shown: set[int] = set()
    for place in places:
        passage = (document.problem and Passage((), document.problem)) or _FINDERS[place](document)
        if passage.fallback and passage.fallback not in notes:
            notes.append(passage.fallback)
        for block in passage.blocks:
            if id(block) not in shown:
                shown.add(id(block))
                blocks.append(block)
    return Passage(tuple(blocks), " ".join(notes))


def _title(document: Document) -> Passage:
    return Passage(_flow(document.blocks[: _front(document)]))


def _front(document: Document) -> int:
    """Where the front matter ends: at the first section, and on the first page."""
    end = document.sections[0].first if document.sections else len(document.blocks)
    return next((at for at, block in enumerate(document.blocks[:end]) if block.page > 1), end)


def _abstract(document: Document) -> Passage:
    found = _of_kind(document, SectionKind.ABSTRACT)
    return Passage(found) if found else Passage(_title(document).blocks, NO_ABSTRACT)


def _introduction(document: Document) -> Passage:
    found = _of_kind(document, SectionKind.INTRODUCTION)
    if found:
        return Passage(found)
    first = next((s for s in document.sections if s.kind is SectionKind.BODY), None)
    return _instead(document, first, NO_INTRODUCTION)


def _conclusion(document: Document) -> Passage:
    found = _of_kind(document, SectionKind.CONCLUSION)
    if found:
        return Passage(found)
    body = [s for s in _before_references(document) if s.kind is SectionKind.BODY]
    last = next(
        (s for s in reversed(body) if s.level == 1 and not _is_thanks(s)),
        body[-1] if body else None,
    )
    return _instead(document, last, NO_CONCLUSION)


def _instead(document: Document, section: Section | None, note: str) -> Passage:
    if section is None:
        return Passage(_flow(document.blocks), NO_SECTIONS)
    return Passage(_flow(_with_subsections(document, section)), note)


def _with_subsections(document: Document, section: Section) -> tuple[Block, ...]:
    last = section.last
    for other in document.sections:
        if other.first >= last and other.first == last and other.level > section.level:
            last = other.last
    return document.blocks[section.first : last]


def _is_thanks(section: Section) -> bool:
    return "acknowledg" in section.title.lower()


def _before_references(document: Document) -> list[Section]:
    found: list[Section] = []
    for section in document.sections:
        if section.kind in {SectionKind.REFERENCES, SectionKind.APPENDIX}:
            break
        found.append(section)
    return found


def _headings(document: Document) -> Passage:
    found = tuple(document.blocks[section.first] for section in document.sections)
    return Passage(found, "" if found else NO_HEADINGS)


def _figures(document: Document) -> Passage:
    found = tuple(
        Block(c.page, f"{_LABELS[c.kind]} {c.number}: {c.caption}".strip(": "))
        for c in document.figures
    )
    return Passage(found, "" if found else NO_FIGURES)


def _body(document: Document) -> Passage:
    sections = document.sections
    starts = [s.first for s in sections if s.kind is SectionKind.INTRODUCTION]
    ends = [s.last for s in sections if s.kind is SectionKind.CONCLUSION]
    if starts and ends and ends[-1] > starts[0]:
        return Passage(_flow(document.blocks[starts[0] : ends[-1]]))
    before = [s for s in _before_references(document) if s.kind is not SectionKind.ABSTRACT]
    if not before:
        return Passage(_flow(document.blocks), NO_SECTIONS)
    return Passage(_flow(document.blocks[before[0].first : before[-1].last]), NO_BODY)


def _references(document: Document) -> Passage:
    found = _of_kind(document, SectionKind.REFERENCES)
    return Passage(found, "" if found else NO_REFERENCES)


def _appendix(document: Document) -> Passage:
    found = _of_kind(document, SectionKind.APPENDIX)
    return Passage(found, "" if found else NO_APPENDIX)


def _whole(document: Document) -> Passage:
    return Passage(_flow(document.blocks))


def _questions(_document: Document) -> Passage:
    return Passage(())


def _code(document: Document) -> Passage:
    cited = {
        at
        for section in document.sections
        if section.kind is SectionKind.REFERENCES
        for at in range(section.first, section.last)
    }
    found = tuple(
        block
        for at, block in enumerate(document.blocks)
        if at not in cited and _names_code(block.text)
    )
    return Passage(found, "" if found else NO_CODE)


def _names_code(text: str) -> bool:
    lower = text.lower()  # the pattern alone is slow on long papers
    return any(hint in lower for hint in _CODE_HINTS) and bool(_CODE.search(text))


def _of_kind(document: Document, kind: SectionKind) -> tuple[Block, ...]:
    return _flow(tuple(_blocks_of(document, (s for s in document.sections if s.kind is kind))))


def _blocks_of(document: Document, sections: Iterable[Section]) -> Iterable[Block]:
    for section in sections:
        yield from document.blocks[section.first : section.last]


def _flow(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks as they are read: footnotes at the end of their page, print inside figures left
    out where there is anything else."""
    flow: list[Block] = []
    notes: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.FOOTNOTE:
            notes.append(block)
        elif block.kind is not BlockKind.GRAPHIC:
            if notes and block.page > notes[-1].page:
                flow += notes
                notes = []
            flow.append(block)
    return (*flow, *notes) or tuple(blocks)


_FINDERS: dict[Place, Callable[[Document], Passage]] = {
    Place.TITLE: _title,
    Place.ABSTRACT: _abstract,
    Place.INTRODUCTION: _introduction,
    Place.HEADINGS: _headings,
    Place.FIGURES: _figures,
    Place.BODY: _body,
    Place.CONCLUSION: _conclusion,
    Place.REFERENCES: _references,
    Place.APPENDIX: _appendix,
    Place.WHOLE: _whole,
    Place.QUESTIONS: _questions,
    Place.CODE: _code,
}
