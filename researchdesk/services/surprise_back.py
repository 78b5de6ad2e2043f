"""What was done about a surprise, taken back. Nothing is deleted, and the history has both."""

from collections.abc import Hashable, Mapping
from typing import Any

from researchdesk.domain.surprises import state_changes
from researchdesk.services import explaining, surprises
from researchdesk.services.desk import Desk

Part = tuple[str, Hashable]
_STATES: Part = ("", "states")
_APART: Part = ("", "apart")
_EVIDENCE = "evidence"
_WORDS = ("text", "predicts", "refuted_by")
_OUT = "ruled_out"


def parts_of(desk: Desk, number: int) -> dict[Part, Hashable]:
    """What can be done about a surprise, and taken back, by part: its changes of state, what tells
    its explanations apart, each of these by its letter, and whether each evidence counts.

    Raises NotOnDeskError.
    """
    case = surprises.case_of(desk, number)
    parts: dict[Part, Hashable] = {
        _STATES: state_changes(case.history),
        _APART: case.surprise.apart,
    }
    for evidence in case.evidence:
        parts[_EVIDENCE, evidence.id] = evidence.counts
    for item in case.explanations:
        parts |= {(item.letter, name): getattr(item, name) for name in (*_WORDS, _OUT)}
    return parts


def put_back(desk: Desk, number: int, was: Mapping[Any, Any]) -> None:
    """Make a surprise again what ``was`` says, of ``parts_of``; what it does not name stays.

    Of states the last change is taken back; evidence that was not there is withdrawn, and such an
    explanation ruled out. Raises UsageProblemError where it may not be so any more, NotOnDeskError.
    """
    with desk.database.writing():
        letters = [item.letter for item in surprises.case_of(desk, number).explanations]
        if _STATES in was:
            surprises.undo_last(desk, number)
        if _APART in was:
            explaining.set_apart(desk, number, was[_APART])
        for (what, name), counted in was.items():
            if what == _EVIDENCE and counted:
                explaining.give_back_evidence(desk, number, name)
            elif what == _EVIDENCE:
                explaining.withdraw_evidence(desk, number, name)
        for letter in letters:
            told = {name: said for (what, name), said in was.items() if what == letter}
            if told:
                _explanation(desk, number, letter, told)


def _explanation(desk: Desk, number: int, letter: str, was: dict[str, Any]) -> None:
    if was.get("text", "") is None:
        explaining.rule_out(desk, number, letter, "taken back")
        return
    out = was.pop(_OUT, None)
    explaining.change_explanation(desk, number, letter, **was)
    if out:
        explaining.rule_out(desk, number, letter, out)
    elif out is not None:
        explaining.let_stand(desk, number, letter)
