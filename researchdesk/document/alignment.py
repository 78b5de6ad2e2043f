"""Which block of a paper's PDF each block of its HTML is, by the words that both have."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from researchdesk.document.pdf.words import CAPTION, CAPTION_KINDS, comparable
from researchdesk.domain.documents import Block, BlockKind

_WORD = re.compile(r"[^\W\d_]{2,}")
_RUN = 4
_FEWEST_VOTES = 2
_FLOATING = {BlockKind.CAPTION, BlockKind.FOOTNOTE, BlockKind.GRAPHIC}

Run = tuple[str, ...]


def align(blocks: Sequence[Block], printed: Sequence[Block]) -> dict[int, int]:
    """Index of a block → index of the printed block in which it begins.

    Blocks of the text keep their order; captions, footnotes and what they hold may stand anywhere.
    What has no words of its own (a formula) is placed by what is around it, or left out.
    """
    voted = _by_words(blocks, printed)
    voted |= _by_key(blocks, printed, _heading_key)
    text = {at: place for at, place in voted.items() if blocks[at].kind not in _FLOATING}
    kept = dict(_increasing(sorted(text.items())))
    kept |= _between(blocks, printed, kept)
    floating = {at: place for at, place in voted.items() if blocks[at].kind in _FLOATING}
    return kept | floating | _by_key(blocks, printed, caption_key)


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: no digits, no letters that stand alone."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def caption_key(block: Block) -> str:
    """``table 2`` for the caption of table 2, ``""`` for what is no caption."""
    match = CAPTION.match(block.text) if block.kind is BlockKind.CAPTION else None
    return "" if match is None else f"{CAPTION_KINDS[match['kind'][0].lower()]} {match['number']}"


def _heading_key(block: Block) -> str:
    return comparable(block.text).removeprefix("appendix") if block.heading else ""


def _by_words(blocks: Sequence[Block], printed: Sequence[Block]) -> dict[int, int]:
    """Each block where most of its runs of words are that are printed only once."""
    where = _single_runs(printed)
    found = {}
    for at, block in enumerate(blocks):
        if block.heading or block.kind is BlockKind.GRAPHIC:
            continue
        votes = Counter(where[run] for run in _runs(words_of(block.text)) if run in where)
        if not votes:
            continue
        most = max(votes.values())
        if most >= min(_FEWEST_VOTES, len(words_of(block.text)) - _RUN + 1):
            found[at] = min(place for place, count in votes.items() if 3 * count >= most)
    return found


def _single_runs(printed: Sequence[Block]) -> Mapping[Run, int]:
    """The runs of words that are printed once, and in which block; across the ends of blocks too,
    where they count for the first."""
    places: list[tuple[str, int]] = [
        (word, at)
        for at, block in enumerate(printed)
        if block.kind is not BlockKind.GRAPHIC
        for word in words_of(block.text)
    ]
    where: dict[Run, int] = {}
    again: set[Run] = set()
    for first in range(len(places) - _RUN + 1):
        part = places[first : first + _RUN]
        run = tuple(word for word, _ in part)
        if run in where:
            again.add(run)
        where[run] = part[0][1]
    return {run: at for run, at in where.items() if run not in again}


def _runs(words: Sequence[str]) -> list[Run]:
    return [tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)]


def _by_key(
    blocks: Sequence[Block], printed: Sequence[Block], key: Callable[[Block], str]
) -> dict[int, int]:
    """Blocks whose key only one block has on either side."""
    ours, theirs = _once(blocks, key), _once(printed, key)
    return {at: theirs[name] for name, at in ours.items() if name in theirs}


def _once(blocks: Sequence[Block], key: Callable[[Block], str]) -> dict[str, int]:
    names = [key(block) for block in blocks]
    count = Counter(names)
    return {name: at for at, name in enumerate(names) if name and count[name] == 1}


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs whose second members do not fall. Patience sorting."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (_, place) in enumerate(pairs):
        slot = bisect_left(tails, place + 1)
        before.append(ends[slot - 1] if slot else -1)
        if slot == len(tails):
            tails.append(place)
            ends.append(at)
        else:
            tails[slot], ends[slot] = place, at
    chosen: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chosen.append(pairs[at])
        at = before[at]
    return chosen[::-1]


def _between(
    blocks: Sequence[Block], printed: Sequence[Block], kept: Mapping[int, int]
) -> dict[int, int]:
    """Headings said twice, and formulas, by what is between the neighbours already placed."""
    found: dict[int, int] = {}
    anchors = [(-1, -1), *sorted(kept.items()), (len(blocks), len(printed))]
    for (low, first), (high, last) in pairwise(anchors):
        inside = [at for at in range(low + 1, high) if blocks[at].kind not in _FLOATING]
        if not inside:
            continue
        room = range(first + 1, last)
        formulas = [at for at in inside if blocks[at].kind is BlockKind.EQUATION]
        shown = [at for at in room if printed[at].kind is BlockKind.EQUATION]
        if len(formulas) == len(shown):
            found |= dict(zip(formulas, shown, strict=True))
        titles = defaultdict(list)
        for at in room:
            titles[_heading_key(printed[at])].append(at)
        for at in inside:
            same = titles.get(_heading_key(blocks[at]), []) if blocks[at].heading else []
            if same:
                found[at] = same.pop(0)
    return found
