"""What kind of print each paragraph is: running text, a footnote, front matter, an entry."""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from researchdesk.document.pdf.lines import BodyStyle, PageText
from researchdesk.document.pdf.order import Columns
from researchdesk.document.pdf.paragraphs import Paragraph
from researchdesk.document.pdf.words import comparable, mend
from researchdesk.domain.documents import BlockKind

_MARK = re.compile(
    r"(?:\d{1,2}|[*\u2217\u2020\u2021\u00a7\u00b6\u266e\u2666\u2660\u2021]{1,3})\s*(?=[A-Za-z\u00c0-\u024f(\"\u201c])"
)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_REFERENCES = {"references", "bibliography", "literaturecited", "workscited"}
_LOWER = 0.45
_PART = re.compile(r"\([a-h]\)\s")
_PROSE = 3
_LONG = 5
_LETTERS = 0.7


def is_prose(paragraph: Paragraph, page: PageText, columns: Columns, body: BodyStyle) -> bool:
    """Whether it is running text: lines as wide as their column, alone on their height."""
    if paragraph.kind is not BlockKind.TEXT:
        return False
    close = abs(paragraph.size - body.size)
    if close > (1.1 if page.number == 1 or len(paragraph.lines) > 5 else 0.6):
        return False
    own = [line for line in paragraph.lines if line.page == page.number]
    words = sum(len(_WORDS.findall(line.text)) for line in own)
    signs = sum(len(line.text) - line.text.count(" ") for line in own)
    if sum(c.isalpha() for line in own for c in line.text) < _LETTERS * signs:
        return False
    left, right = columns.span(page, paragraph.box)
    wide = [line for line in own if line.width > 0.6 * (right - left)]
    if len(own) > 1:
        beside = sum(b.x0 > a.x1 and b.y0 < a.middle for a, b in pairwise(own))
        if beside > 0.3 * len(own):
            return False
        return words >= 3 * len(own) and len(wide) >= 0.5 * (len(own) - 1)
    text = mend(own[0].text)
    if _PART.match(text):
        return False
    ended = text.endswith((".", ":", "?")) and own[0].x0 < left + 3 * body.size
    return words >= 5 and (bool(wide) or (ended and words >= 6))


def mark_references(paragraphs: Sequence[Paragraph]) -> None:
    """What stands under a heading of references is an entry."""
    inside = False
    for paragraph in paragraphs:
        if paragraph.level and paragraph.level < 4:
            inside = comparable(paragraph.title) in _REFERENCES
        elif inside and paragraph.kind in {BlockKind.TEXT, BlockKind.EQUATION}:
            paragraph.kind = BlockKind.REFERENCE


def mark_footnotes(
    paragraphs: Sequence[Paragraph], page: PageText, columns: Columns, body: BodyStyle
) -> None:
    """Of one page: small print with a mark, at the foot of a column. ``paragraphs`` are all of
    that page's; on the first page the mark may be missing."""
    by_column: defaultdict[tuple[float, float], list[Paragraph]] = defaultdict(list)
    for paragraph in paragraphs:
        by_column[columns.span(page, paragraph.box)].append(paragraph)
    for column in by_column.values():
        column.sort(key=lambda paragraph: paragraph.box[1])
        foot = _foot(column, page, body)
        marked = next((at for at, p in enumerate(foot) if _is_marked(p)), len(foot))
        if page.number == 1:
            marked = 0
        for paragraph in foot[marked:]:
            paragraph.kind = BlockKind.FOOTNOTE


def _foot(column: Sequence[Paragraph], page: PageText, body: BodyStyle) -> list[Paragraph]:
    """The small print below everything else, top to bottom."""
    foot: list[Paragraph] = []
    for paragraph in reversed(column):
        raised = paragraph.lines[0].raised and len(paragraph.lines) < _LONG
        small = paragraph.size < body.size - 0.4 or (raised and paragraph.size < body.size + 0.2)
        low = paragraph.box[1] > _LOWER * page.height
        spoken = sum(c.isalpha() for c in paragraph.lines[0].text) >= _PROSE
        if paragraph.kind is not BlockKind.TEXT or not (small and low and spoken):
            break
        foot.append(paragraph)
    return foot[::-1]


def _is_marked(paragraph: Paragraph) -> bool:
    first = paragraph.lines[0]
    if first.raised or _MARK.match(mend(first.text)):
        return True
    return len(first.text.strip()) <= 2 and len(paragraph.lines) > 1


def mark_front(paragraphs: Sequence[Paragraph], body: BodyStyle) -> None:
    """What stands before the first heading is title and authors, but for long running text."""
    early = [paragraph for paragraph in paragraphs if paragraph.page < 3]
    first = next((at for at, paragraph in enumerate(early) if paragraph.level), 0)
    for paragraph in early[:first]:
        wide = paragraph.length > 350 and abs(paragraph.size - body.size) < 1.1
        if paragraph.kind is BlockKind.TEXT and not wide:
            paragraph.kind = BlockKind.FRONT
