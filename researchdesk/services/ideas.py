"""Ideas: kept, weighed, put in order, settled. What was done to one stays in its history."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from researchdesk.domain.happenings import Happening
from researchdesk.domain.ideas import Idea, IdeaState, in_order, placed_before
from researchdesk.domain.links import ref_link
from researchdesk.domain.text import as_written, one_line
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.notes import UNCHANGED, Unchanged
from researchdesk.services.refs import normal_ref
from researchdesk.storage import happenings, ideas

PARKED_FOR = timedelta(days=30)
"""How long an idea is parked where no day is given."""
_MOST_DAYS = 10_000.0
_SAID = ("text", "of", "impact", "work_days", "fun", "instead")
_STATE, _ORDER = "state", "own order"


def add_idea(
    desk: Desk,
    text: str,
    *,
    of: str = "",
    impact: int | None = None,
    work_days: float | None = None,
    fun: int | None = None,
    instead: str = "",
) -> Idea:
    """Keep an idea; ``of`` is the ref of what it came from, as ``funny:3``.

    Raises UsageProblemError where it says nothing, ``of`` is no ref, impact or fun is not from 1 to
    5, or the days of work are no positive number.
    """
    now = desk.clock()
    idea = _checked(
        Idea(
            id=0,
            text=as_written(text).strip(),
            of=_ref(desk, of),
            impact=impact,
            work_days=work_days,
            fun=fun,
            instead=as_written(instead).strip(),
            state=IdeaState.OPEN,
            why="",
            place=None,
            again_on=None,
            created_at=now,
            touched_at=now,
        )
    )
    with desk.database.writing() as db:
        kept = ideas.insert(db, idea)
        happenings.insert(db, Happening(kept.ref, "state", kept.state.value, now))
        return kept


def get_idea(desk: Desk, number: int) -> Idea:
    """The idea of this number. Raises NotOnDeskError."""
    try:
        return ideas.get(desk.database.connection, number)
    except LookupError as error:
        raise NotOnDeskError(
            f"There is no idea {number}.", "See them with: researchdesk idea list --all"
        ) from error


def list_ideas(desk: Desk, *, every: bool = False) -> list[Idea]:
    """The backlog in its order: what is open, being investigated, or back from parking.

    With ``every`` then the parked ones, the first to come back first, then those stopped and done,
    the last first.
    """
    today = desk.today()
    found = ideas.all_ideas(desk.database.connection)
    backlog = in_order(idea for idea in found if idea.is_at_hand(today))
    if not every:
        return backlog
    away = [idea for idea in found if not idea.is_at_hand(today)]
    parked = [idea for idea in away if not idea.state.is_closed]
    closed = [idea for idea in away if idea.state.is_closed]
    parked.sort(key=lambda idea: (idea.again_on or date.max, idea.id))
    closed.sort(key=lambda idea: (idea.touched_at, idea.id), reverse=True)
    return [*backlog, *parked, *closed]


def history_of(desk: Desk, number: int) -> list[Happening]:
    """What happened to the idea, oldest first. Raises NotOnDeskError."""
    return happenings.of(desk.database.connection, get_idea(desk, number).ref)


def edit_idea(
    desk: Desk,
    number: int,
    *,
    text: str | None = None,
    of: str | None = None,
    impact: int | Unchanged | None = UNCHANGED,
    work_days: float | Unchanged | None = UNCHANGED,
    fun: int | Unchanged | None = UNCHANGED,
    instead: str | None = None,
) -> Idea:
    """Change what is given; an impact, fun or work of None is not said any more.

    What it was before stays in the history. Raises as ``add_idea`` and ``get_idea`` do.
    """
    with desk.database.writing() as db:
        old = get_idea(desk, number)
        new = _checked(
            replace(
                old,
                text=old.text if text is None else as_written(text).strip(),
                of=old.of if of is None else _ref(desk, of),
                impact=old.impact if isinstance(impact, Unchanged) else impact,
                work_days=old.work_days if isinstance(work_days, Unchanged) else work_days,
                fun=old.fun if isinstance(fun, Unchanged) else fun,
                instead=old.instead if instead is None else as_written(instead).strip(),
            )
        )
        if new == old:
            return old
        new = replace(new, touched_at=desk.clock())
        ideas.update(db, new)
        happenings.insert(db, Happening(old.ref, "edit", _changes(old, new), new.touched_at))
        return new


def move_idea(desk: Desk, number: int, before: int | None = None) -> list[Idea]:
    """Put an idea directly before another in the person's own order; gives the backlog.

    What stands above it stays there, in the own order too. Without ``before`` the idea goes back
    to where its score places it. Raises NotOnDeskError where one of them is not in the backlog.
    """
    with desk.database.writing() as db:
        order, own = [idea.id for idea in list_ideas(desk)], own_order(desk)
        for one in (number, before):
            if one is not None and one not in order:
                raise _not_there(get_idea(desk, one))
        if before is None:
            new = [item for item in own if item != number]
        else:
            new = placed_before(order, own, number, before)
        if new != own:
            ideas.set_places(db, new)
            said = "by score" if before is None else f"before idea {before}"
            happenings.insert(db, Happening(f"idea:{number}", "order", said, desk.clock()))
        return list_ideas(desk)


def own_order(desk: Desk) -> list[int]:
    """The numbers of the ideas that the person placed, in that order."""
    return [idea.id for idea in list_ideas(desk) if idea.place is not None]


def set_own_order(desk: Desk, numbers: Sequence[int]) -> list[Idea]:
    """Make these the person's own order, as ``own_order`` gave them once; gives the backlog.

    An empty one leaves all to the score. Raises NotOnDeskError where there is no such idea.
    """
    with desk.database.writing() as db:
        here = [number for number in numbers if get_idea(desk, number).is_at_hand(desk.today())]
        ideas.set_places(db, here)
        return list_ideas(desk)


def settle_idea(
    desk: Desk, number: int, state: IdeaState, why: str = "", again_on: date | None = None
) -> Idea:
    """Give an idea another state. Parked it comes back on ``again_on``, else in thirty days.

    Raises UsageProblemError where it is parked or stopped without a reason, or for a day that is
    not to come, and NotOnDeskError.
    """
    why = reason(why, needed=state in (IdeaState.PARKED, IdeaState.STOPPED))
    until = day_to_come(desk, again_on) if state is IdeaState.PARKED else None
    with desk.database.writing() as db:
        old = get_idea(desk, number)
        now = desk.clock()
        new = replace(old, state=state, why=why, again_on=until, touched_at=now)
        if not new.is_at_hand(desk.today()):
            new = replace(new, place=None)
        ideas.update(db, new)
        happenings.insert(db, Happening(old.ref, "state", state.value, now, why, until))
        return new


def parts_of(desk: Desk, number: int) -> dict[str, Hashable]:
    """What can be done to an idea, and taken back, by part: its state with reason and day, each
    thing that is said of it, and the own order. Raises NotOnDeskError."""
    idea = get_idea(desk, number)
    said = {name: getattr(idea, name) for name in _SAID}
    settled = (idea.state, idea.why, idea.again_on)
    return {**said, _STATE: settled, _ORDER: tuple(own_order(desk))}


def put_back(desk: Desk, number: int, was: Mapping[str, Any]) -> Idea:
    """Make an idea again what ``was`` says, of ``parts_of``; what it does not name stays.

    That it was taken back stays in its history. Raises NotOnDeskError.
    """
    with desk.database.writing() as db:
        now = get_idea(desk, number)
        state, why, until = was.get(_STATE, (now.state, now.why, now.again_on))
        said = {name: was[name] for name in _SAID if name in was}
        moment = desk.clock()
        new = replace(now, **said, state=state, why=why, again_on=until, touched_at=moment)
        ideas.update(db, new if new.is_at_hand(desk.today()) else replace(new, place=None))
        if _ORDER in was:
            set_own_order(desk, was[_ORDER])
        happenings.insert(db, Happening(new.ref, "undone", state.value, moment, why, until))
        return get_idea(desk, number)


def day_to_come(desk: Desk, day: date | None) -> date:
    """``day``, or thirty days from now. Raises UsageProblemError for one that is not to come."""
    today = desk.today()
    if day is not None and day <= today:
        raise UsageProblemError(
            f"{day} is not to come; nothing was changed.", f"Give a day after {today}."
        )
    return day or today + PARKED_FOR


def reason(why: str, *, needed: bool) -> str:
    """``why`` in one line. Raises UsageProblemError where one is needed, for parking and stopping,
    and none was given."""
    if needed and not one_line(why):
        raise UsageProblemError(
            "Parking and stopping want a reason; nothing was changed.",
            "Say why: you will read it when you wonder whether to take it up again.",
        )
    return one_line(why)


def _checked(idea: Idea) -> Idea:
    if not idea.text:
        raise UsageProblemError("The idea says nothing; nothing was kept.", "Say it in a sentence.")
    for name, value in (("Impact", idea.impact), ("Fun", idea.fun)):
        if value is not None and not 1 <= value <= 5:
            raise UsageProblemError(
                f"{name} goes from 1 to 5, not {value}. Nothing was kept.",
                "Give a whole number from 1 to 5.",
            )
    work = idea.work_days
    if work is not None and not (math.isfinite(work) and 0 < work <= _MOST_DAYS):
        raise UsageProblemError(
            f"{work} days of work can not be. Nothing was kept.", "Half a day is 0.5."
        )
    return idea


def _ref(desk: Desk, text: str) -> str:
    ref = normal_ref(desk, text) if text.strip() else ""
    if ref and ref_link(ref) is None:
        raise UsageProblemError(
            f"{one_line(text)!r} names nothing that an idea can come from; nothing was kept.",
            "Say what it came from as funny:3, note:5, run:ID, idea:2, or a paper's id.",
        )
    return ref


def _changes(old: Idea, new: Idea) -> str:
    """What an edit changed, with what it was."""
    told = []
    for name, before, after in (
        ("impact", old.impact, new.impact),
        ("days of work", old.work_days, new.work_days),
        ("fun", old.fun, new.fun),
        ("from", old.of, new.of),
        ("instead", old.instead, new.instead),
        ("text", old.text, new.text),
    ):
        if before != after:
            told.append(f"{name}: {_said(after)} (was: {_said(before)})")
    return "; ".join(told)


def _said(value: float | str | None) -> str:
    if value is None or value == "":
        return "not said"
    return f"{value:g}" if isinstance(value, int | float) else value


def _not_there(idea: Idea) -> NotOnDeskError:
    return NotOnDeskError(
        f"Idea {idea.id} is {idea.state.value}, so it has no place in the backlog.",
        f"Open it first: researchdesk idea settle {idea.id} open",
    )
