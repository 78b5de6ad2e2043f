"""Time for steps, and time spent waiting for batches."""

import time

from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.events import Batch
from researchdesk.harness.training.watch.findings import LOOK, Site
from researchdesk.harness.training.watch.session import Session

_STEPS = 20
_SHARE = 0.5
_SECONDS = 1.0


class Timing(Detector):
    """``data-slower-than-compute``: more time goes into waiting for data than into using them."""

    names = ("data-slower-than-compute",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._begun = self._last = 0.0
        self._waited = self._spent = 0.0
        self._steps = 0
        self._at = Site()

    def batch(self, batch: Batch) -> None:
        if not self._at.file:
            self._at = batch.site

    def after_step(self, optimizer: Optimizer) -> None:
        self._last = time.perf_counter()
        if not self._begun:
            self._begun, self._waited = self._last, self.session.waited
            self._spent = self.session.spent
        else:
            self._steps += 1

    def finish(self) -> None:
        total = self._last - self._begun - (self.session.spent - self._spent)
        if not self._steps or total <= 0:
            return
        waited = min(self.session.waited - self._waited, total)
        readings = self.session.readings
        readings["ms per step"] = 1000 * total / self._steps
        readings["share of time waiting for data"] = waited / total
        if self._steps >= _STEPS and waited > _SHARE * total and waited > _SECONDS:
            self.session.report(
                "data-slower-than-compute",
                LOOK,
                f"{waited / total:.0%} of the time of {self._steps} steps went into waiting for "
                f"batches: {1000 * waited / self._steps:.1f} ms of "
                f"{1000 * total / self._steps:.1f} ms a step.",
                self._at,
                share=waited / total,
                steps=self._steps,
            )
