"""What is known of a tensor, and what graph a loss hangs on."""

import weakref
from collections.abc import Iterator
from typing import Generic, TypeVar

import torch
from torch import Tensor
from torch.optim import Optimizer

from researchdesk.harness.training.watch.events import Backward

Value = TypeVar("Value")
_SAMPLE = 1 << 14


class ByTensor(Generic[Value]):
    """Values by tensor, not by its numbers. One that is gone is forgotten: ids come again."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[weakref.ref[Tensor], Value]] = {}

    def get(self, tensor: Tensor) -> Value | None:
        """The tensor's value, None if it has none."""
        found = self._held.get(id(tensor))
        return found[1] if found is not None and found[0]() is tensor else None

    def put(self, tensor: Tensor, value: Value) -> None:
        """Keep a value for as long as the tensor lives."""
        self._held[id(tensor)] = (weakref.ref(tensor), value)

    def items(self) -> Iterator[tuple[Tensor, Value]]:
        """Those that live; the others are dropped."""
        for key, (ref, value) in tuple(self._held.items()):
            tensor = ref()
            if tensor is None:
                del self._held[key]
            else:
                yield tensor, value


def parameters(optimizer: Optimizer) -> list[Tensor]:
    """All tensors that an optimizer was given."""
    return [p for group in optimizer.param_groups for p in group["params"]]


def leaves(backward: Backward, most: int = 20_000) -> list[Tensor]:
    """The tensors that a backward pass gives gradients."""
    found = (getattr(node, "variable", None) for node in backward.walk.first(most))
    return [tensor for tensor in found if isinstance(tensor, Tensor)]


def is_dense(gradient: Tensor) -> bool:
    """Whether it is an ordinary tensor with numbers in it, that can be looked into."""
    return type(gradient) is Tensor and gradient.layout == torch.strided and not gradient.is_meta


def spread(numbers: Tensor) -> Tensor:
    """Some of the rows, evenly spread; of a vector the first numbers."""
    if numbers.dim() < 2:
        return numbers[:_SAMPLE] if numbers.dim() else numbers
    return numbers[:: max(1, numbers.numel() // _SAMPLE)]


def total(tensor: Tensor) -> float:
    """A number that is another one as soon as the tensor's numbers are others."""
    if tensor.is_meta or tensor.is_complex():
        return 0.0
    return float(tensor.detach().double().sum())


def few(names: list[str], most: int = 4) -> str:
    """Some names in words, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
