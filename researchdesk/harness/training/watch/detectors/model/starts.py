"""Weights as they are before the first step: all alike, or copies that were to be shared."""

import weakref
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.detectors.model.tensors import is_ordinary
from researchdesk.harness.training.watch.events import Call
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY, Site
from researchdesk.harness.training.watch.session import Session

_STEPS, _UNITS = 8, 4
_LAYERS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.RNNBase, nn.Bilinear)
_LARGE = 5_000_000


@dataclass(slots=True, eq=False)
class _Alike:
    weight: weakref.ref[Tensor]
    name: str
    at: Site
    looks: int = 0
    moved: bool = False


class EqualWeights(Detector):
    """``weights-equal-at-start``: units that are the same, and get the same gradients.

    A last layer that starts at zero, a branch that starts closed: their gradients differ from
    unit to unit, and they are not named.
    """

    names = ("weights-equal-at-start",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._models: weakref.WeakSet[nn.Module] = weakref.WeakSet()
        self._alike: list[_Alike] = []
        self._steps = 0

    def called(self, call: Call) -> None:
        if not (call.root and call.grad) or self._steps or call.module in self._models:
            return
        self._models.add(call.module)
        constant = []
        layers = [item for item in call.module.named_modules() if _has_weights(item[1])]
        for name, layer in layers:
            weights = [(n, p) for n, p in layer.named_parameters(recurse=False) if p.dim() >= 2]
            if not isinstance(layer, _LAYERS):
                weights = [(n, p) for n, p in weights if _is_by_hand(p)]
            for part, weight in weights:
                if not weight.requires_grad or weight.numel() > _LARGE:
                    continue
                if not is_ordinary(weight):
                    continue
                if _rows_alike(weight.detach()):
                    self._alike.append(_Alike(weakref.ref(weight), f"{name}.{part}", call.site))
                    if bool((weight != 0).all()) and _is_constant(weight):
                        constant.append(f"{name}.{part}".removeprefix("."))
        if constant and len(layers) > 1:
            self.session.report(
                "weights-equal-at-start",
                LIKELY,
                f"All numbers of {constant[0]} were the same at the first call"
                + (f", and of {len(constant) - 1} more weights" if len(constant) > 1 else "")
                + ": its units begin alike, and differ from each other by their biases at most.",
                call.site,
                weights=constant[:10],
            )

    def before_step(self, optimizer: Optimizer) -> None:
        self._steps += 1
        if not self._alike or not self.session.sampled:
            return
        for alike in tuple(self._alike):
            self._look(alike)

    def _look(self, alike: _Alike) -> None:
        weight = alike.weight()
        if weight is None:
            self._alike.remove(alike)
            return
        grad = weight.grad
        if not is_ordinary(grad):
            return
        if not (_rows_alike(weight.detach()) and _rows_alike(grad.detach())):
            self._alike.remove(alike)
            return
        alike.looks += 1
        alike.moved |= bool(grad.any())
        if alike.looks >= _STEPS:
            self._alike.remove(alike)
            name = alike.name.removeprefix(".")
            self.session.report(
                "weights-equal-at-start",
                CERTAIN if alike.moved and weight.shape[0] > 3 else LIKELY,
                f"The {weight.shape[0]} units of {name} began with the same weights and had the "
                f"same gradients in {alike.looks} steps{'' if alike.moved else ' (all zero)'}: "
                "they stay copies of one unit.",
                alike.at,
                layer=name,
                units=weight.shape[0],
            )


def _rows_alike(weight: Tensor) -> bool:
    if weight.shape[0] < 2 or weight.numel() // weight.shape[0] < 2:
        return False
    return bool((weight[:1] == weight).all())


def _is_constant(weight: Tensor) -> bool:
    return bool((weight == weight.reshape(-1)[0]).all())


def _has_weights(layer: nn.Module) -> bool:
    return isinstance(layer, _LAYERS) or not type(layer).__module__.startswith("torch.")


def _is_by_hand(weight: Tensor) -> bool:
    """Whether a parameter of a layer of one's own is a matrix: all one number, and not 0 or 1."""
    own = weight.detach()
    if own.dim() != 2 or min(own.shape) < _UNITS or own.numel() > _LARGE or not is_ordinary(weight):
        return False
    return _is_constant(own) and float(own.reshape(-1)[0]) not in (0.0, 1.0)


class TiedByCopy(Detector):
    """``tied-by-copy``: an output layer that began as a copy of the embedding, and drifts off."""

    names = ("tied-by-copy",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._models: weakref.WeakSet[nn.Module] = weakref.WeakSet()
        self._pairs: list[tuple[weakref.ref[Tensor], weakref.ref[Tensor], str, str, Site]] = []
        self._steps = 0

    def called(self, call: Call) -> None:
        if not (call.root and call.grad) or self._steps or call.module in self._models:
            return
        self._models.add(call.module)
        named = list(call.module.named_modules())
        embeddings = _weights(nn.Embedding, named)
        outputs = _weights(nn.Linear, named)
        for first, one in embeddings:
            for second, other in outputs:
                if _is_copy(one, other):
                    pair = weakref.ref(one), weakref.ref(other), first, second, call.site
                    self._pairs.append(pair)

    def before_step(self, optimizer: Optimizer) -> None:
        self._steps += 1
        if self._steps < 3 or not self._pairs:
            return
        pairs, self._pairs = self._pairs, []
        for ref, other_ref, first, second, at in pairs:
            one, other = ref(), other_ref()
            if one is None or other is None or torch.equal(one.detach(), other.detach()):
                continue
            self.session.report(
                "tied-by-copy",
                LIKELY,
                f"{first}.weight and {second}.weight had the same numbers at the first call, but "
                "are two tensors: they are trained apart, and differ now.",
                at,
            )


def _is_copy(one: Tensor, other: Tensor) -> bool:
    return (
        one is not other
        and one.shape == other.shape
        and one.requires_grad
        and other.requires_grad
        and is_ordinary(one.detach())
        and is_ordinary(other.detach())
        and one.device == other.device
        and one.data_ptr() != other.data_ptr()
        and torch.equal(one.detach(), other.detach())
        and not _is_constant(one.detach())
    )


def _weights(kind: type[nn.Module], named: list[tuple[str, nn.Module]]) -> list[tuple[str, Tensor]]:
    """The weights as they are held: to ask a parametrized layer for one computes, and may count."""
    found = ((name, one._parameters.get("weight")) for name, one in named if isinstance(one, kind))
    return [(name, weight) for name, weight in found if weight is not None]
