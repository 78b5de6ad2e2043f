"""Time is counted while something is done."""

import pytest

from researchdesk.tui.active_time import IDLE_S, ActiveTime, spoken


class Watch:
    now = 100.0

    def __call__(self):
        return self.now


def test_time_counts_while_something_is_done():
    watch = Watch()
    time = ActiveTime(watch)
    watch.now += 50
    assert time.take() == 0
    time.resume()
    for _ in range(10):
        watch.now += 60
        time.touch()
    assert time.take() == 600
    assert time.take() == 0


def test_one_who_went_away_is_counted_for_three_minutes():
    watch = Watch()
    time = ActiveTime(watch)
    time.resume()
    watch.now += 10_000
    assert time.take() == IDLE_S
    watch.now += 10
    time.touch()
    watch.now += 5
    assert time.take() == 5


def test_a_pause_does_not_count():
    watch = Watch()
    time = ActiveTime(watch)
    time.resume()
    watch.now += 20
    time.pause()
    watch.now += 100
    time.touch()
    time.resume()
    watch.now += 7
    assert time.take() == 27


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "under a minute"), (61, "1 min"), (3599, "59 min"), (3900, "1 h 05 min")],
)
def test_times_are_spoken(seconds, words):
    assert spoken(seconds) == words
