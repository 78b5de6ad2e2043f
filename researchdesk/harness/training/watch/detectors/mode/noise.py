"""Layers that compute otherwise in training mode than in evaluation mode."""

from typing import Any

from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd

_RATES = ("p", "drop_prob", "prob", "drop_rate")
_DEEPEST = 3
_MOST = 8


def normalises(layer: nn.Module) -> bool:
    """Whether it normalises by the batch in training mode, by kept statistics otherwise."""
    return isinstance(layer, _BatchNorm) and layer.running_mean is not None


def drops(layer: nn.Module) -> bool:
    """Whether it zeroes units at random in training mode."""
    if isinstance(layer, _DropoutNd):
        return bool(layer.p > 0)
    if isinstance(layer, nn.RNNBase):
        return bool(layer.dropout > 0 and layer.num_layers > 1)
    if isinstance(layer, nn.MultiheadAttention):
        return bool(layer.dropout > 0)
    if "drop" in type(layer).__name__.lower() and not any(layer.children()):
        rates = (getattr(layer, name, None) for name in _RATES)
        return any(isinstance(rate, float) and rate > 0 for rate in rates)
    return False


def noise_of(module: nn.Module) -> list[nn.Module]:
    """The layers within a module, itself included, that differ with the mode."""
    return [layer for layer in module.modules() if normalises(layer) or drops(layer)]


def told(layers: list[nn.Module]) -> str:
    """Names of kinds of layers, for a message."""
    kinds = sorted({type(layer).__name__ for layer in layers})
    return ", ".join(kinds)


def tensors_of(value: Any, deep: int = 0) -> list[Tensor]:
    """The first tensors in nested lists, tuples and dictionaries."""
    if isinstance(value, Tensor):
        return [value]
    if deep >= _DEEPEST:
        return []
    items = value.values() if isinstance(value, dict) else value
    if not isinstance(items, list | tuple) and not isinstance(value, dict):
        return []
    found: list[Tensor] = []
    for item in items:
        found += tensors_of(item, deep + 1)
        if len(found) >= _MOST:
            break
    return found[:_MOST]
