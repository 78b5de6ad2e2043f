"""How passes end, the time in them, and what comes back."""

import math
from datetime import date, timedelta

import pytest
from support.faketime import FakeTime
from support.taken_off import take_off

from researchdesk.domain.papers import Metadata, Paper
from researchdesk.domain.reading import Decision, PassState
from researchdesk.errors import UsageProblemError
from researchdesk.services import library, notes, reading
from researchdesk.services.desk import Desk

TODAY = date(2026, 4, 12)
SOON = TODAY + timedelta(days=10)


def _waits(desk: Desk, on: date | None = None) -> list[tuple[str, int]]:
    return [(item.paper.name, item.reading_pass.number) for item in reading.due(desk, on)]


def _half_done(desk: Desk) -> list[tuple[str, int]]:
    return [(item.paper.name, item.reading_pass.number) for item in reading.half_done(desk)]


@pytest.mark.parametrize(
    ("decision", "again", "kept"),
    [
        (None, None, None),
        (None, SOON, Decision.LATER),
        (Decision.LATER, SOON, Decision.LATER),
        (Decision.GO_ON, None, Decision.GO_ON),
        (Decision.STOP, None, Decision.STOP),
    ],
)
def test_a_pass_ends_with_a_decision(
    desk: Desk, paper: Paper, decision: Decision | None, again: date | None, kept: Decision | None
) -> None:
    reading.start_pass(desk, paper, 1)
    done = reading.finish_pass(desk, paper, 1, "w", again, decision)
    assert (done.decision, done.again_on, done.why) == (kept, again, "w")
    opened = reading.start_pass(desk, paper, 1)
    assert (opened.decision, opened.again_on, opened.why) == (None, None, "")


@pytest.mark.parametrize(
    ("decision", "again"),
    [(Decision.LATER, None), (Decision.GO_ON, SOON), (Decision.STOP, SOON)],
)
def test_a_decision_and_a_day_that_do_not_fit_are_refused(
    desk: Desk, paper: Paper, decision: Decision, again: date | None
) -> None:
    reading.start_pass(desk, paper, 1)
    with pytest.raises(UsageProblemError):
        reading.finish_pass(desk, paper, 1, "", again, decision)
    (still,) = reading.passes_of(desk, paper)
    assert still.state is PassState.STARTED


def test_leaving_is_a_stop_unless_there_is_a_day(desk: Desk, paper: Paper) -> None:
    reading.start_pass(desk, paper, 1)
    assert reading.drop_pass(desk, paper, 1, "no").decision is Decision.STOP
    reading.start_pass(desk, paper, 1)
    assert reading.drop_pass(desk, paper, 1, "no", SOON).decision is Decision.LATER


def test_time_adds_up_and_nonsense_does_not(desk: Desk, paper: Paper) -> None:
    item = reading.start_pass(desk, paper, 1)
    for seconds in (30.5, 3600, 0, -5, 3600.1, math.nan, math.inf, 29.5):
        reading.spend(desk, item.id, seconds)
    reading.spend(desk, 999, 10)
    reading.set_step(desk, item, 1)
    reading.finish_pass(desk, paper, 1)
    reading.start_pass(desk, paper, 1)
    (kept,) = reading.passes_of(desk, paper)
    assert kept.seconds == 3660


def test_what_was_put_off_comes_back_on_its_day(desk: Desk, paper: Paper) -> None:
    reading.start_pass(desk, paper, 1)
    reading.finish_pass(desk, paper, 1, "w", SOON)
    assert _waits(desk) == []
    assert _waits(desk, SOON - timedelta(days=1)) == []
    assert _waits(desk, SOON) == _waits(desk, SOON + timedelta(days=99)) == [(paper.name, 1)]
    take_off(desk, paper.name)
    assert _waits(desk, SOON) == []


def test_the_longest_due_comes_first(desk: Desk, paper: Paper) -> None:
    other = library.file_metadata(desk, Metadata("Other", arxiv_id="2001.00001"))
    for item, day in ((paper, SOON), (other, TODAY)):
        reading.start_pass(desk, item, 1)
        reading.finish_pass(desk, item, 1, "", day)
    assert _waits(desk) == [(other.name, 1)]
    assert _waits(desk, SOON) == [(other.name, 1), (paper.name, 1)]


@pytest.mark.parametrize("how", ["same pass", "next pass", "pass under way"])
def test_it_goes_when_reading_is_taken_up_on_the_day(
    desk: Desk, paper: Paper, fake_time: FakeTime, how: str
) -> None:
    if how == "pass under way":
        reading.start_pass(desk, paper, 2)
    reading.start_pass(desk, paper, 1)
    reading.finish_pass(desk, paper, 1, "", SOON)
    fake_time.advance(days=10)
    assert _waits(desk) == [(paper.name, 1)]
    reading.start_pass(desk, paper, 1 if how == "same pass" else 2)
    assert _waits(desk) == []
    assert _waits(desk, SOON + timedelta(days=50)) == []


def test_looking_at_another_pass_before_the_day_keeps_it(
    desk: Desk, paper: Paper, fake_time: FakeTime
) -> None:
    reading.start_pass(desk, paper, 1)
    reading.finish_pass(desk, paper, 1, "", SOON)
    fake_time.advance(days=3)
    reading.start_pass(desk, paper, 2)
    reading.finish_pass(desk, paper, 2)
    assert _waits(desk, SOON) == [(paper.name, 1)]
    reading.start_pass(desk, paper, 2)
    reading.finish_pass(desk, paper, 2, "", None, Decision.STOP)
    assert _waits(desk, SOON) == []


def test_put_off_again_it_waits_for_the_new_day_alone(desk: Desk, paper: Paper) -> None:
    reading.start_pass(desk, paper, 1)
    reading.finish_pass(desk, paper, 1, "", SOON)
    reading.start_pass(desk, paper, 2)
    reading.drop_pass(desk, paper, 2, "tired", SOON + timedelta(days=5))
    assert _waits(desk, SOON) == []
    assert _waits(desk, SOON + timedelta(days=5)) == [(paper.name, 2)]


def test_half_done_is_what_is_under_way_and_was_not_left_behind(
    desk: Desk, paper: Paper, fake_time: FakeTime
) -> None:
    def tick() -> None:
        fake_time.advance(minutes=1)

    other = library.file_metadata(desk, Metadata("Other", arxiv_id="2001.00001"))
    reading.start_pass(desk, paper, 1)
    tick()
    reading.start_pass(desk, other, 1)
    assert _half_done(desk) == [(other.name, 1), (paper.name, 1)]
    tick()
    reading.start_pass(desk, paper, 2)
    assert _half_done(desk) == [(paper.name, 2), (other.name, 1)]
    tick()
    reading.finish_pass(desk, paper, 1, "", None, Decision.GO_ON)
    assert (paper.name, 2) in _half_done(desk)
    tick()
    reading.start_pass(desk, paper, 1)
    tick()
    reading.finish_pass(desk, paper, 2)
    assert _half_done(desk) == [(other.name, 1)]
    tick()
    reading.start_pass(desk, paper, 3)
    tick()
    reading.finish_pass(desk, paper, 1, "", SOON)
    assert _half_done(desk) == [(other.name, 1)]
    take_off(desk, other.name)
    assert _half_done(desk) == []


def test_what_a_pass_did_not_come_to_is_known(desk: Desk, paper: Paper) -> None:
    item = reading.start_pass(desk, paper, 1)
    steps = reading.plan_of(reading.workflow_of(desk, paper), 1).steps
    item = reading.set_step(desk, item, 2)
    notes.add_note(desk, paper, 1, "x", step=steps[1].key)
    notes.add_note(desk, paper, 1, "x", step=steps[-1].key)
    notes.add_note(desk, paper, 2, "x", step=steps[0].key)
    left = reading.steps_left(desk, item)
    assert left.without_note == (steps[0], steps[2])
    assert left.not_reached == steps[3:-1]
