"""The autograd graph below a loss, read before ``backward`` takes it apart."""

import weakref
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from researchdesk.harness.training.watch.detectors.model.tensors import is_ordinary
from researchdesk.harness.training.watch.findings import Site
from researchdesk.harness.training.watch.walks import Walk

LEAF = "torch::autograd::AccumulateGrad"
WEIGHT_OPS = ("AddmmBackward0", "MmBackward0", "ConvolutionBackward0", "BaddbmmBackward0")
MOST = 3_000
_PASSED = (
    *("ViewBackward0", "UnsafeViewBackward0", "ReshapeAliasBackward0", "TBackward0"),
    *("TransposeBackward0", "PermuteBackward0", "ToCopyBackward0", "CloneBackward0"),
    *("AliasBackward0", "SqueezeBackward1", "UnsqueezeBackward0", "NativeDropoutBackward0"),
)
"""What moves numbers about, and does not mix or bend them."""


@dataclass(slots=True, eq=False)
class Node:
    """An operation of the graph. ``consumers`` are those that use its result, the root's side.

    ``place`` tells operations of a walk apart, and is the same in each walk of the same graph.
    """

    operation: Any
    name: str
    consumers: list["Node"] = field(default_factory=list)
    weighed: bool = False  # a layer with weights follows, on the way to the root
    gates: bool = False  # its result is multiplied with something else that has a gradient
    place: int = 0

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the result; empty where torch does not tell."""
        try:
            return tuple(self.operation._input_metadata[0].shape)
        except (AttributeError, IndexError, RuntimeError, TypeError):
            return ()

    def saved(self, name: str) -> Any:
        """What the operation kept for its backward; None where it has it no more."""
        try:
            return getattr(self.operation, f"_saved_{name}", None)
        except RuntimeError:
            return None

    @property
    def inputs(self) -> list[Any]:
        """Operations that made its inputs; None for an input without gradient."""
        return [operation for operation, _ in self.operation.next_functions]


@dataclass(slots=True)
class Graph:
    """Operations below ``root``, each after those that use it. ``at`` is the model's call."""

    root: Tensor
    nodes: list[Node]
    at: Site
    backward_at: Site


def nodes_below(walk: Walk) -> list[Node]:
    """Operations that led to a root, those next to it first; none where there are too many."""
    operations = walk.first(MOST)
    if len(operations) > MOST:
        return []
    known = {one: Node(one, one.name(), place=place) for place, one in enumerate(operations)}
    below = [set(walk.below(place)) for place in range(len(operations))]
    awaited = Counter(one for some in below for one in some)
    order = [known[operations[0]]]
    for node in order:
        weighed = node.weighed or node.name in WEIGHT_OPS
        multiplies = node.name == "MulBackward0" and None not in node.inputs
        for one in below[node.place]:
            other = known[one]
            other.consumers.append(node)
            other.weighed |= weighed
            other.gates |= multiplies
            awaited[one] -= 1
            if not awaited[one]:
                order.append(other)
    return order


def is_dropout(operation: Any) -> bool:
    """Whether a multiplication is by a mask of dropout: nothing but 0 and one number above 1."""
    if operation.name() == "NativeDropoutBackward0":
        return True
    if operation.name() != "MulBackward0" or operation.next_functions[1][0] is not None:
        return False
    try:
        mask = operation._saved_other
    except RuntimeError:
        return False
    if not is_ordinary(mask) or mask.dim() == 0 or mask.numel() > 1_000_000:
        return False
    top = mask.max()
    return bool((top > 1.0) & ((mask == 0) | (mask == top)).all() & (mask == 0).any())


def layer_below(operation: Any, deep: int = 6) -> Tensor | None:
    """The weight of the layer whose result comes here, through views and dropout alone."""
    for _ in range(deep):
        if operation is None:
            return None
        name = operation.name()
        if name in WEIGHT_OPS:
            return weight_of(operation)
        if name in ("NativeBatchNormBackward0", "CudnnBatchNormBackward0", "AddBackward0"):
            pass
        elif name not in _PASSED and not is_dropout(operation):
            return None
        operation = operation.next_functions[0][0]
    return None


def straight_below(operation: Any, deep: int = 6) -> Any:
    """The nearest operation below that is more than a view or dropout."""
    for _ in range(deep):
        if operation is None:
            return None
        if operation.name() not in _PASSED and not is_dropout(operation):
            return operation
        operation = operation.next_functions[0][0]
    return None


def weight_of(operation: Any) -> Tensor | None:
    """The weight, of two dimensions or more, that an operation multiplies with."""
    for leaf in _leaves(operation):
        if leaf.dim() >= 2:
            return leaf
    return None


def _leaves(operation: Any) -> Iterator[Tensor]:
    for below, _ in operation.next_functions:
        one = below
        for _ in range(3):
            if one is None:
                break
            if one.name() == LEAF:
                yield one.variable
                break
            if one.name() not in ("TBackward0", "TransposeBackward0", "ToCopyBackward0"):
                break
            one = one.next_functions[0][0]


class Names:
    """What parameters are called in the models that hold them."""

    def __init__(self) -> None:
        self._names: dict[int, tuple[weakref.ref[Tensor], str]] = {}
        self._known: weakref.WeakSet[nn.Module] = weakref.WeakSet()

    def learn(self, model: nn.Module) -> None:
        """Keep the names of a model's parameters, once."""
        if model in self._known:
            return
        self._known.add(model)
        for name, parameter in model.named_parameters():
            self._names[id(parameter)] = (weakref.ref(parameter), name)

    def layer(self, weight: Tensor | None) -> str:
        """The layer of a weight as its model names it; else its shape."""
        if weight is None:
            return ""
        found = self._names.get(id(weight))
        if found is not None and found[0]() is weight:
            name = found[1].rpartition(".")[0] or found[1]
            return f"layer {name}" if name.rpartition(".")[2].isdigit() else name
        return f"a layer of shape {tuple(weight.shape)}"
