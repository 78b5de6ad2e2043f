"""Time is counted while something is done."""

from researchdesk.tui.active_time import IDLE_S, ActiveTime


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
