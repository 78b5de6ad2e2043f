"""Ends a trial early: its best value so far is held to thresholds that were known beforehand."""

import math
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any


class StoppedEarlyError(BaseException):
    """A trial was stopped at ``step``. No ``except Exception`` of a recipe takes it for its own."""

    def __init__(self, step: int) -> None:
        super().__init__(f"It was stopped early, at step {step}.")
        self.step = step


class Stopper:
    """The rule of one trial: its ``metric``, which way is ``better``, and ``at``, a list of step
    and threshold by rising step.

    From each step on, up to the next one, a best value so far that is worse than the threshold
    stops the trial; None: nothing does. Not a number is worse than any. It also keeps the points
    of the metric that are told, so that a trial which goes on elsewhere can tell them again.
    """

    def __init__(self, rule: Mapping[str, Any]) -> None:
        self.metric = str(rule["metric"])
        self.points: list[tuple[int, float]] = []
        self._sign = -1.0 if rule["better"] == "lower" else 1.0
        self._steps = [int(step) for step, _ in rule["at"]]
        self._thresholds = [threshold for _, threshold in rule["at"]]
        self._best = -math.inf

    def stops(self, step: int, value: float) -> bool:
        """Take a value of the metric; whether the trial ends with it."""
        if not math.isnan(value):
            self._best = max(self._best, self._sign * value)
        place = bisect_right(self._steps, step)
        threshold = self._thresholds[place - 1] if place else None
        return threshold is not None and self._best < self._sign * threshold

    def state(self) -> dict[str, Any]:
        """Where it is, for ``restore``."""
        return {"best": self._best, "points": [list(point) for point in self.points]}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from where another one was."""
        self._best = state["best"]
        self.points = [(step, value) for step, value in state["points"]]
