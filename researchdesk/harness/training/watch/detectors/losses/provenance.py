"""Where a tensor comes from, as autograd has recorded it; and what its values look like."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

_DEEPEST = 24
_ROWS = 64
_PLACES = 8
_SURE = 4

MOVES = frozenset(
    {
        *("View", "UnsafeView", "ReshapeAlias", "Squeeze", "Unsqueeze", "Permute", "Transpose"),
        *("T", "Slice", "Select", "Index", "IndexSelect", "Expand", "Clone", "ToCopy", "Alias"),
        *("Cat", "Stack", "Split", "Unbind", "SplitWithSizes", "MaskedSelect", "AsStrided"),
        *("Copy", "CopySlices", "AsStrided", "NarrowCopy", "Movedim"),
    }
)
"""Steps that put values elsewhere, and change none."""
TURNS = MOVES - {
    *("Slice", "Select", "Index", "IndexSelect", "Expand", "Cat", "Stack", "Split", "Unbind"),
    *("SplitWithSizes", "MaskedSelect", "AsStrided", "Copy", "CopySlices", "NarrowCopy"),
}
"""Those that neither drop nor add values."""
LINEAR = frozenset({"Addmm", "Mm", "Bmm", "Convolution", "Linear", "Baddbmm", "MkldnnConvolution"})


@dataclass(frozen=True, slots=True)
class Origin:
    """What computed a tensor's values, and the moves since then, the last first.

    ``kind`` is autograd's name of it, as ``Softmax``; empty where nothing was recorded.
    """

    kind: str = ""
    node: Any = None
    moves: tuple[tuple[str, Any], ...] = ()


def kind_of(node: Any) -> str:
    """The name of what a graph's node undoes: ``SoftmaxBackward0`` is ``Softmax``."""
    return str(node.name()).rpartition("::")[2].partition("Backward")[0]


def origin(tensor: Tensor) -> Origin:
    """What computed a tensor's values, before they were only moved about."""
    node: Any = tensor.grad_fn
    moves: list[tuple[str, Any]] = []
    for _ in range(_DEEPEST):
        if node is None:
            break
        kind = kind_of(node)
        before = parents(node)
        if kind not in MOVES or not before:
            return Origin("Addmm" if _adds_bias(node) else kind, node, tuple(moves))
        moves.append((kind, node))
        node = before[0]
    return Origin()


def _adds_bias(node: Any) -> bool:
    """Whether it is a layer's bias that is added: some layouts are computed in two steps."""
    if kind_of(node) != "Add":
        return False
    size = (shape_of(node) or (0,))[-1]
    leaves = [one for one in parents(node) if kind_of(one) == "AccumulateGrad"]
    return any(shape_of(leaf) == (size,) for leaf in leaves)


def parents(node: Any) -> list[Any]:
    """The nodes that a node got its inputs from, those without a gradient left out."""
    return [before for before, _ in node.next_functions if before is not None]


def shape_of(node: Any) -> tuple[int, ...] | None:
    """The shape of what a node computed; None where this version of torch does not tell."""
    known = getattr(node, "_input_metadata", None)
    if not known:
        return None
    return tuple(int(size) for size in known[0].shape)


def saved(node: Any, name: str) -> Any:
    """What a node kept for its backward; None where it has none, or it was changed since."""
    try:
        return getattr(node, f"_saved_{name}", None)
    except RuntimeError:
        return None


def bounds_of(node: Any) -> tuple[Tensor, float, float] | None:
    """What a clamp from both sides was given, and its limits; None for other nodes."""
    given, low, high = (saved(node, name) for name in ("self", "min", "max"))
    if kind_of(node) != "Clamp" or not isinstance(given, Tensor):
        return None
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return None
    return given, low, high


def share_outside(given: Tensor, low: float, high: float) -> float:
    """Which share of the numbers lay outside of two limits."""
    return float(((given < low) | (given > high)).float().mean())


def dim_of(node: Any, rank: int) -> int | None:
    """The dimension that a softmax ran over, counted from the first one."""
    dim = getattr(node, "_saved_dim", None)
    if not isinstance(dim, int):
        return None
    if dim >= 1 << 63:
        dim -= 1 << 64
    return dim % rank if rank else dim


def ancestors(node: Any, most: int) -> Iterator[Any]:
    """A node and what it was computed from, the nearest first, no more than ``most``."""
    row, known, told = [node], {node}, 0
    while row and told < most:
        node = row.pop(0)
        told += 1
        yield node
        for before in parents(node):
            if before not in known:
                known.add(before)
                row.append(before)


def is_readable(*tensors: Tensor) -> bool:
    """Whether the values can be looked at: plain dense tensors, with something in them."""
    wrapped = torch._C._functorch.is_functorch_wrapped_tensor
    return all(
        type(tensor) in (Tensor, torch.nn.Parameter)
        and tensor.layout is torch.strided
        and tensor.device.type != "meta"
        and tensor.numel() > 0
        and not tensor.is_complex()
        and not tensor.is_nested
        and not wrapped(tensor)
        for tensor in tensors
    )


def rows_of(tensor: Tensor, dim: int = 1) -> Tensor:
    """A few rows of what lies along a dimension, as (rows, size) in float32."""
    found = tensor.detach()
    dim = dim % found.ndim
    for place in range(found.ndim):
        if place != dim:
            most = _ROWS if found.ndim == 2 or place == 0 else _PLACES
            found = found.narrow(place, 0, min(most, found.shape[place]))
    return found.movedim(dim, -1).reshape(-1, tensor.shape[dim])[: 4 * _ROWS].float()


def are_probabilities(rows: Tensor) -> bool:
    """Whether each row is a distribution, in so many that none is one by chance."""
    if rows.shape[0] < _SURE or not float(rows.min()) >= 0:
        return False
    return bool(((rows.sum(1) - 1).abs() < 1e-2).all())


def are_log_probabilities(rows: Tensor) -> bool:
    """Whether each row is the logarithm of a distribution."""
    return bool((rows.logsumexp(1).abs() < 5e-2).all())


def are_one_hot(rows: Tensor) -> bool:
    """Whether there is nothing but 0 and 1 in it."""
    return bool(((rows == 0) | (rows == 1)).all())


def class_dim(tensor: Tensor) -> int:
    """The dimension of the classes, as torch's losses take it."""
    return 0 if tensor.ndim == 1 else 1


def figure(output: Tensor, otherwise: str) -> str:
    """The value of a loss, as words; ``otherwise`` where it is none, or not to be read."""
    return f"{float(output):.3g}" if is_readable(output) and output.numel() == 1 else otherwise
