"""What a loss is given, held against what it can be: activations and dropout at the model's end."""

from collections import Counter

import torch
from torch import Tensor

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.model.graphs import is_dropout
from researchdesk.harness.training.watch.detectors.model.tensors import is_ordinary
from researchdesk.harness.training.watch.events import Call, LossCall
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_VALUES = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
_BENT = {
    "ReluBackward0": ("ReLU", 0.0, float("inf")),
    "SigmoidBackward0": ("sigmoid", 0.0, 1.0),
    "TanhBackward0": ("tanh", -1.0, 1.0),
    "SoftmaxBackward0": ("softmax", 0.0, 1.0),
    "SoftplusBackward0": ("softplus", 0.0, float("inf")),
}
_VIEWS = ("ViewBackward0", "SqueezeBackward0", "SqueezeBackward1", "UnsqueezeBackward0")
_TIMES = 3


class Outputs(Detector):
    """What the last operation before a loss makes impossible."""

    names = ("activation-on-logits", "output-cannot-reach-targets", "dropout-on-output")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._seen: Counter[tuple[str, Site]] = Counter()
        self._beyond: dict[Site, list[float]] = {}

    def loss(self, call: LossCall) -> None:
        if not (is_ordinary(call.input) and is_ordinary(call.target)):
            return
        last = call.input.grad_fn
        while last is not None and last.name() in _VIEWS:
            last = last.next_functions[0][0]
        if last is None:
            return
        name = last.name()
        if is_dropout(last):
            self._dropped(call)
        elif call.name == "binary_cross_entropy_with_logits" and name == "ReluBackward0":
            self._bent(call)
        elif call.name in _VALUES and name in _BENT:
            self._held(call, *_BENT[name])

    def _often(self, name: str, at: Site) -> bool:
        self._seen[name, at] += 1
        return self._seen[name, at] >= _TIMES

    def _dropped(self, call: LossCall) -> None:
        if self._often("dropout-on-output", call.site):
            self.session.report(
                "dropout-on-output",
                LIKELY,
                f"{call.name} was given an output of which dropout had set a part to zero: the "
                "model is trained towards targets with numbers that it did not choose.",
                call.site,
            )

    def _bent(self, call: LossCall) -> None:
        if self._often("activation-on-logits", call.site):
            self.session.report(
                "activation-on-logits",
                LIKELY,
                f"{call.name} was given logits after ReLU: no probability can be below a half, and "
                "there is no gradient where it is one.",
                call.site,
            )

    def _held(self, call: LossCall, kind: str, low: float, high: float) -> None:
        target = call.target.detach()
        if target.requires_grad or target.numel() == 0 or not target.is_floating_point():
            return
        slack = 1e-4
        beyond = float(((target < low - slack) | (target > high + slack)).float().mean())
        shares = self._beyond.setdefault(call.site, [])
        shares.append(beyond)
        share = sum(shares) / len(shares)
        if len(shares) >= _TIMES and share > 0.005:
            self.session.report(
                "output-cannot-reach-targets",
                LIKELY if share > 0.05 else LOOK,
                f"{share:.0%} of the targets of {call.name} are outside {low:g} to {high:g}, where "
                f"the {kind} at the model's end keeps its output.",
                call.site,
                share=share,
                low=low,
                high=high if high < float("inf") else "inf",
                furthest=float(target.abs().max()),
            )


class HighDropout(Detector):
    """``dropout-very-high``: nearly nothing is left."""

    names = ("dropout-very-high",)

    def called(self, call: Call) -> None:
        module = call.module
        if isinstance(module, torch.nn.modules.dropout._DropoutNd) and module.training:
            output = call.output
            if module.p >= 0.8 and isinstance(output, Tensor) and output.requires_grad:
                self.session.report(
                    "dropout-very-high",
                    LIKELY if module.p >= 0.99 else LOOK,
                    f"Dropout with p = {module.p:g}: p is the share that is set to zero, not the "
                    "one kept.",
                    call.site if call.root else None,
                    p=module.p,
                )

    called_inside = called
