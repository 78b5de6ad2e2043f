"""Ruled tables: rules of the same width, one above the other, with print between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from researchdesk.document.tables.print import Print, Rule, Word
from researchdesk.document.tables.rows import em_of, rows_of
from researchdesk.domain.documents import Box

_SAME = 6.0
_NARROWEST = 30.0
_LONE = 60.0
_NEAR = 250.0
_MOST = 60
_MOST_LONG = 400


@dataclass(frozen=True, slots=True)
class Frame:
    """The place between the first and the last rule of a table."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def box(self) -> Box:
        return self.x0, self.y0, self.x1, self.y1

    def holds(self, word: Word) -> bool:
        """Whether the word's middle lies inside."""
        x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
        return self.x0 - 3 <= x <= self.x1 + 3 and self.y0 - 1 <= y <= self.y1 + 1


def find_frames(page: Print, captions: Sequence[Box]) -> list[Frame]:
    """What may be ruled tables, from top to bottom, lone rules among them.

    No caption lies inside one.
    """
    found: list[Frame] = []
    for group in _same_extent(page.across):
        for part in _split(page, group, captions):
            x0 = min(rule.start for rule in part)
            x1 = max(rule.end for rule in part)
            frame = Frame(x0, part[0].at, x1, part[-1].at)
            if len(part) > 1 or any(_near(frame, box) for box in captions):
                found.append(frame)
    return sorted(outermost(found)[:_MOST], key=lambda frame: (frame.y0, frame.x0))


def _near(rule: Frame, caption: Box) -> bool:
    """Whether a lone rule is so near to a caption that it may part a table's head from its body."""
    away = max(caption[1] - rule.y1, rule.y0 - caption[3])
    return away < _NEAR and caption[0] < rule.x1 + _NEAR and caption[2] > rule.x0 - _NEAR


def _same_extent(rules: Sequence[Rule]) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    long = sorted(rules, key=lambda item: -item.length)[:_MOST_LONG]
    for rule in long:
        if rule.length < _NARROWEST:
            break
        for group in groups:
            first = group[0]
            if abs(first.start - rule.start) < _SAME and abs(first.end - rule.end) < _SAME:
                group.append(rule)
                break
        else:
            groups.append([rule])
    return [sorted(group, key=lambda item: item.at) for group in groups]


def _split(page: Print, group: list[Rule], captions: Sequence[Box]) -> list[list[Rule]]:
    """The group cut where a caption, running text or nothing at all lies between two rules."""
    parts: list[list[Rule]] = [[group[0]]]
    for above, below in pairwise(group):
        band = Frame(above.start, above.at, above.end, below.at)
        if _captioned(band, captions) or not _filled(page, band):
            parts.append([below])
        else:
            parts[-1].append(below)
    return [part for part in parts if len(part) > 1 or part[0].length >= _LONE]


def _captioned(band: Frame, captions: Sequence[Box]) -> bool:
    return any(
        band.y0 <= (box[1] + box[3]) / 2 <= band.y1 and box[0] < band.x1 and box[2] > band.x0
        for box in captions
    )


def _filled(page: Print, band: Frame) -> bool:
    """Whether the band is part of a table: thin, as a double rule, or filled with no prose."""
    if band.y1 - band.y0 < 4.5:
        return True
    words = [word for word in (*page.words, *page.sideways) if band.holds(word)]
    if not words:
        return False
    width, em = band.x1 - band.x0, em_of(words)
    rows = rows_of(words)
    reach = [rows[0].y0 - band.y0, band.y1 - rows[-1].y1]
    reach += [b.y0 - a.y1 for a, b in pairwise(rows)]
    if max(reach) > max(4 * em, 0.12 * page.height):
        return False
    full = [row for row in rows if row.x1 - row.x0 > 0.88 * width and row.widest_gap() < 0.9 * em]
    return len(full) < 4 or len(full) < 0.5 * len(rows)


def outermost(frames: Sequence[Frame]) -> list[Frame]:
    """The frames that lie in no other one; the larger first."""
    kept: list[Frame] = []
    for frame in sorted(frames, key=lambda f: (f.x0 - f.x1) * max(f.y1 - f.y0, 0.1)):
        if not any(_within(frame, other) for other in kept):
            kept.append(frame)
    return kept


def _within(frame: Frame, other: Frame) -> bool:
    wide = min(frame.x1, other.x1) - max(frame.x0, other.x0)
    high = min(frame.y1, other.y1) - max(frame.y0, other.y0)
    return wide > 0.5 * (frame.x1 - frame.x0) and high >= 0.5 * (frame.y1 - frame.y0)
