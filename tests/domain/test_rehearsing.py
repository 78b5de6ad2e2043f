"""The clock of a rehearsal, by a clock that is told what time it is."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.rehearsal_pages import (
    against,
    compared_lines,
    overrun_lines,
    slide_rows,
    whole_line,
)
from researchdesk.domain.rehearsing import Rehearsal, SlideTime, TalkClock, against_plan, bar


def rehearsed(number: int, *used: float, ended: bool = True) -> Rehearsal:
    slides = tuple(
        SlideTime(at, title, planned, seconds)
        for at, (title, planned, seconds) in enumerate(
            zip("ABC", (60, 90, 30), used, strict=True), 1
        )
    )
    day = datetime(2026, 3, number, 9, tzinfo=UTC)
    return Rehearsal(number, "narrowing", "t.md", 180, day, day if ended else None, slides)


class Now:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_each_slide_gets_the_time_it_stood_there() -> None:
    now = Now()
    clock = TalkClock([60, 90], now)
    now.seconds += 50
    assert clock.used() == (0, 0)
    clock.resume()
    now.seconds += 40
    assert (clock.on_slide(), clock.on_whole(), clock.behind_s()) == ((40, 60), (40, 150), 0)
    assert clock.go(1)
    assert clock.is_last
    assert not clock.go(1)
    assert clock.behind_s() == -20
    now.seconds += 100
    clock.pause()
    now.seconds += 1000
    assert clock.used() == (40, 100)
    assert clock.behind_s() == -10
    assert clock.go(-1)
    assert not clock.go(-1)
    clock.resume()
    now.seconds += 30
    assert (clock.used(), clock.behind_s()) == ((70, 100), 110)
    now.seconds -= 500
    assert clock.used() == (70, 100)
    with pytest.raises(ValueError, match="slide"):
        TalkClock([], now)


def test_words_and_bars() -> None:
    assert [against_plan(seconds) for seconds in (0, -4, 35, -70)] == [
        "on time", "on time", "0:35 behind", "1:10 ahead",
    ]  # fmt: skip
    assert [against(*times) for times in ((3, 10), (0.9, 10), (-4, 90), (5, 90), (-2, 10))] == [
        "0:03 over", "on time", "on time", "0:05 over", "0:02 under",
    ]  # fmt: skip
    assert bar(30, 60, 8) == "████░░░░"
    assert bar(120, 60, 8) == "████▓▓▓▓"
    assert bar(0, 0, 4) == "░░░░"


@given(st.floats(0, 1e5), st.floats(0, 1e5), st.integers(-1, 200))
def test_a_bar_is_as_wide_as_it_should_be(used: float, planned: float, width: int) -> None:
    assert len(bar(used, planned, width)) == max(0, width)


def test_a_rehearsal_is_told_and_compared() -> None:
    first, broken, last = (
        rehearsed(1, 70, 90, 40), rehearsed(2, 30, 0, 0, ended=False), rehearsed(3, 55, 160, 32),
    )  # fmt: skip
    assert whole_line(last) == "4:07 of 3:00 planned (1:07 over); whole"
    assert whole_line(broken) == (
        "0:30 of 1:00 planned up to slide 1 (0:30 under); broken off on slide 1 of 3"
    )
    assert overrun_lines(last) == ["Slide 2 took 2:40, 1:10 over: B"]
    assert compared_lines(last, [broken, first]) == [
        "Rehearsal 3 of this talk.",
        "It was 0:47 longer than the last whole one, of 2026-03-01.",
        "Slide 2 was 1:10 longer than then: B",
        "Slide 1 was 0:15 shorter than then: A",
        "Slide 3 was 0:08 shorter than then: C",
    ]
    assert [(row.used, row.against, row.picture, row.over) for row in slide_rows(broken, 6)] == [
        ("0:30", "0:30 under", "██░░", False),
        ("–", "not shown", "░░░░░░", False),
        ("–", "not shown", "░░", False),
    ]
