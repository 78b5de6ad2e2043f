from datetime import timedelta

import pytest

from researchdesk.domain.ideas import IdeaState
from researchdesk.domain.investigations import InvestigationState
from researchdesk.domain.reviews import Answer
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.ideas import add_idea, get_idea, history_of, list_ideas, settle_idea
from researchdesk.services.investigations import answer, begin, get_investigation, settle
from researchdesk.services.reviews import answer_review, back_today, review_of, reviews_due
from researchdesk.services.surprises import add_surprise, resolve


@pytest.fixture
def followed(desk: Desk) -> tuple[int, int]:
    """An idea and the investigation of it."""
    idea = add_idea(desk, "Warm the momentum up", impact=4, work_days=3, fun=5, instead="rest")
    return idea.id, begin(desk, "Does warming help?", idea.ref).id


def due(desk: Desk) -> list[tuple[str, str]]:
    return [(item.ref, item.reason) for item in reviews_due(desk, desk.today())]


def states(desk: Desk, followed: tuple[int, int]) -> tuple[IdeaState, InvestigationState]:
    return get_idea(desk, followed[0]).state, get_investigation(desk, followed[1]).state


def test_two_weeks_without_progress_ask_for_a_review_once(desk, fake_time, followed) -> None:
    fake_time.advance(days=13)
    assert due(desk) == []
    fake_time.advance(days=1)
    assert due(desk) == [("investigation:1", "no progress for 14 days")]
    answer(desk, followed[1], "benchmark", "accuracy")
    assert due(desk) == []
    fake_time.advance(days=14)
    assert due(desk)
    answer_review(desk, "investigation:1", Answer.GO_ON)
    assert due(desk) == []


def test_a_month_asks_however_much_was_done(desk, fake_time, followed) -> None:
    for days in (10, 10, 10):
        fake_time.advance(days=days)
        answer(desk, followed[1], "benchmark", f"accuracy {fake_time.now}")
    assert due(desk) == [("investigation:1", "30 days since it was begun")]


def test_an_idea_investigated_without_an_investigation_is_asked_after(desk, fake_time) -> None:
    idea = add_idea(desk, "by hand")
    add_idea(desk, "only kept")
    fake_time.advance(days=40)
    settle_idea(desk, idea.id, IdeaState.INVESTIGATED)
    assert due(desk) == []
    fake_time.advance(days=14)
    assert due(desk) == [("idea:1", "no progress for 14 days")]
    settle_idea(desk, idea.id, IdeaState.DONE)
    assert due(desk) == []


def test_a_review_of_an_idea_is_none_of_the_idea_that_came_of_it(desk, fake_time) -> None:
    first = add_idea(desk, "A")
    second = add_idea(desk, "B", of=first.ref)
    for idea in (first, second):
        settle_idea(desk, idea.id, IdeaState.INVESTIGATED)
    fake_time.advance(days=40)
    answer_review(desk, first.ref, Answer.GO_ON)
    assert [ref for ref, _ in due(desk)] == [second.ref]


def test_the_longest_due_comes_first(desk, fake_time) -> None:
    begin(desk, "first")
    fake_time.advance(days=3)
    begin(desk, "second")
    fake_time.advance(days=20)
    assert [ref for ref, _ in due(desk)] == ["investigation:1", "investigation:2"]


def test_a_review_shows_what_was_done_and_what_else_there_is(desk, fake_time, followed) -> None:
    other = add_idea(desk, "another", impact=5, work_days=1, fun=5)
    fake_time.advance(days=2)
    answer(desk, followed[1], "benchmark", "accuracy")
    answer(desk, followed[1], "baseline", "58 % is chance")
    fake_time.advance(days=18)
    found = review_of(desk, "investigation:1")
    assert (found.title, found.state) == ("Does warming help?", "open")
    assert found.progress.answers_written == 2
    assert found.progress.experiments_added == 0
    assert (found.spent.days, found.spent.active_days) == (20, 1)
    assert (found.left.impact, found.left.work_days, found.left.days_left) == (4, 3, 2)
    assert found.instead == "rest"
    assert found.others == (other,)
    assert found.due == "no progress for 18 days"
    assert review_of(desk, "idea:1").progress == found.progress
    answer_review(desk, "investigation:1", Answer.GO_ON, "one more week")
    fake_time.advance(days=1)
    found = review_of(desk, "investigation:1")
    assert found.progress.is_none
    assert found.due == ""
    assert [(item.said, item.why) for item in found.earlier] == [("go on", "one more week")]


def test_parked_it_comes_back_on_its_day_with_its_reason(desk, fake_time, followed) -> None:
    day = desk.today() + timedelta(days=9)
    kept = answer_review(desk, "idea:1", Answer.PARK, "no GPU before", day)
    assert (kept.said, kept.why, kept.until) == ("park", "no GPU before", day)
    assert states(desk, followed) == (IdeaState.PARKED, InvestigationState.PARKED)
    assert list_ideas(desk) == []
    fake_time.advance(days=40)
    assert due(desk) == []
    (back,) = back_today(desk, desk.today())
    assert (back.ref, back.again_on, back.why) == ("investigation:1", day, "no GPU before")
    assert back_today(desk, day - timedelta(days=1)) == []
    assert [idea.id for idea in list_ideas(desk)] == [1]
    answer_review(desk, "idea:1", Answer.GO_ON, "the GPU came")
    assert states(desk, followed) == (IdeaState.INVESTIGATED, InvestigationState.OPEN)
    assert back_today(desk, desk.today()) == []
    assert due(desk) == []
    said = [(item.what, item.said) for item in history_of(desk, 1)]
    assert said[-4:] == [
        ("review", "park"),
        ("state", "parked"),
        ("review", "go on"),
        ("state", "being investigated"),
    ]


def test_stopped_with_its_last_investigation_the_idea_is_stopped(desk, followed) -> None:
    second = begin(desk, "another way", "idea:1")
    answer_review(desk, "investigation:1", Answer.STOP, "refuted twice")
    assert states(desk, followed) == (IdeaState.INVESTIGATED, InvestigationState.STOPPED)
    answer_review(desk, second.ref, Answer.STOP, "refuted again")
    assert get_idea(desk, 1).state is IdeaState.STOPPED
    assert get_idea(desk, 1).why == "refuted again"


def test_an_investigation_of_a_surprise_is_parked_alone(desk, fake_time) -> None:
    funny = add_surprise(desk, "odd", "down", "up")
    item = begin(desk, "why odd?", funny.ref)
    answer_review(desk, item.ref, Answer.PARK, "holiday")
    assert get_investigation(desk, item.id).again_on == desk.today() + timedelta(days=30)
    assert review_of(desk, item.ref).left.impact is None


@pytest.mark.parametrize("how", [Answer.PARK, Answer.STOP])
def test_without_a_reason_nothing_is_kept(desk, followed, how) -> None:
    with pytest.raises(UsageProblemError, match="reason"):
        answer_review(desk, "idea:1", how, " ")
    assert states(desk, followed) == (IdeaState.INVESTIGATED, InvestigationState.OPEN)
    assert review_of(desk, "idea:1").earlier == ()


def test_a_day_belongs_to_parking_and_is_to_come(desk, followed) -> None:
    for how, day in ((Answer.STOP, 5), (Answer.GO_ON, 5), (Answer.PARK, 0)):
        with pytest.raises(UsageProblemError):
            answer_review(desk, "idea:1", how, "why", desk.today() + timedelta(days=day))
    assert states(desk, followed) == (IdeaState.INVESTIGATED, InvestigationState.OPEN)


def test_only_ideas_and_investigations_are_reviewed(desk) -> None:
    with pytest.raises(UsageProblemError, match="can not be reviewed"):
        review_of(desk, "funny:1")
    with pytest.raises(NotOnDeskError):
        review_of(desk, "idea:9")
    with pytest.raises(NotOnDeskError):
        answer_review(desk, "investigation:9", Answer.GO_ON)


def test_what_was_put_off_comes_back_the_longest_first(desk, fake_time) -> None:
    funny = add_surprise(desk, "odd", "down", "up")
    resolve(desk, funny.id, funny.state, again_on=desk.today() + timedelta(days=3))
    idea = add_idea(desk, "later")
    settle_idea(desk, idea.id, IdeaState.PARKED, "later", desk.today() + timedelta(days=2))
    item = begin(desk, "why?")
    settle(desk, item.id, InvestigationState.PARKED, "tired", desk.today() + timedelta(days=4))
    fake_time.advance(days=3)
    assert [back.ref for back in back_today(desk, desk.today())] == ["idea:1", "funny:1"]
    fake_time.advance(days=1)
    found = [back.ref for back in back_today(desk, desk.today())]
    assert found == ["idea:1", "funny:1", "investigation:1"]


def test_a_review_of_the_idea_is_one_of_its_investigation(desk, fake_time, followed) -> None:
    fake_time.advance(days=20)
    answer_review(desk, "idea:1", Answer.GO_ON, "yes")
    assert due(desk) == []
    assert [item.why for item in review_of(desk, "investigation:1").earlier] == ["yes"]
    assert review_of(desk, "idea:1").since == fake_time.now
