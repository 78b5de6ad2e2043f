"""What a run's events add up to, as they come in. Data only; widgets draw it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from researchdesk.domain.runs import Event, Task
from researchdesk.domain.text import clean
from researchdesk.tui.widgets.bench_words import SeedState

Points = list[tuple[float, float]]


@dataclass(slots=True)
class Seed:
    """How far one seed is; ``latest`` is what it last measured, ``error`` how it failed."""

    state: SeedState = SeedState.WAITING
    step: float | None = None
    latest: dict[str, float] = field(default_factory=dict)
    seconds: float | None = None
    error: str = ""


class RunView:
    """Seeds and curves of one run. ``taken`` counts the events it was given."""

    def __init__(self, run_id: str, tasks: Iterable[Task]) -> None:
        self.run_id = run_id
        self.seeds: dict[Task, Seed] = {task: Seed() for task in tasks}
        self.curves: dict[str, dict[Task, Points]] = {}
        self.not_finite: dict[str, int] = {}
        self.taken = 0
        self.drawn = 0
        self.ends = 0

    @property
    def arms(self) -> list[str]:
        """The arms in the plan's order."""
        return list(dict.fromkeys(task.arm for task in self.seeds))

    def seeds_of(self, arm: str) -> dict[Task, Seed]:
        return {task: seed for task, seed in self.seeds.items() if task.arm == arm}

    def count(self, state: SeedState) -> int:
        return sum(seed.state is state for seed in self.seeds.values())

    def take(self, events: Sequence[Event]) -> None:
        """Add events, oldest first. ``ends`` counts seeds and runs that came to an end."""
        self.taken += len(events)
        for event in events:
            if event.kind in ("run_interrupted", "run_finished"):
                self.ends += 1
                self.stop()
            elif event.kind == "run_resumed":
                self._turn(SeedState.STOPPED, SeedState.WAITING)
            elif event.seed is not None:
                task = Task(event.arm, event.seed)
                self._take_seed(task, self.seeds.setdefault(task, Seed()), event)

    def stop(self) -> None:
        """Nobody works on the run any more."""
        self._turn(SeedState.RUNNING, SeedState.STOPPED)

    def _turn(self, old: SeedState, new: SeedState) -> None:
        for seed in self.seeds.values():
            if seed.state is old:
                seed.state = new

    def _take_seed(self, task: Task, seed: Seed, event: Event) -> None:
        data = event.data
        if event.kind == "seed_started":
            self.seeds[task] = Seed(SeedState.RUNNING)
            for curve in self.curves.values():
                curve.pop(task, None)
        elif event.kind == "metric":
            self._take_point(task, seed, data)
        elif event.kind == "seed_finished":
            self.ends += 1
            seed.state, seed.seconds = SeedState.DONE, _number(data.get("seconds"))
            metrics = data.get("metrics")
            for name, value in metrics.items() if isinstance(metrics, Mapping) else ():
                if (measured := _number(value)) is not None:
                    seed.latest[str(name)] = measured
        elif event.kind == "seed_failed":
            self.ends += 1
            seed.state, seed.error = SeedState.FAILED, clean(str(data.get("error", "")))

    def _take_point(self, task: Task, seed: Seed, data: Mapping[str, object]) -> None:
        name, step, value = str(data.get("name")), _number(data.get("step")), data.get("value")
        measured = _number(value)
        if step is None or measured is None:
            return
        self.drawn += 1
        seed.step, seed.latest[name] = step, measured
        points = self.curves.setdefault(name, {}).setdefault(task, [])
        if math.isfinite(measured):
            points.append((step, measured))
        else:
            self.not_finite[name] = self.not_finite.get(name, 0) + 1


def median_curve(curves: Sequence[Points]) -> Points:
    """The median over seeds at every step that at least half of those still going have."""
    at_step: dict[float, list[float]] = {}
    for curve in curves:
        for step, value in curve:
            at_step.setdefault(step, []).append(value)
    lasts = [curve[-1][0] for curve in curves if curve]
    return [
        (step, median(values))
        for step, values in sorted(at_step.items())
        if 2 * len(values) >= sum(last >= step for last in lasts)
    ]


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
