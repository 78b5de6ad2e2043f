import time
from datetime import date, timedelta

import pytest
from support.faketime import FakeTime

from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Decision, PassState, ReadingPass
from researchdesk.errors import BadInputError, UsageProblemError
from researchdesk.services import postponing, reading
from researchdesk.services.desk import Desk


@pytest.fixture
def later(desk: Desk, paper: Paper) -> ReadingPass:
    """A pass whose paper is due today."""
    reading.start_pass(desk, paper, 1)
    return reading.finish_pass(desk, paper, 1, "the proof", desk.clock().date(), Decision.LATER)


def test_put_off_again_it_is_due_on_the_new_day_and_all_else_stays(
    desk: Desk, later: ReadingPass
) -> None:
    today = desk.clock().date()
    moved = postponing.put_off(desk, later, today + timedelta(days=7))
    assert reading.due(desk) == []
    assert reading.due(desk, today + timedelta(days=6)) == []
    (item,) = reading.due(desk, today + timedelta(days=7))
    assert item.reading_pass == moved
    assert (moved.why, moved.state, moved.ended_at, moved.decision) == (
        "the proof",
        PassState.FINISHED,
        later.ended_at,
        Decision.LATER,
    )


def test_let_go_it_never_comes_back_until_that_is_taken_back(
    desk: Desk, later: ReadingPass
) -> None:
    was = postponing.parts_of(desk, later)
    gone = postponing.let_go(desk, later)
    assert (gone.decision, gone.again_on) == (Decision.STOP, None)
    assert reading.due(desk, desk.clock().date() + timedelta(days=3650)) == []
    assert postponing.put_back(desk, later, was) == later
    assert [item.reading_pass for item in reading.due(desk)] == [later]


def test_a_paper_that_was_left_stays_left(desk: Desk, paper: Paper) -> None:
    today = desk.clock().date()
    reading.start_pass(desk, paper, 1)
    left = reading.drop_pass(desk, paper, 1, "no ablation", today)
    assert postponing.put_off(desk, left, today + timedelta(days=1)).state is PassState.DROPPED


def test_not_into_the_past_and_not_while_it_is_read(
    desk: Desk, paper: Paper, later: ReadingPass
) -> None:
    with pytest.raises(BadInputError):
        postponing.put_off(desk, later, desk.clock().date() - timedelta(days=1))
    reading.start_pass(desk, paper, 1)
    with pytest.raises(UsageProblemError):
        postponing.let_go(desk, later)


@pytest.mark.parametrize(("zone", "hours", "day"), [("UTC-9", 8, 13), ("UTC+9", 14, 12)])
def test_the_day_is_that_of_the_place(
    desk: Desk,
    paper: Paper,
    fake_time: FakeTime,
    monkeypatch: pytest.MonkeyPatch,
    zone: str,
    hours: int,
    day: int,
) -> None:
    """At 20:00 UTC it is the next day in Tokyo, at 02:00 UTC the day before in Alaska."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        fake_time.advance(hours=hours)
        today = date(2026, 4, day)
        assert desk.today() == today
        reading.start_pass(desk, paper, 1)
        reading.finish_pass(desk, paper, 1, again_on=today)
        assert [item.paper for item in reading.due(desk)] == [paper]
        fake_time.advance(minutes=30)
        reading.start_pass(desk, paper, 2)
        assert reading.due(desk) == []
        with pytest.raises(BadInputError, match="past"):
            reading.finish_pass(desk, paper, 2, again_on=today - timedelta(days=1))
    finally:
        monkeypatch.undo()
        time.tzset()
