"""What changed between two versions of a paper: sections matched, paragraphs laid side by side."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from researchdesk.domain.claims import PaperClaim
from researchdesk.domain.documents import BlockKind, Document, SectionKind
from researchdesk.domain.paragraphs import Paragraph, ParagraphChange, align
from researchdesk.domain.reading import Note
from researchdesk.domain.word_diff import How, likeness, words_of

_NUMBERING = re.compile(r"^(?:appendix\s+)?(?:[a-z]|\d+|[ivxl]+)(?:\.\d+)*[.:)]?\s+(?=\S)", re.I)
_UNSAID = {BlockKind.GRAPHIC}
_FLOATING = {BlockKind.CAPTION, BlockKind.FOOTNOTE}
_SAME_TITLE, _LIKE_TITLE, _LIKE_TEXT = 0.999, 0.8, 0.5
_WORDS_TO_TELL = 20
_MOVED_WORDS = 8


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section as one version has it. ``title`` is ``""`` for what stands before the first
    heading; ``page`` counts from 1, 0 where unknown."""

    title: str
    page: int
    kind: SectionKind
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class SectionChange:
    """What became of a section. One that is ``MOVED`` may have changed as well: see ``diff``."""

    title: str
    how: How
    before: SectionText | None
    after: SectionText | None
    diff: tuple[ParagraphChange, ...]

    @property
    def count(self) -> int:
        """How many paragraphs are not what they were."""
        return sum(item.how is not How.SAME for item in self.diff)

    @property
    def renamed(self) -> bool:
        """Whether its title changed, its number aside."""
        return bool(
            self.before and self.after and _bare(self.before.title) != _bare(self.after.title)
        )


@dataclass(frozen=True, slots=True)
class NumberChange:
    """A number that is another now. ``where`` is its place (``"abstract"``, ``"Table 2"``),
    ``what`` the words around it or the heads of its cell; ``page`` is of the newer version."""

    where: str
    what: str
    before: str
    after: str
    page: int


@dataclass(frozen=True, slots=True)
class Affected:
    """A note or a claim, and what became of the words it quotes.

    ``how`` is SAME, CHANGED or REMOVED; ``page`` is where they stand now (0: unknown) and ``now``
    what they have become, where they changed.
    """

    how: How
    page: int
    now: str = ""
    note: Note | None = None
    claim: PaperClaim | None = None


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """``old`` and ``new`` are versions. ``numbers`` are those of abstract, conclusion and captions,
    and of tables where these were compared. ``notes`` and ``claims`` are those that quote.
    ``mixed``: the text of one version is from HTML and that of the other from PDF, which write
    formulas in other ways.
    """

    old: int
    new: int
    sections: tuple[SectionChange, ...]
    numbers: tuple[NumberChange, ...] = ()
    notes: tuple[Affected, ...] = ()
    claims: tuple[Affected, ...] = ()
    mixed: bool = False

    @property
    def is_same(self) -> bool:
        """Whether the text says the same."""
        return all(section.how is How.SAME for section in self.sections)


def sections_of(document: Document) -> tuple[SectionText, ...]:
    """The sections with their paragraphs; print inside of figures is left out."""
    found: list[SectionText] = []
    first = document.sections[0].first if document.sections else len(document.blocks)
    if front := _paragraphs(document, 0, first):
        found.append(SectionText("", front[0].page, SectionKind.BODY, front))
    for section in document.sections:
        inside = _paragraphs(document, section.first, section.last)
        found.append(SectionText(section.title, section.page, section.kind, inside))
    return tuple(found)


def compare(old: Document, new: Document) -> tuple[SectionChange, ...]:
    """What became of each section, in the order of ``new``; removed ones where they stood."""
    before, after = sections_of(old), sections_of(new)
    pairs = match_sections(before, after)
    settled = _in_order(pairs)
    made: list[SectionChange] = []
    partner = {late: early for early, late in pairs.items()}
    for late, section in enumerate(after):
        early = partner.get(late)
        if early is None:
            diff = align((), section.paragraphs)
            made.append(SectionChange(section.title, How.ADDED, None, section, diff))
        else:
            made.append(_change(before[early], section, (early, late) in settled))
    for early, section in enumerate(before):
        if early not in pairs:
            diff = align(section.paragraphs, ())
            gone = SectionChange(section.title, How.REMOVED, section, None, diff)
            made.insert(_place_of(before, early, made), gone)
    return _with_moves(made)


def match_sections(before: Sequence[SectionText], after: Sequence[SectionText]) -> dict[int, int]:
    """Which section of ``before`` became which of ``after``: by title without its number, by a
    title much like it, or by the words inside; the likeliest first."""
    texts = [[_words(section) for section in side] for side in (before, after)]
    scored = []
    for early, one in enumerate(before):
        for late, other in enumerate(after):
            alike = likeness(texts[0][early], texts[1][late])
            if score := _score(one, other, alike, len(texts[0][early])):
                away = abs(early / len(before) - late / len(after))
                scored.append((-score, away, early, late))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, early, late in sorted(scored):
        if early not in pairs and late not in taken:
            pairs[early] = late
            taken.add(late)
    return pairs


def _score(one: SectionText, other: SectionText, alike: float, size: int) -> float:
    """How likely the two are one section; 0: they are not."""
    titles = _bare(one.title), _bare(other.title)
    if (one.title == "") != (other.title == ""):
        return 0.0
    matcher = SequenceMatcher(None, *titles)
    title = 1.0 if titles[0] == titles[1] else matcher.quick_ratio()
    if _LIKE_TITLE <= title < _SAME_TITLE:
        title = matcher.ratio()
    if title >= _SAME_TITLE:
        return 2.0 + alike
    told = size >= _WORDS_TO_TELL
    if title >= _LIKE_TITLE and (alike >= _LIKE_TEXT / 2 or not told):
        return 1.0 + alike
    return alike if told and alike >= _LIKE_TEXT else 0.0


def _change(before: SectionText, after: SectionText, settled: bool) -> SectionChange:
    diff = align(before.paragraphs, after.paragraphs)
    changed = any(item.how is not How.SAME for item in diff)
    change = SectionChange(after.title, How.SAME, before, after, diff)
    if not settled:
        return replace(change, how=How.MOVED)
    return replace(change, how=How.CHANGED if changed or change.renamed else How.SAME)


def _in_order(pairs: dict[int, int]) -> set[tuple[int, int]]:
    """The most pairs that stand in one order in both versions; the rest moved.

    Longest increasing subsequence (Fredman 1975).
    """
    ends: list[int] = []
    owners: list[int] = []
    before: dict[int, int | None] = {}
    for early in sorted(pairs):
        at = bisect_left(ends, pairs[early])
        before[early] = owners[at - 1] if at else None
        ends[at : at + 1] = [pairs[early]]
        owners[at : at + 1] = [early]
    kept: set[tuple[int, int]] = set()
    here: int | None = owners[-1] if owners else None
    while here is not None:
        kept.add((here, pairs[here]))
        here = before[here]
    return kept


def _place_of(before: Sequence[SectionText], early: int, made: Sequence[SectionChange]) -> int:
    """Where a removed section is told of: behind the one that stood before it."""
    for wanted in reversed(before[:early]):
        for at, change in enumerate(made):
            if change.before is wanted:
                return at + 1
    return 0


def _with_moves(sections: Sequence[SectionChange]) -> tuple[SectionChange, ...]:
    """Paragraphs that went from one place to another, which so far are removed and added.

    Captions and footnotes stand where a page has room: of them that is no change.
    """
    gone: dict[str, list[tuple[int, int]]] = {}
    for at, section in enumerate(sections):
        for index, one in enumerate(section.diff):
            floats = one.kind in _FLOATING
            if one.how is How.REMOVED and (floats or len(words_of(one.before)) >= _MOVED_WORDS):
                gone.setdefault(one.key, []).append((at, index))
    diffs: list[list[ParagraphChange | None]] = [list(section.diff) for section in sections]
    for diff in diffs:
        for index, item in enumerate(diff):
            if item is None or item.how is not How.ADDED or not gone.get(item.key):
                continue
            at, old = gone[item.key].pop(0)
            if (left := diffs[at][old]) is not None:
                how = How.SAME if item.kind in _FLOATING else How.MOVED
                diff[index] = replace(
                    item, how=how, before=left.before, before_page=left.before_page
                )
                diffs[at][old] = None if how is How.SAME else replace(left, how=How.MOVED)
    return tuple(
        _settle(section, tuple(item for item in diff if item is not None))
        for section, diff in zip(sections, diffs, strict=True)
    )


def _settle(section: SectionChange, diff: tuple[ParagraphChange, ...]) -> SectionChange:
    """The section with this diff; the same where nothing in it is left that changed."""
    now = replace(section, diff=diff)
    if now.how is How.CHANGED and not now.count and not now.renamed:
        return replace(now, how=How.SAME)
    return now


def _paragraphs(document: Document, first: int, last: int) -> tuple[Paragraph, ...]:
    return tuple(
        Paragraph(" ".join(block.text.split()), block.page, block.kind)
        for block in document.blocks[first:last]
        if not block.heading and block.kind not in _UNSAID and block.text.strip()
    )


def _words(section: SectionText) -> frozenset[str]:
    return frozenset().union(*(words_of(item.text) for item in section.paragraphs))


def _bare(title: str) -> str:
    return " ".join(_NUMBERING.sub("", title.strip()).casefold().split())
