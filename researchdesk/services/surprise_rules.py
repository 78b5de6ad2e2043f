"""What a surprise needs before it may be in another state, and what is said where it lacks it."""

from datetime import date

from researchdesk.domain.surprises import (
    Case,
    Doubt,
    Explanation,
    Lack,
    SurpriseState,
    lacks,
    named_explanation,
)
from researchdesk.domain.text import one_line
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.desk import Desk


def supply(number: int, lack: Lack) -> str:
    """The command that supplies what one of the two questions lacks."""
    return f"researchdesk funny evidence {number} --for {lack.doubt.value} REF"


def check_resolved(case: Case, state: SurpriseState, why: str) -> None:
    """Raises UsageProblemError where the surprise may not be in this state for this reason."""
    number = case.surprise.id
    if state is SurpriseState.STANDING and (missing := lacks(case)):
        raise _not_yet(number, missing)
    if state is SurpriseState.EXPLAINED and not why:
        raise UsageProblemError(
            f"What explains surprise {number}? Nothing was changed.",
            f'Say: researchdesk funny resolve {number} explained --by LETTER, or --why "…"',
        )
    named = named_explanation(case, why) if state is SurpriseState.EXPLAINED else None
    if named is not None and not named.stands:
        raise _ruled_out(number, named)
    if state is SurpriseState.DROPPED and not why:
        raise UsageProblemError(
            f"A surprise is dropped for a reason; surprise {number} stays as it is.",
            f'Say: researchdesk funny resolve {number} dropped --why "…"',
        )


def _not_yet(number: int, missing: tuple[Lack, ...]) -> UsageProblemError:
    told = " ".join(f"{lack.doubt.question} {lack.words}" for lack in missing)
    doubted = any(lack.doubt is Doubt.TRUST and lack.against for lack in missing)
    instead = f" Or say: researchdesk funny resolve {number} artefact" if doubted else ""
    return UsageProblemError(
        f"Surprise {number} may not count as real yet. {told} Nothing was changed.",
        "; ".join(supply(number, lack) for lack in missing)
        + f". What the desk knows: researchdesk funny evidence {number} --known.{instead}",
    )


def explained_by(case: Case, state: SurpriseState, by: str, why: str) -> str:
    """The reason in words. Raises UsageProblemError where that explanation does not stand, and
    NotOnDeskError where there is none."""
    number, letter = case.surprise.id, by.strip().upper()
    found = case.explanation(letter)
    if state is not SurpriseState.EXPLAINED:
        raise UsageProblemError(
            "Only what is explained is explained by an explanation; nothing was changed.",
            f"Say: researchdesk funny resolve {number} explained --by {letter}",
        )
    if found is None:
        raise no_explanation(number, letter)
    if not found.stands:
        raise _ruled_out(number, found)
    return f"{letter}: {found.text}" + (f" ({why})" if why else "")


def no_explanation(number: int, letter: str) -> NotOnDeskError:
    """What to raise where the surprise has no explanation of this letter."""
    return NotOnDeskError(
        f"Surprise {number} has no explanation {one_line(letter)}; nothing was changed.",
        f"See them with: researchdesk funny show {number}",
    )


def _ruled_out(number: int, item: Explanation) -> UsageProblemError:
    why = one_line(item.ruled_out)
    return UsageProblemError(
        f"Explanation {item.letter} was ruled out: {why}. Nothing was changed.",
        f"Let it stand again: researchdesk funny rule-out {number} {item.letter} --undo",
    )


def check_day(desk: Desk, state: SurpriseState, again_on: date | None) -> None:
    """Raises UsageProblemError for a day in the past, or of what is closed."""
    if again_on is None:
        return
    if not state.is_open:
        raise UsageProblemError(
            f"What is {state.value} is closed and does not come back; nothing was changed.",
            "Leave --again out, or keep it open.",
        )
    if again_on < desk.today():
        raise UsageProblemError(
            f"{again_on} lies in the past; nothing was changed.", "Give a day to come."
        )
