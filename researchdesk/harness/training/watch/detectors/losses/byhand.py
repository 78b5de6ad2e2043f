"""Losses written out, or put together from their parts: logits as probabilities, padded means."""

from collections import Counter
from typing import Any

from torch import Tensor

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.losses.provenance import (
    MOVES,
    ancestors,
    bounds_of,
    kind_of,
    parents,
    saved,
    share_outside,
)
from researchdesk.harness.training.watch.events import Backward
from researchdesk.harness.training.watch.findings import LIKELY, Site
from researchdesk.harness.training.watch.session import Session

_ENOUGH, _LOOKS, _NEAR = 3, 12, 40
_OUTSIDE, _PADDED = 0.2, 0.05
_CLASSES = ("NllLoss", "NllLoss2D", "NllLoss2d")
_NONE = 0


class ByHand(Detector):
    """``logits-to-bce`` in a likelihood that is written out; ``loss-over-padding`` in a mean of
    losses of which ``ignore_index`` made some zero."""

    names = ("logits-to-bce", "loss-over-padding")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._looks: Counter[Site] = Counter()
        self._logits: Counter[Site] = Counter()
        self._padded: Counter[Site] = Counter()

    def before_backward(self, backward: Backward) -> None:
        at = backward.site
        if not self.session.sampled or backward.root.numel() != 1 or self._looks[at] >= _LOOKS:
            return
        self._looks[at] += 1
        share = _clamped_logits(backward.root.grad_fn)
        self._logits[at] += share >= _OUTSIDE
        if share >= _OUTSIDE and self._logits[at] >= _ENOUGH:
            self.session.report(
                "logits-to-bce",
                LIKELY,
                f"A likelihood takes logarithms of numbers that are clamped into 0 .. 1, and "
                f"{share:.0%} of them lay outside: they are logits, no sigmoid came before.",
                at,
                share=share,
            )
        share = _ignored(backward.root.grad_fn)
        self._padded[at] += share >= _PADDED
        if share >= _PADDED and self._padded[at] >= _ENOUGH:
            self.session.report(
                "loss-over-padding",
                LIKELY,
                f"{share:.0%} of the losses are 0 as their targets are ignore_index, and the mean "
                "is over all: with reduction='none' it is to be divided by those that count.",
                at,
                share=share,
            )


def _clamped_logits(root: Any) -> float:
    """Of what is clamped into 0 .. 1 right before a logarithm: the share that lay outside."""
    for node in ancestors(root, _NEAR):
        if kind_of(node) != "Log":
            continue
        before = parents(node)
        if before and kind_of(before[0]) == "Rsub":
            before = parents(before[0])
        bounds = bounds_of(before[0]) if before else None
        if bounds is None or not all(isinstance(limit, float) for limit in bounds[1:]):
            continue
        if 0 <= bounds[1] < 0.1 and 0.9 < bounds[2] <= 1:
            return share_outside(bounds[0], 0, 1)
    return 0.0


def _ignored(root: Any) -> float:
    """Of the targets whose losses a plain mean is over: the share that is ignored."""
    node, mean = root, False
    for _ in range(6):
        kind, before = kind_of(node), parents(node)
        if kind in _CLASSES:
            target = saved(node, "target")
            if not mean or getattr(node, "_saved_reduction", 1) != _NONE:
                return 0.0
            ignored = getattr(node, "_saved_ignore_index", -100)
            if not isinstance(target, Tensor):
                return 0.0
            # autograd keeps the number without its sign
            ignored = ignored - (1 << 64) if ignored >= 1 << 63 else ignored
            return float((target == ignored).float().mean())
        mean = mean or kind == "Mean"
        if len(before) != 1 or kind not in MOVES | {"Mean", "Mul", "Div"}:
            return 0.0
        if kind == "Mul" and not mean:
            factor = saved(node, "other")
            if isinstance(factor, Tensor) and factor.numel() != 1:
                return 0.0
        elif kind == "Mul":
            return 0.0
        node = before[0]
    return 0.0
