"""Paragraphs made whole again: what a column, a page, a figure or a footnote parted."""

from collections.abc import Iterable, Sequence

from researchdesk.document.pdf.lines import BodyStyle
from researchdesk.document.pdf.paragraphs import ENDS, Paragraph
from researchdesk.domain.documents import BlockKind, Box

_SCRAP = 40
_LEAST = 25
_FIGURE = 120.0
_PASSED = {BlockKind.CAPTION, BlockKind.GRAPHIC, BlockKind.FOOTNOTE, BlockKind.FRONT}


def whole_paragraphs(paragraphs: Iterable[Paragraph], body: BodyStyle) -> list[Paragraph]:
    """Parted paragraphs joined, and the pieces of one formula or one figure taken together."""
    return _gathered(_formulas(_joined(paragraphs, body)))


def _formulas(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """Pieces of formulas next to each other, two at least or one that is surely displayed."""
    whole: list[Paragraph] = []
    row: list[Paragraph] = []
    for paragraph in paragraphs:
        piece = _is_formula(paragraph)
        if row and not (piece and _near(row[-1], paragraph)):
            whole += _one_formula(row)
            row = []
        if piece:
            row.append(paragraph)
        else:
            whole.append(paragraph)
    return whole + _one_formula(row)


def _is_formula(paragraph: Paragraph) -> bool:
    if paragraph.kind is BlockKind.EQUATION:
        return True
    if paragraph.kind is not BlockKind.TEXT or paragraph.length > _SCRAP:
        return False
    math = sum(line.math * len(line.text) for line in paragraph.lines)
    return math >= 0.4 * paragraph.length or paragraph.length <= 3


def _near(above: Paragraph, below: Paragraph) -> bool:
    one, two = above.box, below.box
    size = max(above.size, below.size)
    return above.page == below.page and -size < two[1] - one[3] + size < 2.4 * size


def _one_formula(row: list[Paragraph]) -> list[Paragraph]:
    sure = any(paragraph.kind is BlockKind.EQUATION for paragraph in row)
    if not sure or len(row) < 2:
        return row
    lines = [line for paragraph in row for line in paragraph.lines]
    return [Paragraph(lines, BlockKind.EQUATION)]


def _joined(paragraphs: Iterable[Paragraph], body: BodyStyle) -> list[Paragraph]:
    whole: list[Paragraph] = []
    for paragraph in paragraphs:
        before = _goes_on_from(whole, paragraph, body)
        if before is None:
            whole.append(paragraph)
        else:
            before.lines += paragraph.lines
    return whole


def _goes_on_from(
    whole: Sequence[Paragraph], paragraph: Paragraph, body: BodyStyle
) -> Paragraph | None:
    """The paragraph that this one continues, past captions, footnotes and the insides of figures.

    One that begins in lower case continues an unended one anywhere; another, only over the end of
    a column or page.
    """
    if paragraph.kind is not BlockKind.TEXT or not _is_body(paragraph, body, 8):
        return None
    small = paragraph.lines[0].text.lstrip()[:1].islower()
    for before in reversed(whole[-200:]):
        if before.kind in _PASSED or (before.kind is BlockKind.TEXT and not _is_body(before, body)):
            continue
        if before.kind is not BlockKind.TEXT or paragraph.page - before.last_page > 1:
            return None
        last = before.lines[-1].text.rstrip()
        turned = (
            paragraph.page > before.last_page
            or paragraph.lines[0].y0 < before.lines[-1].y1 - body.size
        )
        unended = last.endswith("-") or last[-1:].islower() or last[-1:] == ","
        if ENDS.search(last) or before.length < 40 or not (small or (turned and unended)):
            return None
        short = paragraph.length <= _LEAST
        return before if small or not short else None
    return None


def _is_body(paragraph: Paragraph, body: BodyStyle, least: int = _LEAST) -> bool:
    return abs(paragraph.size - body.size) < 0.6 and paragraph.length > least


def _gathered(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """Print of one figure, and four and more short pieces in a row on one page, become one."""
    whole: list[Paragraph] = []
    row: list[Paragraph] = []
    for paragraph in paragraphs:
        if row and not _same_row(row[-1], paragraph):
            whole += _one_of(row)
            row = []
        if _is_scrap(paragraph):
            row.append(paragraph)
        else:
            whole.append(paragraph)
    return whole + _one_of(row)


def _same_row(before: Paragraph, paragraph: Paragraph) -> bool:
    alike = _is_scrap(paragraph) and paragraph.page == before.page
    far = before.kind is BlockKind.GRAPHIC and not _close(before.box, paragraph.box)
    return alike and paragraph.kind is before.kind and not far


def _close(one: Box, two: Box) -> bool:
    """Whether the pieces can be of one figure."""
    apart_x = max(one[0], two[0]) - min(one[2], two[2])
    apart_y = max(one[1], two[1]) - min(one[3], two[3])
    return apart_y < _FIGURE and apart_x < _FIGURE


def _is_scrap(paragraph: Paragraph) -> bool:
    if paragraph.kind is BlockKind.GRAPHIC:
        return True
    short = paragraph.length <= _SCRAP and not ENDS.search(paragraph.lines[-1].text)
    return paragraph.kind is BlockKind.TEXT and short


def _one_of(row: list[Paragraph]) -> list[Paragraph]:
    graphic = bool(row) and row[0].kind is BlockKind.GRAPHIC
    if len(row) < 4 and not graphic:
        return row
    lines = [line for paragraph in row for line in paragraph.lines]
    return [Paragraph(lines, BlockKind.GRAPHIC, scraps=True)]
