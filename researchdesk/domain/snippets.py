"""Words that were looked for, found again in a text and cut out with what stands round them."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from researchdesk.domain.library_rows import Piece
from researchdesk.domain.search_query import Term

_MOST = 60


@dataclass(frozen=True, slots=True)
class Needle:
    """A term as it is found in a text: its words, folded; the last one only begins a word where it
    is not ``whole``. ``field`` is the one that it is bound to, or ``""``."""

    words: tuple[str, ...]
    whole: bool
    field: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A hit of the needle of this number, from ``start`` to ``end`` (not included)."""

    start: int
    end: int
    needle: int


def needles_of(terms: Sequence[Term]) -> tuple[Needle, ...]:
    """What is to be found; excluded terms are not."""
    made = (
        Needle(tuple(_split(folded(term.text))), term.phrase and term.ended, term.field)
        for term in terms
        if not term.excluded
    )
    return tuple(dict.fromkeys(needle for needle in made if needle.words))


def folded(text: str) -> str:
    """In lower case and without diacritics; every sign stays at its place."""
    return text.lower() if text.isascii() else "".join(map(_folded_sign, text))


def spans(text: str, needles: Sequence[Needle], field: str = "") -> list[Span]:
    """Where the needles stand in a text, in its order; those bound to another field do not."""
    low = folded(text)
    found = [
        Span(start, end, number)
        for number, needle in enumerate(needles)
        if needle.field in ("", field)
        for start, end in _hits(low, needle)
    ]
    return sorted(found, key=lambda span: (span.start, -span.end))


def present(text: str, needles: Sequence[Needle], field: str = "") -> set[int]:
    """The numbers of the needles that stand in a text; quicker than ``spans``."""
    low = folded(text)
    return {
        number
        for number, needle in enumerate(needles)
        if needle.field in ("", field) and next(_hits(low, needle), None) is not None
    }


def marked(text: str, found: Sequence[Span]) -> tuple[Piece, ...]:
    """The whole text in pieces, the spans marked."""
    pieces: list[Piece] = []
    at = 0
    for span in found:
        if span.end <= at:
            continue
        start = max(at, span.start)
        pieces += [Piece(text[at:start]), Piece(text[start : span.end], True)]
        at = span.end
    return tuple(piece for piece in (*pieces, Piece(text[at:])) if piece.text)


def cut(text: str, found: Sequence[Span], width: int = 160) -> tuple[Piece, ...]:
    """About ``width`` signs of the text round the spans that say most; white space as blanks.

    ``found`` must not be empty.
    """
    best = max(found, key=lambda span: (len(_near(found, span, width)), -span.start))
    first, last = _window(text, best.start, width)
    inside = [span for span in found if first <= span.start and span.end <= last]
    moved = [Span(span.start - first, span.end - first, span.needle) for span in inside]
    pieces = marked(text[first:last], moved)
    flat = [Piece(_flat(piece.text), piece.hit) for piece in pieces]
    before, after = first > 0, last < len(text)
    return (*((Piece("… "),) * before), *flat, *((Piece(" …"),) * after))


def _near(found: Sequence[Span], span: Span, width: int) -> set[int]:
    """The needles that stand in a window that begins before this span."""
    room = span.start + width * 3 // 4
    return {other.needle for other in found if span.start <= other.start and other.end <= room}


def _window(text: str, start: int, width: int) -> tuple[int, int]:
    first = max(0, start - width // 4)
    if first:
        blank = text.find(" ", first, start)
        first = blank + 1 if blank >= 0 else first
    last = min(len(text), first + width)
    if last < len(text):
        blank = text.rfind(" ", start + width // 2, last)
        last = blank if blank > 0 else last
    return first, last


def _hits(low: str, needle: Needle) -> Iterator[tuple[int, int]]:
    """At most ``_MOST`` places of a needle in a folded text."""
    first, *rest = needle.words
    at, count = low.find(first), 0
    while at >= 0 and count < _MOST:
        end = at + len(first)
        if at == 0 or not low[at - 1].isalnum():
            ended = _goes_on(low, end, rest, needle.whole)
            if ended is not None:
                count += 1
                yield at, ended
        at = low.find(first, end)


def _goes_on(low: str, end: int, rest: Sequence[str], whole: bool) -> int | None:
    """Where the needle ends whose first word ends at ``end``; None where the rest is not there.

    A word that only begins like the needle is marked to its end."""
    for word in rest:
        if end < len(low) and low[end].isalnum():
            return None
        while end < len(low) and not low[end].isalnum():
            end += 1
        if not low.startswith(word, end):
            return None
        end += len(word)
    if whole:
        return None if end < len(low) and low[end].isalnum() else end
    while end < len(low) and low[end].isalnum():
        end += 1
    return end


def _split(text: str) -> Iterator[str]:
    word = ""
    for sign in text:
        if sign.isalnum():
            word += sign
        elif word:
            yield word
            word = ""
    if word:
        yield word


def _flat(text: str) -> str:
    """White space as single blanks; one at an end stays there."""
    inner = " ".join(text.split())
    return f"{' ' * text[:1].isspace()}{inner}{' ' * (text[-1:].isspace() and bool(inner))}"


@lru_cache(4096)
def _folded_sign(sign: str) -> str:
    return unicodedata.normalize("NFKD", sign)[:1].lower()[:1] or sign
