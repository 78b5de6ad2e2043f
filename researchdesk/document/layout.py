"""A paper's pages into its parts: blocks in reading order, sections, captions, title, stamp."""

from collections.abc import Sequence

from researchdesk.document.headings import find_headings
from researchdesk.document.lines import (
    BodyStyle,
    Line,
    OutlineEntry,
    PageText,
    body_style,
    join_baselines,
)
from researchdesk.document.order import Columns, reading_order, without_furniture
from researchdesk.document.paragraphs import paragraphs_of
from researchdesk.document.sections import sections_of
from researchdesk.document.starts import paragraph_starts
from researchdesk.document.words import (
    CAPTION,
    CAPTION_KINDS,
    Vocabulary,
    is_capitals,
    join_lines,
    mend,
)
from researchdesk.domain.documents import Block, Document, Figure, FigureKind
from researchdesk.domain.identifiers import find_stamp
from researchdesk.domain.text import one_line

NO_TEXT = "The pages hold no text, only pictures (a scan?). Read it in a PDF viewer."


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
    starts = paragraph_starts(ordered)
    words = Vocabulary.of(line.text for line in ordered)
    headings = find_headings(ordered, starts, outline, body, words)
    paragraphs = paragraphs_of(ordered, starts, headings, body)
    read = [(paragraph, paragraph.read(words)) for paragraph in paragraphs]
    blocks = tuple(Block(p.page, text, p.level) for p, text in read if text)
    found = [_figure(p.page, text) for p, text in read if p.caption]
    figures = tuple(figure for figure in found if figure)
    title = title_of(bare[0], body)
    return Document(title, len(pages), blocks, sections_of(blocks), figures, stamp)


def stamp_of(pages: Sequence[PageText]) -> str:
    """The arXiv id and version of the margin stamp of the first page, or ``""``."""
    if not pages:
        return ""
    first = pages[0]
    texts = [*first.aside, *(mend(line.text) for line in first.lines)]
    found = next((stamp for text in texts if (stamp := find_stamp(text))), None)
    return str(found) if found else ""


def title_of(page: PageText, body: BodyStyle) -> str:
    """The largest print in the upper part of the first page, or ``""``.

    Where nothing is larger than the text, the first line in bold or capitals.
    """
    lines = [line for line in join_baselines(page.lines, reach=1.25) if _wordy(line)]
    upper = sorted((line for line in lines if line.y0 < 0.5 * page.height), key=lambda x: x.y1)
    largest = max((line.top for line in upper), default=0.0)
    if largest > body.size + 0.9:
        at = next(at for at, line in enumerate(upper) if line.top > largest - 0.6)
    else:
        marked = (at for at, line in enumerate(upper) if line.bold or is_capitals(line.text))
        at = next(marked, -1)
    if at < 0:
        return ""
    chosen = [upper[at]]
    for line in upper[at + 1 : at + 6]:
        if not _same_title(chosen[-1], line):
            break
        chosen.append(line)
    return one_line(join_lines((line.text for line in chosen), Vocabulary()))[:400]


def _same_title(above: Line, line: Line) -> bool:
    same = abs(line.top - above.top) < 0.6 and line.bold == above.bold
    return same and line.y0 - above.y1 < 1.2 * above.top


def _wordy(line: Line) -> bool:
    return sum(c.isalpha() for c in line.text) >= 3 and not find_stamp(line.text)


def _figure(page: int, text: str) -> Figure | None:
    match = CAPTION.match(text)
    if match is None:
        return None
    kind = FigureKind(CAPTION_KINDS[match["kind"][0].lower()])
    return Figure(kind, match["number"], match["text"].strip(), page)
