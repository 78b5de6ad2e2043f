"""Entries of a bibliography and footnotes: one paragraph each."""

import re
from collections.abc import Iterable, Sequence

from researchdesk.document.pdf.lines import Line
from researchdesk.document.pdf.paragraphs import Paragraph
from researchdesk.document.pdf.words import mend
from researchdesk.domain.documents import BlockKind

_LABEL = re.compile(r"(?:\[[^\]]{1,24}\]|\(\d{1,3}\)|\d{1,3}\.)\s*\S|\d{1,3}\s+[A-Z]")
_INSIDE = re.compile(
    r"[a-z\d(,.;:]|(?:In|URL|ArXiv|Proceedings|Springer|IEEE|ACM|Advances|Journal)\b"
)
_UNENDED = re.compile(r"[,\w-]$|\b[A-Z]\.$|\b(?:and|et al\.|In|pp\.|vol\.|no\.)$")
_COUNTED = re.compile(r"[\[(]?(\d{1,3})(?:[\]).]|\s+(?=[A-Z]))")
_FEWEST = 0.5


def one_each(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs with the pieces of an entry joined, and footnotes parted at their marks."""
    paragraphs = _parted(paragraphs)
    entries = [p for p in paragraphs if p.kind is BlockKind.REFERENCE]
    labelled = sum(_is_labelled(p) for p in entries) > _FEWEST * len(entries)
    whole: list[Paragraph] = []
    open_entry: Paragraph | None = None
    for paragraph in paragraphs:
        if paragraph.kind is BlockKind.FOOTNOTE:
            whole += _notes(paragraph)
        elif paragraph.kind is not BlockKind.REFERENCE:
            whole.append(paragraph)
            open_entry = None if paragraph.level else open_entry
        elif open_entry and _goes_on(open_entry, paragraph, labelled):
            open_entry.lines += paragraph.lines
        else:
            whole.append(paragraph)
            open_entry = paragraph
    return whole


def _parted(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Entries that the file has in one block cut apart: at the next number, or where lines hang."""
    lines = [line for p in paragraphs if p.kind is BlockKind.REFERENCE for line in p.lines]
    hanging = _hanging(lines)
    whole: list[Paragraph] = []
    count = 0
    for paragraph in paragraphs:
        if paragraph.kind is not BlockKind.REFERENCE:
            whole.append(paragraph)
            continue
        for at, line in enumerate(paragraph.lines):
            number = _COUNTED.match(mend(line.text))
            counts = bool(number) and number is not None and int(number[1]) == count + 1
            count += counts
            if not at or counts or line in hanging:
                whole.append(Paragraph(kind=BlockKind.REFERENCE))
            whole[-1].lines.append(line)
    return whole


def _hanging(lines: Sequence[Line]) -> set[Line]:
    """Lines at the margin, where those below each first line of an entry are set in."""
    margins = {line: _margin(line, lines) for line in lines}
    inner = sum(line.x0 > margins[line] + 0.4 * line.size for line in lines)
    if not 0.25 * len(lines) < inner < 0.9 * len(lines):
        return set()
    return {line for line in lines if line.x0 <= margins[line] + 0.4 * line.size}


def _margin(line: Line, lines: Sequence[Line]) -> float:
    """The left edge of the column that the line stands in."""
    same = (other.x0 for other in lines if other.page == line.page)
    return min(x0 for x0 in same if abs(x0 - line.x0) < 3 * line.size)


def _is_labelled(paragraph: Paragraph) -> bool:
    return bool(_LABEL.match(mend(paragraph.lines[0].text)))


def _goes_on(entry: Paragraph, paragraph: Paragraph, labelled: bool) -> bool:
    if labelled:
        return not _is_labelled(paragraph)
    first, last = mend(paragraph.lines[0].text), mend(entry.lines[-1].text)
    return bool(_INSIDE.match(first)) or bool(_UNENDED.search(last))


def _notes(paragraph: Paragraph) -> Iterable[Paragraph]:
    parts: list[Paragraph] = []
    for line in paragraph.lines:
        if not parts or line.raised:
            parts.append(Paragraph(kind=BlockKind.FOOTNOTE))
        parts[-1].lines.append(line)
    return parts
