"""What an experiment is given: arm, seed, settings, and where to say what it measured."""

from collections.abc import Callable, Mapping
from typing import Any, SupportsFloat

from researchdesk.harness.training.thinning import Thinning

Emit = Callable[[str, Mapping[str, Any]], None]


class Run:
    """One seed of one arm, as ``measure(run)`` sees it."""

    def __init__(self, arm: str, seed: int, settings: Mapping[str, Any], emit: Emit) -> None:
        self.arm = arm
        self.seed = seed
        self.settings = settings
        self._emit = emit
        self._thinning: dict[str, Thinning] = {}
        self._last: dict[str, float | int] = {}
        self._results: dict[str, float | int] = {}
        self._skipped: dict[str, Mapping[str, Any]] = {}

    def log(self, step: int, **metrics: Any) -> None:
        """Say what the metrics are at ``step``; long series are thinned for the curves.

        Values are numbers or tensors of one element. A metric's last value is its result where
        ``result`` names no other.
        """
        for name, given in metrics.items():
            value = number(name, given)
            self._last[name] = value
            point = {"step": int(step), "name": name, "value": value}
            if self._thinning.setdefault(name, Thinning()).keeps_next():
                self._skipped.pop(name, None)
                self._emit("metric", point)
            else:
                self._skipped[name] = point

    def result(self, **metrics: Any) -> None:
        """Say what this seed measured. Raises TypeError where a value is not a number."""
        for name, given in metrics.items():
            self._results[name] = number(name, given)

    def measured(self) -> dict[str, float | int]:
        """The results, and the last logged value of each metric that has none.

        Ends the curves: their last points are said, too.
        """
        for point in self._skipped.values():
            self._emit("metric", point)
        self._skipped.clear()
        return self._last | self._results


def number(name: str, given: Any) -> float | int:
    """``given`` as a plain number. Raises TypeError where it is not one."""
    value = given.item() if hasattr(given, "item") else given
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, SupportsFloat) and not isinstance(value, str):
        return float(value)
    raise TypeError(f"The metric {name!r} is {type(given).__name__}, not a number.")
