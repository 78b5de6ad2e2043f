"""Gradients clipped at the wrong moment, and losses clamped in their place."""

from collections import Counter
from typing import Any

from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.events import Backward, Clip
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY, Site
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.walks import Walk

_ENOUGH = 4
_LARGE = 1e30
_TERMS = 16
_SMALL_GRAPH = 5
_SCALARS = ("Mul", "Div", "Add", "Sub", "Neg", "Alias", "View", "Squeeze", "ToCopy", "Clone")


class Clipping(Detector):
    """Orders clipping among backward, unscaling and step; counts which order there was."""

    names = ("clipped-after-step", "clipped-before-backward", "clipped-before-unscale")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._orders: Counter[str] = Counter()
        self._sites: dict[str, Site] = {}
        self._passes = 0
        self._used_at: dict[int, int] = {}
        self._scaled = False

    def after_backward(self, backward: Backward) -> None:
        self._passes += 1

    def after_step(self, optimizer: Optimizer) -> None:
        if self.session.sampled:
            first = {id(group["params"][0]) for group in optimizer.param_groups if group["params"]}
            self._used_at.update(dict.fromkeys(first, self._passes))

    def scaled(self, scaler: Any, what: str) -> None:
        if what == "scale":
            self._scaled = scaler.get_scale() != 1.0 if self.session.sampled else False
        elif what in ("unscale", "stepped"):
            self._scaled = False

    def clipped(self, clip: Clip) -> None:
        if clip.limit >= _LARGE:  # only measured
            return
        used = [self._used_at[id(p)] for p in clip.parameters if id(p) in self._used_at]
        order = "fit"
        if used and max(used) == self._passes:
            empty = clip.norm == 0 or all(p.grad is None for p in clip.parameters)
            order = "early" if empty else "late"
        elif self._passes == 0:
            order = "early"
        elif self._scaled:
            order = "scaled"
        self._orders[order] += 1
        self._sites[order] = clip.site
        if order != "fit" and self._orders[order] >= _ENOUGH:
            self._say(order)

    def _say(self, order: str) -> None:
        times, of = self._orders[order], sum(self._orders.values())
        name, words = {
            "late": (
                "clipped-after-step",
                "after the optimizer had used them, and before another backward pass: without "
                "effect",
            ),
            "early": (
                "clipped-before-backward",
                "before backward had computed them: there was nothing to clip",
            ),
            "scaled": (
                "clipped-before-unscale",
                "while they were still multiplied by the GradScaler's factor: the limit was "
                "meant for "
                "gradients as they are",
            ),
        }[order]
        if times >= 0.8 * of:
            self.session.report(
                name,
                LIKELY if order == "scaled" else CERTAIN,
                f"In {times} of {of} observed cases gradients were clipped {words}.",
                self._sites[order],
                times=times,
                of=of,
            )


class Clamped(Detector):
    """``loss-clamped``: a number computed from the whole batch is clamped before backward."""

    names = ("loss-clamped",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._times = self._active = self._seen = 0

    def before_backward(self, backward: Backward) -> None:
        if not self.session.sampled or backward.root.numel() != 1:
            return
        self._seen += 1
        node = self._clamp(backward)
        if node is None:
            return
        self._times += 1
        limit = _upper(node)
        value = float(node._saved_self.reshape(-1)[0])
        self._active += value > limit
        if self._times >= _ENOUGH:
            self.session.report(
                "loss-clamped",
                LIKELY,
                f"The loss itself was clamped to at most {limit:g} before backward in "
                f"{self._times} "
                f"steps. Above that its gradient is zero: {self._active} of them taught nothing.",
                backward.site,
                times=self._times,
                limit=limit,
                without_gradient=self._active,
            )

    def _clamp(self, backward: Backward) -> Any:
        """The node of a clamp from above, on a single number that a graph hangs on."""
        found: list[Any] = [backward.root.grad_fn]
        for node in found:
            name = node.name()
            if name.startswith(("Clamp", "Hardtanh")):
                if _upper(node) < _LARGE and _is_loss(node):
                    return node
            elif name.startswith(_SCALARS) and len(found) < _TERMS:
                found += [item for item, _ in node.next_functions if item is not None]
        return None


def _upper(node: Any) -> float:
    for name in ("_saved_max", "_saved_max_val"):
        limit = getattr(node, name, None)
        if isinstance(limit, int | float):
            return float(limit)
    return float("inf")


def _is_loss(node: Any) -> bool:
    saved = getattr(node, "_saved_self", None)
    if saved is None or saved.numel() != 1:
        return False
    return len(Walk(node).first(_SMALL_GRAPH)) > _SMALL_GRAPH
