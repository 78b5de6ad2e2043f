"""Lines that may be headings, by how they look."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from researchdesk.document.pdf.lines import BodyStyle, Line
from researchdesk.document.pdf.numbering import parse_number
from researchdesk.document.pdf.words import (
    CAPTION,
    NUMBERED,
    Vocabulary,
    is_capitals,
    is_known_title,
    join_lines,
    mend,
)

_SMALL_CAPITALS = re.compile(r"csc\d|smallcap|smcp|-sc\b", re.IGNORECASE)
_ALONE = re.compile(r"(?P<number>\d{1,2}|[A-Z])\.?")

LONGEST = 130
"""A title's greatest length in characters."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be a heading: ``count`` lines from line ``at``. ``distinct`` in print, ``known`` by
    its words, ``number`` as printed; ``level`` 0 until it is one."""

    at: int
    count: int
    title: str
    style: tuple[str, float]
    number: str
    distinct: bool
    known: bool
    level: int = 0


def candidate_at(
    lines: Sequence[Line], at: int, body: BodyStyle, words: Vocabulary
) -> Candidate | None:
    """The candidate that begins at this line, or None."""
    line = lines[at]
    text = mend(line.text)
    if not can_begin(text):
        return _under_number(lines, at, body, words)
    match = NUMBERED.fullmatch(text)
    number = _number(match) if match else ""
    bare = match["title"] if match and number else text
    known = is_known_title(bare)
    distinct = _is_distinct(line, bare, body)
    if not (distinct or known) or line.top < _smallest(line, bare, bool(number), known, body):
        return None
    count = 1
    while distinct and count < 3 and at + count < len(lines):
        if not _continues(lines[at + count - 1], lines[at + count], known):
            break
        count += 1
    title = join_lines((item.text for item in lines[at : at + count]), words)
    if len(title) > LONGEST or title.endswith((",", ";", "-")):
        return None
    return Candidate(at, count, title, _style(line), number, distinct, known)


def _under_number(
    lines: Sequence[Line], at: int, body: BodyStyle, words: Vocabulary
) -> Candidate | None:
    """A chapter's large title, whose number stands alone on the line above."""
    line = lines[at]
    alone = _ALONE.fullmatch(mend(line.text))
    if alone is None or line.top < body.size + 0.9 or at + 1 >= len(lines):
        return None
    title = lines[at + 1]
    near = title.page == line.page and 0 < title.y0 - line.y0 < 3 * line.top
    if not near or title.top < body.size + 0.9 or not can_begin(title.text):
        return None
    found = candidate_at(lines, at + 1, body, words)
    if found is None or found.number:
        return None
    number = alone["number"]
    return replace(
        found, at=at, count=found.count + 1, title=f"{number} {found.title}", number=number
    )


def _smallest(line: Line, bare: str, numbered: bool, known: bool, body: BodyStyle) -> float:
    """The least size of print that a heading with these words can have."""
    if known and is_capitals(bare):
        return body.size - 3
    marked = line.bold and (known or numbered or is_capitals(bare))
    return body.size - (1.6 if marked else 0.6)


def _number(match: re.Match[str]) -> str:
    """The section number, unless it is the article that a sentence begins with."""
    number = match["number"]
    article = number == "A" and not match["mark"] and match["title"][0].islower()
    title = match["title"].lstrip("\"'\u201c\u2018([")
    sign = not title[:1].isalnum()
    return number if parse_number(number) and not article and not sign else ""


def can_begin(text: str) -> bool:
    """Whether a title can begin with this line."""
    letters = sum(c.isalpha() for c in text)
    if letters < 3 or len(text) > LONGEST or letters < 0.5 * len(text.replace(" ", "")):
        return False
    if CAPTION.match(text):
        return False
    first = text.lstrip('"\u201c\u2018(')[:1]
    return first.isupper() or first.isdigit() or (first.isalpha() and not first.isascii())


def _is_distinct(line: Line, bare: str, body: BodyStyle) -> bool:
    if line.bold or line.top >= body.size + 0.9:
        return True
    if is_capitals(bare) or _SMALL_CAPITALS.search(line.font):
        return line.font != body.font or is_capitals(bare)
    return line.italic and line.font != body.font


def _style(line: Line) -> tuple[str, float]:
    return line.font, round(line.top)


def _continues(above: Line, below: Line, known: bool) -> bool:
    text = mend(below.text)
    return (
        not known
        and below.page == above.page
        and below.font == above.font
        and abs(below.top - above.top) < 0.6
        and below.bold == above.bold
        and 0 < below.y0 - above.y0 < 1.75 * above.top
        and is_capitals(text) == is_capitals(above.text)
        and not NUMBERED.fullmatch(text)
        and not is_known_title(text)
        and not above.text.rstrip().endswith(".")
        and above.width > 8 * above.top
    )
