"""What a run's events add up to, as they come in. Data only; widgets draw it."""

import math
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from researchdesk.domain.estimate import Estimate
from researchdesk.domain.runs import Event, Task
from researchdesk.domain.text import clean
from researchdesk.tui.widgets.bench_findings import Watched
from researchdesk.tui.widgets.bench_words import SeedState

Points = list[tuple[float, float]]
_MOST_SNAPSHOTS = 60
_SLOW_MS = 500
_OF_ENGINES = ("trial_submitted", "trial_over", "engine_lost", "engine_back")


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a step takes, in milliseconds: getting its data, and computing."""

    step: float
    steps: float
    data_ms: float
    compute_ms: float

    @property
    def slow(self) -> bool:
        """Whether a step takes so long that one should know where the time goes."""
        return self.data_ms + self.compute_ms > _SLOW_MS


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a model said of a fixed batch at one step, and what is true; one number an example."""

    step: float
    values: tuple[float, ...]
    truth: tuple[float, ...]


@dataclass(slots=True)
class Seed:
    """How far one seed is; ``latest`` is what it last measured, ``error`` how it failed.

    ``snapshots`` are its predictions on the way, the newest last; ``node`` is where it is or was,
    ``retries`` are the reasons why it was tried again.
    """

    state: SeedState = SeedState.WAITING
    step: float | None = None
    latest: dict[str, float] = field(default_factory=dict)
    seconds: float | None = None
    error: str = ""
    timing: Timing | None = None
    node: str = ""
    retries: list[str] = field(default_factory=list)
    snapshots: deque[Snapshot] = field(default_factory=lambda: deque(maxlen=_MOST_SNAPSHOTS))


class RunView:
    """Seeds and curves of one run. ``taken`` counts the events it was given.

    ``watched`` are findings of watched scripts that belong to it, ``there`` the jobs that an engine
    has of it, ``lost`` says why that cannot be reached at the moment.
    """

    def __init__(self, run_id: str, tasks: Iterable[Task]) -> None:
        self.run_id = run_id
        self.seeds: dict[Task, Seed] = {task: Seed() for task in tasks}
        self.curves: dict[str, dict[Task, Points]] = {}
        self.not_finite: dict[str, int] = {}
        self.checks: dict[str, tuple[bool | None, str]] = {}
        self.watched: Watched = ()
        self.plan = self.lost = ""
        self.there: set[str] = set()
        self.estimate = Estimate()
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
            self.estimate.take(event)
            if event.kind in ("run_interrupted", "run_finished"):
                self.ends += 1
                self.stop()
            elif event.kind == "run_resumed":
                self._turn(SeedState.STOPPED, SeedState.WAITING)
            elif event.kind == "run_planned":
                self.plan = clean(str(event.data.get("plan", "")))
            elif event.kind == "check":
                name = clean(str(event.data.get("name", "")))
                words = clean(str(event.data.get("message", "")))
                ok = event.data.get("ok")
                self.checks[name] = (None if ok is None else bool(ok), words)
            elif event.kind in _OF_ENGINES:
                self._take_engine(event)
            elif event.seed is not None:
                task = Task(event.arm, event.seed, event.vary)
                self._take_seed(task, self.seeds.setdefault(task, Seed()), event)

    def _take_engine(self, event: Event) -> None:
        key = str(event.data.get("key", ""))
        if event.kind == "trial_submitted":
            self.there.add(key)
        elif event.kind == "trial_over":
            self.there.discard(key)
        elif event.kind == "engine_lost":
            self.lost = clean(str(event.data.get("message", ""))) or "Its engine is out of reach."
        else:
            self.lost = ""

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
            self._begin(task, _number(data.get("step")) or 0.0, clean(str(data.get("node", ""))))
        elif event.kind == "seed_retried":
            seed.retries.append(clean(str(data.get("reason", ""))))
        elif event.kind == "metric":
            self._take_point(task, seed, data)
        elif event.kind == "timing":
            seed.timing = _timing(data) or seed.timing
        elif event.kind == "predictions":
            if snapshot := _snapshot(data):
                seed.snapshots.append(snapshot)
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

    def _begin(self, task: Task, step: float, node: str) -> None:
        """A seed begins; one that goes on from a checkpoint keeps its curves up to there."""
        snapshots = [item for item in self.seeds[task].snapshots if item.step <= step]
        before = self.seeds[task]
        self.seeds[task] = Seed(SeedState.RUNNING, node=node or before.node, retries=before.retries)
        self.seeds[task].snapshots.extend(snapshots)
        for curve in self.curves.values():
            if task in curve:
                curve[task] = [point for point in curve[task] if point[0] <= step and step]

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


def band(curves: Sequence[Points]) -> list[tuple[float, float, float]]:
    """Step, lowest and highest value of the seeds at every step that two of them have at least."""
    at_step: dict[float, list[float]] = {}
    for curve in curves:
        for step, value in curve:
            at_step.setdefault(step, []).append(value)
    return [(step, min(v), max(v)) for step, v in sorted(at_step.items()) if len(v) > 1]


def _timing(data: Mapping[str, object]) -> Timing | None:
    found = [_number(data.get(name)) for name in ("step", "steps", "data_ms", "compute_ms")]
    step, steps, loading, computing = found
    if step is None or steps is None or loading is None or computing is None:
        return None
    return Timing(step, steps, loading, computing)


def _snapshot(data: Mapping[str, object]) -> Snapshot | None:
    step, values, truth = _number(data.get("step")), data.get("values"), data.get("truth")
    if step is None or not isinstance(values, list):
        return None
    known = truth if isinstance(truth, list) else []
    said, true = ([_number(item) for item in items] for items in (values, known))
    return Snapshot(
        step,
        tuple(math.nan if item is None else item for item in said),
        tuple(math.nan if item is None else item for item in true),
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
