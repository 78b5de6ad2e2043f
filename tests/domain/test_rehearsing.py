"""The clock of a rehearsal, by a clock that is told what time it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.rehearsing import TalkClock, against_plan, bar


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
    assert bar(30, 60, 8) == "████░░░░"
    assert bar(120, 60, 8) == "████▓▓▓▓"
    assert bar(0, 0, 4) == "░░░░"


@given(st.floats(0, 1e5), st.floats(0, 1e5), st.integers(-1, 200))
def test_a_bar_is_as_wide_as_it_should_be(used: float, planned: float, width: int) -> None:
    assert len(bar(used, planned, width)) == max(0, width)
