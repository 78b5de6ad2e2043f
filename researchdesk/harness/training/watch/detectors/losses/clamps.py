"""Errors that are clamped before they are squared: the largest teach nothing."""

from collections import Counter
from typing import Any

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.losses.provenance import (
    MOVES,
    bounds_of,
    kind_of,
    parents,
    share_outside,
)
from researchdesk.harness.training.watch.events import Backward
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_DEEPEST, _TERMS = 8, 12
_ENOUGH, _MANY = 3, 0.1
_THROUGH = MOVES | {
    "Mean",
    "Sum",
    "Pow",
    "Abs",
    "Div",
    "Add",
    "Neg",
    "MseLoss",
    "SmoothL1Loss",
    "HuberLoss",
}
_OWN_ERROR = ("Sub", "Rsub")


class ClampedErrors(Detector):
    """``error-clamped``: what a loss squares was clamped from both sides, element by element."""

    names = ("error-clamped",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._times: Counter[Site] = Counter()

    def before_backward(self, backward: Backward) -> None:
        if not self.session.sampled or backward.root.numel() != 1:
            return
        for share in _clamped(backward.root.grad_fn):
            self._times[backward.site] += share > 0
            if self._times[backward.site] >= _ENOUGH and share > 0:
                self._report(backward.site, share)

    def _report(self, at: Site, share: float) -> None:
        self.session.report(
            "error-clamped",
            LIKELY if share >= _MANY else LOOK,
            f"Errors are clamped before they are squared, and {share:.0%} of them lay outside: "
            "there the gradient is zero, so the largest errors teach nothing.",
            at,
            share=share,
        )


def _clamped(root: Any) -> list[float]:
    """For each clamp of differences next to the loss: which share of the numbers lay outside."""
    found: list[float] = []
    row = [(root, 0, False)]
    for node, depth, squared in row:
        kind = kind_of(node)
        if kind == "Clamp" and squared:
            found += _outside(node)
        elif depth < _DEEPEST and (kind in _THROUGH or _is_square(node) or _is_weighted(node)):
            raised = squared or kind in ("Pow", "Abs") or kind.endswith("Loss") or _is_square(node)
            row.extend((one, depth + 1, raised) for one in dict.fromkeys(parents(node)))
        if len(row) > _TERMS:
            break
    return found


def _is_square(node: Any) -> bool:
    before = parents(node)
    return kind_of(node) == "Mul" and len(before) == 2 and before[0] is before[1]


def _is_weighted(node: Any) -> bool:
    return kind_of(node) == "Mul" and len(parents(node)) == 1


def _outside(node: Any) -> list[float]:
    bounds = bounds_of(node)
    if bounds is None or bounds[0].numel() < 2:
        return []
    if not any(kind_of(one) in _OWN_ERROR for one in parents(node)):
        return []
    return [share_outside(*bounds)]
