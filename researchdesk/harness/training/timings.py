"""What a step costs: the data against the computing, and what is left."""

import time
from collections.abc import Callable

from researchdesk.harness.training.run import Emit

EVERY_S = 1.0
SLOW_MS = 500.0


class Timings:
    """Adds up what steps take and tells it about every second.

    It tells ``timing`` with ``step`` of ``steps``, ``data_ms`` and ``compute_ms`` of a step and
    ``evaluate_ms`` (evaluations and checkpoints) spread over the steps, each a mean since last
    told, ``left_s`` for the rest of the seed, and a ``hint`` where a step is slower than 500 ms.
    """

    def __init__(self, steps: int, emit: Emit, clock: Callable[[], float] = time.perf_counter):
        self._steps = steps
        self._emit = emit
        self._clock = clock
        self._told_at = self._mark = clock()
        self._since = 0
        self._spent = {"data": 0.0, "compute": 0.0, "evaluate": 0.0}

    def spent(self, on: str) -> None:
        """The time since the last call was for ``data``, ``compute`` or ``evaluate``."""
        now = self._clock()
        self._spent[on] += now - self._mark
        self._mark = now

    def stepped(self, step: int) -> None:
        """A step came to its end."""
        self._since += 1
        if self._mark - self._told_at >= EVERY_S or step == self._steps:
            self._tell(step)

    def _tell(self, step: int) -> None:
        means = {on: 1000 * spent / self._since for on, spent in self._spent.items()}
        each = sum(means.values())
        hint = _hint(means["data"], means["compute"])
        self._emit(
            "timing",
            {
                "step": step,
                "steps": self._steps,
                **{f"{on}_ms": round(mean, 4) for on, mean in means.items()},
                "left_s": round((self._steps - step) * each / 1000, 3),
                **({"hint": hint} if hint else {}),
            },
        )
        self._told_at = self._mark
        self._since = 0
        self._spent = dict.fromkeys(self._spent, 0.0)


def _hint(data_ms: float, compute_ms: float) -> str:
    if data_ms + compute_ms <= SLOW_MS:
        return ""
    if data_ms > compute_ms:
        return (
            f"A step takes {data_ms + compute_ms:.0f} ms, most of it for data: prepare the data "
            "once in `data`, as tensors."
        )
    return (
        f"A step takes {data_ms + compute_ms:.0f} ms, most of it for computing: a smaller batch or "
        "model, or an accelerator (`--device`), would be faster."
    )
