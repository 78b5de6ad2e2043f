"""Lines into paragraphs, headings, captions and formulas."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from researchdesk.document.pdf.headings import Heading
from researchdesk.document.pdf.lines import BodyStyle, Line, union
from researchdesk.document.pdf.words import CAPTION, Vocabulary, join_lines, mend
from researchdesk.domain.documents import BlockKind, Box
from researchdesk.domain.text import one_line

ENDS = re.compile(r"[.!?:;][\"'\u201d\u2019)\]]*$")
_GLUED = re.compile(
    r"(?<=^\d)(?=[^\W\d_])|(?<=^\d\d)(?=[^\W\d_])|(?<=^[*\u2217\u2020\u2021\u00a7])(?=\w)"
)
_SPOKEN = re.compile(r"\w")
_APART = " \u00b7 "


@dataclass(slots=True, eq=False)
class Paragraph:
    """Lines that belong together. ``level`` is that of a heading, 0 for other print, and ``title``
    its text; ``sure`` that it is one beyond doubt. ``scraps``: a row of short pieces of print."""

    lines: list[Line] = field(default_factory=list)
    kind: BlockKind = BlockKind.TEXT
    level: int = 0
    title: str = ""
    sure: bool = False
    scraps: bool = False

    @property
    def page(self) -> int:
        return self.lines[0].page

    @property
    def last_page(self) -> int:
        return self.lines[-1].page

    @property
    def size(self) -> float:
        """The font size of its longest line."""
        return max(self.lines, key=lambda line: len(line.text)).size

    @property
    def box(self) -> Box:
        """Around what of it is on its first page."""
        return union(line.box for line in self.lines if line.page == self.page)

    @property
    def length(self) -> int:
        return sum(len(line.text) for line in self.lines)

    def read(self, vocabulary: Vocabulary) -> str:
        """The paragraph as one line of text."""
        if self.level:
            return one_line(self.title)
        if self.scraps:
            read = (one_line(mend(line.text)) for line in self.lines)
            return _APART.join(text for text in read if _SPOKEN.search(text))
        text = one_line(join_lines((line.text for line in self.lines), vocabulary))
        return _GLUED.sub(" ", text, count=1) if self.kind is BlockKind.FOOTNOTE else text


def paragraphs_of(
    lines: Sequence[Line],
    starts: frozenset[int],
    headings: Sequence[Heading],
    formulas: Mapping[int, int],
    ruled: frozenset[int],
    body: BodyStyle,
) -> list[Paragraph]:
    """Paragraphs, headings, captions and displayed formulas in the order of the lines.

    ``formulas`` holds the first line of each and the line after its last; ``ruled`` the lines with
    a ruled line right above them.
    """
    by_line = {heading.at: heading for heading in headings}
    paragraphs: list[Paragraph] = []
    at = 0
    fresh = True
    while at < len(lines):
        if heading := by_line.get(at):
            paragraphs += _headed(heading, lines)
            fresh = not heading.rest
            at += heading.count
            continue
        if at in formulas:
            end = formulas[at]
            paragraphs.append(Paragraph(_formula(lines[at:end]), BlockKind.EQUATION))
            at, fresh = end, True
            continue
        caption = _is_caption(lines, at, fresh or at in starts, body)
        begins = fresh or caption or at in starts or _caption_ends(paragraphs, lines, at, ruled)
        if begins and not _caption_goes_on(paragraphs, lines, at, caption):
            kind = BlockKind.CAPTION if caption else BlockKind.TEXT
            paragraphs.append(Paragraph(kind=kind))
        paragraphs[-1].lines.append(lines[at])
        fresh = False
        at += 1
    return paragraphs


def _formula(lines: Sequence[Line]) -> list[Line]:
    """The pieces, the number last."""
    numbers = [line for line in lines if _is_number(line)]
    return [line for line in lines if not _is_number(line)] + numbers


def _is_number(line: Line) -> bool:
    return bool(re.fullmatch(r"\s*\([\w.]{1,6}\)\s*", line.text))


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
    if above.x1 < line.x1 - 2 * line.size:
        return False
    text = mend(above.text)
    prose = abs(above.size - line.size) < 0.3 and text.count(" ") > 3 and len(text) > 25
    return above.page == line.page and prose and not ENDS.search(text)


def _caption_goes_on(
    paragraphs: Sequence[Paragraph], lines: Sequence[Line], at: int, caption: bool
) -> bool:
    """A caption's label may stand on a line of its own above its text."""
    if caption or not paragraphs or paragraphs[-1].kind is not BlockKind.CAPTION:
        return False
    if len(paragraphs[-1].lines) != 1:
        return False
    above = lines[at - 1]
    match = CAPTION.match(mend(above.text))
    near = lines[at].page == above.page and 0 < lines[at].y0 - above.y0 < 2.5 * above.size
    return bool(match) and not (match and match["text"].strip()) and near


def _caption_ends(
    paragraphs: Sequence[Paragraph], lines: Sequence[Line], at: int, ruled: frozenset[int]
) -> bool:
    """Whether the rows of a table begin here, which the file has in one block with its caption."""
    if not paragraphs or paragraphs[-1].kind is not BlockKind.CAPTION:
        return False
    above, line = lines[at - 1], lines[at]
    if at in ruled:
        return True
    if min(len(line.text), len(above.text)) > 4 and abs(line.size - above.size) > 0.45:
        return line.math < 0.4 and above.math < 0.4
    after = lines[at + 1] if at + 1 < len(lines) else line
    cells = after.page == line.page and after.x0 - line.x1 > 2 * line.size
    return cells and abs(after.middle - line.middle) < 0.3 * line.size


def _headed(heading: Heading, lines: Sequence[Line]) -> list[Paragraph]:
    own = list(lines[heading.at : heading.at + heading.count])
    kind = BlockKind.HEADING
    head = Paragraph(own, kind, heading.level, heading.title, heading.sure)
    if not heading.rest:
        return [head]
    return [head, Paragraph([replace(own[-1], text=heading.rest, lead="", bold=False)])]
