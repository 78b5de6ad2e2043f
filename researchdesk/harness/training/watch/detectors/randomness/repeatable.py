"""Settings that speak against each other about repeatable runs."""

import torch
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_OFTEN = 16


class Repeatable(Detector):
    """``benchmark-not-deterministic``: kernels chosen by the clock, and repeatable runs wanted."""

    names = ("benchmark-not-deterministic",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._seeded = self._benchmark = False
        self._both = False

    def seeded(self, source: str) -> None:
        self._seeded = True

    def after_step(self, optimizer: Optimizer) -> None:
        if self.session.sampled and self.session.step <= _OFTEN:
            self._look()

    def _look(self) -> None:
        cudnn = torch.backends.cudnn
        benchmark = bool(cudnn.benchmark)
        claimed = bool(cudnn.deterministic) or torch.are_deterministic_algorithms_enabled()
        self._benchmark |= benchmark
        self._both |= benchmark and claimed

    def finish(self) -> None:
        if not self.session.step:
            return
        if self._both:
            self.session.report(
                "benchmark-not-deterministic",
                LIKELY,
                "cudnn.benchmark was on in a training for which deterministic algorithms were "
                "asked: it chooses kernels by their time, and so not the same in each run.",
                Site(),
                deterministic=True,
            )
        elif self._benchmark and self._seeded:
            self.session.report(
                "benchmark-not-deterministic",
                LOOK,
                "A seed was set, and cudnn.benchmark was on: on a GPU it chooses kernels by their "
                "time, so that two runs with the same seed may differ in their last digits.",
                Site(),
                deterministic=False,
            )
