import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlite_utils import Database

from researchdesk.config import Settings
from researchdesk.domain.deltas import Delta
from researchdesk.domain.papers import Paper
from researchdesk.domain.surprises import OPEN_STATES, SurpriseState
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import becoming, explaining, ideas, investigations, surprises
from researchdesk.services.desk import Desk, open_desk
from researchdesk.storage.migrations import desk_migrations

RUN = "20260412-120000-tiny"
NOTICED, STANDING, DROPPED = SurpriseState.NOTICED, SurpriseState.STANDING, SurpriseState.DROPPED


def said(case):
    return [(item.what, item.said, item.why) for item in case.history]


def founded(desk: Desk, number: int, paper: Paper) -> None:
    """File what it takes to count as real."""
    for about in ("trust", "expectation"):
        explaining.file_evidence(desk, number, about, "for", paper.name)


def test_a_surprise_is_noticed_and_its_delta_worked_out(desk: Desk) -> None:
    kept = surprises.add_surprise(desk, " odd\x1b[31m ", "93.4", "91.2", "arXiv:1904.09237v2")
    assert (kept.text, kept.on, kept.state, kept.why) == ("odd", "1904.09237", NOTICED, "")
    assert kept.delta == Delta(93.4, 91.2)
    assert kept.noticed_at == kept.touched_at == desk.clock()
    assert surprises.get_surprise(desk, kept.id) == kept
    assert surprises.list_surprises(desk) == [kept]
    assert said(surprises.case_of(desk, kept.id)) == [("state", "noticed", "")]
    assert surprises.add_surprise(desk, "x", "down", "up").delta is None


@pytest.mark.parametrize("words", [("", "a", "b"), ("a", " ", "b"), ("a", "b", "\x00")])
def test_all_three_sentences_say_something(desk: Desk, words: tuple[str, str, str]) -> None:
    with pytest.raises(UsageProblemError, match="delta"):
        surprises.add_surprise(desk, *words)
    assert surprises.list_surprises(desk) == []


def test_what_it_was_met_on_has_one_form(desk: Desk, paper: Paper) -> None:
    def on(text: str) -> str:
        return surprises.add_surprise(desk, "x", "y", "z", text).on

    assert on(paper.key.upper()) == paper.name
    assert on(f"{RUN}#final") == f"run:{RUN}#final"
    assert on(f"[[run:{RUN}]]") == f"run:{RUN}"
    assert on("the curve in my notebook") == "the curve in my notebook"
    found = surprises.list_surprises(desk, on=RUN)
    assert [item.on for item in found] == [f"run:{RUN}", f"run:{RUN}#final"]
    assert len(surprises.list_surprises(desk, on="https://arxiv.org/abs/1904.00001v1")) == 1


def test_what_was_noticed_before_there_were_states_is_open_and_found(tmp_path) -> None:
    with closing(sqlite3.connect(tmp_path / "desk.db")) as raw:
        desk_migrations.apply(Database(raw), stop_before="m012_surprises_followed_up")
        raw.execute(
            'INSERT INTO surprises (text, expected, observed, "on", noticed_at)'
            " VALUES ('loss rises', 'falls', '0.44', ?, '2026-01-01T00:00:00+00:00')",
            [RUN],
        )
        raw.commit()
    desk = open_desk(Settings(desk=tmp_path, state=tmp_path))
    (found,) = surprises.list_surprises(desk, words="rises")
    assert (found.state, found.touched_at, found.on) == (NOTICED, found.noticed_at, f"run:{RUN}")
    assert said(surprises.case_of(desk, found.id)) == [("state", "noticed", "")]
    desk.close()


def test_an_offer_is_taken_once(desk: Desk) -> None:
    first = surprises.add_surprise(desk, "a", "1", "2", source=f"run:{RUN}#claim:c")
    surprises.resolve(desk, first.id, DROPPED, "known")
    again = surprises.add_surprise(desk, "b", "1", "2", source=f"run:{RUN}#claim:c")
    assert (again.id, again.text, again.state) == (first.id, "a", DROPPED)
    one, two = (surprises.add_surprise(desk, "b", "1", "2") for _ in range(2))
    assert one.id != two.id


def test_it_is_found_by_state_and_by_words(desk: Desk) -> None:
    first = surprises.add_surprise(desk, "loss rises", "it falls", "0.31, then 0.44")
    second = surprises.add_surprise(desk, "warmup does nothing", "half a point", "the same")
    surprises.resolve(desk, second.id, DROPPED, "the schedule was constant")

    def numbers(**wanted):
        return [item.id for item in surprises.list_surprises(desk, **wanted)]

    assert numbers() == [second.id, first.id]
    assert numbers(states=OPEN_STATES) == [first.id]
    assert numbers(states=(DROPPED,)) == [second.id]
    assert numbers(words="ris") == [first.id]
    assert numbers(words="schedule") == [second.id]
    assert numbers(words="then 0.44") == [first.id]
    assert numbers(words="loss schedule") == numbers(words='"*(') == []
    assert numbers(words="schedule", states=OPEN_STATES) == []


def test_no_such_surprise(desk: Desk) -> None:
    for ask in (surprises.get_surprise, surprises.case_of, surprises.undo_last):
        with pytest.raises(NotOnDeskError, match="There is no surprise 7"):
            ask(desk, 7)


def test_it_stands_once_both_questions_have_linked_evidence(desk: Desk, paper: Paper) -> None:
    number = surprises.add_surprise(desk, "odd", "1", "2").id
    with pytest.raises(UsageProblemError) as told:
        surprises.resolve(desk, number, STANDING)
    for words in ("Can the experiment be trusted?", "Is the expectation well founded?"):
        assert words in told.value.message
    for about in ("trust", "expectation"):
        assert f"researchdesk funny evidence {number} --for {about} REF" in told.value.hint
    explaining.file_evidence(desk, number, "trust", "for", paper.name)
    explaining.file_evidence(desk, number, "expectation", "for", "", "everybody knows")
    explaining.file_evidence(desk, number, "expectation", "for", "claim:none-1")
    with pytest.raises(UsageProblemError) as told:
        surprises.resolve(desk, number, STANDING)
    assert "trusted" not in told.value.message
    assert surprises.get_surprise(desk, number).state is NOTICED
    explaining.file_evidence(desk, number, "expectation", "for", paper.name)
    assert surprises.resolve(desk, number, STANDING).state is STANDING


def test_more_against_than_for_keeps_it_from_standing(desk: Desk, paper: Paper) -> None:
    number = surprises.add_surprise(desk, "odd", "1", "2").id
    founded(desk, number, paper)
    one = explaining.file_evidence(desk, number, "trust", "against", "", "one seed")
    explaining.file_evidence(desk, number, "trust", "against", "", "a check failed")
    with pytest.raises(UsageProblemError) as told:
        surprises.resolve(desk, number, STANDING)
    assert "More speaks against it than for it." in told.value.message
    assert f"funny resolve {number} artefact" in told.value.hint
    explaining.withdraw_evidence(desk, number, one.id)
    assert surprises.resolve(desk, number, STANDING).state is STANDING


@pytest.mark.parametrize("state", [SurpriseState.EXPLAINED, DROPPED])
def test_it_is_closed_for_a_reason(desk: Desk, state: SurpriseState) -> None:
    number = surprises.add_surprise(desk, "odd", "1", "2").id
    with pytest.raises(UsageProblemError, match=str(number)):
        surprises.resolve(desk, number, state, "  ")
    closed = surprises.resolve(desk, number, state, "seen before")
    assert (closed.state, closed.why, closed.is_open) == (state, "seen before", False)
    opened = surprises.resolve(desk, number, NOTICED, "seen again")
    assert (opened.state, opened.is_open) == (NOTICED, True)
    assert said(surprises.case_of(desk, number)) == [
        ("state", "noticed", ""),
        ("state", state.value, "seen before"),
        ("state", "noticed", "seen again"),
    ]


def test_an_explanation_that_stands_explains_it(desk: Desk) -> None:
    number = surprises.add_surprise(desk, "odd", "1", "2").id
    for text in ("a bug", "the data"):
        explaining.explain(desk, number, text)
    explaining.rule_out(desk, number, "B", "same with theirs")
    with pytest.raises(UsageProblemError, match="same with theirs"):
        surprises.resolve(desk, number, SurpriseState.EXPLAINED, by="b")
    with pytest.raises(NotOnDeskError, match="no explanation C"):
        surprises.resolve(desk, number, SurpriseState.EXPLAINED, by="C")
    with pytest.raises(UsageProblemError, match="nothing was changed"):
        surprises.resolve(desk, number, DROPPED, "x", by="A")
    done = surprises.resolve(desk, number, SurpriseState.EXPLAINED, "mended in r12", by="a")
    assert done.why == "A: a bug (mended in r12)"


def test_undo_takes_back_state_after_state_and_keeps_both(desk: Desk) -> None:
    number = surprises.add_surprise(desk, "odd", "1", "2").id
    again = desk.today() + timedelta(days=3)
    surprises.resolve(desk, number, SurpriseState.ARTEFACT, "one seed", again_on=again)
    surprises.resolve(desk, number, DROPPED, "boring")
    back = surprises.undo_last(desk, number)
    assert (back.state, back.why, back.again_on) == (SurpriseState.ARTEFACT, "one seed", again)
    back = surprises.undo_last(desk, number)
    assert (back.state, back.why, back.again_on) == (NOTICED, "", None)
    with pytest.raises(UsageProblemError, match="nothing to take back"):
        surprises.undo_last(desk, number)
    told = [(item.what, item.said) for item in surprises.case_of(desk, number).history]
    assert told[-2:] == [("undone", "suspected artefact"), ("undone", "noticed")]
    assert len(told) == 5


def test_undo_goes_back_to_no_state_that_lost_its_grounds(desk: Desk, paper: Paper) -> None:
    number = surprises.add_surprise(desk, "odd", "1", "2").id
    founded(desk, number, paper)
    surprises.resolve(desk, number, STANDING)
    surprises.resolve(desk, number, SurpriseState.ARTEFACT)
    for item in surprises.case_of(desk, number).evidence:
        explaining.withdraw_evidence(desk, number, item.id)
    with pytest.raises(UsageProblemError, match="may not count as real"):
        surprises.undo_last(desk, number)
    assert surprises.get_surprise(desk, number).state is SurpriseState.ARTEFACT
    explaining.explain(desk, number, "a bug")
    surprises.resolve(desk, number, SurpriseState.EXPLAINED, by="A")
    surprises.resolve(desk, number, NOTICED)
    explaining.rule_out(desk, number, "A", "same with theirs")
    with pytest.raises(UsageProblemError, match="A was ruled out: same with theirs"):
        surprises.undo_last(desk, number)
    explaining.let_stand(desk, number, "A")
    assert surprises.undo_last(desk, number).state is SurpriseState.EXPLAINED


def test_saying_the_same_again_changes_nothing_but_that_it_was_touched(desk, fake_time) -> None:
    number = surprises.add_surprise(desk, "odd", "1", "2").id
    fake_time.advance(days=20)
    same = surprises.resolve(desk, number, NOTICED)
    assert same.touched_at == desk.clock()
    assert len(surprises.case_of(desk, number).history) == 1


def test_old_ones_come_back_until_somebody_touches_them(desk, fake_time) -> None:
    number = surprises.add_surprise(desk, "odd", "1", "2").id

    def back():
        return [item.id for item in surprises.come_back(desk, desk.today())]

    assert back() == [number]
    fake_time.advance(days=8)
    assert back() == []
    fake_time.advance(days=6)
    assert back() == [number]
    explaining.set_apart(desk, number, "train longer")
    assert back() == []
    surprises.resolve(desk, number, NOTICED, again_on=desk.today() + timedelta(days=30))
    fake_time.advance(days=29)
    assert back() == []
    fake_time.advance(days=1)
    assert back() == [number]
    surprises.resolve(desk, number, DROPPED, "boring")
    assert back() == []


def test_a_day_to_come_back_lies_ahead_and_only_what_is_open_has_one(desk: Desk) -> None:
    number = surprises.add_surprise(desk, "odd", "1", "2").id
    yesterday, tomorrow = (desk.today() + timedelta(days=by) for by in (-1, 1))
    with pytest.raises(UsageProblemError, match="past"):
        surprises.resolve(desk, number, NOTICED, again_on=yesterday)
    with pytest.raises(UsageProblemError, match="closed"):
        surprises.resolve(desk, number, DROPPED, "boring", again_on=tomorrow)
    assert surprises.get_surprise(desk, number).again_on is None


def test_it_becomes_an_idea(desk: Desk) -> None:
    number = surprises.add_surprise(desk, "odd", "1", "2").id
    changed, idea = becoming.become_idea(desk, number, why="worth a week")
    assert (idea.text, idea.of) == ("odd", f"funny:{number}")
    assert ideas.get_idea(desk, idea.id) == idea
    begun = investigations.begin(desk, "why odd?", f"funny:{number}")
    assert becoming.followed_up(desk, changed) == [begun.ref, idea.ref]
    assert (changed.state, changed.why) == (SurpriseState.IDEA, f"idea {idea.id}. worth a week")
    assert becoming.become_idea(desk, number)[1] == idea
    ideas.edit_idea(desk, idea.id, text="odd, in other words")
    assert becoming.become_idea(desk, number)[1].id == idea.id
    surprises.resolve(desk, number, NOTICED)
    _, other = becoming.become_idea(desk, number, "something else")
    assert becoming.followed_up(desk, changed) == [begun.ref, idea.ref, other.ref]
