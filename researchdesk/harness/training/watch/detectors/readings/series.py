"""Numbers that come one after the other, kept in little room."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

_MOST = 2_000


@dataclass(slots=True)
class Series:
    """Values by step. When there are too many, every second of the kept ones is dropped."""

    steps: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    stride: int = 1
    count: int = 0

    def add(self, step: int, value: float) -> None:
        """Take in a value; one that is not finite is left to others."""
        if not math.isfinite(value):
            return
        self.count += 1
        if self.count % self.stride:
            return
        self.steps.append(step)
        self.values.append(value)
        if len(self.values) >= _MOST:
            self.steps, self.values = self.steps[::2], self.values[::2]
            self.stride *= 2

    def since(self, step: int) -> list[float]:
        """The values from a step on."""
        return [value for at, value in zip(self.steps, self.values, strict=True) if at >= step]

    def ends(self) -> tuple[float, float, float]:
        """Mean of the first tenth, mean of the last quarter, standard error of the latter."""
        count = len(self.values)
        head = self.values[: max(1, count // 10)]
        tail = self.values[-max(2, count // 4) :]
        return mean(head), mean(tail), spread(tail) / math.sqrt(len(tail))


def mean(values: Sequence[float]) -> float:
    """Arithmetic mean of at least one value."""
    return math.fsum(values) / len(values)


def weighted(values: Sequence[tuple[float, int]]) -> float:
    """Mean of at least one value, each as often as it says; plain where none says."""
    total = sum(times for _, times in values)
    if not total:
        return mean([value for value, _ in values])
    return math.fsum(value * times for value, times in values) / total


def spread(values: Sequence[float]) -> float:
    """Standard deviation, 0 for a single value."""
    if len(values) < 2:
        return 0.0
    middle = mean(values)
    return math.sqrt(math.fsum((v - middle) ** 2 for v in values) / (len(values) - 1))
