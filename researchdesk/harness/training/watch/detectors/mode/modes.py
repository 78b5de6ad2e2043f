"""Training and evaluation mode, against what a model is used for."""

import weakref
from typing import Any

from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.mode.evaluating import Evaluations
from researchdesk.harness.training.watch.detectors.mode.noise import tensors_of
from researchdesk.harness.training.watch.detectors.mode.passes import Known, Passes
from researchdesk.harness.training.watch.detectors.mode.training import Trainings
from researchdesk.harness.training.watch.events import Batch, Call, Dropped, LossCall
from researchdesk.harness.training.watch.session import Session


class Modes(Detector):
    """Which calls train, which evaluate, and whether each is in its mode."""

    names = (
        "evaluation-in-training-mode",
        "training-in-evaluation-mode",
        "evaluation-with-gradients",
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._passes = Passes()
        self._evaluations = Evaluations(session, self._passes)
        self._trainings = Trainings(session)
        self._drops = 0
        self._judging: tuple[list[Any], Known] | None = None

    def dropped(self, dropped: Dropped) -> None:
        if dropped.owner is not None and dropped.owner.training:
            self._drops += 1

    def called(self, call: Call) -> None:
        if not call.root:
            return
        drops, self._drops = self._drops > 0, 0
        one = self._passes.add(call, self.session.step, drops)
        if one is None or call.grad:
            return
        self._evaluations.weigh(one)
        if one.noisy:
            self._judging = ([weakref.ref(item) for item in tensors_of(call.output)], one.known)

    def loss(self, call: LossCall) -> None:
        if call.output.requires_grad:
            self._passes.supervise(call)

    def judged(self, call: LossCall) -> None:
        if self._judging is None or call.options.get("reduction") == "none":
            return
        outputs, known = self._judging
        place = call.input.untyped_storage().data_ptr()
        for ref in outputs:
            output = ref()
            if output is not None and output.untyped_storage().data_ptr() == place:
                self._evaluations.judged(known)

    def batch(self, batch: Batch) -> None:
        self._evaluations.batch()

    def after_step(self, optimizer: Optimizer) -> None:
        used = self._passes.settle()
        self._trainings.trained(optimizer, used)
        self._evaluations.trained(optimizer, used)
        waiting = self._passes.open
        while waiting and self.session.step - waiting[0].step >= self._evaluations.patience:
            self._evaluations.weigh(waiting.popleft())
        self._evaluations.close()

    def finish(self) -> None:
        self._passes.settle()
        while self._passes.open:
            self._evaluations.weigh(self._passes.open.popleft())
        self._evaluations.close(over=True)
