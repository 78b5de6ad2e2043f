"""The "that's funny" log: kept, found, followed from state to state; nothing is deleted."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from researchdesk.domain.deltas import Delta
from researchdesk.domain.happenings import Happening
from researchdesk.domain.surprises import (
    OPEN_STATES,
    STATE,
    UNDONE,
    Case,
    Surprise,
    SurpriseState,
    coming_back,
    sides_in,
    state_before,
    state_changes,
)
from researchdesk.domain.text import clean, one_line
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.deltas import measured_delta
from researchdesk.services.desk import Desk
from researchdesk.services.refs import is_here, normal_ref
from researchdesk.services.surprise_rules import check_day, check_resolved, explained_by
from researchdesk.services.way_back import changed_since
from researchdesk.storage import explanations, happenings, surprises


def add_surprise(
    desk: Desk,
    text: str,
    expected: str,
    observed: str,
    on: str = "",
    *,
    source: str = "",
    delta: Delta | None = None,
) -> Surprise:
    """Keep a surprise. Where both sides are numbers, ``delta`` is worked out if it is not given.

    ``source`` names the offer that it is taken from: one that was taken already is given as it is
    now. Raises UsageProblemError unless all three sentences say something.
    """
    text, expected, observed = (clean(item).strip() for item in (text, expected, observed))
    if not (text and expected and observed):
        raise UsageProblemError(
            "A surprise is a delta: say what is funny, what was expected and what was observed. "
            "Nothing was kept.",
            'Say: funny add "loss rises" --expected "it falls" --observed "rises after step 900"',
        )
    ref, now = normal_ref(desk, on), desk.clock()
    delta = delta or measured_delta(desk, expected, observed, ref)
    new = Surprise(0, text, expected, observed, now, ref, SurpriseState.NOTICED, now, delta=delta)
    with desk.database.writing() as db:
        taken = surprises.of_source(db, one_line(source))
        if taken is not None:
            return taken
        kept = surprises.insert(db, replace(new, source=one_line(source)))
        happenings.insert(db, Happening(kept.ref, STATE, kept.state.value, now))
    return kept


def both_sides(text: str) -> tuple[str, str]:
    """What was expected and observed by a text of the form ``expected 93.4, got 91.2``.

    Raises UsageProblemError for any other.
    """
    sides = sides_in(clean(text))
    if sides is None:
        raise UsageProblemError(
            "A surprise is a delta: what was expected, and what was observed? Nothing was kept.",
            'Give --expected "…" and --observed "…", or say: funny add "expected 93.4, got 91.2"',
        )
    return sides


def get_surprise(desk: Desk, number: int) -> Surprise:
    """One surprise. Raises NotOnDeskError."""
    try:
        return surprises.get(desk.database.connection, number)
    except LookupError:
        raise NotOnDeskError(
            f"There is no surprise {number}.", "See them with: researchdesk funny list --all"
        ) from None


def list_surprises(
    desk: Desk, *, states: Collection[SurpriseState] = (), on: str = "", words: str = ""
) -> list[Surprise]:
    """The last noticed first: of these states, seen on this, in which every word stands.

    What was seen on a run's claim was seen on the run.
    """
    db = desk.database.connection
    found = surprises.all_surprises(db, states)
    if on.strip():
        ref = normal_ref(desk, on)
        found = [item for item in found if item.on == ref or item.on.startswith(f"{ref}#")]
    if words.strip():
        numbers = surprises.matching(db, words)
        found = [item for item in found if item.id in numbers]
    return found


def case_of(desk: Desk, number: int) -> Case:
    """A surprise with its explanations, its evidence and its history. Raises NotOnDeskError."""
    surprise = get_surprise(desk, number)
    db = desk.database.connection
    evidence = explanations.evidence(db, number)
    refs = {item.ref for item in evidence if item.ref}
    return Case(
        surprise,
        explanations.explanations(db, number),
        evidence,
        tuple(happenings.of(db, surprise.ref)),
        frozenset(ref for ref in refs if not is_here(desk, ref)),
    )


def resolve(
    desk: Desk,
    number: int,
    state: SurpriseState,
    why: str = "",
    *,
    by: str = "",
    again_on: date | None = None,
) -> Surprise:
    """Bring a surprise to another state, or put it off to ``again_on``.

    ``by`` is the letter of the explanation that explains it. Raises UsageProblemError naming what
    is missing where it may not stand as real yet, where it is explained by nothing, or dropped
    without a reason; NotOnDeskError. Then nothing is changed.
    """
    why, state = clean(why).strip(), SurpriseState(state)
    with desk.database.writing() as db:
        case = case_of(desk, number)
        check_day(desk, state, again_on)
        if by:
            why = explained_by(case, state, by, why)
        check_resolved(case, state, why)
        now = case.surprise
        if (now.state, now.why, now.again_on) == (state, why, again_on):
            surprises.touch(db, number, desk.clock())
            return get_surprise(desk, number)
        surprises.set_state(db, number, state, why, again_on, desk.clock())
        new = Happening(case.surprise.ref, STATE, state.value, desk.clock(), why, again_on)
        happenings.insert(db, new)
        return get_surprise(desk, number)


def put_off(desk: Desk, number: int, again_on: date) -> Surprise:
    """Let it come back on this day, in the state that it has by now.

    Raises UsageProblemError for a day in the past, and where it is closed; NotOnDeskError.
    """
    with desk.database.writing():
        now = get_surprise(desk, number)
        return resolve(desk, number, now.state, now.why, again_on=again_on)


def undo_last(desk: Desk, number: int, seen: Case | None = None) -> Surprise:
    """Take back the last change of state; again, the one before. Both stay in the history.

    Raises UsageProblemError where none is left, or it may not be in the state before any more, or
    another one came since it was ``seen``; NotOnDeskError. Then nothing is changed.
    """
    with desk.database.writing() as db:
        case = case_of(desk, number)
        if seen is not None and state_changes(seen.history) != state_changes(case.history):
            raise changed_since(f"Surprise {number}")
        before = state_before(case.history)
        if before is None:
            raise UsageProblemError(
                f"Surprise {number} was never in another state; there is nothing to take back.",
                "See what happened to it: researchdesk funny show NUMBER",
            )
        state = SurpriseState(before.said)
        check_resolved(case, state, before.why)
        surprises.set_state(db, number, state, before.why, before.until, desk.clock())
        undone = Happening(
            case.surprise.ref, UNDONE, state.value, desk.clock(), before.why, before.until
        )
        happenings.insert(db, undone)
        return get_surprise(desk, number)


def come_back(desk: Desk, today: date) -> list[Surprise]:
    """The open surprises that want a look on this day; see ``coming_back``."""
    return coming_back(list_surprises(desk, states=OPEN_STATES), today)
