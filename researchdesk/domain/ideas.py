"""Ideas: what they promise, what they cost, and the order in which to take them up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

ASSUMED_IMPACT = 3
ASSUMED_FUN = 3
ASSUMED_WORK_DAYS = 5.0
"""The middle of each scale, a week for work: what is taken where nothing is said."""


class IdeaState(StrEnum):
    """``PARKED`` waits for its day; ``STOPPED`` and ``DONE`` are closed, until opened again."""

    OPEN = "open"
    INVESTIGATED = "being investigated"
    PARKED = "parked"
    STOPPED = "stopped"
    DONE = "done"

    @property
    def is_closed(self) -> bool:
        return self in (IdeaState.STOPPED, IdeaState.DONE)


@dataclass(frozen=True, slots=True)
class Idea:
    """``of`` is the ref of what it came from (``funny:3``), or ``""``.

    ``impact`` and ``fun`` go from 1 to 5, ``work_days`` are days of work; None where not said.
    ``instead``: what else the time could go into. ``why`` is the reason of its ``state``,
    ``again_on`` the day a parked one comes back. ``place`` is its place from 1 in the person's own
    order; None where its score places it.
    """

    id: int
    text: str
    of: str
    impact: int | None
    work_days: float | None
    fun: int | None
    instead: str
    state: IdeaState
    why: str
    place: int | None
    again_on: date | None
    created_at: datetime
    touched_at: datetime

    @property
    def ref(self) -> str:
        return f"idea:{self.id}"

    def is_back(self, today: date) -> bool:
        """Whether it was parked, and its day has come."""
        return (
            self.state is IdeaState.PARKED and self.again_on is not None and self.again_on <= today
        )

    def is_at_hand(self, today: date) -> bool:
        """Whether it stands in the backlog: open, being investigated, or back from parking."""
        waits = self.state in (IdeaState.OPEN, IdeaState.INVESTIGATED)
        return waits or self.is_back(today)


@dataclass(frozen=True, slots=True)
class Score:
    """``assumed`` names what was not said and taken from the middle of its scale."""

    value: float
    assumed: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """With a ``~`` before it where something was assumed."""
        digits = 2 if self.value < 1 else 1
        return f"{'~' if self.assumed else ''}{self.value:.{digits}f}"


def score(idea: Idea) -> Score:
    """What ``score_of`` says of the idea's impact, work and fun."""
    return score_of(idea.impact, idea.work_days, idea.fun)


def score_of(impact: int | None, work_days: float | None, fun: int | None) -> Score:
    """impact × fun / days of work: what a day of work buys, weighed by the wish to do it.

    Between 25 (impact 5, fun 5, one day) and towards 0. A day is the least work that counts, so
    that no small thing stands above all. What is not said is the middle of its scale: impact 3,
    fun 3, five days.
    """
    given = {"impact": impact, "work": work_days, "fun": fun}
    assumed = tuple(name for name, value in given.items() if value is None)
    worth = (ASSUMED_IMPACT if impact is None else impact) * (ASSUMED_FUN if fun is None else fun)
    work = ASSUMED_WORK_DAYS if work_days is None else work_days
    return Score(worth / max(work, 1.0), assumed)


def in_order(ideas: Iterable[Idea]) -> list[Idea]:
    """The backlog's order: first those that the person placed, as they were placed; then by score,
    the highest first, and of equal ones the older first."""
    return sorted(ideas, key=_key)


def _key(idea: Idea) -> tuple[bool, float, int]:
    if idea.place is not None:
        return (False, idea.place, idea.id)
    return (True, -score(idea).value, idea.id)


def placed_before(order: list[int], own: list[int], number: int, before: int) -> list[int]:
    """The person's own order after ``number`` was put directly before ``before``.

    ``order`` is the whole backlog as it stands, ``own`` its beginning that is in the person's own
    order. What now stands above ``number`` stays there, so it joins the own order; what stands
    below keeps its place, its own or its score's. Put before itself, it stays, in the own order.
    """
    moved = list(order)
    if number != before:
        moved.remove(number)
        moved.insert(moved.index(before), number)
    last = max((moved.index(item) for item in own), default=-1)
    return moved[: max(moved.index(number), last) + 1]
