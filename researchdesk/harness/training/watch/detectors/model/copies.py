"""Copies of a model that were to follow it, and never moved."""

import weakref
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.model.tensors import is_ordinary
from researchdesk.harness.training.watch.events import Call
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_MODELS, _VISITS, _NUMBERS = 50, 3, 1_024
_SELDOM, _HARDLY = 0.5, 0.05


@dataclass(slots=True, eq=False)
class _Model:
    """A model that the script calls: what it looked like at first, and whether that changed."""

    ref: weakref.ref[nn.Module]
    shapes: tuple[tuple[int, ...], ...]
    start: Tensor
    site: Site
    trained: bool = False
    moved: float = 0.0
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
            if self.session.sampled and len(self._models) > 1:
                known.moved = _distance(call.module, known)
        elif not call.grad and self.session.step not in known.visits and len(known.visits) < 500:
            known.visits.add(self.session.step)
            known.moved = max(known.moved, _distance(call.module, known))

    def _take(self, call: Call) -> _Model | None:
        if len(self._models) >= _MODELS:
            return None
        shapes = tuple(tuple(p.shape) for p in call.module.parameters())
        if not shapes:
            return None
        known = _Model(weakref.ref(call.module), shapes, _some_of(call.module), call.site)
        self._models[id(call.module)] = known
        return known

    def finish(self) -> None:
        trained = [one for one in self._models.values() if one.trained]
        for copy in self._models.values():
            if copy.trained or len(copy.visits) < _VISITS:
                continue
            models = [one for one in trained if one.shapes == copy.shapes and one.moved]
            if models and len(copy.visits) <= _SELDOM * max(self.session.step, 1):
                self._judge(copy, models)

    def _judge(self, copy: _Model, models: list[_Model]) -> None:
        same = any(torch.equal(one.start, copy.start) for one in models)
        moved = copy.moved / max(one.moved for one in models)
        if moved > _HARDLY:
            return
        self.session.report(
            "copy-never-updated",
            LIKELY if same and not copy.moved else LOOK,
            f"A copy of the model that is trained was evaluated after {len(copy.visits)} "
            "different steps, and its weights "
            + (f"moved {moved:.2g} times as far" if copy.moved else "were the same each time")
            + (", from where the model began." if same else "."),
            copy.site,
            evaluations=len(copy.visits),
            moved=moved,
        )


def _some_of(module: nn.Module) -> Tensor:
    """Numbers of the first and the last weights."""
    held = [p for p in module.parameters() if is_ordinary(p) and p.numel()]
    some = [p.detach().reshape(-1) for p in (*held[:1], *held[-1:])]
    few = [one[:: max(1, one.numel() // _NUMBERS)].double().cpu() for one in some]
    return torch.cat(few) if few else torch.zeros(0, dtype=torch.float64)


def _distance(module: nn.Module, known: _Model) -> float:
    now = _some_of(module)
    return float((now - known.start).norm()) if now.shape == known.start.shape else 0.0
