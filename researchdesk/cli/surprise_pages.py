"""Surprises as lines of text and as JSON."""

from collections.abc import Callable, Sequence
from typing import Any

from researchdesk.cli import output
from researchdesk.domain.clock import local_day, local_minute
from researchdesk.domain.deltas import Delta
from researchdesk.domain.deltas import words as delta_words
from researchdesk.domain.evidence import EvidenceState
from researchdesk.domain.happenings import Happening
from researchdesk.domain.surprises import (
    STATE,
    UNDONE,
    Case,
    Doubt,
    Evidence,
    Explanation,
    Side,
    Surprise,
    is_answered,
    lacks,
    state_said,
)
from researchdesk.domain.text import one_line
from researchdesk.services.doubts import Known
from researchdesk.services.surprise_rules import supply

StateOf = Callable[[str], EvidenceState]
"""What the thing of a ref says now."""

_SIDES = {Side.FOR: "+", Side.AGAINST: "−"}


def record(surprise: Surprise) -> dict[str, Any]:
    """The fields of a surprise as JSON has them, its delta with what follows from it."""
    fields: dict[str, Any] = output.plain(surprise)
    return {**fields, "ref": surprise.ref, "delta": delta_record(surprise.delta)}


def case_record(case: Case, followed_up: Sequence[str], state_of: StateOf) -> dict[str, Any]:
    """A surprise with its questions, explanations, evidence and history, as JSON has them."""

    def about(name: str) -> dict[str, Any]:
        return {
            side.value: [_evidence_record(item, state_of) for item in case.about(name, side)]
            for side in Side
        }

    return {
        **record(case.surprise),
        "said": state_said(case),
        "questions": [
            {
                "about": doubt.value,
                "question": doubt.question,
                "answered": is_answered(case, doubt),
                **about(doubt.value),
            }
            for doubt in Doubt
        ],
        "explanations": [
            {**output.plain(item), "stands": item.stands, **about(item.letter)}
            for item in case.explanations
        ],
        "followed_up": [state_of(ref) for ref in followed_up],
        "withdrawn": [item for item in case.evidence if not item.counts],
        "history": case.history,
    }


def print_list(found: Sequence[Surprise]) -> None:
    """Each with its state, its day and its delta, in the order given."""
    for item in found:
        on = f"  on {item.on}" if item.on else ""
        again = f", again on {item.again_on}" if item.again_on else ""
        day = local_day(item.noticed_at)
        output.emit(f"{item.id}  {day}  {item.state.value}{again}{on}  {one_line(item.text)}")
        output.emit(f"     expected: {one_line(item.expected)}")
        delta = f"  ({delta_words(item.delta)})" if item.delta else ""
        output.emit(f"     observed: {one_line(item.observed)}{delta}")


def print_case(case: Case, followed_up: Sequence[str], state_of: StateOf) -> None:
    """Everything that is known of a surprise."""
    _print_head(case, state_of)
    for doubt in Doubt:
        _print_question(case, doubt, state_of)
    _print_explanations(case, state_of)
    if followed_up:
        output.emit("\nFollowed up")
    for ref in followed_up:
        output.emit(f"  {_told(ref, state_of)}")
    gone = [item for item in case.evidence if not item.counts]
    if gone:
        output.emit("\nWithdrawn")
        for item in gone:
            output.emit(f"  {item.id}  {item.side.value} {item.about}: {item.line}")
    output.emit("\nHistory")
    for happening in case.history:
        output.emit(f"  {local_minute(happening.at)}  {happened(happening)}")


def print_known(known: Sequence[Known], filed: Sequence[bool]) -> None:
    """What the desk knows, numbered from 1, and what of it was filed."""
    for doubt in Doubt:
        own = [(place, item) for place, item in enumerate(known, 1) if item.about is doubt]
        if own:
            output.emit(doubt.question)
        for place, item in own:
            mark = "  (filed)" if filed[place - 1] else ""
            output.emit(f"  {place:>2}  {_SIDES[item.side]} {item.ref}  {item.words}{mark}")


def happened(item: Happening) -> str:
    """What happened, in a line."""
    what = {STATE: "", UNDONE: "taken back: "}.get(item.what, f"{item.what} ")
    until = f", again on {item.until}" if item.until else ""
    why = f": {one_line(item.why)}" if item.why else ""
    return f"{what}{item.said}{until}{why}"


def _print_head(case: Case, state_of: StateOf) -> None:
    item = case.surprise
    why = f": {one_line(item.why)}" if item.why else ""
    output.emit(f"Surprise {item.id}  {state_said(case)}{why}")
    output.emit(f"{item.text}\n")
    rows = [("expected", item.expected), ("observed", item.observed)]
    if item.delta:
        rows.append(("delta", delta_words(item.delta)))
    if item.on:
        rows.append(("seen on", _told(item.on, state_of)))
    rows.append(("noticed", local_minute(item.noticed_at)))
    if item.again_on:
        rows.append(("again on", str(item.again_on)))
    for name, said in rows:
        output.emit(f"{name:<10}{said}")


def _print_question(case: Case, doubt: Doubt, state_of: StateOf) -> None:
    number = case.surprise.id
    answered = is_answered(case, doubt)
    output.emit(f"\n{doubt.question}  {'yes, by its evidence' if answered else 'not answered yet'}")
    _print_evidence(case, doubt.value, state_of)
    for lack in lacks(case):
        if lack.doubt is doubt:
            output.emit(f"  {lack.words}\n  {supply(number, lack)}")


def _print_evidence(case: Case, about: str, state_of: StateOf, indent: str = "  ") -> None:
    for item in case.about(about):
        said = f"  [{state_of(item.ref).said}]" if item.ref else ""
        output.emit(f"{indent}{_SIDES[item.side]} {item.id}  {item.line}{said}")


def _print_explanations(case: Case, state_of: StateOf) -> None:
    number = case.surprise.id
    output.emit("\nExplanations")
    for item in case.explanations:
        ruled_out = f"  (ruled out: {one_line(item.ruled_out)})" if item.ruled_out else ""
        output.emit(f"  {item.letter}  {item.text}{ruled_out}")
        output.emit(f"     predicts: {item.predicts or _not_said(number, item, 'predicts')}")
        refuted = item.refuted_by or _not_said(number, item, "refuted-by")
        output.emit(f"     would be refuted by: {refuted}")
        _print_evidence(case, item.letter, state_of, "     ")
    if len(case.explanations) < 2:
        what = "A rival is" if case.explanations else "None yet; two that oppose each other are"
        output.emit(
            f"  {what} wanted: "
            f'researchdesk funny explain {number} "…" --predicts "…" --refuted-by "…"'
        )
    if case.surprise.apart:
        output.emit(f"What would tell them apart?\n  {case.surprise.apart}")
    elif len(case.rivals) > 1:
        one, other = (item.letter for item in case.rivals[:2])
        output.emit(
            f"Not said yet: which experiment would tell {one} from {other}?\n"
            f'  researchdesk funny apart {number} "…"'
        )


def _not_said(number: int, item: Explanation, option: str) -> str:
    return (
        f'not said yet (researchdesk funny explain {number} --letter {item.letter} --{option} "…")'
    )


def _told(ref: str, state_of: StateOf) -> str:
    state = state_of(ref)
    title = "" if state.title == ref else f"  {state.title}"
    return f"{ref}{title}  [{state.said}]"


def _evidence_record(item: Evidence, state_of: StateOf) -> dict[str, Any]:
    fields: dict[str, Any] = output.plain(item)
    state = state_of(item.ref) if item.ref else None
    now = {"said": state.said, "standing": state.standing.value} if state else None
    return {**fields, "now": now}


def delta_record(delta: Delta | None) -> dict[str, Any] | None:
    """A delta as JSON has it, with what follows from it."""
    if delta is None:
        return None
    return {
        **output.plain(delta),
        "by": delta.by,
        "in_spreads": delta.in_spreads,
        "words": delta_words(delta),
    }
