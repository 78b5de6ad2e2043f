"""A bibliography's print parted into its entries, however its paragraphs were cut.

Labels that count (``[12]``, ``12.``) are followed in order; letter labels (``[Vas+17]``) are
taken where an entry can begin; without labels, an entry begins with its authors, after a year.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from researchdesk.domain.documents import Block, BlockKind

_BRACKET = re.compile(r"(?:^|(?<=\s))[\[［](?P<label>\d{1,3})[\]］](?=\s|\S)")
_DOTTED = re.compile(r"(?:^|(?<=\s))(?P<label>\d{1,3})\.\)?\s+(?=[^\W\d_]|[“\"‘(¨`´\[])")
_PAREN = re.compile(r"(?:^|(?<=\s))\(?(?P<label>\d{1,3})\)\s+(?=[^\W\d_]|[“\"‘])")
_PLAIN = re.compile(r"(?:^|(?<=\s))(?P<label>\d{1,3})\s?(?=[A-Z][\w.’'-]*[ ,]|[“\"])")
_LETTERS = re.compile(
    r"(?:^|(?<=\s))\[(?P<label>[^\W\d_][\w+*’'·.-]{0,14}[\w+*]|[A-Z]"
    r"|[^\W\d_][^\[\]]{2,60}\d{4}\)?[a-z]?)\]"
    r"(?=\s)"
)
_COUNTING = (_BRACKET, _PAREN, _DOTTED, _PLAIN)
_YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d[a-z]?\b")
_NAME = (
    r"(?:(?:van|von|de|der|den|di|da|del|dos|la|le|ter|el|al|bin)\s){0,2}"
    r"[˜¨´`ˇ˚]?[^\W\d_a-z][\w’'´`¨^~ˇ¸˜˚‐-]*"
)
_WORD = rf"(?:(?:[A-Z][a-z]?\.[- ]?)+|{_NAME})"
_AUTHORS = re.compile(
    rf"{_WORD}(?:[,;]?\s?(?:(?:and|&)\s)?{_WORD})*(?:[,;]?\s?(?:and\s)?(?:et al|others)\b\.?)?"
)
_YEAR_AFTER = re.compile(r"[.,]{0,2}\s?\(?(?:1[6-9]|20)\d\d[a-z]?[).,:]")
_FINISHED = re.compile(
    r"(?:[^\W\d_]{2,}[.)]|\d[a-z]?[.)]?|[.)”\"’\]/]|\.\s?\d{1,2}(?:, \d{1,2})*)$"
)
_INITIAL = re.compile(r"(?:^|[\s.-])[A-Z]\.$")
_NO_START = re.compile(
    r"(?:In(?::|\s)|URL|url\b|https?:|www\.|doi|DOI|ISSN|ISBN|ArXiv|arXiv|CoRR|[Pp]ages?\b|pp\."
    r"|[Vv]ol"
    r"|Accessed|Retrieved|Available|Springer|IEEE|ACM\b|Association|Proc|Elsevier|MIT\b|Cambridge"
    r"|Curran|PMLR|Press\b|University|Technical|Ph\.?D|Advances|Journal|Nature\b|Science\b"
    r"|Citeseer|AAAI|USENIX|NIPS|ICML|ICLR|CVPR|ECCV|ICCV|NeurIPS|Version|Note)"
)
_IN_LINE = re.compile(r"(?<=[.)\]/\d])\s+(?=[^\W\d_a-z])")
_MOST = 1500
_LONG = 300
_SKIP = 3
_SHORTEST = 15


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry's print: its label (``""`` without one), its text without it, its page."""

    label: str
    text: str
    page: int


@dataclass(slots=True)
class Stream:
    """The paragraphs of a bibliography as one text that remembers where each began."""

    text: str = ""
    starts: list[int] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    sure: list[bool] = field(default_factory=list)

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> "Stream":
        stream = cls()
        for block in blocks:
            text = " ".join(block.text.split())
            if not text:
                continue
            if stream.text:
                stream.text += "" if stream.text.endswith(("-", "‐")) else " "
            stream.starts.append(len(stream.text))
            stream.pages.append(block.page)
            stream.sure.append(block.kind is BlockKind.REFERENCE)
            stream.text += text
        return stream

    def page_at(self, offset: int) -> int:
        before = [page for at, page in zip(self.starts, self.pages, strict=True) if at <= offset]
        return before[-1] if before else 0


def split_entries(blocks: Sequence[Block]) -> list[Entry]:
    """The entries of a bibliography whose paragraphs these are, its heading left out."""
    stream = Stream.of(blocks)
    if not stream.text:
        return []
    labels = _best_labels(stream)
    if labels:
        return _labelled(stream, labels)
    return _cut(stream, [(at, at, "") for at in _unlabelled(stream)])


def _last(stream: Stream, start: int, end: int) -> int:
    """Where the last entry ends: what follows it may be no part of the bibliography."""
    for at, following in zip(stream.starts, [*stream.starts[1:], end], strict=True):
        entry = stream.text[start:at]
        if at > start and following - at > _LONG and _YEAR.search(entry) and _ended(entry):
            return at
    return end


def _best_labels(stream: Stream) -> list[re.Match[str]]:
    """The labels of the style that the bibliography uses, in order; empty where it has none."""
    head = stream.text[:400]
    for pattern in _COUNTING:
        first = pattern.search(head)
        if first is None or (first.start() > 0 and pattern in (_PLAIN, _DOTTED)):
            continue
        run = _follow(stream, pattern)
        if len(run) >= 2 or (run and len(stream.text) < 2 * _LONG):
            return run
    letters = list(_LETTERS.finditer(stream.text))
    starts = set(stream.starts)
    at_start = [match for match in letters if match.start() in starts]
    if at_start and 2 * len(at_start) >= min(len(stream.starts), 8):
        return [m for m in letters if m.start() in starts or _ended(stream.text[: m.start()])]
    return []


def _follow(stream: Stream, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    """Labels that count up from the first, those that begin a paragraph before others."""
    starts = set(stream.starts)
    found = [m for m in pattern.finditer(stream.text) if m.start() in starts or _loose(m, stream)]
    run: list[re.Match[str]] = []
    wanted, after = 1, 0
    while True:
        ahead = [m for m in found if m.start() >= after]
        match = _next(ahead, wanted, starts)
        if match is None:
            return run
        run.append(match)
        wanted, after = int(match["label"]) + 1, match.end()


def _loose(match: re.Match[str], stream: Stream) -> bool:
    if match.re is _BRACKET:
        return True
    return _ended(stream.text[max(match.start() - 40, 0) : match.start()])


def _next(ahead: Sequence[re.Match[str]], wanted: int, starts: set[int]) -> re.Match[str] | None:
    """The label ``wanted``, or a later one that begins a paragraph: up to three further, or any
    that the next number follows (a page of the list may be lost)."""
    begin = [m for m in ahead if m.start() in starts]
    exact = [m for m in ahead if int(m["label"]) == wanted]
    skipped = [m for m in begin if wanted < int(m["label"]) <= wanted + _SKIP]
    at_start = next((m for m in exact if m.start() in starts), None)
    for match in (at_start, *exact[:1]):
        if match and not any(m.start() < match.start() for m in skipped[:1]):
            return match
    if skipped:
        return skipped[0]
    pairs = pairwise(begin)
    run = (one for one, two in pairs if wanted < int(one["label"]) == int(two["label"]) - 1)
    return next(run, None)


def _labelled(stream: Stream, labels: Sequence[re.Match[str]]) -> list[Entry]:
    cuts = [(match.start(), match.end(), match["label"]) for match in labels]
    return _cut(stream, cuts)


def _cut(stream: Stream, cuts: Sequence[tuple[int, int, str]]) -> list[Entry]:
    end = _last(stream, cuts[-1][0], len(stream.text))
    ends = [*(start for start, _, _ in cuts[1:]), end]
    entries = []
    for (start, body, label), end in zip(cuts, ends, strict=True):
        text = stream.text[body:end].strip()
        if any(c.isalnum() for c in text):
            entries.append(Entry(label, text, stream.page_at(start)))
    return entries


def _ended(before: str) -> bool:
    bare = before.rstrip()
    return not bare or (bool(_FINISHED.search(bare)) and not _INITIAL.search(bare))


def _unlabelled(stream: Stream) -> list[int]:
    """Where entries without labels begin."""
    leading = _year_leads(stream)
    begun = [stream.starts[0]]
    marks = dict(zip(stream.starts, stream.sure, strict=True))
    places = sorted({*stream.starts, *(m.end() for m in _IN_LINE.finditer(stream.text))})
    for at in places[1:] if places and places[0] == stream.starts[0] else places:
        if at - begun[-1] < _SHORTEST:
            continue
        entry = stream.text[max(begun[-1], at - _MOST) : at].rstrip()
        following = stream.text[at : at + _MOST]
        fits = _begins(entry, following, at in marks, leading)
        if fits or (marks.get(at, False) and _may_begin(entry, following)):
            begun.append(at)
    return begun


def _year_leads(stream: Stream) -> bool:
    """Whether the year follows the authors (``A. Uthor. 2018. Title``) in most paragraphs."""
    led = sum(1 for at in stream.starts if _leads(stream.text[at : at + _MOST]))
    return 3 * led > len(stream.starts)


def _leads(text: str) -> bool:
    match = _AUTHORS.match(text)
    return bool(match and _YEAR_AFTER.match(text, match.end()))


def _may_begin(entry: str, following: str) -> bool:
    """Whether an entry can begin here at all, where the layout already says that one does."""
    start = following[:1]
    if start.islower() or start in ",;:)" or _YEAR.match(following):
        return False
    authors = _AUTHORS.match(following)
    if not _YEAR.search(entry) and not (authors and _listed(authors[0])):
        return False
    return not _NO_START.match(following) and _ended(entry)


def _begins(entry: str, following: str, paragraph: bool, leading: bool) -> bool:
    if not _ended(entry) or not _YEAR.search(entry) or _NO_START.match(following):
        return False
    if leading:
        return _leads(following) and len(entry) > 40
    authors = _AUTHORS.match(following)
    if authors is None or _YEAR.match(following):
        return False
    if paragraph:
        return True
    years = list(_YEAR.finditer(entry))
    closed = years[-1].end() >= len(entry) - 2
    return closed and _listed(authors[0])


def _listed(authors: str) -> bool:
    """Whether this is a list of names, not a title's capital word."""
    return bool(
        re.search(r",\s(?:[A-Z]\.|and\s|[A-Z][\w’'-]+)|\sand\s[A-Z]|et al|\b[A-Z]\.", authors)
    )
