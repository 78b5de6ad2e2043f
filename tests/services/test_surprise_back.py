"""What was done about a surprise, taken back part by part."""

import pytest

from researchdesk.domain.surprises import SurpriseState
from researchdesk.errors import UsageProblemError
from researchdesk.services import explaining, surprises
from researchdesk.services.desk import Desk
from researchdesk.services.surprise_back import parts_of, put_back
from researchdesk.services.surprises import case_of, get_surprise

DROPPED, EXPLAINED = SurpriseState.DROPPED, SurpriseState.EXPLAINED


@pytest.fixture
def odd(desk: Desk) -> int:
    number = surprises.add_surprise(desk, "odd", "it falls", "it rises").id
    explaining.explain(desk, number, "a bug", "gone with r12")
    explaining.file_evidence(desk, number, "trust", "for", words="five seeds")
    return number


def test_each_part_is_put_back_and_all_else_stays(desk: Desk, odd: int) -> None:
    was = parts_of(desk, odd)
    explaining.change_explanation(desk, odd, "A", "a bug in r11", "nothing")
    explaining.rule_out(desk, odd, "A", "no")
    explaining.set_apart(desk, odd, "theirs on ours")
    explaining.withdraw_evidence(desk, odd, 1)
    put_back(desk, odd, {("A", "predicts"): was["A", "predicts"]})
    (now,) = case_of(desk, odd).explanations
    assert (now.text, now.predicts, now.ruled_out) == ("a bug in r11", "gone with r12", "no")
    put_back(desk, odd, {("A", "ruled_out"): was["A", "ruled_out"], ("evidence", 1): True})
    case = case_of(desk, odd)
    assert case.explanations[0].stands
    assert case.explanations[0].text == "a bug in r11"
    assert case.evidence[0].counts
    assert case.surprise.apart == "theirs on ours"
    put_back(desk, odd, {name: was[name] for name in was if name[1] != "states"})
    assert parts_of(desk, odd) == was


def test_what_was_not_there_is_withdrawn_or_ruled_out(desk: Desk, odd: int) -> None:
    explaining.explain(desk, odd, "their data")
    explaining.file_evidence(desk, odd, "B", "for", words="a hunch")
    new = {name: None for name in parts_of(desk, odd) if name[0] == "B" or name[1] == 2}
    put_back(desk, odd, new)
    case = case_of(desk, odd)
    assert [item.stands for item in case.explanations] == [True, False]
    assert [item.counts for item in case.evidence] == [True, False]


def test_a_state_goes_one_step_back_where_nobody_went_on(desk: Desk, odd: int) -> None:
    surprises.resolve(desk, odd, DROPPED, "known")
    seen = case_of(desk, odd)
    surprises.resolve(desk, odd, EXPLAINED, by="A")
    with pytest.raises(UsageProblemError, match="was changed since"):
        surprises.undo_last(desk, odd, seen)
    assert get_surprise(desk, odd).state is EXPLAINED
    surprises.undo_last(desk, odd)
    assert surprises.undo_last(desk, odd, seen).state is SurpriseState.NOTICED


def test_put_off_it_has_the_state_that_it_has_by_then(desk: Desk, odd: int) -> None:
    surprises.resolve(desk, odd, SurpriseState.ARTEFACT, "the cache")
    off = surprises.put_off(desk, odd, desk.today())
    assert (off.state, off.why, off.again_on) == (off.state.ARTEFACT, "the cache", desk.today())
    surprises.resolve(desk, odd, EXPLAINED, by="A")
    with pytest.raises(UsageProblemError, match="is closed"):
        surprises.put_off(desk, odd, desk.today())
    assert get_surprise(desk, odd).state is EXPLAINED
