"""One document of two: the words of the HTML, the pages and boxes of the PDF."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from researchdesk.document.alignment import align, words_of
from researchdesk.document.references.links import find_code_links
from researchdesk.domain.documents import (
    Block,
    BlockKind,
    CodeLink,
    Document,
    Figure,
    Reference,
    Section,
)

_LEAST_SHARE = 0.6


def merge(html: Document, pdf: Document) -> Document:
    """The HTML's text, sections and cells with the PDF's pages, boxes, stamp.

    Where the HTML has a problem, is of another version, or has far less text than the PDF, the PDF
    as it is; ``source`` says which. A block's page stays 0 only where the PDF has no text.
    """
    another = html.stamp and pdf.stamp and html.stamp != pdf.stamp
    if html.problem or another or _size(html) < _LEAST_SHARE * _size(pdf):
        return pdf
    if pdf.problem:
        return replace(html, pages=pdf.pages, stamp=pdf.stamp or html.stamp, holds=pdf.holds)
    placed = align(html.blocks, pdf.blocks)
    blocks = _filled([_at(b, placed.get(at), pdf) for at, b in enumerate(html.blocks)])
    sections = tuple(replace(s, page=blocks[s.first].page) for s in html.sections)
    return replace(
        html,
        title=html.title or pdf.title,
        pages=pdf.pages,
        blocks=blocks,
        sections=sections,
        figures=_figures(html, pdf, blocks),
        stamp=pdf.stamp or html.stamp,
        authors=html.authors or pdf.authors,
        abstract=html.abstract or pdf.abstract,
        references=_references(html.references, blocks) or pdf.references,
        code_links=_code_links(blocks, sections, pdf.code_links),
        holds=pdf.holds,
    )


def _size(document: Document) -> int:
    """Words of running text."""
    left_out = {BlockKind.GRAPHIC, BlockKind.EQUATION}
    return sum(len(words_of(block.text)) for block in document.blocks if block.kind not in left_out)


def _at(block: Block, place: int | None, pdf: Document) -> Block:
    if place is None:
        return block
    printed = pdf.blocks[place]
    return replace(block, page=printed.page, box=printed.box)


def _filled(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """A page unknown is that of the text before it, for print in a figure that of its caption;
    before all, that of the first known."""
    page = beside = next((block.page for block in blocks if block.page), 0)
    filled = []
    for block in blocks:
        inside = block.kind is BlockKind.GRAPHIC
        known = block if block.page else replace(block, page=beside if inside else page)
        filled.append(known)
        beside = known.page
        if block.kind not in {BlockKind.CAPTION, BlockKind.FOOTNOTE, BlockKind.GRAPHIC}:
            page = known.page
    return tuple(filled)


def _figures(html: Document, pdf: Document, blocks: Sequence[Block]) -> tuple[Figure, ...]:
    """The HTML's figures with the PDF's boxes, and those that the HTML lacks, in their pages."""
    printed = {(figure.kind, figure.number): figure for figure in reversed(pdf.figures)}
    captions = [block for block in blocks if block.kind is BlockKind.CAPTION]
    found: list[Figure] = []
    for figure, caption in zip_longest(html.figures, captions):
        if figure is None:
            break
        known = printed.pop((figure.kind, figure.number), None)
        if known is not None:
            found.append(
                replace(figure, page=known.page, box=known.box, caption_box=known.caption_box)
            )
        else:
            found.append(replace(figure, page=caption.page if caption else 0))
    for missing in reversed(printed.values()):
        after = [at for at, figure in enumerate(found) if figure.page <= missing.page]
        found.insert(after[-1] + 1 if after else 0, missing)
    return tuple(found)


def _references(references: Sequence[Reference], blocks: Sequence[Block]) -> tuple[Reference, ...]:
    """Each with the page of its entry: the reader writes one block for each."""
    entries = [block for block in blocks if block.kind is BlockKind.REFERENCE]
    return tuple(
        replace(reference, page=entry.page)
        for reference, entry in zip(references, entries, strict=False)
    )


def _code_links(
    blocks: Sequence[Block], sections: Sequence[Section], printed: Sequence[CodeLink]
) -> tuple[CodeLink, ...]:
    """Those of the text, then those that only the PDF has (links without words)."""
    found = find_code_links(blocks, sections, ())
    known = {link.url for link in found}
    return (*found, *(link for link in printed if link.url not in known))
