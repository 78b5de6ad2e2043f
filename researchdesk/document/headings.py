"""Finds the headings among a paper's lines."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from researchdesk.document.lines import BodyStyle, Line, OutlineEntry
from researchdesk.document.numbering import Numbering, Scheme, parse_number
from researchdesk.document.words import (
    ABSTRACT_LEAD,
    CAPTION,
    NUMBERED,
    Vocabulary,
    comparable,
    is_capitals,
    is_known_title,
    join_lines,
    mend,
)

_LONGEST = 130
_NO_TITLE = re.compile(
    r"(?:(?:input|output|require|ensure|return|keyword|index term|claim|example)s?\W*$)"
    r"|(?:theorem|lemma|proof|definition|corollary|proposition|remark|assumption|algorithm"
    r"|conjecture)s?\b"
    r"|(?:case|step|question|problem|fact|observation|property|condition|part|exercise) [\d(A-Z]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that begins at line ``at`` and takes ``count`` lines; ``rest`` is running text
    that follows on its last line."""

    at: int
    count: int
    title: str
    level: int
    rest: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    at: int
    count: int
    title: str
    style: tuple[str, float]
    number: str
    distinct: bool
    known: bool
    level: int = 0


def find_headings(
    lines: Sequence[Line], starts: frozenset[int], outline: Sequence[OutlineEntry], body: BodyStyle
) -> list[Heading]:
    """The headings in order. ``starts`` are the indices of lines that begin a block of print."""
    candidates = [c for c in (_candidate(lines, at, body) for at in range(len(lines))) if c]
    listed = _match_outline(candidates, lines, outline)
    trusted = len(listed) >= 4 and len(listed) >= 0.75 * len(_distinct_titles(outline))
    numbered = _numbered(candidates, listed, trusted)
    named = [c for c in candidates if c.known and (c.distinct or c.at in starts)]
    first = min((c.at for c in (*numbered, *named)), default=0)
    levels = _style_levels(numbered, listed)
    accepted: dict[int, Heading] = {}
    for found in numbered:
        level = listed.get(found.at) or found.level
        accepted[found.at] = Heading(found.at, found.count, found.title, level)
    for found in candidates:
        if found.at in accepted or found.at < first:
            continue
        stands = _stands_alone(lines, found, body)
        if level := _unnumbered_level(found, listed, levels, stands and found.at in starts):
            accepted[found.at] = Heading(found.at, found.count, found.title, level)
    for heading in _run_in(lines, starts, body, first):
        accepted.setdefault(heading.at, heading)
    return _without_overlaps(accepted.values())


def _candidate(lines: Sequence[Line], at: int, body: BodyStyle) -> _Candidate | None:
    line = lines[at]
    text = mend(line.text)
    if not _can_begin(text):
        return None
    match = NUMBERED.fullmatch(text)
    number = _number(match) if match else ""
    bare = match["title"] if match and number else text
    known = is_known_title(bare)
    distinct = _is_distinct(line, bare, body)
    smallest = body.size - (1.6 if line.bold and (known or is_capitals(bare)) else 0.6)
    if not (distinct or known) or line.top < smallest:
        return None
    count = 1
    while distinct and count < 3 and at + count < len(lines):
        if not _continues(lines[at + count - 1], lines[at + count], known):
            break
        count += 1
    title = mend(" ".join(item.text for item in lines[at : at + count]))
    if len(title) > _LONGEST or title.endswith((",", ";", "-")):
        return None
    return _Candidate(at, count, title, _style(line), number, distinct, known)


def _number(match: re.Match[str]) -> str:
    """The section number, unless it is the article that a sentence begins with."""
    number = match["number"]
    article = number == "A" and not match["mark"] and match["title"][0].islower()
    return number if parse_number(number) and not article else ""


def _can_begin(text: str) -> bool:
    letters = sum(c.isalpha() for c in text)
    if letters < 3 or len(text) > _LONGEST or letters < 0.5 * len(text.replace(" ", "")):
        return False
    if CAPTION.match(text):
        return False
    return text[0].isupper() or text[0].isdigit() or not text[0].isascii()


def _is_distinct(line: Line, bare: str, body: BodyStyle) -> bool:
    if line.bold or line.top >= body.size + 0.9:
        return True
    caps = is_capitals(bare)
    return caps or (line.italic and line.font != body.font)


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


def _distinct_titles(outline: Iterable[OutlineEntry]) -> set[str]:
    return {comparable(entry.title) for entry in outline} - {""}


def _match_outline(
    candidates: Sequence[_Candidate], lines: Sequence[Line], outline: Sequence[OutlineEntry]
) -> dict[int, int]:
    """Index of line -> level, for candidates that the PDF's table of contents names."""
    found: dict[int, int] = {}
    levels = [entry.level for entry in outline]
    if len(levels) > 1 and levels[0] < min(levels[1:]):  # the paper's own title is on top
        levels, outline = levels[1:], outline[1:]
    base = min(levels, default=1) - 1
    for entry in outline:
        wanted = comparable(entry.title)
        fits = [
            c
            for c in candidates
            if c.at not in found
            and comparable(c.title).endswith(wanted)
            and len(comparable(c.title)) <= len(wanted) + 9
            and (entry.page == 0 or abs(lines[c.at].page - entry.page) <= 1)
        ]
        if wanted and fits:
            best = min(fits, key=lambda c: (abs(lines[c.at].page - entry.page), c.at))
            found[best.at] = entry.level - base
    return found


def _numbered(
    candidates: Sequence[_Candidate], listed: dict[int, int], trusted: bool
) -> list[_Candidate]:
    """The numbered candidates whose numbers run on from each other."""
    pool = [c for c in candidates if c.number and (c.distinct or c.known)]
    if trusted:
        styles = {c.style for c in candidates if c.at in listed}
        pool = [c for c in pool if c.at in listed or c.style in styles]
    opening = next((c.at for c in pool if c.known and "introduction" in c.title.lower()), 0)
    pool = [c for c in pool if c.at >= opening]
    numbering = Numbering(Scheme.of([(c.number, c.title) for c in pool]))
    kept = []
    for candidate in pool:
        level = numbering.accept(candidate.number, sure=candidate.at in listed)
        if level:
            kept.append(
                _Candidate(
                    candidate.at,
                    candidate.count,
                    candidate.title,
                    candidate.style,
                    candidate.number,
                    candidate.distinct,
                    candidate.known,
                    level,
                )
            )
    return kept


def _style_levels(
    numbered: Sequence[_Candidate], listed: dict[int, int]
) -> dict[tuple[str, float], int]:
    counts: dict[tuple[str, float], Counter[int]] = {}
    for candidate in numbered:
        level = listed.get(candidate.at) or candidate.level
        counts.setdefault(candidate.style, Counter())[level] += 1
    return {style: count.most_common(1)[0][0] for style, count in counts.items()}


def _unnumbered_level(
    found: _Candidate,
    listed: dict[int, int],
    levels: dict[tuple[str, float], int],
    alone: bool,
) -> int:
    """Its level, or 0 where it is no heading."""
    if found.at in listed:
        return listed[found.at]
    if found.known and not found.number and (found.distinct or alone):
        return 1
    if found.number or not found.distinct or not alone:
        return 0
    return levels.get(found.style, 0)


def _stands_alone(lines: Sequence[Line], found: _Candidate, body: BodyStyle) -> bool:
    """Whether running text follows below, or its print is larger than the text's."""
    if found.style[1] > body.size + 0.6:
        return True
    if found.at + found.count >= len(lines):
        return False
    own, below = lines[found.at], lines[found.at + found.count]
    return (
        len(mend(below.text)) > 30
        and not below.bold
        and abs(below.size - body.size) < 0.6
        and abs(below.x0 - own.x0) < 3 * body.size
    )


def _run_in(
    lines: Sequence[Line], starts: frozenset[int], body: BodyStyle, first: int
) -> Iterable[Heading]:
    """Headings on the first line of their paragraph: its bold beginning, or ``Abstract.``"""
    for at, line in enumerate(lines):
        text = mend(line.text)
        match = ABSTRACT_LEAD.match(text)
        if match and line.page <= 2 and len(text) > len(match[0]):
            yield Heading(at, 1, text[: match.start("mark")].strip(), 1, text[match.end() :])
        elif at >= first and at in starts and abs(line.size - body.size) < 0.6:
            yield from _bold_beginning(lines, at, starts)


def _bold_beginning(lines: Sequence[Line], at: int, starts: frozenset[int]) -> Iterable[Heading]:
    """The bold first words of a paragraph, which may reach into its second and third line."""
    count = 1
    while lines[at + count - 1].bold and count < 3 and at + count < len(lines):
        if at + count in starts:
            return
        count += 1
    last = lines[at + count - 1]
    parts = [*(line.text for line in lines[at : at + count - 1]), last.lead]
    lead = join_lines(parts, Vocabulary())
    rest = mend(last.text)[len(mend(last.lead)) :].strip()
    fresh = rest[:1].isupper() and len(rest) > 20 and len(lead.split()) < 9
    ended = lead.endswith((".", ":")) or last.run_in or fresh
    titled = 3 <= len(lead) <= _LONGEST and _can_begin(lead) and not _NO_TITLE.match(lead)
    if rest and ended and titled:
        yield Heading(at, count, lead, 4, rest)


def _without_overlaps(headings: Iterable[Heading]) -> list[Heading]:
    """In order, none on another's lines, none that only runs in among the references."""
    kept: list[Heading] = []
    cited = False
    for heading in sorted(headings, key=lambda item: item.at):
        if kept and heading.at < kept[-1].at + kept[-1].count:
            continue
        if heading.level < 4:
            cited = comparable(heading.title) in {"references", "bibliography"}
        elif cited:
            continue
        kept.append(heading)
    return kept
