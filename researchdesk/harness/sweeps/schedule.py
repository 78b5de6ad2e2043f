"""Hands out the trials of a sweep."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from researchdesk.domain.median_stop import Thresholds
from researchdesk.domain.runs import Task
from researchdesk.domain.sampling import grid_size
from researchdesk.domain.seeding import TRIAL, trial_streams
from researchdesk.domain.sweeps import Budget, Search, SweepSpec, Trial, TrialState
from researchdesk.errors import UsageProblemError
from researchdesk.harness.events import number_of
from researchdesk.harness.jobs import MEASURE, Job
from researchdesk.harness.sweeps.attempts import Attempts
from researchdesk.harness.sweeps.choosing import chooser_of
from researchdesk.harness.sweeps.history import is_lost
from researchdesk.harness.sweeps.space import MOST_TRIALS

OVER = (TrialState.FINISHED, TrialState.STOPPED, TrialState.FAILED)
"""The states of trials that are made: they count, and are not handed out again. One that was lost
is, but only by the next stretch: the others do not wait for it."""
_HOUR_S = 3600.0

Curve = Mapping[int, float]
"""The values of the sweep's metric by step."""


class SweepSchedule:
    """Hands out trials by their numbers: the same ones, whoever runs them and however many at once.

    ``drawn``, ``streams`` and ``stops`` belong in the Plan: they have the settings, the seeds of
    the sources of randomness and the early-stop rules of the trials that were handed out and are
    not over. The sources are seeded by the sweep's seed and the trial's number, but ``split`` by
    the sweep's seed alone: all trials are judged on the same validation data.

    Where trials depend on others (a median rule, Optuna), trial k waits for all of 0 to k - width
    and depends on no other; else on none. The median is over those that finished or were stopped.
    Where the first trial by number that came to its end logged no point of the metric, the rule
    has nothing to hold trials to: ``on_unused`` is called, and no trial waits for it any more.
    Under a budget of time, at most ``width`` trials are under way, so that no engine takes a
    thousand more before the first has shown what one costs.

    ``usual`` are the arm's settings with those that the spec fixes. ``trials`` are those of earlier
    stretches: what is over counts, the others come first, whatever the budget. ``curves`` are
    number and curve of earlier trials, in the order that they ended, then of those without an end
    (``history.read_curves``); only a median rule needs them. ``seconds`` is how long the earlier
    stretches took by the clock, ``gpus`` what each trial holds where its events do not say it.
    ``budget`` is the spec's, or what it was extended to. Of GPU-hours those under way count as far
    as they came. Time and memory are linear in the number of trials.

    Raises UsageProblemError where the budget is one of GPU-hours alone and ``gpus`` is 0, DeskError
    where Optuna is wanted and missing.
    """

    def __init__(
        self,
        spec: SweepSpec,
        usual: Mapping[str, Any],
        *,
        trials: Iterable[Trial] = (),
        curves: Iterable[tuple[int, Curve]] = (),
        budget: Budget | None = None,
        seconds: float = 0.0,
        gpus: float = 0.0,
        there: Iterable[int] = (),
        clock: Callable[[], float] = time.monotonic,
        on_unused: Callable[[], None] = lambda: None,
    ) -> None:
        self.drawn: dict[Task, Mapping[str, Any]] = {}
        self.streams: dict[Task, Mapping[str, int]] = {}
        self.stops: dict[Task, Mapping[str, Any]] = {}
        self._spec, self._on_unused, self._is_judged = spec, on_unused, False
        self._budget = budget or spec.budget
        self._clock, self._attempts, self._gpus = clock, Attempts(), gpus
        self._begun = clock() - seconds
        self._thresholds = Thresholds(spec.stop, spec.better) if spec.stop else None
        self._window = spec.width if spec.stop or spec.search is Search.OPTUNA else 0
        there = sorted(there)
        made = {number: Trial(number, {}, TrialState.RUNNING) for number in there}
        made |= {trial.number: trial for trial in trials}
        known = {number: trial.settings for number, trial in made.items()}
        self._chooser = chooser_of(spec, usual, known)
        self._limit = _limit(spec, self._budget, gpus)
        self._underway: dict[int, dict[int, float]] = {}
        self._ended: dict[int, tuple[TrialState, float | None, int | None, Curve]] = {}
        self._frontier = 0
        self._passed: deque[tuple[int, Curve]] = deque()
        self._next = max(made, default=-1) + 1
        self._again: deque[Job] = deque()
        self._go_on(made, curves, set(there))
        last = there[-1] if there else -1
        for job in self._again:  # in their order, which the thresholds of one depend on
            if job.tasks[0].seed <= last and self._may_begin(job.tasks[0].seed):
                self._prepared(job)

    @property
    def most(self) -> int:
        new = 0 if self._spent else max(0, self._limit - self._next)
        at_once = self._spec.width if self._window or self._is_timed else MOST_TRIALS
        return min(len(self._again) + new, at_once)

    @property
    def over(self) -> bool:
        return not self._waiting and (self._next >= self._limit or self._spent)

    def take(self) -> Job | None:
        if self._waiting:
            number = self._again[0].tasks[0].seed
            return self._prepared(self._again.popleft()) if self._may_begin(number) else None
        full = self._is_timed and len(self.drawn) >= self._spec.width
        if full or self.over or not self._may_begin(self._next):
            return None
        self._next += 1
        return self._prepared(self._job(self._next - 1))

    def put_back(self, jobs: Sequence[Job]) -> None:
        self._again.extendleft(reversed(jobs))

    def planned(self, arm: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """The ways of a sweep's arm are not measured: its trials have settings of their own."""
        return {}

    def saw(self, kind: str, task: Task | None, data: Mapping[str, Any]) -> None:
        if task is None:
            self._attempts.hear(kind, data, self._clock())
            return
        if task.vary != TRIAL or task.arm != self._spec.arm or self._is_over(task.seed):
            return
        self._attempts.take(kind, task.seed, data, self._clock())
        if kind == "metric":
            self._saw_metric(task.seed, data)
        elif kind == "seed_started":
            if "step" not in data:
                self._heard_of(task.seed).clear()
        elif kind == "seed_finished":
            state = TrialState.STOPPED if "stopped" in data else TrialState.FINISHED
            value = number_of((data.get("metrics") or {}).get(self._spec.metric))
            self._came_to(task, state, value, data)
        elif kind == "seed_failed":
            lost = is_lost(kind, data)
            self._came_to(task, TrialState.LOST if lost else TrialState.FAILED, None, data)

    @property
    def _waiting(self) -> bool:
        """Whether one is to be handed out again; an engine may have brought it to its end since."""
        while self._again:
            if not self._is_over(self._again[0].tasks[0].seed):
                return True
            self._again.popleft()
        return False

    @property
    def _is_timed(self) -> bool:
        return bool(self._budget.hours or self._budget.gpu_hours)

    @property
    def _spent(self) -> bool:
        hours = (self._clock() - self._begun) / _HOUR_S
        if self._budget.hours and hours >= self._budget.hours:
            return True
        limit = self._budget.gpu_hours * _HOUR_S
        return bool(limit and self._attempts.in_all(self._gpus, self._clock()) >= limit)

    def _go_on(
        self, made: Mapping[int, Trial], curves: Iterable[tuple[int, Curve]], there: Set[int]
    ) -> None:
        """From where earlier stretches of the sweep came to."""
        done_without = self._done_without(there)
        ended = {
            number: trial
            for number, trial in made.items()
            if trial.state in OVER or (trial.state is TrialState.LOST and number <= done_without)
        }
        left = [number for number in range(self._next) if number not in ended]
        self._again.extend(self._job(number, resume=True) for number in left)
        self._settled = (left[0] if left else self._next) - self._window
        for number, trial in made.items():
            goes_on = trial.cost if number in there else replace(trial.cost, so_far=None)
            self._attempts.go_on(number, goes_on, self._clock())
        # without curves, the trials that are over are taken below in the order of their numbers
        for number, curve in curves if self._thresholds else ():
            if over := ended.pop(number, None):
                self._take(number, over.state, over.value, over.step, curve)
            elif not self._is_over(number):
                self._heard_of(number).update(curve)
        for number, trial in sorted(ended.items()):
            self._take(number, trial.state, trial.value, trial.step, {})

    def _done_without(self, there: Set[int]) -> int:
        """The last number whose trial, if it was lost, is not handed out before those that an
        engine has are over: they were chosen, or are held to a median, as if it came to nothing."""
        return max(there) - self._window if there and self._window else -1

    def _saw_metric(self, number: int, data: Mapping[str, Any]) -> None:
        if not self._thresholds or data.get("name") != self._spec.metric:
            return
        value, step = number_of(data.get("value")), data.get("step")
        if value is not None and isinstance(step, int):
            self._heard_of(number)[step] = value

    def _heard_of(self, number: int) -> dict[int, float]:
        """A trial may be under way without its start: an engine has it since an earlier stretch."""
        return self._underway.setdefault(number, {})

    def _came_to(
        self, task: Task, state: TrialState, value: float | None, data: Mapping[str, Any]
    ) -> None:
        curve = self._underway.pop(task.seed, {})
        for ours in (self.drawn, self.streams, self.stops):
            ours.pop(task, None)
        self._take(task.seed, state, value, data.get("stopped"), curve)

    def _take(
        self, number: int, state: TrialState, value: float | None, step: Any, curve: Curve
    ) -> None:
        """Take the end of a trial; what depends on it sees the trials in their order."""
        self._ended[number] = state, value, step if isinstance(step, int) else None, curve
        while self._frontier in self._ended:
            state, value, step, curve = self._ended.pop(self._frontier)
            self._chooser.told(self._frontier, state, value, step)
            if self._thresholds and state not in (TrialState.FAILED, TrialState.LOST):
                self._judge(curve)
                self._passed.append((self._frontier, curve))
            self._frontier += 1
        self._settle()

    def _judge(self, curve: Curve) -> None:
        """Do without the rule where the first curve is empty: by its number, on any engine."""
        if self._is_judged:
            return
        self._is_judged = True
        if not curve:
            self._thresholds = None
            self._window = self._spec.width if self._spec.search is Search.OPTUNA else 0
            self._on_unused()

    def _is_over(self, number: int) -> bool:
        return number < self._frontier or number in self._ended

    def _settle(self) -> None:
        """Have the thresholds know the curves of trials up to the one that is settled."""
        while self._thresholds and self._passed and self._passed[0][0] <= self._settled:
            self._thresholds.add(self._passed.popleft()[1])

    def _may_begin(self, number: int) -> bool:
        return not self._window or number - self._window < self._frontier

    def _job(self, number: int, *, resume: bool = False) -> Job:
        return Job(MEASURE, self._spec.arm, (Task(self._spec.arm, number, TRIAL),), resume)

    def _prepared(self, job: Job) -> Job:
        task = job.tasks[0]
        if task in self.drawn:  # it was handed out before, and is to be the same
            return job
        self.drawn[task] = self._chooser.settings(task.seed)
        self.streams[task] = trial_streams(self._spec.seed, task.seed)
        if self._thresholds:
            self._settled = task.seed - self._window
            self._settle()
            at = [list(one) for one in self._thresholds.table()]
            rule = {"metric": self._spec.metric, "better": self._spec.better, "at": at}
            self.stops[task] = rule
        return job


def _limit(spec: SweepSpec, budget: Budget, gpus: float) -> int:
    """How many trials there are at the most."""
    size = grid_size(spec)
    if budget.gpu_hours and not (gpus or budget.trials or budget.hours or size):
        raise UsageProblemError(
            "The sweep's budget is one of GPU-hours alone, and its trials hold no GPU: it would "
            "have no end. Nothing was run.",
            "Give it a number of trials or hours, or an engine whose trials need gpus.",
        )
    return min(budget.trials or MOST_TRIALS, size or MOST_TRIALS)
