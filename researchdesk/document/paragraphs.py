"""Lines into paragraphs, headings and captions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from researchdesk.document.headings import Heading
from researchdesk.document.lines import BodyStyle, Line
from researchdesk.document.words import CAPTION, Vocabulary, join_lines, mend
from researchdesk.domain.text import one_line

_ENDS = re.compile(r"[.!?:;][\"'\u201d\u2019)\]]*$")
_SCRAP = 40
_SPOKEN = re.compile(r"\w")
_APART = " \u00b7 "


@dataclass(slots=True)
class Paragraph:
    """Lines of one paragraph. ``level`` is that of a heading, 0 for text; ``scraps`` says that it
    is a row of short pieces out of a figure or a table."""

    page: int
    size: float
    level: int = 0
    caption: bool = False
    scraps: bool = False
    texts: list[str] = field(default_factory=list)
    top: float = 0.0
    bottom: float = 0.0

    def add(self, line: Line) -> None:
        """Takes one more line."""
        if not self.texts:
            self.top = line.y0
        self.texts.append(line.text)
        self.bottom = line.y1

    def read(self, vocabulary: Vocabulary) -> str:
        """The paragraph as one line of text."""
        if self.scraps:
            read = (one_line(mend(text)) for text in self.texts)
            return _APART.join(text for text in read if _SPOKEN.search(text))
        return one_line(join_lines(self.texts, vocabulary))

    @property
    def length(self) -> int:
        return sum(map(len, self.texts))


def paragraphs_of(
    lines: Sequence[Line], starts: frozenset[int], headings: Sequence[Heading], body: BodyStyle
) -> list[Paragraph]:
    """Paragraphs, headings and captions in the order of the lines.

    What a column, a page, a figure or a formula parted is whole again, and the pieces of print
    inside a figure are one paragraph.
    """
    return _gathered(_joined(_paragraphs(lines, starts, headings, body), body))


def _is_caption(lines: Sequence[Line], at: int, fresh: bool, body: BodyStyle) -> bool:
    """Whether a caption begins here; ``fresh`` says that a paragraph does."""
    line = lines[at]
    match = CAPTION.match(mend(line.text))
    if match is None or not match["kind"][0].isupper():
        return False
    labelled = bool(CAPTION.match(mend(line.lead)))
    if not fresh and not labelled and _in_sentence(lines[at - 1], line):
        return False
    small = line.size < body.size - 0.4
    return bool(match["mark"]) or labelled or small or not match["text"].strip()


def _in_sentence(above: Line, line: Line) -> bool:
    """Whether the line above is running text that goes on in this line."""
    text = mend(above.text)
    prose = abs(above.size - line.size) < 0.3 and text.count(" ") > 3 and len(text) > 25
    return above.page == line.page and prose and not _ENDS.search(text)


def _paragraphs(
    lines: Sequence[Line], starts: frozenset[int], headings: Sequence[Heading], body: BodyStyle
) -> list[Paragraph]:
    by_line = {heading.at: heading for heading in headings}
    paragraphs: list[Paragraph] = []
    at = 0
    fresh = True
    while at < len(lines):
        line = lines[at]
        if heading := by_line.get(at):
            paragraphs += _headed(heading, line)
            fresh = not heading.rest
            at += heading.count
            continue
        caption = _is_caption(lines, at, fresh or at in starts, body)
        begins = fresh or caption or at in starts
        if begins and not _caption_goes_on(paragraphs, lines, at, caption):
            paragraphs.append(Paragraph(line.page, line.size, caption=caption))
        paragraphs[-1].add(line)
        fresh = False
        at += 1
    return paragraphs


def _caption_goes_on(
    paragraphs: Sequence[Paragraph], lines: Sequence[Line], at: int, caption: bool
) -> bool:
    """A caption's label may stand on a line of its own above its text."""
    if caption or not paragraphs or not paragraphs[-1].caption or len(paragraphs[-1].texts) != 1:
        return False
    match = CAPTION.match(mend(paragraphs[-1].texts[0]))
    above = lines[at - 1]
    near = lines[at].page == above.page and 0 < lines[at].y0 - above.y0 < 2.5 * above.size
    return bool(match) and not (match and match["text"].strip()) and near


def _headed(heading: Heading, line: Line) -> list[Paragraph]:
    head = Paragraph(line.page, line.top, heading.level, texts=[heading.title])
    rest = Paragraph(line.page, line.size, texts=[heading.rest], top=line.y0, bottom=line.y1)
    return [head, rest] if heading.rest else [head]


def _joined(paragraphs: Iterable[Paragraph], body: BodyStyle) -> list[Paragraph]:
    whole: list[Paragraph] = []
    for paragraph in paragraphs:
        before = _goes_on_from(whole, paragraph, body)
        if before is None:
            whole.append(paragraph)
        else:
            before.texts += paragraph.texts
            before.bottom = paragraph.bottom
    return whole


def _goes_on_from(
    whole: Sequence[Paragraph], paragraph: Paragraph, body: BodyStyle
) -> Paragraph | None:
    """The paragraph that this one continues, past captions, footnotes and the insides of figures.

    One that begins in lower case continues an unended one anywhere; another, only over the end of
    a column or page.
    """
    if paragraph.level or paragraph.caption or not _is_body(paragraph, body):
        return None
    small = paragraph.texts[0].lstrip()[:1].islower()
    for before in reversed(whole[-200:]):
        if before.level or paragraph.page - before.page > 1:
            return None
        if before.caption or not _is_body(before, body):
            continue
        last = before.texts[-1].rstrip()
        turned = paragraph.page > before.page or paragraph.top < before.bottom - body.size
        unended = last.endswith("-") or last[-1:].islower() or last[-1:] == ","
        if _ENDS.search(last) or before.length < 40 or not (small or (turned and unended)):
            return None
        return before
    return None


def _is_body(paragraph: Paragraph, body: BodyStyle) -> bool:
    return abs(paragraph.size - body.size) < 0.6 and paragraph.length > 25


def _gathered(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """Four and more short pieces in a row on one page become one paragraph."""
    whole: list[Paragraph] = []
    row: list[Paragraph] = []
    for paragraph in paragraphs:
        if row and not (_is_scrap(paragraph) and paragraph.page == row[0].page):
            whole += _one_of(row)
            row = []
        if _is_scrap(paragraph):
            row.append(paragraph)
        else:
            whole.append(paragraph)
    return whole + _one_of(row)


def _is_scrap(paragraph: Paragraph) -> bool:
    plain = not paragraph.level and not paragraph.caption
    return plain and paragraph.length <= _SCRAP and not _ENDS.search(paragraph.texts[-1])


def _one_of(row: list[Paragraph]) -> list[Paragraph]:
    if len(row) < 4:
        return row
    first = row[0]
    texts = [" ".join(paragraph.texts) for paragraph in row]
    return [Paragraph(first.page, first.size, scraps=True, texts=texts, top=first.top)]
