"""Losses that do not lead to the model, or lead the wrong way."""

from typing import Any

from torch import Tensor, nn
from torch.optim import SGD, Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.losses.provenance import (
    LINEAR,
    MOVES,
    ancestors,
    kind_of,
    origin,
    parents,
    saved,
    shape_of,
)
from researchdesk.harness.training.watch.events import Backward, LossCall
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_LOSSES = frozenset(
    {
        *("NllLoss", "NllLoss2D", "NllLoss2d", "MseLoss", "L1Loss", "SmoothL1Loss", "HuberLoss"),
        *("BinaryCrossEntropy", "BinaryCrossEntropyWithLogits"),
    }
)
_ENOUGH = 3
_LOOKS = 6
_SUM = 2


class CutOff(Detector):
    """``loss-cut-off``: ``backward`` of a number that nothing was computed for."""

    names = ("loss-cut-off",)

    def rootless(self, backward: Backward) -> None:
        root = backward.root
        if isinstance(root, nn.Parameter) or root.numel() != 1:
            return
        if root.requires_grad:
            how = "It was made anew and told to require a gradient, which does not bring one back"
        else:
            how = "It was computed from what is detached, or where gradients are off"
        self.session.report(
            "loss-cut-off",
            CERTAIN,
            f"backward was called on a loss that leads to no parameter. {how}: as by .item(), "
            ".detach(), .data, numpy(), argmax or torch.tensor(loss).",
            backward.site,
        )


class Direction(Detector):
    """Losses with the wrong sign, sums with rates for means, logarithms of a softmax."""

    names = ("loss-negated", "loss-summed", "log-of-softmax")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._passes = self._negated = 0
        self._looked: dict[Site, int] = {}
        self._trains = False
        self._at = Site()
        self._summed: tuple[Site, int] | None = None

    def before_backward(self, backward: Backward) -> None:
        looked = self._looked.get(backward.site, 0)
        if looked >= _LOOKS or not self.session.sampled:
            return
        self._looked[backward.site] = looked + 1
        self._passes += 1
        root = backward.root.grad_fn
        if _is_negated(root):
            self._negated += 1
            self._at = backward.site
        count = _summed(root)
        self._summed = (backward.site, count) if count else None
        if any(_is_log_of_softmax(node) for node in ancestors(root, 30)):
            self.session.report(
                "log-of-softmax",
                LOOK,
                "The loss takes log of softmax in two steps, which is minus infinity where a "
                "probability is rounded to 0; log_softmax does it in one, exactly.",
                backward.site,
            )

    def before_step(self, optimizer: Optimizer) -> None:
        if self._negated and not self._trains:
            held = (p for group in optimizer.param_groups for p in group["params"])
            self._trains = any(isinstance(one, nn.Parameter) for one in held)
        if self._summed is None or not isinstance(optimizer, SGD):
            return
        site, count = self._summed
        rate = float(optimizer.param_groups[0]["lr"])
        if count >= 8 and rate >= 1e-3:
            self.session.report(
                "loss-summed",
                LOOK,
                f"The loss is a sum over {count} elements and not their mean, and SGD's rate "
                f"is {rate:g}: steps grow with the size of the batch.",
                site,
                elements=count,
                rate=rate,
            )

    def finish(self) -> None:
        if self._trains and self._negated >= _ENOUGH and self._negated == self._passes:
            self.session.report(
                "loss-negated",
                LIKELY,
                f"Each of {self._negated} backward passes that were looked at began with minus a "
                "loss: steps make it larger.",
                self._at,
                passes=self._negated,
            )


class MovingTarget(Detector):
    """``target-with-gradient``: a target computed by what learns, and not detached."""

    names = ("target-with-gradient",)

    def loss(self, call: LossCall) -> None:
        regressing = call.name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
        if not (regressing and call.target.requires_grad and call.input.requires_grad):
            return
        source = _bootstrap(call.target)
        if source:
            self.session.report(
                "target-with-gradient",
                LIKELY if "ax" in source else LOOK,
                f"{call.name}'s target is computed by a network ({source.lower()}, scaled and "
                "added to), and gradients flow into it: it was to be detached.",
                call.site,
                source=source,
            )


def _is_negated(root: Any) -> bool:
    node, signs = root, 0
    for _ in range(4):
        kind = kind_of(node)
        if kind in _LOSSES:
            return signs == 1
        if kind in ("Neg", "Rsub") or (kind == "Mul" and _is_negative(node)):
            signs += 1
        elif kind not in ("Mean", "Sum"):
            return False
        before = parents(node)
        if len(before) != 1:
            return False
        node = before[0]
    return False


def _is_negative(node: Any) -> bool:
    factor = saved(node, "other")
    return isinstance(factor, Tensor) and factor.numel() == 1 and float(factor) < 0


def _summed(root: Any) -> int:
    """How many elements a root sums over without dividing; 0 where it does not."""
    kind = kind_of(root)
    if kind in _LOSSES and getattr(root, "_saved_reduction", 1) == _SUM:
        before = parents(root)
        shape = shape_of(before[0]) if before else None
        return shape[0] if shape else 0
    return 0


def _is_log_of_softmax(node: Any) -> bool:
    if kind_of(node) != "Log":
        return False
    before = parents(node)
    for _ in range(4):
        if not before:
            return False
        kind = kind_of(before[0])
        if kind == "Softmax":
            return True
        if kind not in MOVES | {"Gather"}:
            return False
        before = parents(before[0])
    return False


def _bootstrap(target: Tensor) -> str:
    """What a reward plus a discounted value is computed by; empty where it is none."""
    found = origin(target)
    before = parents(found.node) if found.kind == "Add" else []
    if len(before) != 1:
        return ""
    node, scaled = before[0], False
    for _ in range(8):
        kind = kind_of(node)
        if kind in LINEAR or kind in ("Max", "Amax"):
            return kind if scaled else ""
        if kind not in MOVES | {"Mul"}:
            return ""
        scaled = scaled or kind == "Mul"
        before = parents(node)
        if len(before) != 1:
            return ""
        node = before[0]
    return ""
