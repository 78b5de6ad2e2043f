"""A paper's pages into its parts: blocks in reading order, sections, captions, title, stamp."""

from collections import defaultdict
from collections.abc import Sequence

from researchdesk.document.pdf.displays import displayed
from researchdesk.document.pdf.entries import one_each
from researchdesk.document.pdf.front import abstract_of, authors_of, title_lines, title_of
from researchdesk.document.pdf.headings import find_headings
from researchdesk.document.pdf.joining import whole_paragraphs
from researchdesk.document.pdf.kinds import mark_footnotes, mark_front, mark_references
from researchdesk.document.pdf.lines import (
    BodyStyle,
    Line,
    OutlineEntry,
    PageText,
    body_style,
    union,
)
from researchdesk.document.pdf.order import Columns, reading_order, without_furniture
from researchdesk.document.pdf.paragraphs import Paragraph, paragraphs_of
from researchdesk.document.pdf.pictured import Pictured, Pictures, settle
from researchdesk.document.pdf.rows import ruled_lines
from researchdesk.document.pdf.sections import sections_of
from researchdesk.document.pdf.starts import paragraph_starts
from researchdesk.document.pdf.words import (
    CAPTION,
    CAPTION_KINDS,
    Vocabulary,
    mend,
)
from researchdesk.document.references.finding import find_references
from researchdesk.document.references.links import find_code_links
from researchdesk.domain.documents import Block, BlockKind, Document, Figure, FigureKind
from researchdesk.domain.identifiers import find_stamp

NO_TEXT = "The pages hold no text, only pictures (a scan?)."


def build_document(pages: Sequence[PageText], outline: Sequence[OutlineEntry]) -> Document:
    """The parts of the paper whose pages these are; ``problem`` is set where there is no text."""
    stamp = stamp_of(pages)
    bare = without_furniture(pages)
    lines = [line for page in bare for line in page.lines]
    if not any(line.text.strip() for line in lines):
        return Document("", len(pages), (), (), (), stamp, NO_TEXT)
    body = body_style(lines)
    columns = Columns.of(bare, body.size)
    ordered = [line for page in bare for line in reading_order(page, columns)]
    words = Vocabulary.of(line.text for line in ordered)
    paragraphs = _paragraphs(bare, ordered, outline, columns, body, words)
    turned = {page.number: page for page in bare}
    pictured = {
        item.caption: item for page in _mark(paragraphs, bare, columns, body) for item in page.found
    }
    read = [(p, p.read(words)) for p in whole_paragraphs(one_each(paragraphs), body)]
    read = [(p, text) for p, text in read if text]
    blocks = tuple(
        Block(p.page, text, p.level, p.kind, turned[p.page].displayed(p.box)) for p, text in read
    )
    found = [_figure(turned[p.page], pictured[p], text) for p, text in read if p in pictured]
    figures = [figure for figure in found if figure]
    title = title_lines(bare[0], body)
    sections = sections_of(blocks)
    return Document(
        title_of(title),
        len(pages),
        blocks,
        sections,
        in_order(figures),
        stamp,
        authors=authors_of(bare[0], title),
        abstract=abstract_of(blocks, sections),
        references=find_references(blocks, sections),
        code_links=find_code_links(blocks, sections, [uri for page in pages for uri in page.uris]),
    )


def _paragraphs(
    pages: Sequence[PageText],
    ordered: Sequence[Line],
    outline: Sequence[OutlineEntry],
    columns: Columns,
    body: BodyStyle,
    words: Vocabulary,
) -> list[Paragraph]:
    by_number = {page.number: page for page in pages}
    edges = [columns.span(by_number[line.page], line.box) for line in ordered]
    formulas = displayed(ordered, edges, body)
    starts = paragraph_starts(ordered) | formulas.keys() | set(formulas.values())
    headings = find_headings(ordered, starts, outline, body, words)
    return paragraphs_of(ordered, starts, headings, formulas, ruled_lines(ordered, pages), body)


def _mark(
    paragraphs: Sequence[Paragraph], pages: Sequence[PageText], columns: Columns, body: BodyStyle
) -> list[Pictures]:
    """Gives the paragraphs their kinds; what is pictured on each page that has a caption."""
    by_page: defaultdict[int, list[Paragraph]] = defaultdict(list)
    for paragraph in paragraphs:
        by_page[paragraph.page].append(paragraph)
    mark_references(paragraphs)
    mark_front(paragraphs, body)
    found = []
    for page in pages:
        own = by_page[page.number]
        mark_footnotes(own, page, columns, body)
        if any(paragraph.kind is BlockKind.CAPTION for paragraph in own):
            found.append(Pictures(page, own, columns, body))
    settle(found)
    for pictures in found:
        pictures.mark()
    return found


def stamp_of(pages: Sequence[PageText]) -> str:
    """The arXiv id and version of the margin stamp of the first page, or ``""``."""
    if not pages:
        return ""
    first = pages[0]
    texts = [*first.aside, *(mend(line.text) for line in first.lines)]
    found = next((stamp for text in texts if (stamp := find_stamp(text))), None)
    return str(found) if found else ""


def _figure(page: PageText, pictured: Pictured, text: str) -> Figure | None:
    match = CAPTION.match(text)
    if match is None:
        return None
    kind = FigureKind(CAPTION_KINDS[match["kind"][0].lower()])
    caption = pictured.caption.box
    whole = union([caption, pictured.box]) if pictured.box else caption
    return Figure(
        kind,
        match["number"],
        match["text"].strip(),
        page.number,
        page.displayed(whole),
        page.displayed(caption),
    )


def in_order(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Once each, those of one kind on one page by number.

    Of two with the same number the one with something pictured is kept, then the first.
    """
    best: dict[tuple[FigureKind, str], Figure] = {}
    for figure in figures:
        key = figure.kind, figure.number
        kept = best.get(key)
        if kept is None or (kept.box == kept.caption_box and figure.box != figure.caption_box):
            best[key] = figure
    kept_ones = [figure for figure in figures if best[figure.kind, figure.number] is figure]
    places = {id(figure): at for at, figure in enumerate(kept_ones)}
    ordered = list(kept_ones)
    groups: defaultdict[tuple[FigureKind, int], list[Figure]] = defaultdict(list)
    for figure in kept_ones:
        if figure.number.isdecimal():
            groups[figure.kind, figure.page].append(figure)
    for group in groups.values():
        spots = [places[id(figure)] for figure in group]
        for spot, figure in zip(spots, sorted(group, key=lambda f: int(f.number)), strict=True):
            ordered[spot] = figure
    return tuple(ordered)
