"""One measurement beside what it is measured against; how often to measure."""

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """``value`` and ``base`` in ``unit``: ours, and that of ``beside``; less is better.

    ``base`` is None where nothing is beside it. ``limit`` holds for ``judged``, which is the ratio
    where it is not given. ``note`` says more of the measurement.
    """

    name: str
    value: float
    unit: str
    beside: str = ""
    base: float | None = None
    limit: float | None = None
    judged: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return None if self.base is None else self.value / self.base

    @property
    def held(self) -> bool:
        judged = self.ratio if self.judged is None else self.judged
        return self.limit is None or judged is None or judged <= self.limit


@dataclass(frozen=True, slots=True)
class Place:
    """Where desks and programs are made, and kept; ``quick`` where two minutes are to do."""

    folder: Path
    quick: bool = False
    say: Callable[[str], None] = print

    @property
    def rounds(self) -> int:
        return 5 if self.quick else 9


Group = Callable[[Place], Iterator[Row]]

Program = tuple[Sequence[str], Mapping[str, str]]


def in_turn(programs: Mapping[str, Program], rounds: int) -> dict[str, float]:
    """Least seconds of processes from start to end; the first round fills caches, uncounted.

    Raises CalledProcessError where one fails.
    """
    times: dict[str, list[float]] = {name: [] for name in programs}
    for number in range(rounds + 1):
        for name, (command, environ) in programs.items():
            began = time.perf_counter()
            subprocess.run(command, env=environ, capture_output=True, check=True)
            if number:
                times[name].append(time.perf_counter() - began)
    return {name: min(values) for name, values in times.items()}


def by_turns(works: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Least seconds of each, done in turn ``rounds`` times, after once to warm up."""
    least = dict.fromkeys(works, float("inf"))
    for number in range(rounds + 1):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            if number:
                least[name] = min(least[name], time.perf_counter() - began)
    return least
