"""Reviews: is it worth going on? What was reached, what it cost, what else there is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from researchdesk.domain.happenings import Happening
from researchdesk.domain.ideas import Idea

MONTHLY = timedelta(days=30)
NO_PROGRESS = timedelta(days=14)


class Answer(StrEnum):
    """What a review ends with."""

    GO_ON = "go on"
    PARK = "park"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class DueReview:
    """A review of the thing of ``ref`` that is asked for since ``since``; ``reason`` says why."""

    ref: str
    title: str
    since: date
    reason: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What was parked or put off, and whose day ``again_on`` has come; ``why`` it was."""

    ref: str
    title: str
    again_on: date
    why: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What was done since the last review; ``outcomes`` are those of hypotheses, in words.

    ``late`` of those that held or were refuted were written after the result.
    """

    experiments_added: int = 0
    runs_linked: int = 0
    held: int = 0
    refuted: int = 0
    answers_written: int = 0
    outcomes: tuple[str, ...] = ()
    late: int = 0

    @property
    def is_none(self) -> bool:
        return not (
            self.experiments_added
            or self.runs_linked
            or self.held
            or self.refuted
            or self.answers_written
        )


@dataclass(frozen=True, slots=True)
class Spent:
    """``days`` since it was begun, ``active_days`` on which something was done, and the seconds
    that machines trained for it."""

    days: int
    active_days: int
    machine_seconds: float


@dataclass(frozen=True, slots=True)
class WorkLeft:
    """``impact`` (1 to 5) and ``work_days`` are the idea's own estimates; None where not said.

    ``days_left`` is that work less the days worked; below 0 where it took longer than thought.
    """

    impact: int | None
    work_days: float | None
    days_left: float | None
    experiments_not_run: int


@dataclass(frozen=True, slots=True)
class Review:
    """All that a person should see before the question: go on, park, or stop?

    ``since`` is the last review, or the begin; ``due`` says why it is asked for now, ``""`` where
    nobody asks yet. ``instead`` is what the idea itself names, ``others`` the ideas that stand
    next in the backlog. ``earlier`` are the reviews before, oldest first.
    """

    ref: str
    title: str
    state: str
    begun_at: datetime
    since: datetime
    due: str
    progress: Progress
    spent: Spent
    left: WorkLeft
    instead: str
    others: tuple[Idea, ...]
    earlier: tuple[Happening, ...]


def due_since(
    begun: date, touched: date, reviewed: date | None, today: date
) -> tuple[date, str] | None:
    """Since when a review is due, and why; None where it is not.

    Due thirty days after the last review or the begin, and fourteen days after the last progress;
    a review starts both anew.
    """
    seen = max(begun, reviewed or begun)
    still = max(touched, seen)
    if today - still >= NO_PROGRESS:
        return still + NO_PROGRESS, f"no progress for {(today - still).days} days"
    if today - seen >= MONTHLY:
        last = "the last review" if reviewed else "it was begun"
        return seen + MONTHLY, f"{(today - seen).days} days since {last}"
    return None
