"""What the checklist says of a difference of two arms: whether it is there."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from researchdesk.domain.checklist_facts import Facts, RunKept
from researchdesk.domain.checklists import Answer, Found
from researchdesk.domain.comparison_checks import differences
from researchdesk.domain.recipes import Claim, ClaimKind, Recipe
from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.domain.verdicts import ClaimResult, Interval, Verdict

YES, NO = Answer.YES, Answer.NO
MET, MISSED, OPEN = Verdict.REPRODUCED, Verdict.DIFFERENT, Verdict.IMPRECISE
NOW = datetime(2026, 4, 12, tzinfo=UTC)
RUN = RunSummary("r", "n", "d", "", RunState.FINISHED, NOW, NOW, False, (), ())


def asked(claimed: float, result: ClaimResult, direction: str = "at least") -> Found:
    claim = Claim("gap", "t", ClaimKind.ORDERING, "m", "a", "t", claimed, versus="b")
    claim = replace(claim, direction=direction)
    recipe = Recipe("n", Path(), "", None, "t", "s", 5, (), (claim,), "d", bundled=False)
    return differences(Facts(runs=(RunKept(RUN, recipe, (result,)),)))


def told(verdict: Verdict, low: float, high: float, p: float = 0.01) -> ClaimResult:
    return ClaimResult("gap", verdict, "", 5, test="Welch t", p=p, interval=Interval(low, high))


@pytest.mark.parametrize(
    ("claimed", "result", "direction", "wanted"),
    [
        (0.1, told(MISSED, -0.01, 0.02), "at least", NO),
        (0.1, told(MISSED, 0.01, 0.02), "at least", YES),
        (0.1, told(MISSED, -0.02, -0.01), "at least", YES),
        (-0.1, told(MET, -0.01, 0.02), "at least", NO),
        (0.1, told(MET, -0.01, 0.02), "at most", NO),
        (0.1, told(OPEN, 0.02, 0.2, p=0.4), "at least", YES),
        (0.1, replace(told(MET, 0, 0), interval=None), "at least", YES),
        (0.1, replace(told(MISSED, 0, 0), interval=None), "at least", NO),
        (-0.1, replace(told(MISSED, 0, 0), interval=None), "at least", YES),
        (0.0, told(MET, -0.01, 0.2), "at least", YES),
        (0.0, told(OPEN, 0.01, 0.2, p=0.06), "at least", NO),
        (0.0, ClaimResult("gap", MISSED, "ours diverged"), "at least", NO),
    ],
)
def test_a_difference_is_there_where_0_is_left_out(
    claimed: float, result: ClaimResult, direction: str, wanted: Answer
) -> None:
    assert asked(claimed, result, direction).answer is wanted


def test_an_exact_tie_is_no_difference() -> None:
    tie = ClaimResult("gap", MISSED, "", 1, 0.0, test="exact")
    found = asked(0.0, tie)
    assert (found.answer, "exactly alike" in found.lacks[0]) == (NO, True)
    assert asked(0.0, replace(tie, mean=0.2)).answer is YES


def test_what_is_told_of_a_claimed_gap_is_the_interval_and_not_its_p() -> None:
    assert "95 % interval -0.01 … 0.02" in asked(0.1, told(MISSED, -0.01, 0.02)).lacks[0]
