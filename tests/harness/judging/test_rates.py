"""Success rates, with and without the paper's trials."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from researchdesk.domain.recipes import Claim, ClaimKind
from researchdesk.domain.verdicts import ClaimResult, Shortfall, Verdict
from researchdesk.harness.statistics.proportions import newcombe, wilson

Judge = Callable[..., ClaimResult]
RATE = Claim("c", "t", ClaimKind.RATE, "m", "ours", "table 1", 0.94, tolerance=0.06, runs=100)
UNKNOWN = replace(RATE, runs=None)


def seeds(successes: int, trials: int) -> list[float]:
    return [1.0] * successes + [0.0] * (trials - successes)


@pytest.mark.parametrize(
    ("successes", "trials", "verdict"),
    [
        (94, 100, Verdict.REPRODUCED),
        (9, 10, Verdict.IMPRECISE),
        (5, 10, Verdict.DIFFERENT),
        (60, 100, Verdict.DIFFERENT),
    ],
)
def test_a_rate_is_judged_by_newcombes_interval_of_the_difference(
    result: Judge, successes: int, trials: int, verdict: Verdict
) -> None:
    found = result(RATE, seeds(successes, trials))
    assert found.verdict is verdict
    assert found.test.startswith("Newcombe")
    assert found.interval == newcombe(successes, trials, 94, 100)
    assert (found.n, found.mean) == (trials, pytest.approx(successes / trials))
    assert found.sd is None
    assert f"ours: {successes} of {trials} seeds" in found.arithmetic[0]
    assert "paper: 94 of 100 trials" in found.arithmetic[1]
    assert max(map(len, found.arithmetic)) <= 76


def test_without_the_papers_trials_it_is_wilsons_and_said(result: Judge) -> None:
    found = result(UNKNOWN, seeds(5, 10))
    own = wilson(5, 10)
    assert (found.verdict, found.test) == (Verdict.DIFFERENT, "Wilson, exact binomial test")
    assert found.interval is not None
    assert found.interval.low == pytest.approx(own.low - 0.94)
    assert any("unknown number of trials, taken as exact" in line for line in found.arithmetic)


def test_every_seed_alike_is_no_obstacle_to_a_rate(result: Judge) -> None:
    assert result(replace(RATE, claimed=1.0), seeds(100, 100)).verdict is Verdict.REPRODUCED
    assert result(RATE, seeds(3, 3)).verdict is Verdict.IMPRECISE
    assert result(RATE, seeds(0, 20)).verdict is Verdict.DIFFERENT


def test_the_score_interval_alone_does_not_call_a_rate_different(result: Judge) -> None:
    """Two of three against 100 of 100: Newcombe's interval leaves 0 out, Fisher's p is 0.029."""
    claim = replace(RATE, claimed=0.98, tolerance=0.01)
    found = result(claim, seeds(2, 3))
    assert newcombe(2, 3, 98, 100).high < 0
    assert found.p is not None
    assert (found.verdict is Verdict.DIFFERENT) == (found.p < 0.05)
    assert found.verdict is Verdict.IMPRECISE
    assert "but the p of Fisher's exact test is" in found.why


def test_more_seeds_are_told_where_they_would_decide(result: Judge) -> None:
    found = result(UNKNOWN, seeds(9, 10))
    assert found.more_seeds is not None
    more = seeds(round(0.9 * found.more_seeds), found.more_seeds)
    assert result(UNKNOWN, more).verdict is not Verdict.IMPRECISE


def test_a_metric_that_is_no_success_is_no_rate(result: Judge) -> None:
    found = result(RATE, (0.9, 0.95))
    assert (found.verdict, found.shortfall) == (Verdict.NOT_COMPARABLE, Shortfall.NOT_MEASURED)
    bare = result(replace(RATE, tolerance=None), seeds(9, 10))
    assert bare.shortfall is Shortfall.NO_TOLERANCE
