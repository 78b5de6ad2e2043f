"""Losses given numbers on another scale than they take; terms that do not fit together."""

import math
from typing import Any

from torch import Tensor

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.losses.provenance import (
    ancestors,
    are_log_probabilities,
    are_one_hot,
    is_readable,
    kind_of,
    origin,
    parents,
    rows_of,
    saved,
    shape_of,
)
from researchdesk.harness.training.watch.events import Backward, LossCall
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_POSITIVE = {"Exp": "exp", "Softplus": "softplus", "Relu": "ReLU", "Sigmoid": "a sigmoid"}
_MEANS = frozenset({"MseLoss", "BinaryCrossEntropy", "BinaryCrossEntropyWithLogits", "L1Loss"})
_COMBINING = frozenset({"Add", "Sub", "Mul", "Div"})
_LOOKS = 4
_MEAN = 1
_WIDE = 8
_HEAVY, _AS_MUCH = 0.1, 0.3


class Scales(Detector):
    """Scores where ``ctc_loss`` takes logarithms, rates where ``poisson_nll_loss`` does."""

    names = ("ctc-of-logits", "poisson-of-rates", "softmax-for-several-labels")

    def loss(self, call: LossCall) -> None:
        if not is_readable(call.input):
            return
        if call.name == "ctc_loss":
            self._ctc(call)
        elif call.name == "poisson_nll_loss" and call.options.get("log_input", True):
            self._poisson(call)
        elif call.name == "binary_cross_entropy" and is_readable(call.target):
            self._several(call)

    def _ctc(self, call: LossCall) -> None:
        rows = rows_of(call.input, -1)
        if origin(call.input).kind != "LogSoftmax" and not are_log_probabilities(rows):
            above = float((rows > 0).float().mean())
            self.session.report(
                "ctc-of-logits",
                CERTAIN if above else LIKELY,
                "ctc_loss got numbers that are no log-probabilities over the last dimension "
                f"({above:.0%} lie above 0): no log_softmax came before it.",
                call.site,
                above_zero=above,
            )

    def _poisson(self, call: LossCall) -> None:
        kind = origin(call.input).kind
        if kind in _POSITIVE:
            self.session.report(
                "poisson-of-rates",
                LIKELY,
                f"poisson_nll_loss got the output of {_POSITIVE[kind]}, which is a rate, and takes "
                "its logarithm as log_input is True: it applies exp once more.",
                call.site,
                source=kind,
            )

    def _several(self, call: LossCall) -> None:
        if call.input.ndim != 2 or call.input.shape != call.target.shape:
            return
        if call.input.shape[1] < 2 or origin(call.input).kind != "Softmax":
            return
        rows = rows_of(call.target, 1)
        several = float((rows.sum(1) > 1).float().mean())
        if are_one_hot(rows) and several > 0:
            self.session.report(
                "softmax-for-several-labels",
                LIKELY,
                f"{several:.0%} of the samples have several labels that are right, and the "
                "predictions are a softmax, whose sum is 1: they cannot all be near 1.",
                call.site,
                several=several,
            )


class Terms(Detector):
    """``loss-terms-unlike``: a mean over everything plus a sum over everything."""

    names = ("loss-terms-unlike",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._looked: dict[Site, int] = {}

    def before_backward(self, backward: Backward) -> None:
        looked = self._looked.get(backward.site, 0)
        root = backward.root.grad_fn
        if looked >= _LOOKS or not self.session.sampled or kind_of(root) not in _COMBINING:
            return
        self._looked[backward.site] = looked + 1
        terms = _terms(root)
        means = [(node, weight) for node, weight in terms if _is_wide_mean(node)]
        sums = [weight for node, weight in terms if _is_divergence(node)]
        if means and sums and sums[0] >= _HEAVY * means[0][1]:
            size = (shape_of(parents(means[0][0])[0]) or (0,))[1:]
            weight = sums[0] / means[0][1]
            self.session.report(
                "loss-terms-unlike",
                LIKELY,
                f"The loss adds a mean over samples and their {size} elements to a divergence "
                f"summed over both, with a weight of {weight:.3g}: the sum outweighs the mean by "
                "the number of elements.",
                backward.site,
                weight=weight,
            )
        by_item = [weight for node, weight in terms if _is_divergence_by_item(node)]
        if means and by_item and by_item[0] >= _AS_MUCH * means[0][1]:
            size = (shape_of(parents(means[0][0])[0]) or (0,))[1:]
            self.session.report(
                "loss-terms-unlike",
                LOOK,
                f"The loss adds a mean over samples and their {size} elements to a divergence that "
                "is summed for each sample: against the sum of both, which is the bound of the "
                f"likelihood, the divergence weighs {math.prod(size):,} times as much.",
                backward.site,
                weight=by_item[0] / means[0][1],
            )


def _terms(root: Any) -> list[tuple[Any, float]]:
    """What a root adds up, each with the size of the factor before it."""
    row: list[tuple[Any, float]] = [(root, 1.0)]
    found: list[tuple[Any, float]] = []
    while row and len(found) < 8:
        node, weight = row.pop()
        kind, before = kind_of(node), parents(node)
        if kind in ("Add", "Sub") and len(before) <= 2 and not shape_of(node):
            row += [(one, weight) for one in before]
        elif kind in ("Mul", "Div", "Neg") and len(before) == 1 and not shape_of(node):
            factor = 1.0 if kind == "Neg" else _factor(node)
            if factor:
                row.append((before[0], weight / factor if kind == "Div" else weight * factor))
        else:
            found.append((node, weight))
    return found


def _factor(node: Any) -> float:
    """The size of a number that a node multiplies with or divides by; 0 where it is not known."""
    other = saved(node, "other")
    return abs(float(other)) if isinstance(other, Tensor) and other.numel() == 1 else 0.0


def _is_wide_mean(node: Any) -> bool:
    if kind_of(node) not in _MEANS or getattr(node, "_saved_reduction", 0) != _MEAN:
        return False
    before = parents(node)
    shape = shape_of(before[0]) if before else None
    size = 1
    for length in (shape or ())[1:]:
        size *= length
    return size >= _WIDE


def _is_divergence_by_item(node: Any) -> bool:
    """A mean over samples of such a sum for each."""
    if kind_of(node) != "Mean":
        return False
    before = parents(node)
    for _ in range(3):
        if len(before) != 1 or kind_of(before[0]) not in ("Mul", "Neg"):
            break
        before = parents(before[0])
    summed = len(before) == 1 and kind_of(before[0]) == "Sum" and hasattr(before[0], "_saved_dim")
    return summed and any(kind_of(one) == "Exp" for one in ancestors(node, 12))


def _is_divergence(node: Any) -> bool:
    """A sum over all elements, of what has an exponential in it, as a Gaussian's divergence."""
    if kind_of(node) != "Sum" or hasattr(node, "_saved_dim"):
        return False
    return any(kind_of(one) == "Exp" for one in ancestors(node, 10))
