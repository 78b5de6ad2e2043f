"""The loss before anything was learnt."""

import math

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.losses.provenance import (
    class_dim,
    is_readable,
)
from researchdesk.harness.training.watch.events import LossCall
from researchdesk.harness.training.watch.findings import LOOK, Site
from researchdesk.harness.training.watch.session import Session

_BINARY = ("binary_cross_entropy", "binary_cross_entropy_with_logits")
_ROOM = 1.0


class InitialLoss(Detector):
    """``initial-loss-high``: far above that of a guess that knows nothing."""

    names = ("initial-loss-high",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._known: set[Site] = set()

    def loss(self, call: LossCall) -> None:
        if self.session.step or call.site in self._known or not call.output.requires_grad:
            return
        if not is_readable(call.output) or call.output.numel() != 1:
            return
        if call.options.get("reduction", "mean") != "mean":
            return
        if call.options.get("weight") is not None or call.options.get("pos_weight") is not None:
            return
        self._known.add(call.site)
        if call.name in _BINARY:
            classes = 2
        elif call.name in ("cross_entropy", "nll_loss"):
            classes = int(call.input.shape[class_dim(call.input)])
        else:
            return
        blind, found = math.log(classes), float(call.output)
        if classes > 1 and math.isfinite(found) and found > 2 * blind + _ROOM:
            self.session.report(
                "initial-loss-high",
                LOOK,
                f"The first {call.name} is {found:.3g}; a guess that holds all {classes} classes "
                f"for equal gives {blind:.3g}. The model starts sure of itself, and wrong.",
                call.site,
                first=found,
                blind=blind,
                classes=classes,
            )
