"""Coverage of the intervals, and how seldom a true claim is called different, by simulation."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from researchdesk.domain.recipes import SpreadKind

SIZES = [3, 5, 10]
AT_MOST = 0.05
NOISE = 0.01
"""Over two standard deviations of a share of 5 in 100 over 4,000 rounds (0.0034 each)."""


@pytest.fixture(scope="module")
def simulated() -> ModuleType:
    """The benchmark that prints the same shares."""
    file = Path(__file__).parents[2] / "benchmarks" / "coverage.py"
    spec = importlib.util.spec_from_file_location("benchmark_of_coverage", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize("n", [2, *SIZES])
def test_the_normal_prediction_interval_holds_the_next_run_in_95_of_100(
    simulated: ModuleType, n: int
) -> None:
    share = simulated.prediction_coverage(simulated.SEEDS["normal"], n, 20_000)
    assert share == pytest.approx(0.95, abs=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("tolerance", [0.001, 0.5])
def test_a_true_value_of_one_run_is_called_different_at_most_5_times_in_100(
    simulated: ModuleType, n: int, tolerance: float
) -> None:
    normal = simulated.SEEDS["normal"]
    share = simulated.value_called_different(normal, n, tolerance, 4_000)
    assert share <= AT_MOST + NOISE


@pytest.mark.slow
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize(("runs", "kind"), [(3, "sd"), (10, "sd"), (5, "standard error")])
def test_a_true_mean_with_its_spread_is_called_different_at_most_5_times_in_100(
    simulated: ModuleType, n: int, runs: int, kind: str
) -> None:
    normal = simulated.SEEDS["normal"]
    share = simulated.mean_called_different(normal, n, runs, 0.1, 4_000, SpreadKind(kind))
    assert share <= AT_MOST + NOISE


@pytest.mark.slow
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("trials", [None, 20, 100])
@pytest.mark.parametrize("rate", [0.13, 0.5, 0.94])
def test_a_true_rate_is_called_different_at_most_5_times_in_100_exactly(
    simulated: ModuleType, n: int, trials: int | None, rate: float
) -> None:
    assert simulated.rate_called_different(n, trials, rate, 0.05) <= AT_MOST


@pytest.mark.slow
@pytest.mark.parametrize("n", SIZES)
def test_bounds_and_orderings_that_just_hold_are_called_different_at_most_5_times_in_100(
    simulated: ModuleType, n: int
) -> None:
    normal = simulated.SEEDS["normal"]
    assert simulated.bound_called_different(normal, n, 4_000) <= AT_MOST + NOISE
    assert simulated.ordering_called_different(normal, n, 4_000) <= AT_MOST + NOISE
    assert simulated.ordering_called_different(normal, n, 400, paired=True) <= AT_MOST + 0.02


@pytest.mark.slow
@pytest.mark.parametrize("n", SIZES)
def test_one_of_ten_true_claims_is_called_different_in_at_most_5_runs_in_100(
    simulated: ModuleType, n: int
) -> None:
    assert simulated.any_called_different(10, n, 1_000) <= AT_MOST + 0.02
