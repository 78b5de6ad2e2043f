"""A talk as it is planned: its slides in order, each with a message, and what is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from researchdesk.domain.slides import LONGEST_S, SHORTEST_S, most_slides, shared_out, write_time
from researchdesk.domain.story_parts import Role


class Takes(StrEnum):
    """What a slide of the plan is made of."""

    TITLE = "title"
    THREAD = "thread"
    PART = "part"
    LIST = "list"
    RESULTS = "results"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A slide of the plan, as ``plan.toml`` has it."""

    name: str
    takes: Takes
    roles: tuple[Role, ...] = ()
    weight: float = 1.0
    ask: str = ""
    say: str = ""
    formulas: bool = False
    css_class: str = ""


@dataclass(frozen=True, slots=True)
class PlannedSlide:
    """``title`` is its one message; ``points`` stand on it, ``notes`` are said, ``todo`` is asked
    for. ``run`` is the run that its numbers come from, ``claim`` the claim where they are of one;
    ``picture`` is a file with both drawn, beside the slides."""

    name: str
    title: str
    points: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    todo: tuple[str, ...] = ()
    weight: float = 1.0
    css_class: str = ""
    run: str = ""
    claim: str = ""
    picture: str = ""
    seconds: float = 0.0


def timed(slides: Sequence[PlannedSlide], minutes: float) -> tuple[float, ...]:
    """Seconds for each slide."""
    return shared_out([slide.weight for slide in slides], 60 * minutes)


def warnings_of(seconds: Sequence[float], minutes: float) -> list[str]:
    """What is wrong with a talk of these times, in sentences."""
    most, count, whole = most_slides(minutes), len(seconds), sum(seconds)
    told = []
    if count > most:
        told.append(
            f"{count} slides are over {most}, the most for {minutes:g} minutes: tell fewer "
            "results, or put two that say the same on one slide."
        )
    left = 60 * minutes - whole
    if left >= SHORTEST_S:
        told.append(
            f"{write_time(left)} of {minutes:g} minutes are not planned, for no slide is given "
            f"more than {write_time(LONGEST_S)}: there is room for questions, or for more slides."
        )
    return told
