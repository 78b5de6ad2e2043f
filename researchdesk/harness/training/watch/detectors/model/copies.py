"""Copies of a model that were to follow it, and never moved."""

import weakref
from dataclasses import dataclass, field

from torch import Tensor, nn

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.model.tensors import is_ordinary
from researchdesk.harness.training.watch.events import Call
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_MODELS, _VISITS, _LARGEST = 50, 3, 1 << 16
_SELDOM = 0.5


@dataclass(slots=True, eq=False)
class _Model:
    """A model that the script calls: what it looked like at first, and whether that changed."""

    ref: weakref.ref[nn.Module]
    shapes: tuple[tuple[int, ...], ...]
    start: tuple[float, ...]
    site: Site
    trained: bool = False
    changed: bool = False
    visits: set[int] = field(default_factory=set)


class StaleCopies(Detector):
    """``copy-never-updated``: evaluated again and again, and still what its model was at first.

    A teacher, or a target network, is called in training steps; a copy of averages is called only
    to evaluate it, at few moments, and has to move with the model that it was copied from.
    """

    names = ("copy-never-updated",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._models: dict[int, _Model] = {}

    def called(self, call: Call) -> None:
        if not call.root:
            return
        known = self._models.get(id(call.module))
        if known is None or known.ref() is not call.module:
            known = self._take(call)
            if known is None:
                return
        if call.grad and call.module.training:
            known.trained = known.trained or any(p.requires_grad for p in call.module.parameters())
        elif not call.grad and self.session.step not in known.visits and len(known.visits) < 500:
            known.visits.add(self.session.step)
            known.changed = known.changed or _print_of(call.module) != known.start

    def _take(self, call: Call) -> _Model | None:
        if len(self._models) >= _MODELS:
            return None
        shapes = tuple(tuple(p.shape) for p in call.module.parameters())
        if not shapes:
            return None
        known = _Model(weakref.ref(call.module), shapes, _print_of(call.module), call.site)
        self._models[id(call.module)] = known
        return known

    def finish(self) -> None:
        trained = [one for one in self._models.values() if one.trained]
        for copy in self._models.values():
            if copy.trained or copy.changed or len(copy.visits) < _VISITS:
                continue
            models = [one for one in trained if one.shapes == copy.shapes]
            if not models or len(copy.visits) > _SELDOM * max(self.session.step, 1):
                continue
            same = any(one.start == copy.start for one in models)
            self.session.report(
                "copy-never-updated",
                LIKELY if same else LOOK,
                f"A copy of the model that is trained was evaluated after {len(copy.visits)} "
                "different steps, and its weights were the same each time"
                + (", those that the model began with." if same else "."),
                copy.site,
                evaluations=len(copy.visits),
            )


def _print_of(module: nn.Module) -> tuple[float, ...]:
    """Sums that are others as soon as the first or the last weights are."""
    held = [p for p in module.parameters() if is_ordinary(p) and p.numel()]
    return tuple(_sum(p) for p in (*held[:1], *held[-1:]))


def _sum(p: Tensor) -> float:
    own = p.detach().reshape(-1)
    return float(own[:: max(1, own.numel() // _LARGEST)].double().abs().sum())
