"""A made sweep, whose trials are run through its schedule on so many workers of chance."""

import heapq
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from researchdesk.domain.runs import Task
from researchdesk.domain.sweeps import (
    Budget,
    Dimension,
    Distribution,
    MedianRule,
    Search,
    SweepSpec,
    Trial,
    TrialState,
)
from researchdesk.harness.jobs import Job
from researchdesk.harness.sweeps.schedule import SweepSchedule
from researchdesk.harness.training.stopping import Stopper

USUAL = {"lr": 0.1, "size": 16}
SPEC = SweepSpec(
    name="s",
    recipe="r",
    arm="ours",
    metric="valid",
    better="higher",
    space=(
        Dimension("lr", Distribution.LOG_UNIFORM, 1e-5, 1e-1),
        Dimension("size", Distribution.CHOICE, values=(16, 32, 64)),
    ),
    seed=5,
    width=6,
    budget=Budget(40),
)
MEDIAN = replace(SPEC, stop=MedianRule(2, 3))
OPTUNA = replace(SPEC, search=Search.OPTUNA, budget=Budget(24))
STEPS = 8


@dataclass
class Lab:
    """Runs trials of made curves on so many workers, each for a time by chance, and keeps what a
    sweep's folder would. ``breaks_after`` trials have ended it stops dead, those under way lost."""

    spec: SweepSpec
    trials: dict[int, Trial] = field(default_factory=dict)
    curves: list[tuple[int, Mapping[int, float]]] = field(default_factory=list)
    stops: dict[int, Any] = field(default_factory=dict)
    begun: list[int] = field(default_factory=list)

    def run(self, workers: int, seed: int = 0, breaks_after: int = 10**9, **more: Any) -> "Lab":
        schedule = self.schedule(**more)
        random, now, ended = Random(seed), 0.0, 0
        queue: list[tuple[float, int, Job]] = []
        while not (ended >= breaks_after or (schedule.over and not queue)):
            while len(queue) < workers and (job := schedule.take()) is not None:
                self._begin(schedule, job)
                heapq.heappush(queue, (now + random.random(), job.tasks[0].seed, job))
                if random.random() < 0.1:
                    schedule.put_back([heapq.heappop(queue)[2]])
            assert queue, "it waits for trials, and none is under way"
            now, number, job = heapq.heappop(queue)
            self._end(schedule, number, job.tasks[0], -4 * random.random())
            ended += 1
        return self

    def schedule(self, **more: Any) -> SweepSchedule:
        curves = list(self.curves)
        return SweepSchedule(self.spec, USUAL, trials=self.trials.values(), curves=curves, **more)

    @property
    def settings(self) -> dict[int, Mapping[str, Any]]:
        return {number: trial.settings for number, trial in sorted(self.trials.items())}

    @property
    def states(self) -> dict[int, TrialState]:
        return {number: trial.state for number, trial in sorted(self.trials.items())}

    def _begin(self, schedule: SweepSchedule, job: Job) -> None:
        task = job.tasks[0]
        drawn, rule = schedule.drawn[task], schedule.stops.get(task)
        if task.seed in self.trials:
            assert self.trials[task.seed].settings == drawn, "it is given the same again"
            assert self.stops[task.seed] == rule
        self.begun.append(task.seed)
        self.stops[task.seed] = rule
        self.trials[task.seed] = Trial(task.seed, dict(drawn), TrialState.RUNNING)
        schedule.saw("seed_started", task, {"settings": drawn})

    def _end(self, schedule: SweepSchedule, number: int, task: Task, chance: float) -> None:
        random = Random(number)
        if number % 7 == 3:  # how far it came is chance, and is to change nothing
            schedule.saw("metric", task, {"step": 2, "name": "valid", "value": chance})
            schedule.saw("seed_failed", task, {"error": "lost"})
            self.trials[number] = replace(self.trials[number], state=TrialState.FAILED)
            self.curves.append((number, {2: chance}))
            return
        quality = -abs(math.log10(self.trials[number].settings["lr"]) + 3)
        stopper = Stopper(self.stops[number]) if self.stops[number] else None
        curve, state, step = {}, TrialState.FINISHED, None
        for step in range(1, STEPS + 1):
            curve[step] = quality - 1 / step + 0.1 * random.random()
            schedule.saw("metric", task, {"step": step, "name": "valid", "value": curve[step]})
            schedule.saw("metric", task, {"step": step, "name": "test", "value": 9.0})
            if stopper and stopper.stops(step, curve[step]):
                state = TrialState.STOPPED
                break
        value = curve[max(curve)]
        told = {"metrics": {"valid": value}, "seconds": 2.0}
        stopped = {"stopped": step} if state is TrialState.STOPPED else {}
        schedule.saw("seed_finished", task, {**told, **stopped})
        self.curves.append((number, curve))
        self.trials[number] = replace(
            self.trials[number], state=state, value=value, step=stopped.get("stopped"), seconds=2.0
        )
