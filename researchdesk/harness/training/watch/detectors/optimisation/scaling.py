"""Gradients of mixed precision, and optimizers made anew."""

import weakref
from typing import Any

from torch.optim import SGD, Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.optimisation.keeping import ByTensor, parameters
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_ENOUGH = 4
_MANY = 10


class Scaling(Detector):
    """``scaled-gradients-used``: the optimizer stepped with gradients a GradScaler multiplied."""

    names = ("scaled-gradients-used",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._factor = 1.0
        self._inside = False
        self._times = self._steps = 0

    def scaled(self, scaler: Any, what: str) -> None:
        if what == "scale" and self.session.sampled:
            self._factor = float(scaler.get_scale())
        elif what == "unscale":
            self._factor = 1.0
        self._inside = what == "step"

    def before_step(self, optimizer: Optimizer) -> None:
        self._steps += 1
        if self._inside or self._factor == 1.0:
            return
        self._times += 1
        if self._times >= _ENOUGH and self._times >= 0.8 * self._steps:
            self.session.report(
                "scaled-gradients-used",
                CERTAIN,
                f"{self._times} of {self._steps} optimizer steps used gradients that the "
                "GradScaler "
                f"had multiplied by {self._factor:g} and nobody had divided: the optimizer was "
                "stepped "
                "itself, in place of scaler.step(optimizer).",
                times=self._times,
                of=self._steps,
                factor=self._factor,
            )
        self._factor = 1.0


class Remade(Detector):
    """``optimizer-made-anew``: its memory is thrown away again and again."""

    names = ("optimizer-made-anew",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._made: ByTensor[dict[Site, int]] = ByTensor()
        self._steps: weakref.WeakKeyDictionary[Optimizer, None] = weakref.WeakKeyDictionary()
        self._times: dict[Site, list[int]] = {}
        self._last: dict[Site, int] = {}

    def created(self, owner: Any, site: Site) -> None:
        if not isinstance(owner, Optimizer) or (
            isinstance(owner, SGD) and not owner.defaults["momentum"]
        ):
            return
        first = next(iter(parameters(owner)), None)
        if first is None:
            return
        known = self._made.get(first)
        if known is None:
            self._made.put(first, known := {})
        known[site] = times = known.get(site, 0) + 1
        # the optimizer's steps between one and the next at this line
        steps = self._times.setdefault(site, [])
        if times > 1:
            steps.append(self.session.step - self._last[site])
        self._last[site] = self.session.step
        if times >= _ENOUGH and len(steps) >= _ENOUGH - 1:
            self._judge(type(owner).__name__, times, steps[-_MANY:], site)

    def _judge(self, kind: str, times: int, steps: list[int], site: Site) -> None:
        each = max(steps)
        short = each <= 2 and times >= _MANY
        if not (short or each > 2) or each == 0:
            return
        self.session.withdraw("optimizer-made-anew")
        self.session.report(
            "optimizer-made-anew",
            LIKELY if short else LOOK,
            f"{kind} was made {times} times for the same parameters, each for at most {each} "
            "steps: "
            "its averages of gradients begin at zero each time.",
            site,
            times=times,
            steps_each=each,
        )
