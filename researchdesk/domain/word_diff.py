"""What changed between two texts, word by word.

Numbers of citations (``[3, 12]``) count as the same: one new reference renumbers all that follow.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache


class How(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


BRACKETS = {How.ADDED: ("{+", "+}"), How.REMOVED: ("[-", "-]")}
"""What stands around a piece where colours cannot tell it: as ``git diff --word-diff`` has it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: ``SAME``, ``ADDED`` or ``REMOVED``. White space stands before a word."""

    how: How
    text: str


@dataclass(frozen=True, slots=True)
class _Token:
    key: str
    text: str


_CITATION = r"\[\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\]"
_TOKENS = re.compile(rf"\s*(?:{_CITATION}|\d+(?:[.,]\d+)+|\w+|[^\w\s])")
_IS_CITATION = re.compile(_CITATION)
_BROKEN = re.compile(r"(?<=[^\W\d])[-\u2010\u00ad]\s*(?=[^\W\d])")
_SPACE = re.compile(r"[\s\u200b\u00ad]+")
_WORD = re.compile(r"\d+(?:[.,]\d+)+|\w+")
_ALIKE = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "−": "-"})
_MOST_PAIRS = 2_500_000
"""Words of the one text times words of the other up to which they are compared one by one."""


@lru_cache(maxsize=4096)
def key_of(text: str) -> str:
    """The same for texts that differ in white space, hyphenation, ligatures, the kind of quotes and
    dashes, and the numbers of citations only."""
    plain = unicodedata.normalize("NFKC", text).translate(_ALIKE)
    plain = _IS_CITATION.sub("[#]", plain)
    return _SPACE.sub("", _BROKEN.sub("", plain))


@lru_cache(maxsize=4096)
def words_of(text: str) -> frozenset[str]:
    """The words and numbers of a text, without capitals."""
    return frozenset(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient: 2·|A ∩ B| / (|A| + |B|); 1 for equal sets, 0 without a common word."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 1.0


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces that lead from one text to the other, those removed before those added.

    The words of ``SAME`` and ``ADDED`` pieces are ``after``. Texts too long to be compared word by
    word are compared but for their common beginning and end.
    """
    old, new = _tokens(before), _tokens(after)
    keys, others = [token.key for token in old], [token.key for token in new]
    head = common(keys, others)
    tail = common(keys[head:][::-1], others[head:][::-1])
    inner, outer = keys[head : len(keys) - tail], others[head : len(others) - tail]
    if len(inner) * len(outer) > _MOST_PAIRS:
        codes = [(0, len(inner), 0, len(outer), False)]
    else:
        matcher = SequenceMatcher(None, inner, outer, autojunk=False)
        codes = [(i1, i2, j1, j2, tag == "equal") for tag, i1, i2, j1, j2 in matcher.get_opcodes()]
    spans = [(0, head, 0, head, True)]
    spans += [(i1 + head, i2 + head, j1 + head, j2 + head, same) for i1, i2, j1, j2, same in codes]
    spans.append((len(old) - tail, len(old), len(new) - tail, len(new), True))
    return _pieces(old, new, _smooth(spans, new))


_Span = tuple[int, int, int, int, bool]


def _smooth(spans: Sequence[_Span], new: Sequence[_Token]) -> list[_Span]:
    """Join changes that only a lone short word or a sign keeps apart, for people's eyes."""
    joined: list[_Span] = []
    for span in spans:
        i1, i2, j1, j2, same = span
        if i1 == i2 and j1 == j2:
            continue
        if joined and not same and not joined[-1][4]:
            last = joined.pop()
            span = (last[0], i2, last[2], j2, False)
        elif len(joined) > 1 and not same and joined[-1][4] and _is_slight(joined[-1], new):
            joined.pop()
            last = joined.pop()
            span = (last[0], i2, last[2], j2, False)
        joined.append(span)
    return joined


def _is_slight(span: _Span, new: Sequence[_Token]) -> bool:
    tokens = new[span[2] : span[3]]
    return len(tokens) == 1 and len(tokens[0].key) <= 3


def _pieces(
    old: Sequence[_Token], new: Sequence[_Token], spans: Sequence[_Span]
) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for i1, i2, j1, j2, same in spans:
        gone = "".join(token.text for token in old[i1:i2])
        come = "".join(token.text for token in new[j1:j2])
        if same:
            pieces.append(Piece(How.SAME, come))
            continue
        pieces += [Piece(How.REMOVED, gone)] if gone else []
        pieces += [Piece(How.ADDED, come)] if come else []
    return tuple(pieces)


def _tokens(text: str) -> list[_Token]:
    found = []
    for match in _TOKENS.finditer(" ".join(text.split())):
        bare = match[0].strip()
        key = "[#]" if _IS_CITATION.fullmatch(bare) else unicodedata.normalize("NFKC", bare)
        found.append(_Token(key.translate(_ALIKE), match[0]))
    return found


def common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items both begin with."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
