"""Finds the headings among a paper's lines."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from researchdesk.document.pdf.candidates import LONGEST, Candidate, can_begin, candidate_at
from researchdesk.document.pdf.contents import contents_lines
from researchdesk.document.pdf.lines import BodyStyle, Line, OutlineEntry
from researchdesk.document.pdf.numbering import Numbering, Scheme, longest_chain
from researchdesk.document.pdf.words import ABSTRACT_LEAD, Vocabulary, comparable, join_lines, mend

_NO_TITLE = re.compile(
    r"(?:(?:input|output|require|ensure|return|keyword|index term|claim|example)s?\W*$)"
    r"|(?:theorem|lemma|proof|definition|corollary|proposition|remark|assumption|algorithm"
    r"|conjecture)s?(?:\W*$|\W*[\d.:(]|\s+of\b|\s+[A-Z](?:\b|\.?\d)|\s+[IVX]+\b)"
    r"|(?:case|step|question|problem|fact|observation|property|condition|part|exercise|example)"
    r" [\d(A-Z]",
    re.IGNORECASE,
)


_SENTENCE = re.compile(r"(?:in this|this|these|we|our|it)\b", re.IGNORECASE)
_REACH = 12
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that begins at line ``at`` and takes ``count`` lines; ``rest`` is running text
    that follows on its last line; ``sure`` where number, name or outline say what it is."""

    at: int
    count: int
    title: str
    level: int
    rest: str = ""
    sure: bool = False


def find_headings(
    lines: Sequence[Line],
    starts: frozenset[int],
    outline: Sequence[OutlineEntry],
    body: BodyStyle,
    words: Vocabulary,
) -> list[Heading]:
    """The headings in order. ``starts`` are the indices of lines that begin a block of print."""
    skipped = contents_lines(lines)
    every = (candidate_at(lines, at, body, words) for at in range(len(lines)) if at not in skipped)
    candidates = [candidate for candidate in every if candidate]
    listed = _match_outline(candidates, lines, outline)
    trusted = len(listed) >= 4 and len(listed) >= 0.75 * len(_distinct_titles(outline))
    numbered = _numbered(candidates, listed, trusted)
    named = [c for c in candidates if c.known and (c.distinct or c.at in starts)]
    first = min((c.at for c in (*numbered, *named)), default=0)
    styles = _style_levels(numbered)
    levels = {
        style: level if style[1] > body.size + 0.6 else 4 for style, level in styles.items()
    } or _levels_by_name(named, candidates, body)
    levels |= dict.fromkeys(_chapter_styles(named, levels), 1)
    accepted: dict[int, Heading] = {}
    for found in numbered:
        level = found.level
        accepted[found.at] = Heading(found.at, found.count, found.title, level, sure=True)
    for found in candidates:
        if found.at in accepted or found.at < first:
            continue
        stands = _stands_alone(lines, found, body)
        level = _unnumbered_level(found, listed, levels, stands and found.at in starts)
        if not level and numbered and _is_bare(lines, found, body, starts):
            level = 4
        if level:
            sure = found.at in listed or found.known
            accepted[found.at] = Heading(found.at, found.count, found.title, level, sure=sure)
    for heading in _run_in(lines, starts, body, words):
        if heading.at >= first or heading.level == 1:
            accepted.setdefault(heading.at, heading)
    return _without_overlaps(accepted.values())


def _distinct_titles(outline: Iterable[OutlineEntry]) -> set[str]:
    return {comparable(entry.title) for entry in outline} - {""}


def _match_outline(
    candidates: Sequence[Candidate], lines: Sequence[Line], outline: Sequence[OutlineEntry]
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
    candidates: Sequence[Candidate], listed: dict[int, int], trusted: bool
) -> list[Candidate]:
    """The numbered candidates whose numbers run on from each other."""
    pool = [c for c in candidates if c.number and (c.distinct or c.known)]
    if trusted:
        styles = {c.style for c in candidates if c.at in listed}
        pool = [c for c in pool if c.at in listed or c.style in styles]
    opening = next((c.at for c in pool if c.known and "introduction" in c.title.lower()), 0)
    pool = [c for c in pool if c.at >= opening]
    scheme = Scheme.of([(c.number, c.title) for c in pool])
    if scheme is Scheme.ARABIC:
        pool = _best_chain(pool, listed)
    numbering = Numbering(scheme)
    kept = []
    for candidate in pool:
        level = numbering.accept(candidate.number, sure=candidate.at in listed)
        if level:
            kept.append(replace(candidate, level=level))
    return kept


def _best_chain(pool: Sequence[Candidate], listed: dict[int, int]) -> list[Candidate]:
    """Those whose numbers follow on each other for longest, and what the outline lists.

    A style that many share weighs more, so that a list's numbers do not take a section's place.
    """
    if any(c.at in listed for c in pool):
        return list(pool)
    shared = Counter((c.style, c.number.count(".")) for c in pool)
    weights = [
        float(c.known or c.number[0] != "0")
        + 0.1 * (shared[c.style, c.number.count(".")] > 1)
        + c.known
        for c in pool
    ]
    return [pool[at] for at in longest_chain([c.number for c in pool], weights)]


def _style_levels(numbered: Sequence[Candidate]) -> dict[tuple[str, float], int]:
    counts: dict[tuple[str, float], Counter[int]] = {}
    for candidate in numbered:
        level = candidate.level
        counts.setdefault(candidate.style, Counter())[level] += 1
    return {style: count.most_common(1)[0][0] for style, count in counts.items()}


def _chapter_styles(
    named: Sequence[Candidate], levels: dict[tuple[str, float], int]
) -> set[tuple[str, float]]:
    """Styles of names like "References" that are larger than every numbered heading's."""
    largest = max((size for _, size in levels), default=0.0)
    known = {c.style for c in named if c.distinct and comparable(c.title) != "abstract"}
    return {style for style in known if levels and style[1] > largest}


def _levels_by_name(
    named: Sequence[Candidate], candidates: Sequence[Candidate], body: BodyStyle
) -> dict[tuple[str, float], int]:
    """For papers without numbers: what looks like "Introduction" or "References" is on the first
    level, other print larger than the text on the second."""
    first = {c.style for c in named if c.distinct and comparable(c.title) != "abstract"}
    larger = {c.style for c in candidates if first and c.distinct and c.style[1] > body.size + 0.6}
    return {style: 1 if style in first else 2 for style in first | larger}


def _unnumbered_level(
    found: Candidate,
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


def _is_bare(
    lines: Sequence[Line], found: Candidate, body: BodyStyle, starts: frozenset[int]
) -> bool:
    """Whether it is a bold line right above a paragraph, without a number where others have one."""
    line, following = lines[found.at], found.at + found.count
    if not line.bold or found.number or _NO_TITLE.match(found.title):
        return False
    if found.at not in starts or following not in starts or following >= len(lines):
        return False
    below = lines[following]
    near = below.page == line.page and 0 < below.y0 - line.y0 < 3 * found.count * body.size
    aligned = abs(below.x0 - line.x0) < 2 * body.size and below.width > 15 * body.size
    return near and aligned and _stands_alone(lines, found, body)


def _stands_alone(lines: Sequence[Line], found: Candidate, body: BodyStyle) -> bool:
    """Whether running text follows below, or its print is larger than the text's."""
    if found.style[1] > body.size + 0.6:
        return True
    if found.at + found.count >= len(lines):
        return False
    own, below = lines[found.at + found.count - 1], lines[found.at + found.count]
    return (
        len(mend(below.text)) > 30
        and not _goes_on_bold(own, below)
        and not below.bold
        and abs(below.size - body.size) < 0.6
        and abs(below.x0 - own.x0) < 3 * body.size
    )


def _goes_on_bold(own: Line, below: Line) -> bool:
    """Whether a run-in heading fills its line and ends in the one below."""
    lead = mend(below.lead)
    full = own.x1 > below.x1 - 4 * own.size and not own.text.rstrip().endswith((".", ":"))
    near = below.page == own.page and 0 < below.y0 - own.y0 < 1.75 * own.size
    return bool(lead) and lead != mend(below.text) and own.bold and full and near


def _run_in(
    lines: Sequence[Line], starts: frozenset[int], body: BodyStyle, words: Vocabulary
) -> Iterable[Heading]:
    """Headings on the first line of their paragraph: its bold beginning, or ``Abstract.``"""
    for at, line in enumerate(lines):
        text = mend(line.text)
        match = ABSTRACT_LEAD.match(text)
        if match and line.page <= 2 and len(text) > len(match[0]):
            yield Heading(at, 1, text[: match.start("mark")].strip(), 1, text[match.end() :])
        elif at in starts and abs(line.size - body.size) < 0.6:
            yield from _bold_beginning(lines, at, starts, words)


def _bold_beginning(
    lines: Sequence[Line], at: int, starts: frozenset[int], words: Vocabulary
) -> Iterable[Heading]:
    """The bold first words of a paragraph, which may reach into its second and third line."""
    count = 1
    while lines[at + count - 1].bold and count < 3 and at + count < len(lines):
        line, below = lines[at + count - 1], lines[at + count]
        lower = below.y0 > line.middle
        if at + count in starts or (lower and line.width < _REACH * line.size):
            return
        count += 1
    last = lines[at + count - 1]
    parts = [*(line.text for line in lines[at : at + count - 1]), last.lead]
    lead = join_lines(parts, words)
    rest = mend(last.text)[len(mend(last.lead)) :].strip()
    if rest[:1] == ":" and " " not in lead:  # who speaks in an example
        return
    marked = lead.endswith((".", ":")) or rest[:1] in {".", ":"}
    rest = rest.lstrip(".: ")
    long = len(rest) > 20 or (
        at + count not in starts and _is_prose(lines[at + count : at + count + 1])
    )
    fresh = rest[:1].isupper() and long and len(lead.split()) < 9
    ended = marked or last.run_in or fresh
    stressed = len(lead.split()) > _MOST_WORDS and _SENTENCE.match(lead)
    titled = (
        not stressed and 3 <= len(lead) <= LONGEST and can_begin(lead) and not _NO_TITLE.match(lead)
    )
    if rest and ended and titled:
        yield Heading(at, count, lead, 4, rest)


def _is_prose(lines: Sequence[Line]) -> bool:
    """Whether these are running text, and not rows of a table."""
    text = mend(" ".join(line.text for line in lines))
    signs = len(text) - text.count(" ")
    bold = any(line.lead for line in lines)
    return len(text) > 30 and sum(c.isalpha() for c in text) > 0.8 * signs and not bold


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
