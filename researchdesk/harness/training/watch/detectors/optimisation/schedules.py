"""Learning rate schedulers that are stepped at the wrong time."""

import weakref
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.events import Backward
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here

_ENOUGH = 4
_MANY = 10
_UNUSED = 20
_FIRST = 400


@dataclass
class _Steps:
    """Of one optimizer; ``passes``: backward passes at its last step."""

    count: int = 0
    first: float = 0.0


@dataclass
class _Schedule:
    """One scheduler. ``moments``: the optimizer's steps at each of its own."""

    kind: str
    site: Site
    steps: _Steps
    start: int
    length: int = 0
    times: int = 0
    moments: list[int] = field(default_factory=list)
    between: int = 0
    after: bool = False
    reached: int = 0
    waiting: bool = False
    inner: bool = False


class Schedules(Detector):
    """Counts steps of schedulers against those of their optimizers."""

    names = (
        "scheduler-before-optimizer",
        "scheduler-without-optimizer",
        "scheduler-never-stepped",
        "scheduler-past-its-end",
        "scheduler-short-of-its-end",
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._steps: weakref.WeakKeyDictionary[Optimizer, _Steps] = weakref.WeakKeyDictionary()
        self._known: weakref.WeakKeyDictionary[Any, _Schedule] = weakref.WeakKeyDictionary()
        self._all: list[_Schedule] = []
        self._pending = False
        self._epochs = 0

    def _of(self, optimizer: Any) -> _Steps:
        found = self._steps.get(optimizer)
        if found is None:
            found = self._steps[optimizer] = _Steps()
        return found

    def _schedule(self, scheduler: Any, site: Site | None = None) -> _Schedule:
        found = self._known.get(scheduler)
        if found is None:
            steps = self._of(scheduler.optimizer)
            kind = type(scheduler).__name__
            found = _Schedule(kind, site or here(2), steps, steps.count, _length(scheduler))
            self._known[scheduler] = found
            if len(self._all) < 100:
                self._all.append(found)
        return found

    def created(self, owner: Any, site: Site) -> None:
        if isinstance(owner, Optimizer):
            self._of(owner)
        elif isinstance(getattr(owner, "optimizer", None), Optimizer):
            self._schedule(owner, site)
            for inner in getattr(owner, "_schedulers", ()):
                self._schedule(inner).inner = True

    def epoch_over(self, loader: Any, batches: int) -> None:
        self._epochs += 1

    def after_backward(self, backward: Backward) -> None:
        self._pending = True
        for schedule in self._all:
            schedule.waiting = False

    def after_step(self, optimizer: Optimizer) -> None:
        self._pending = False
        steps = self._of(optimizer)
        steps.count += 1
        for schedule in self._all:
            if schedule.steps is steps:
                schedule.after = True
                schedule.between += schedule.waiting
                schedule.waiting = False

    def scheduled(self, scheduler: Any) -> None:
        if not isinstance(getattr(scheduler, "optimizer", None), Optimizer):
            return
        schedule = self._schedule(scheduler)
        schedule.site = here(2) if schedule.times == 0 else schedule.site
        schedule.times += 1
        # between backward and step, if the step comes next
        schedule.waiting = self._pending
        schedule.after = False
        if len(schedule.moments) < _FIRST:
            schedule.moments.append(schedule.steps.count - schedule.start)
        schedule.reached = max(schedule.reached, int(getattr(scheduler, "last_epoch", 0) or 0))

    def finish(self) -> None:
        for schedule in self._all:
            if not schedule.inner:
                self._judge(schedule)

    def _judge(self, schedule: _Schedule) -> None:
        steps = schedule.steps.count - schedule.start
        if schedule.times == 0:
            if steps >= _UNUSED:
                self._never(schedule, steps)
        elif self._is_before(schedule, steps):
            pass
        elif schedule.times >= _MANY and schedule.times > 1.5 * steps + 5:
            self.session.report(
                "scheduler-without-optimizer",
                LIKELY,
                f"The scheduler ({schedule.kind}) stepped {schedule.times} times and its optimizer "
                f"{steps} times: the learning rate changes where nothing is learned.",
                schedule.site,
                scheduler_steps=schedule.times,
                optimizer_steps=steps,
            )
        self._length(schedule, steps)

    def _never(self, schedule: _Schedule, steps: int) -> None:
        self.session.report(
            "scheduler-never-stepped",
            LIKELY if self._epochs != 1 or steps >= 200 else LOOK,
            f"A scheduler ({schedule.kind}) was made and never stepped, in {steps} steps of its "
            "optimizer: the learning rate stayed as it was.",
            schedule.site,
            optimizer_steps=steps,
        )

    def _is_before(self, schedule: _Schedule, steps: int) -> bool:
        always = schedule.between >= _ENOUGH and schedule.between >= 0.8 * schedule.times
        moments = schedule.moments
        # at the head of each epoch: once before any step, and steps come after the last one
        head = len(moments) >= 3 and moments[0] == 0 < moments[1] and schedule.after
        if not always and not (head and _even(moments)):
            return False
        self.session.report(
            "scheduler-before-optimizer",
            CERTAIN if always else LIKELY,
            f"The scheduler ({schedule.kind}) stepped before the optimizer did, {schedule.times} "
            "times: "
            "the first value of the schedule is passed over, and all others come one too early.",
            schedule.site,
            times=schedule.times,
            optimizer_steps=steps,
        )
        return True

    def _length(self, schedule: _Schedule, steps: int) -> None:
        """Schedules that know how long they are: stepped per batch, or per epoch?"""
        length, times = schedule.length, schedule.times
        if length < 2 or not times or steps < _UNUSED:
            return
        if times > 1.5 * length + 2 and schedule.kind == "CosineAnnealingLR":
            self.session.report(
                "scheduler-past-its-end",
                LIKELY,
                f"The schedule ({schedule.kind}) is {length} steps long and was stepped {times} "
                "times: "
                "after its end the learning rate goes up again. Was it meant to be stepped once an "
                "epoch?",
                schedule.site,
                length=length,
                times=times,
            )
        elif times <= 0.5 * length and steps >= 0.8 * length and steps >= 3 * times:
            self.session.report(
                "scheduler-short-of-its-end",
                LIKELY,
                f"The schedule ({schedule.kind}) is {length} steps long, as long as the training "
                "of "
                f"{steps} optimizer steps, and was stepped {times} times only: it was meant to be "
                "stepped after each batch.",
                schedule.site,
                length=length,
                times=times,
                optimizer_steps=steps,
            )


def _even(moments: list[int]) -> bool:
    gaps = [after - before for before, after in pairwise(moments)]
    return max(gaps) - min(gaps) <= max(1, max(gaps) // 4)


def _length(scheduler: Any) -> int:
    for name in ("total_steps", "T_max"):
        value = getattr(scheduler, name, None)
        if isinstance(value, int):
            return value
    return 0
