"""Batch norm that works with statistics which were never learnt."""

import weakref
from dataclasses import dataclass, field

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.model.tensors import first_ordinary, is_ordinary
from researchdesk.harness.training.watch.events import Call, Loaded
from researchdesk.harness.training.watch.findings import LIKELY, Site
from researchdesk.harness.training.watch.session import Session

_NAME = "batch-norm-statistics-not-loaded"
_ENOUGH = 10
_STARTED = 0.2


@dataclass(slots=True)
class Uses:
    """How a model's batch norm layers were used with statistics that may be at their start.

    ``layers`` are those that never were in training mode so far. ``at`` is where the model was
    evaluated with such, ``count`` how many of them were there, of ``total``.
    """

    layers: list[weakref.ref[_BatchNorm]]
    training: int = 0
    at: Site = field(default_factory=Site)
    count: int = 0
    total: int = 0
    told: bool = False


class NormsAtStart(Detector):
    """``batch-norm-statistics-not-loaded``: the weights have learnt, the statistics have not."""

    names = (_NAME,)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._uses: weakref.WeakKeyDictionary[nn.Module, Uses] = weakref.WeakKeyDictionary()
        self._waiting: dict[int, Uses] = {}
        self._known: weakref.WeakSet[nn.Module] = weakref.WeakSet()

    def loaded(self, loaded: Loaded) -> None:
        # said where it was loaded
        if any(name.endswith("running_var") for name in loaded.missing):
            self._known.add(loaded.module)

    def called(self, call: Call) -> None:
        if not call.root:
            return
        uses = self._uses.get(call.module)
        if uses is None:
            norms = [weakref.ref(m) for m in call.module.modules() if isinstance(m, _BatchNorm)]
            uses = self._uses[call.module] = Uses(norms, total=len(norms))
        if not uses.layers or uses.told or call.module in self._known:
            return
        uses.layers = [ref for ref in uses.layers if (m := ref()) is not None and not m.training]
        if not uses.layers:
            self._waiting.pop(id(uses), None)
            return
        output = first_ordinary(call.output)
        learning = call.grad and output is not None and output.requires_grad
        uses.training += learning and self.session.step > 0
        if self.session.sampled:
            self._look(call, uses, learning)

    def _look(self, call: Call, uses: Uses, learning: bool) -> None:
        whole = learning and all(p.requires_grad for p in call.module.parameters())
        uses.layers = [ref for ref in uses.layers if (m := ref()) is not None and _at_start(m)]
        learnt = [m for ref in uses.layers if (m := ref()) is not None and _has_learnt(m, whole)]
        if not learnt:
            return
        uses.count = len(learnt)
        if learning and uses.training >= _ENOUGH:
            self._tell(uses, call.site, f"in {uses.training} calls of training")
        elif not learning and self.session.step >= _ENOUGH:
            uses.at = uses.at if uses.at.file else call.site
            self._waiting[id(uses)] = uses

    def finish(self) -> None:
        for uses in self._waiting.values():
            alive = [layer for ref in uses.layers if (layer := ref()) is not None]
            if not uses.told and all(_at_start(layer) for layer in alive):
                self._tell(uses, uses.at, "in evaluation, after training")

    def _tell(self, uses: Uses, at: Site, when: str) -> None:
        uses.told = True
        self.session.report(
            _NAME,
            LIKELY,
            f"{uses.count} of {uses.total} batch norm layers work in eval mode {when} with running "
            "mean 0, variance 1 and no batch counted: their weights have learnt, their statistics "
            "are still at their start, and they normalise nothing.",
            at,
            layers=uses.count,
            of=uses.total,
        )


def _at_start(layer: _BatchNorm) -> bool:
    """Whether it uses running statistics, in eval mode, and no batch ever went into them."""
    mean, var, count = layer.running_mean, layer.running_var, layer.num_batches_tracked
    if layer.training or not (is_ordinary(mean) and is_ordinary(var) and is_ordinary(count)):
        return False
    return int(count) == 0 and bool((mean == 0).all()) and bool((var == 1).all())


def _has_learnt(layer: _BatchNorm, whole: bool) -> bool:
    """Whether its weights are no longer where they start: all equal, or drawn around zero.

    A random model that stands for itself, or waits to be trained, is nobody's mistake. A layer
    without weights learns with the ``whole`` model.
    """
    weight, bias = layer.weight, layer.bias
    if not is_ordinary(weight) or not is_ordinary(bias):
        return whole and weight is None
    spread = weight.numel() > 1 and bool((weight != weight[0]).any())
    return spread and bool((bias != bias[0]).any()) and float(weight.mean()) > _STARTED
