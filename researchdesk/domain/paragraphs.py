"""Paragraphs of two versions laid side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from researchdesk.domain.documents import BlockKind
from researchdesk.domain.word_diff import How, Piece, key_of, likeness, word_diff, words_of

_LEAST = 0.3
"""Likeness below which two paragraphs are not the same one changed."""
_MOST_CELLS = 300_000
_BAND = 60


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``text`` in one line; ``page`` counts from 1, 0 where unknown."""

    text: str
    page: int
    kind: BlockKind = BlockKind.TEXT


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """What became of a paragraph.

    ``before`` is empty for an added one, ``after`` for a removed one. One that moved stands twice:
    where it was (``after`` empty) and where it is. ``pieces`` is the way from one to the other,
    empty where nothing changed.
    """

    how: How
    before: str
    after: str
    before_page: int = 0
    after_page: int = 0
    pieces: tuple[Piece, ...] = ()
    kind: BlockKind = BlockKind.TEXT

    @property
    def key(self) -> str:
        """What it says, white space and hyphens aside."""
        return key_of(self.after or self.before)


def align(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> tuple[ParagraphChange, ...]:
    """What became of each paragraph, in the order of ``new``, removed ones where they stood.

    Equal ones are found first; between them the rest is paired by likeness in order, and one may
    have become two, or two one.
    """
    matcher = SequenceMatcher(
        None, [key_of(item.text) for item in old], [key_of(item.text) for item in new],
        autojunk=False,
    )  # fmt: skip
    made: list[ParagraphChange] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            made += [_changed([a], [b]) for a, b in zip(old[i1:i2], new[j1:j2], strict=True)]
        else:
            made += [_changed(a, b) for a, b in _pair(old[i1:i2], new[j1:j2])]
    return tuple(made)


_Group = tuple[Sequence[Paragraph], Sequence[Paragraph]]
_STEPS = ((1, 1), (1, 2), (2, 1))


def _pair(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> Iterator[_Group]:
    """Groups in order that together are most alike: dynamic programming over both sides.

    A group is 1–1, 1–2, 2–1, or one of a side alone. After Gale & Church (1993).
    """
    rows, columns = len(old), len(new)
    if not rows or not columns:
        yield from (([item], []) for item in old)
        yield from (([], [item]) for item in new)
        return
    early, late = [_sets(side) for side in (old, new)]
    wide = rows * columns > _MOST_CELLS
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    step = [[(0, 1)] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows, -1, -1):
        for j in range(columns, -1, -1):
            if i == rows and j == columns:
                continue
            options = [(best[i + 1][j], (1, 0))] if i < rows else []
            options += [(best[i][j + 1], (0, 1))] if j < columns else []
            if not wide or abs(i * columns - j * rows) <= _BAND * max(rows, columns):
                for a, b in _STEPS:
                    if i + a <= rows and j + b <= columns:
                        gain = likeness(early[a - 1][i], late[b - 1][j]) - _LEAST
                        options.append((best[i + a][j + b] + gain, (a, b)))
            best[i][j], step[i][j] = max(options)
    i = j = 0
    while i < rows or j < columns:
        a, b = step[i][j]
        yield old[i : i + a], new[j : j + b]
        i, j = i + a, j + b


def _sets(side: Sequence[Paragraph]) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    """The words of each paragraph, and of each with the one that follows."""
    one = [words_of(item.text) for item in side]
    return one, [here | after for here, after in pairwise(one)]


def _changed(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> ParagraphChange:
    before = " ".join(item.text for item in old)
    after = " ".join(item.text for item in new)
    pages = old[0].page if old else 0, new[0].page if new else 0
    kind = (new or old)[0].kind
    if not new:
        return ParagraphChange(How.REMOVED, before, "", *pages, kind=kind)
    if not old:
        return ParagraphChange(How.ADDED, "", after, *pages, kind=kind)
    if key_of(before) == key_of(after):
        return ParagraphChange(How.SAME, before, after, *pages, kind=kind)
    return ParagraphChange(How.CHANGED, before, after, *pages, word_diff(before, after), kind)
