"""Which steps are looked at: the first, then as many as keep their share of the time."""

from itertools import pairwise

import pytest

from researchdesk.harness.training.watch.pacing import Pace


def looks(pace: Pace, steps: int, plain: float, cost: float, now: float = 0.0) -> list[int]:
    """Which steps are looked at; by a clock of ours, and with looks that cost the same each."""
    spent, found = 0.0, []
    pace.begin(now, spent)
    for step in range(steps):
        if pace.on:
            found.append(step)
            spent += cost
            now += cost
        now += plain
        pace.over(now, spent)
    return found


@pytest.mark.parametrize(
    ("plain", "cost", "share"), [(0.02, 0.006, 0.03), (0.2, 0.05, 0.03), (0.001, 0.004, 0.25)]
)
def test_looks_after_the_first_keep_to_their_share(plain, cost, share):
    found = looks(Pace(), 3_000, plain, cost)
    late = [step for step in found if step >= 200]
    assert len(late) * cost <= share * 2_800 * plain
    assert len(late) >= 3


def test_the_first_steps_are_all_looked_at_and_fewer_where_they_are_long():
    assert looks(Pace(), 60, 0.001, 0.05)[:16] == list(range(16))
    found = looks(Pace(), 200, 0.05, 0.05)
    assert found[:8] == list(range(8))
    assert found[8] > 20


def test_every_n_is_what_was_asked_for():
    found = looks(Pace(10), 200, 0.001, 0.004)
    assert {b - a for a, b in pairwise(found[20:])} <= {10, 11}


def test_a_new_optimizer_renews_the_first_looks_and_not_for_ever():
    pace = Pace()
    looks(pace, 400, 0.02, 0.02)
    pace.renew()
    assert looks(pace, 9, 0.02, 0.02) == list(range(9))
    for _ in range(20):
        pace.renew()
    before = pace.looked
    looks(pace, 100, 0.02, 0.02)
    assert pace.looked - before < 30
