"""Accuracy against that of always naming the most frequent class."""

import math
from collections import Counter

from torch import Tensor
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.events import LossCall
from researchdesk.harness.training.watch.findings import LOOK, Site
from researchdesk.harness.training.watch.session import Session

_MOST = 4_096
_STEPS = 40
_ITEMS = 100
_EARLY = 10
_KINDS = ("cross_entropy", "nll_loss", "binary_cross_entropy_with_logits", "binary_cross_entropy")


class Majority(Detector):
    """``no-better-than-majority``: the outputs name no more right than one class for all."""

    names = ("no-better-than-majority",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._seen: list[tuple[int, int, int]] = []
        self._labels: Counter[int] = Counter()
        self._optimizers: set[int] = set()
        self._at = Site()

    def after_step(self, optimizer: Optimizer) -> None:
        self._optimizers.add(id(optimizer))

    def loss(self, call: LossCall) -> None:
        if not call.output.requires_grad or call.name not in _KINDS or len(self._seen) > _MOST:
            return
        named = _named(call)
        if named is None:
            return
        guess, labels = named
        right = int((guess == labels).sum())
        self._seen.append((self.session.step, right, labels.numel()))
        self._labels.update(labels.tolist())
        self._at = call.site

    def finish(self) -> None:
        if len(self._optimizers) != 1 or self.session.step < _STEPS:
            return
        start = max(_EARLY, self.session.step // 4)
        late = [item for item in self._seen if item[0] >= start]
        items = sum(count for _, _, count in late)
        if items < _ITEMS or len(self._labels) < 2:
            return
        right = sum(count for _, count, _ in late) / items
        most = max(self._labels.values()) / self._labels.total()
        if right <= most + math.sqrt(most * (1 - most) / items):
            self.session.report(
                "no-better-than-majority",
                LOOK,
                f"From step {start} on, {right:.1%} of {items} training items were named right; "
                f"the most frequent class alone gives {most:.1%}.",
                self._at,
                accuracy=right,
                majority=most,
            )


def _named(call: LossCall) -> tuple[Tensor, Tensor] | None:
    """The classes that the outputs name, and the right ones, one for each item."""
    found, target = call.input, call.target
    if call.name.startswith("binary"):
        if found.shape != target.shape or found.numel() > _MOST or found.shape[1:].numel() != 1:
            return None
        # probabilities in the place of logits are another finding's
        logits = call.name.endswith("logits") and bool((found < 0).any())
        edge = 0.0 if logits else 0.5
        labels = target.round().long().flatten()
        if not bool(((labels == 0) | (labels == 1)).all()):
            return None
        return (found > edge).long().flatten(), labels
    if found.dim() != 2 or target.dim() != 1 or target.is_floating_point():
        return None
    if len(found) > _MOST or len(found) != len(target):
        return None
    counts = target != call.options.get("ignore_index", -100)
    return found.argmax(1)[counts], target[counts]
