"""The median stopping rule of a sweep: thresholds that are known before a trial starts."""

import heapq
import math
from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence

from researchdesk.domain.sweeps import MedianRule

_FIRST = 64
_MOST_STEPS = 256
_OF_ONE = 128

Threshold = tuple[int, float | None]
"""From this step on, up to that of the next one, a trial whose best value so far is worse than the
number is stopped; None: it is not."""


class Thresholds:
    """The medians over the trials added so far of the running means of their metric, step by step.

    At step s a trial counts that logged the metric at s or later: its mean there is that of all its
    values logged at s or before. Not a number counts as the worst there is. The steps are those of
    the first 64 trials, at most 256: where trials log at the same steps, as they mostly do, the
    thresholds are exactly those of the source; else the last one before a step holds there, which
    is the milder one while the metric gets better. Adding a trial takes O(log n) for each step.
    Source: Golovin et al. (2017), Google Vizier: A Service for Black-Box Optimization, 3.2.1.
    """

    def __init__(self, rule: MedianRule, better: str) -> None:
        self._rule = rule
        self._sign = -1.0 if better == "lower" else 1.0
        self._steps: list[int] = []
        self._medians: dict[int, RunningMedian] = {}
        self._first: list[tuple[list[int], list[float]]] | None = []

    def add(self, curve: Mapping[int, float]) -> None:
        """Take the curve of one more trial, value by step."""
        if not curve:
            return
        steps = sorted(curve)
        means = self._running_means([curve[step] for step in steps])
        reached = self._steps[: bisect_right(self._steps, steps[-1])]
        for step in reached:
            self._push(step, steps, means)
        if self._first is not None:
            self._first.append((steps, means))
            self._learn(steps)
            if len(self._first) == _FIRST:
                self._first = None

    def table(self) -> tuple[Threshold, ...]:
        """The thresholds now, by rising step. Empty while there are too few trials."""
        found: list[Threshold] = []
        for step in self._steps:
            median = self._medians[step]
            value = median.value if len(median) >= self._rule.trials else math.nan
            if math.isfinite(value):
                found.append((step, self._sign * value))
            elif found and found[-1][1] is not None:
                found.append((step, None))
        if found and found[-1][1] is not None:
            found.append((self._steps[-1] + 1, None))
        return tuple(found)

    def _learn(self, steps: Sequence[int]) -> None:
        """Take steps that are new, with what the trials until now had there."""
        new = [step for step in steps if step >= self._rule.after and step not in self._medians]
        every = -(-len(new) // _OF_ONE) or 1
        for step in new[::every][: max(0, _MOST_STEPS - len(self._steps))]:
            self._medians[step] = RunningMedian()
            insort(self._steps, step)
            for earlier, means in self._first or ():
                if earlier[-1] >= step:
                    self._push(step, earlier, means)

    def _push(self, step: int, steps: Sequence[int], means: Sequence[float]) -> None:
        place = bisect_right(steps, step)
        if place:
            self._medians[step].push(means[place - 1])

    def _running_means(self, values: Sequence[float]) -> list[float]:
        """With the sign turned where lower is better, so that higher is."""
        total, found = 0.0, []
        for count, value in enumerate(values, start=1):
            total += -math.inf if math.isnan(value) else self._sign * value
            total = -math.inf if math.isnan(total) else total
            found.append(total / count)
        return found


class RunningMedian:
    """The median of the numbers pushed so far: a push takes O(log n), looking O(1)."""

    def __init__(self) -> None:
        self._low: list[float] = []  # the lower half, turned round: its highest first
        self._high: list[float] = []

    def __len__(self) -> int:
        return len(self._low) + len(self._high)

    def push(self, value: float) -> None:
        if len(self._low) > len(self._high):
            heapq.heappush(self._high, -heapq.heappushpop(self._low, -value))
        else:
            heapq.heappush(self._low, -heapq.heappushpop(self._high, value))

    @property
    def value(self) -> float:
        """The median; of an even count the middle between the two. Raises IndexError if empty."""
        if len(self._low) > len(self._high):
            return -self._low[0]
        return (self._high[0] - self._low[0]) / 2
