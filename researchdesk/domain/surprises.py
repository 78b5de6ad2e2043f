"""The "that's funny" log: a delta between what was expected and what was observed, followed up."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from researchdesk.domain.clock import local_day
from researchdesk.domain.deltas import Delta
from researchdesk.domain.happenings import Happening
from researchdesk.domain.refs import as_ref as as_ref
from researchdesk.domain.text import one_line

STATE, UNDONE = "state", "undone"
"""What a happening is: a new state, or one that was taken back."""


class SurpriseState(StrEnum):
    """How far a surprise was followed up. Nothing is deleted: the last three are closed."""

    NOTICED = "noticed"
    ARTEFACT = "suspected artefact"
    STANDING = "standing"
    """Both questions were answered with evidence: it counts as real."""
    INVESTIGATED = "being investigated"
    EXPLAINED = "explained"
    DROPPED = "dropped"
    IDEA = "became an idea"

    @property
    def is_open(self) -> bool:
        return self not in (SurpriseState.EXPLAINED, SurpriseState.DROPPED, SurpriseState.IDEA)


OPEN_STATES = tuple(state for state in SurpriseState if state.is_open)


class Doubt(StrEnum):
    """The two questions that come before a surprise may count as real."""

    TRUST = "trust"
    EXPECTATION = "expectation"

    @property
    def question(self) -> str:
        return {
            Doubt.TRUST: "Can the experiment be trusted?",
            Doubt.EXPECTATION: "Is the expectation well founded?",
        }[self]


class Side(StrEnum):
    """Which way a piece of evidence speaks."""

    FOR = "for"
    AGAINST = "against"


@dataclass(frozen=True, slots=True)
class Surprise:
    """``on`` is the ref of what it was seen on, or ``""``; ``source`` that of the offer taken.

    ``delta`` is there where both sides are numbers. ``why`` is the reason of its state. ``apart``
    is the experiment that would tell its explanations apart, in words. ``again_on`` is the day that
    it was put off to.
    """

    id: int
    text: str
    expected: str
    observed: str
    noticed_at: datetime
    on: str
    state: SurpriseState
    touched_at: datetime
    why: str = ""
    source: str = ""
    delta: Delta | None = None
    apart: str = ""
    again_on: date | None = None

    @property
    def ref(self) -> str:
        return f"funny:{self.id}"

    @property
    def is_open(self) -> bool:
        return self.state.is_open


@dataclass(frozen=True, slots=True)
class Explanation:
    """One of the explanations held side by side, by its letter.

    ``ruled_out`` says why it no longer stands; ``""`` while it does.
    """

    id: int
    surprise_id: int
    letter: str
    text: str
    predicts: str
    refuted_by: str
    stated_at: datetime
    ruled_out: str = ""

    @property
    def stands(self) -> bool:
        return not self.ruled_out


@dataclass(frozen=True, slots=True)
class Evidence:
    """``about`` is a Doubt's value or an explanation's letter; ``ref`` links something, or is
    ``""`` where there are words only. One that was withdrawn is kept, and no longer counts."""

    id: int
    surprise_id: int
    about: str
    side: Side
    ref: str
    words: str
    filed_at: datetime
    withdrawn_at: datetime | None = None

    @property
    def counts(self) -> bool:
        return self.withdrawn_at is None

    @property
    def line(self) -> str:
        """What it is, in a line: the ref, then the words."""
        return one_line("  ".join(part for part in (self.ref, self.words) if part))


@dataclass(frozen=True, slots=True)
class Case:
    """A surprise with all that was brought forward, and what happened to it, oldest first.

    ``dead`` are the refs of its evidence that nothing on the desk answers to.
    """

    surprise: Surprise
    explanations: tuple[Explanation, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    history: tuple[Happening, ...] = ()
    dead: frozenset[str] = frozenset()

    def about(self, about: str, side: Side | None = None) -> tuple[Evidence, ...]:
        """What counts for or against a question or an explanation, oldest first."""
        return tuple(
            item
            for item in self.evidence
            if item.counts and item.about == about and side in (None, item.side)
        )

    def explanation(self, letter: str) -> Explanation | None:
        return next((item for item in self.explanations if item.letter == letter), None)

    @property
    def rivals(self) -> tuple[Explanation, ...]:
        """The explanations that still stand."""
        return tuple(item for item in self.explanations if item.stands)


@dataclass(frozen=True, slots=True)
class Lack:
    """What one of the two questions still lacks before the surprise may count as real.

    ``outnumbered``: there is more against than for; else nothing that is linked speaks for it.
    ``against`` counts what speaks against it.
    """

    doubt: Doubt
    outnumbered: bool = False
    against: int = 0

    @property
    def words(self) -> str:
        """What is missing, in a sentence."""
        if self.outnumbered:
            return "More speaks against it than for it."
        if self.against:
            return "Something speaks against it, and nothing that is linked for it."
        return "Nothing that is linked speaks for it."


def is_answered(case: Case, doubt: Doubt) -> bool:
    """Whether linked evidence says yes to the question, and no more of it says no."""
    return all(lack.doubt is not doubt for lack in lacks(case))


def lacks(case: Case) -> tuple[Lack, ...]:
    """What a surprise lacks to count as real; nothing where it may.

    Each question needs evidence for it that links what is on the desk, and no more against it.
    """
    found = []
    for doubt in Doubt:
        favour = case.about(doubt, Side.FOR)
        against = len(case.about(doubt, Side.AGAINST))
        if not any(item.ref and item.ref not in case.dead for item in favour):
            found.append(Lack(doubt, against=against))
        elif against > len(favour):
            found.append(Lack(doubt, outnumbered=True, against=against))
    return tuple(found)


_LETTER = re.compile(r"([A-Z])(?::|$)")


def named_explanation(case: Case, why: str) -> Explanation | None:
    """The explanation that a reason names by its letter, as in ``A: a bug``; None for others."""
    letter = _LETTER.match(why)
    return case.explanation(letter[1]) if letter else None


def unfounded(case: Case) -> str:
    """Why its state no longer has its grounds, in short words; ``""`` where it has."""
    item = case.surprise
    if item.state is SurpriseState.EXPLAINED:
        found = named_explanation(case, item.why)
        return f"{found.letter} was ruled out" if found and not found.stands else ""
    missing = lacks(case) if item.state is SurpriseState.STANDING else ()
    if all(lack.outnumbered for lack in missing):
        return "more speaks against it" if missing else ""
    asked = {lack.doubt.value for lack in missing}
    withdrawn = any(item.about in asked and not item.counts for item in case.evidence)
    return "its evidence was withdrawn" if withdrawn else "its evidence is gone"


def state_said(case: Case) -> str:
    """Its state, and why that no longer has its grounds where it has none."""
    return ", ".join(filter(None, (case.surprise.state.value, unfounded(case))))


_SIDES = re.compile(
    r"(?:.*[\s:,;])?expected:? +(?P<expected>.+?)[,;]? +(?:but +)?"
    r"(?:got|observed|saw|found|measured):? +(?P<observed>.+)",
    re.IGNORECASE | re.DOTALL,
)


def sides_in(text: str) -> tuple[str, str] | None:
    """What was expected and what was observed, of ``expected 93.4, got 91.2``; else None."""
    match = _SIDES.fullmatch(text.strip())
    return (match["expected"].strip(), match["observed"].strip()) if match else None


_FRESH, _LONG = timedelta(days=7), timedelta(days=14)
_MOST, _OLD, _FEWEST_FRESH = 8, 3, 2


def coming_back(surprises: Iterable[Surprise], today: date) -> list[Surprise]:
    """The open ones that want a look on this day, eight at most.

    Those put off to this day or before, those noticed in the last seven days, the last first, and
    the three that nobody touched longest, for two weeks or more. Each sort keeps its place.
    """
    found = [item for item in surprises if item.is_open]
    due = [item for item in found if item.again_on is not None and item.again_on <= today]
    rest = [item for item in found if item.again_on is None]
    fresh = [item for item in rest if today - local_day(item.noticed_at) < _FRESH]
    old = [item for item in rest if today - local_day(item.touched_at) >= _LONG]
    due.sort(key=lambda item: (item.again_on or today, item.id))
    fresh.sort(key=lambda item: (item.noticed_at, item.id), reverse=True)
    old = sorted(old, key=lambda item: (item.touched_at, item.id))[:_OLD]
    places = _MOST - len(old) - min(len(fresh), _FEWEST_FRESH)
    due = due[:places]
    return [*due, *fresh[: _MOST - len(old) - len(due)], *old]


def state_changes(history: Sequence[Happening]) -> tuple[Happening, ...]:
    """The changes of state that hold, oldest first; the last one is that of the state it has.

    One that was taken back is none, so that undoing again goes further back.
    """
    stack: list[Happening] = []
    for item in history:
        if item.what == STATE:
            stack.append(item)
        elif item.what == UNDONE and len(stack) > 1:
            stack.pop()
    return tuple(stack)


def state_before(history: Sequence[Happening]) -> Happening | None:
    """The happening whose state an undo goes back to; None where no change is left to take back."""
    stack = state_changes(history)
    return stack[-2] if len(stack) > 1 else None
