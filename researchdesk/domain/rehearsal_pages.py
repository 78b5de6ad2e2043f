"""Rehearsals in words and small pictures of text, the same on every surface."""

from collections.abc import Sequence
from dataclasses import dataclass

from researchdesk.domain.clock import local_day
from researchdesk.domain.rehearsing import NEAR_S, Rehearsal, SlideTime, bar, near_s
from researchdesk.domain.slides import write_time

_WIDE = 20


@dataclass(frozen=True, slots=True)
class SlideRow:
    """A slide of a rehearsal in words; ``picture`` is as long as the slide among the longest."""

    number: str
    planned: str
    used: str
    against: str
    picture: str
    title: str
    over: bool = False


def slide_rows(rehearsal: Rehearsal, width: int = _WIDE) -> list[SlideRow]:
    """Every slide, planned against used. One that was not shown has no time."""
    longest = max((max(one.used_s, one.planned_s) for one in rehearsal.slides), default=0)
    return [_row(slide, longest, width) for slide in rehearsal.slides]


def _row(slide: SlideTime, longest: float, width: int) -> SlideRow:
    share = max(slide.used_s, slide.planned_s) / longest if longest else 0
    shown = slide.used_s > 0
    return SlideRow(
        str(slide.number),
        write_time(slide.planned_s),
        write_time(slide.used_s) if shown else "–",
        against(slide.over_s, slide.planned_s) if shown else "not shown",
        bar(slide.used_s, slide.planned_s, max(1, round(width * share))),
        slide.title,
        shown and slide.over_s >= near_s(slide.planned_s),
    )


def against(over_s: float, planned: float) -> str:
    """``0:12 over``, ``0:40 under``, ``on time``."""
    if abs(over_s) < near_s(planned):
        return "on time"
    return f"{write_time(abs(over_s))} {'over' if over_s > 0 else 'under'}"


def whole_line(rehearsal: Rehearsal) -> str:
    """``12:40 of 15:00 planned (2:20 under), whole``."""
    reached = sum(one.planned_s for one in rehearsal.slides[: rehearsal.reached])
    planned = rehearsal.planned_s if rehearsal.is_whole else reached
    upto = "" if rehearsal.is_whole else f" up to slide {rehearsal.reached}"
    return (
        f"{write_time(rehearsal.used_s)} of {write_time(planned)} planned{upto} "
        f"({against(rehearsal.used_s - planned, planned)}); {rehearsal.state}"
    )


def overrun_lines(rehearsal: Rehearsal) -> list[str]:
    """The slides that took the most over their time, in sentences."""
    return [
        f"Slide {one.number} took {write_time(one.used_s)}, "
        f"{against(one.over_s, one.planned_s)}: {one.title}"
        for one in rehearsal.overruns()
    ]


def compared_lines(rehearsal: Rehearsal, before: Sequence[Rehearsal]) -> list[str]:
    """How it went against those before, the newest first; whole ones are compared by their time."""
    if not before:
        return ["It was the first rehearsal of this talk."]
    whole = next((one for one in before if one.is_whole), None)
    lines = [f"Rehearsal {len(before) + 1} of this talk."]
    if whole is not None and rehearsal.is_whole:
        gap = rehearsal.used_s - whole.used_s
        near = abs(gap) < NEAR_S
        said = "as long as" if near else f"{write_time(abs(gap))} {_more(gap)} than"
        lines.append(f"It was {said} the last whole one, of {local_day(whole.began_at)}.")
        lines += _changed(rehearsal, whole)
    return lines


def _more(gap: float) -> str:
    return "longer" if gap > 0 else "shorter"


def _changed(rehearsal: Rehearsal, before: Rehearsal) -> list[str]:
    """The slides of the same title whose time changed most."""
    old = {slide.title: slide.used_s for slide in before.slides}
    gaps = [
        (slide.used_s - old[slide.title], slide)
        for slide in rehearsal.slides
        if slide.title in old and abs(slide.used_s - old[slide.title]) >= NEAR_S
    ]
    gaps.sort(key=lambda item: -abs(item[0]))
    return [
        f"Slide {slide.number} was {write_time(abs(gap))} {_more(gap)} than then: {slide.title}"
        for gap, slide in gaps[:3]
    ]
