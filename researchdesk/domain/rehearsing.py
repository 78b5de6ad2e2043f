"""The clock of a rehearsal: which slide stands there, and how long each did."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from researchdesk.domain.slides import write_time

NEAR_S = 5.0
"""So far from the plan is as good as on it."""
_WORST = 3


@dataclass(frozen=True, slots=True)
class SlideTime:
    """Seconds planned for a slide, and those that it took; ``number`` counts from 1."""

    number: int
    title: str
    planned_s: float
    used_s: float = 0.0

    @property
    def over_s(self) -> float:
        """How much longer than planned; below 0 where it was shorter."""
        return self.used_s - self.planned_s


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """``talk`` is the story's name or the slides' path. ``ended_at`` is None where it was broken
    off: the program ended without a word, or it goes on just now."""

    id: int
    talk: str
    file: str
    planned_s: float
    began_at: datetime
    ended_at: datetime | None
    slides: tuple[SlideTime, ...] = ()

    @property
    def used_s(self) -> float:
        return sum(slide.used_s for slide in self.slides)

    @property
    def broken_off(self) -> bool:
        return self.ended_at is None

    @property
    def reached(self) -> int:
        """The number of the last slide that was shown; 0 for none."""
        return max((slide.number for slide in self.slides if slide.used_s > 0), default=0)

    @property
    def is_whole(self) -> bool:
        """Whether it came to the last slide and was ended there, or after."""
        return not self.broken_off and self.reached == len(self.slides)

    @property
    def state(self) -> str:
        """``whole``, ``ended on slide 4 of 11``, ``broken off on slide 4 of 11``."""
        if self.is_whole:
            return "whole"
        how = "broken off" if self.broken_off else "ended"
        return f"{how} on slide {self.reached} of {len(self.slides)}"

    def overruns(self) -> tuple[SlideTime, ...]:
        """The three slides that took the longest over their plan, the worst first; none where no
        slide took much longer."""
        over = sorted(self.slides, key=lambda slide: -slide.over_s)
        return tuple(one for one in over if one.over_s >= near_s(one.planned_s))[:_WORST]


def near_s(planned: float) -> float:
    """How far from its plan a time still is on time: a tenth of it, a second at least."""
    return min(NEAR_S, max(1.0, planned / 10))


class TalkClock:
    """Counts the seconds of each slide. ``clock`` counts seconds and never goes back.

    It begins on the first slide and stands still until ``resume`` is called.
    """

    def __init__(self, planned: Sequence[float], clock: Callable[[], float]) -> None:
        if not planned:
            raise ValueError("a talk has a slide")
        self._planned = tuple(planned)
        self._clock = clock
        self._used = [0.0] * len(planned)
        self._at = 0
        self._running = False
        self._counted = clock()

    @property
    def at(self) -> int:
        """The slide that stands there, from 0."""
        return self._at

    @property
    def running(self) -> bool:
        return self._running

    @property
    def is_last(self) -> bool:
        return self._at == len(self._used) - 1

    def resume(self) -> None:
        self._count()
        self._running = True

    def pause(self) -> None:
        self._count()
        self._running = False

    def go(self, by: int) -> bool:
        """To the slide so far on (back below 0); whether there was one."""
        self._count()
        wanted = self._at + by
        if not 0 <= wanted < len(self._used):
            return False
        self._at = wanted
        return True

    def used(self) -> tuple[float, ...]:
        """The seconds of each slide so far."""
        self._count()
        return tuple(self._used)

    def on_slide(self) -> tuple[float, float]:
        """Seconds used on this slide, and planned for it."""
        return self.used()[self._at], self._planned[self._at]

    def on_whole(self) -> tuple[float, float]:
        """Seconds used so far, and planned for the whole talk."""
        return sum(self.used()), sum(self._planned)

    def behind_s(self) -> float:
        """How far the talk is behind its plan, in seconds; below 0 where it is ahead.

        While a slide's own time lasts, to stand on it is no delay.
        """
        used = self.used()
        here = min(used[self._at], self._planned[self._at])
        return sum(used) - sum(self._planned[: self._at]) - here

    def _count(self) -> None:
        now = self._clock()
        if self._running:
            self._used[self._at] += max(0.0, now - self._counted)
        self._counted = max(now, self._counted)


def against_plan(behind_s: float) -> str:
    """``0:35 behind``, ``1:10 ahead``, ``on time``."""
    if abs(behind_s) < NEAR_S:
        return "on time"
    return f"{write_time(abs(behind_s))} {'behind' if behind_s > 0 else 'ahead'}"


def bar(used: float, planned: float, width: int) -> str:
    """A row of blocks: what was used of what was planned; ``▓`` is over it, ``░`` is left.

    Over the plan the whole row is what was used, and the plan's share of it is full.
    """
    if width <= 0:
        return ""
    whole = max(used, planned)
    if whole <= 0:
        return "░" * width
    full = round(width * min(used, planned) / whole)
    over = round(width * used / whole) - full
    return "█" * full + "▓" * max(0, over) + "░" * (width - full - max(0, over))
