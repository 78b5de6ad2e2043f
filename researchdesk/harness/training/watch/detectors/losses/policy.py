"""Policy gradients: log-probabilities of what was done, weighted by how good it was."""

from collections import Counter
from typing import Any

from torch import Tensor

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.losses.provenance import (
    MOVES,
    kind_of,
    parents,
    saved,
)
from researchdesk.harness.training.watch.events import Backward
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_DEEPEST, _TERMS = 12, 64
_ENOUGH = 4
_SUMS = frozenset({"Mean", "Sum", "Stack", "Cat"})


class PolicySign(Detector):
    """``policy-gradient-sign``: REINFORCE's loss is minus the weighted log-probabilities.

    Source of the sign: Williams (1992), the gradient of the expected return is the mean of
    return times grad log pi, and an optimizer goes against the gradient of its loss.
    """

    names = ("policy-gradient-sign",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._looks: Counter[Site] = Counter()
        self._wrong: Counter[Site] = Counter()
        self._rewards: set[Site] = set()

    def before_backward(self, backward: Backward) -> None:
        if not self.session.sampled or backward.root.numel() != 1:
            return
        found = [one for one in _weighted(backward.root.grad_fn) if bool(one[1].any())]
        if not found:
            return
        self._looks[backward.site] += 1
        wrong = [weights for sign, weights in found if sign > 0 and bool((weights > 0).any())]
        self._wrong[backward.site] += len(wrong) == len(found)
        # returns, and not what is left of them after their mean is taken off
        if any(bool((weights >= 0).all()) for weights in wrong):
            self._rewards.add(backward.site)

    def finish(self) -> None:
        for at, times in self._wrong.items():
            if times >= _ENOUGH and times == self._looks[at]:
                self.session.report(
                    "policy-gradient-sign",
                    LIKELY if at in self._rewards else LOOK,
                    f"In {times} backward passes log-probabilities of actions were multiplied with "
                    "returns or advantages, and their sign not turned: minimising that makes what "
                    "was good rarer.",
                    at,
                    times=times,
                )


def _weighted(root: Any) -> list[tuple[int, Tensor]]:
    """Constant weights of log-probabilities that were picked, each with the sign of its term."""
    found: list[tuple[int, Tensor]] = []
    row: list[tuple[Any, int, int]] = [(root, 1, 0)]
    for node, sign, depth in row:
        if depth > _DEEPEST or len(row) > _TERMS:
            break
        kind, before = kind_of(node), parents(node)
        if kind == "Mul" and len(before) == 1:
            factor = _factor(node)
            if factor is None:
                continue
            if factor.numel() == 1 and not _is_picked(before[0]):
                row.append((before[0], sign if float(factor) > 0 else -sign, depth + 1))
            elif _is_picked(before[0]):
                found.append((sign, factor))
        elif kind in ("Neg", "Rsub") and before:
            row.append((before[0], -sign, depth + 1))
        elif kind in ("Add", "Sub"):
            ahead = [one for one, _ in node.next_functions]
            turned = -sign if kind == "Sub" else sign
            row += [
                (one, turned if place else sign, depth + 1)
                for place, one in enumerate(ahead)
                if one is not None
            ]
        elif kind in _SUMS | MOVES | {"Div"}:
            row += [(one, sign, depth + 1) for one in before[:_TERMS]]
    return found


def _factor(node: Any) -> Tensor | None:
    """What a product without a gradient on its other side was multiplied with."""
    for name in ("other", "self"):
        found = saved(node, name)
        if isinstance(found, Tensor) and not found.requires_grad:
            return found.detach()
    return None


def _is_picked(node: Any) -> bool:
    """Whether it is a log-probability that was picked by number: of the action that was taken."""
    picked = False
    for _ in range(_DEEPEST):
        kind, before = kind_of(node), parents(node)
        if kind in ("Gather", "Index", "Select"):
            picked = True
        elif kind == "LogSoftmax":
            return picked
        elif kind == "Sub":
            return picked and any(_is_total(one) for one in before)
        elif kind == "Log":
            return picked or _picks_below(before)
        elif kind not in MOVES:
            return False
        if not before:
            return False
        node = before[0]
    return False


def _is_total(node: Any) -> bool:
    return node is not None and kind_of(node) == "Logsumexp"


def _picks_below(before: list[Any]) -> bool:
    return bool(before) and kind_of(before[0]) in ("Gather", "Index", "Select")
