"""How long a run will take yet, told from its events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from researchdesk.domain.runs import Event, Task

_LEAST_S = 3.0
_LEAST_SHARE = 0.02


@dataclass(slots=True)
class _Seed:
    """A seed under way: when it began, and when it was how far, at first and now."""

    begun: datetime
    step: float = 0.0
    first_at: datetime | None = None
    first_share: float = 0.0
    heard: datetime | None = None
    share: float = 0.0

    def went_on(self, at: datetime, share: float) -> None:
        if self.first_at is None:
            self.first_at, self.first_share = at, share
        self.heard, self.share = at, share

    @property
    def spent(self) -> float:
        """Seconds from its beginning until last heard of."""
        return (self.heard - self.begun).total_seconds() if self.heard else 0.0

    def cost(self) -> float | None:
        """Seconds from its beginning to its end, making ready included; None: too early to say."""
        if self.first_at is None or self.heard is None:
            return None
        ready = (self.first_at - self.begun).total_seconds()
        passed = (self.heard - self.first_at).total_seconds()
        gone = self.share - self.first_share
        if passed > 0 and (gone > _LEAST_SHARE or passed > _LEAST_S) and gone > 0:
            whole = passed / gone
            return max(0.0, ready - self.first_share * whole) + whole
        return ready / self.share if self.share > _LEAST_SHARE else None


class Estimate:
    """Takes the events of one stretch of a run, from ``run_started`` or ``run_resumed`` on.

    A seed's cost is the time from its beginning to its end; that of one under way follows from how
    fast the share of its steps that are done has grown. Arms not yet begun cost what the others do
    on average. What is left is divided by how many seeds went on at a time so far; it takes no less
    than the seed that goes on longest, nor than one that is yet to begin once another has ended.
    """

    def __init__(self) -> None:
        self._begin({}, {})

    def _begin(self, left: Mapping[str, float], steps: Mapping[str, float]) -> None:
        self._left = {str(arm): int(count) for arm, count in left.items()}
        self._steps = {str(arm): float(count) for arm, count in steps.items()}
        self._running: dict[Task, _Seed] = {}
        self._costs: dict[str, list[float]] = {}
        self._first: datetime | None = None
        self._now: datetime | None = None

    def take(self, event: Event) -> None:
        """Hear of one event more."""
        self._now = event.at
        if event.kind in ("run_started", "run_resumed"):
            self._begin(_table(event, "left"), _table(event, "steps"))
            self._now = event.at
        if event.seed is None:
            return
        task = Task(event.arm, event.seed, event.vary)
        if event.kind == "seed_started":
            self._first = self._first or event.at
            self._running[task] = _Seed(event.at, _number(event, "step"))
        elif event.kind in ("metric", "timing") and task in self._running:
            self._progress(task, event)
        elif event.kind in ("seed_finished", "seed_failed"):
            self._end(task, event)

    @property
    def left_s(self) -> float | None:
        """Seconds until the run's end; None while nothing can be said."""
        if self._first is None or self._now is None:
            return None
        elapsed = (self._now - self._first).total_seconds()
        known = {arm: cost for arm in self._left if (cost := self._cost(arm)) is not None}
        if not known or elapsed < _LEAST_S:
            return None
        usual = sum(known.values()) / len(known)
        done = sum(sum(costs) for costs in self._costs.values())
        under_way = []
        for task, seed in self._running.items():
            spent = min(known.get(task.arm, usual), seed.spent)
            done += spent
            under_way.append(known.get(task.arm, usual) - spent)
        running = {arm: sum(task.arm == arm for task in self._running) for arm in self._left}
        waiting = {arm: count - running[arm] for arm, count in self._left.items()}
        work = sum(count * known.get(arm, usual) for arm, count in waiting.items())
        if not done:
            return None
        costs = [known.get(arm, usual) for arm, count in waiting.items() if count > 0]
        last = min(under_way, default=0.0) + max(costs) if costs else 0.0
        shared = (sum(under_way) + work) * elapsed / done
        return max(shared, last, *under_way)

    def _progress(self, task: Task, event: Event) -> None:
        seed = self._running[task]
        if event.kind == "timing" and _number(event, "steps"):
            self._steps[task.arm] = _number(event, "steps")
        steps, step = self._steps.get(task.arm, 0.0), _number(event, "step")
        if steps and step > seed.step:
            share = min(1.0, (step - seed.step) / max(1.0, steps - seed.step))
            seed.went_on(event.at, share)

    def _end(self, task: Task, event: Event) -> None:
        seed = self._running.pop(task, None)
        if task.arm in self._left:
            self._left[task.arm] = max(0, self._left[task.arm] - 1)
        if seed and event.kind == "seed_finished":
            cost = (event.at - seed.begun).total_seconds()
            self._costs.setdefault(task.arm, []).append(cost)

    def _cost(self, arm: str) -> float | None:
        costs = list(self._costs.get(arm, ()))
        running = (seed.cost() for task, seed in self._running.items() if task.arm == arm)
        costs += [cost for cost in running if cost is not None]
        return sum(costs) / len(costs) if costs else None


def _table(event: Event, name: str) -> Mapping[str, float]:
    found = event.data.get(name)
    return found if isinstance(found, Mapping) else {}


def _number(event: Event, name: str) -> float:
    found = event.data.get(name)
    return float(found) if isinstance(found, int | float) else 0.0
