"""What steps cost, by a clock that is moved by hand."""

import pytest
from support.tiny_training import Said

from researchdesk.harness.training.timings import Timings


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def timed(steps: int, data_s: float, compute_s: float, evaluate_s: float = 0.0) -> Said:
    clock, said = Clock(), Said()
    timings = Timings(steps, said, clock)
    for step in range(1, steps + 1):
        for on, seconds in (("data", data_s), ("compute", compute_s), ("evaluate", evaluate_s)):
            clock.now += seconds
            timings.spent(on)
        timings.stepped(step)
    return said


def test_data_and_computing_are_told_apart_about_every_second() -> None:
    told = timed(100, 0.01, 0.03, 0.01).of("timing")
    assert [one["step"] for one in told] == [20, 40, 60, 80, 100]
    first = told[0]
    assert first["steps"] == 100
    assert first["data_ms"] == pytest.approx(10)
    assert first["compute_ms"] == pytest.approx(30)
    assert first["evaluate_ms"] == pytest.approx(10)
    assert first["left_s"] == pytest.approx(80 * 0.05)
    assert "hint" not in first


def test_a_short_training_is_told_once_at_its_end() -> None:
    assert [one["step"] for one in timed(5, 0.01, 0.01).of("timing")] == [5]


@pytest.mark.parametrize(
    ("data_s", "compute_s", "words"),
    [(0.6, 0.1, "most of it for data"), (0.1, 0.6, "most of it for computing"), (0.2, 0.29, "")],
)
def test_a_step_over_half_a_second_gets_a_hint(data_s: float, compute_s: float, words: str) -> None:
    told = timed(4, data_s, compute_s).of("timing")
    assert all(words in one["hint"] if words else "hint" not in one for one in told)
