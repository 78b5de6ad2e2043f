"""Samples made to measure."""

import random
from collections.abc import Callable

import pytest

from researchdesk.harness.statistics.samples import sample


@pytest.fixture
def with_moments() -> Callable[..., list[float]]:
    """A sample with exactly this size, mean and standard deviation, up to rounding."""

    def make(n: int, mean: float, sd: float, seed: int = 0) -> list[float]:
        draw = random.Random(seed)
        raw = [draw.gauss(0, 1) for _ in range(n)]
        of = sample(raw)
        return [mean + sd * (value - of.mean) / of.sd for value in raw]

    return make
