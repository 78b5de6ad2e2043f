"""Slides of a talk as a program reads them: what each shows, what is said, how long it takes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST_S, SHORTEST_S = 120.0, 60.0
"""A slide is looked at for one to two minutes."""
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):([0-5]?\d(?:\.\d{1,3})?)")
_SPOKEN = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(s|sec|seconds?|m|min|minutes?)", re.IGNORECASE)
_TIME = re.compile(r"^[ \t]*time[ \t]*:[ \t]*(.*?)[ \t]*$", re.IGNORECASE | re.MULTILINE)


class BlockKind(StrEnum):
    """What stands on a slide. ``PICTURE`` is an image, ``RAW`` is HTML."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTE = "quotation"
    TABLE = "table"
    CODE = "code"
    PICTURE = "picture"
    RAW = "html"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, an item, a paragraph. ``text`` is without marks of markdown, formulas left out as
    ``formulas``; ``shown`` has them. ``depth`` is a heading's level, or how deep an item is."""

    kind: BlockKind
    text: str
    shown: str = ""
    depth: int = 0
    formulas: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        return len(self.text.split())


@dataclass(frozen=True, slots=True)
class Slide:
    """``number`` counts from 1. ``notes`` is what its comments say, without directives and the
    time; ``planned_s`` is that time in seconds, None where none is said."""

    number: int
    title: str
    blocks: tuple[Block, ...] = ()
    notes: str = ""
    planned_s: float | None = None

    @property
    def words(self) -> int:
        """How many there are to be read, code and pictures left out."""
        unread = (BlockKind.CODE, BlockKind.PICTURE)
        return sum(block.words for block in self.blocks if block.kind not in unread)

    @property
    def todo(self) -> tuple[str, ...]:
        """What its notes still ask for, or a line of the slide itself."""
        shown = "\n".join(block.text for block in self.blocks if block.kind is not BlockKind.CODE)
        found = re.findall(r"^[-*\s]*TODO\b:?[ \t]*(.*?)[ \t]*$", f"{self.notes}\n{shown}", re.M)
        return tuple(line or "TODO" for line in found)


@dataclass(frozen=True, slots=True)
class Deck:
    """``front`` is the front matter, each value as text where it is one; ``styles`` is all CSS of
    the file, ``directives`` those in comments, by their names."""

    slides: tuple[Slide, ...]
    front: Mapping[str, str] = field(default_factory=dict)
    styles: str = ""
    directives: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.front.get("title", "") or (self.slides[0].title if self.slides else "")

    @property
    def minutes(self) -> float | None:
        """How long the talk may be, as its front matter says; None where it does not."""
        try:
            minutes = float(self.front.get("minutes", ""))
        except ValueError:
            return None
        return minutes if 0 < minutes < _MANY else None

    def planned(self) -> tuple[float, ...]:
        """Seconds for each slide: its own where it says them; the others share what is left of the
        talk's minutes, and get a minute each where none is."""
        said = [slide.planned_s for slide in self.slides]
        open_ = said.count(None)
        left = 60 * (self.minutes or 0) - sum(one for one in said if one is not None)
        share = left / open_ if open_ and left > 0 else SHORTEST_S
        return tuple(share if one is None else one for one in said)


_MANY = 10_000


def read_time(text: str) -> float | None:
    """The seconds of ``1:30``, ``1:02:00``, ``90 s`` or ``1.5 min``; None for anything else."""
    bare = text.strip()
    clock = _CLOCK.fullmatch(bare)
    if clock:
        return 3600 * int(clock[1] or 0) + 60 * int(clock[2]) + float(clock[3])
    spoken = _SPOKEN.fullmatch(bare)
    if spoken:
        return float(spoken[1]) * (60 if spoken[2][0] in "mM" else 1)
    return None


def write_time(seconds: float) -> str:
    """``1:30``, ``1:02:00``; what ``read_time`` reads back, to the second."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes = f"{hours}:{rest // 60:02}" if hours else f"{rest // 60}"
    return f"{minutes}:{rest % 60:02}"


def time_in(comment: str) -> tuple[float | None, str]:
    """The time that a comment says in a line ``time: 1:30``, and the comment without that line."""
    for match in _TIME.finditer(comment):
        seconds = read_time(match[1])
        if seconds is not None:
            return seconds, (comment[: match.start()] + comment[match.end() :]).strip()
    return None, comment.strip()


def most_slides(minutes: float) -> int:
    """How many slides are no hurry: at most 20 for half an hour."""
    return max(1, int(minutes * 20 / 30))


def shared_out(weights: Sequence[float], seconds: float) -> tuple[float, ...]:
    """Seconds for each slide by its weight, to five seconds; none over two minutes, and one of a
    weight below 1 not over its share of these.

    Their sum is ``seconds``, or less where that would take more for each.
    """
    left, open_ = max(0.0, seconds), dict(enumerate(weights))
    most = {at: LONGEST_S * min(1.0, weight) for at, weight in open_.items()}
    made = dict.fromkeys(open_, 0.0)
    while open_:
        whole = sum(open_.values())
        shares = {at: left * weight / whole for at, weight in open_.items()}
        over = [at for at, share in shares.items() if share > most[at]]
        for at in over or list(open_):
            made[at] = min(shares[at], most[at])
            del open_[at]
            left -= made[at]
    return _rounded([made[at] for at in range(len(weights))])


_STEP = 5.0


def _rounded(seconds: Sequence[float]) -> tuple[float, ...]:
    """To full steps, such that what is cut off of one goes to the next; where the shortest would
    take too much together, the longest give it."""
    done: list[float] = []
    whole = given = 0.0
    for one in seconds:
        whole += one
        step = min(LONGEST_S, max(_STEP, _STEP * round((whole - given) / _STEP)))
        done.append(step)
        given += step
    while given > whole + _STEP / 2 and max(done) > _STEP:
        done[done.index(max(done))] -= _STEP
        given -= _STEP
    return tuple(done)
