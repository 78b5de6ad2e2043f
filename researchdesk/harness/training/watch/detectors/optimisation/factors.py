"""Schedulers that are given something else than they take: a rate for a factor, a rising metric."""

import weakref
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from torch.optim import lr_scheduler

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here

_FEWEST, _STEPS, _MOST = 4, 10, 100
_SHARE = 0.7


@dataclass
class _Schedule:
    """What a scheduler was given, or made of the rate."""

    site: Site
    initial: float = 0.0
    first: float = -1.0
    peak: float = 0.0
    steps: int = 0
    mode: str = ""
    metrics: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)


class Factors(Detector):
    """``rate-for-factor`` of LambdaLR, ``plateau-mode-reversed`` of ReduceLROnPlateau."""

    names = ("rate-for-factor", "plateau-mode-reversed")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._known: weakref.WeakKeyDictionary[Any, _Schedule] = weakref.WeakKeyDictionary()
        self._all: list[_Schedule] = []

    def _of(self, scheduler: Any, site: Site | None = None) -> _Schedule:
        found = self._known.get(scheduler)
        if found is None:
            found = self._known[scheduler] = _Schedule(site or here(2))
            if len(self._all) < _MOST:
                self._all.append(found)
        return found

    def created(self, owner: Any, site: Site) -> None:
        if isinstance(owner, lr_scheduler.LambdaLR):
            self._note(self._of(owner, site), owner)
        elif isinstance(owner, lr_scheduler.ReduceLROnPlateau):
            self._of(owner, site).mode = str(owner.mode)

    def scheduled(self, scheduler: Any) -> None:
        if isinstance(scheduler, lr_scheduler.LambdaLR):
            self._note(self._of(scheduler), scheduler)

    def _note(self, known: _Schedule, scheduler: Any) -> None:
        group = scheduler.optimizer.param_groups[0]
        known.initial = float(group.get("initial_lr", 0.0))
        rate = float(group["lr"])
        known.first = rate if known.first < 0 else known.first
        known.peak = max(known.peak, rate)
        known.steps += 1

    def judged_by(self, scheduler: Any, metric: Any) -> None:
        known = self._of(scheduler)
        known.mode = str(scheduler.mode)
        if len(known.metrics) < 1000:
            known.metrics.append(float(metric))
            known.rates.append(float(scheduler.optimizer.param_groups[0]["lr"]))

    def finish(self) -> None:
        for known in self._all:
            if known.metrics:
                self._judge_mode(known)
            elif known.steps >= _STEPS and 0 < known.initial < 0.5:
                self._judge_factor(known)

    def _judge_factor(self, known: _Schedule) -> None:
        square = known.initial**2
        if abs(known.first - square) > 1e-6 * square or known.peak > square * (1 + 1e-6):
            return
        self.session.report(
            "rate-for-factor",
            LIKELY,
            f"LambdaLR multiplies the rate {known.initial:g} by what its function gives, and that "
            f"is {known.initial:g} too at most: the learning rate was {known.peak:.3g}.",
            known.site,
            rate=known.initial,
            used=known.peak,
        )

    def _judge_mode(self, known: _Schedule) -> None:
        values = known.metrics
        if len(values) < _FEWEST or min(known.rates) >= known.rates[0]:
            return
        sign = 1 if known.mode == "min" else -1
        changes = [sign * (b - a) for a, b in pairwise(values)]
        # later it may stand still, for the rate is gone
        early = changes[: max(_FEWEST, len(changes) // 3)]
        worse = sum(one > 0 for one in early) / len(early)
        best = min(sign * one for one in values)
        if worse < _SHARE or best < sign * values[0] or not sum(changes) > 0:
            return
        share = all(0 <= one <= 1 for one in values) or all(1 < one <= 100 for one in values)
        way = "rose" if sign > 0 else "fell"
        self.session.report(
            "plateau-mode-reversed",
            LIKELY if sign < 0 or (share and values[0] < values[-1] - 0.02) else LOOK,
            f"ReduceLROnPlateau with mode={known.mode!r} was given a metric that {way} from "
            f"{values[0]:.4g} to {values[-1]:.4g} in {len(values)} calls; it lowered the learning "
            f"rate from {known.rates[0]:.3g} to {min(known.rates):.3g}.",
            known.site,
            first=values[0],
            last=values[-1],
            calls=len(values),
        )
