"""Which tensors can be looked into."""

from typing import Any, TypeGuard

import torch
from torch import Tensor
from torch._C import _functorch


def is_ordinary(found: Any) -> TypeGuard[Tensor]:
    """Whether it is a tensor with numbers in memory: not sparse, meta, nested, nor in a transform.

    Subclasses are left out too, but for parameters: what they do when asked is their own.
    """
    return (
        isinstance(found, Tensor)
        and type(found) in (Tensor, torch.nn.Parameter)
        and found.layout is torch.strided
        and not found.is_meta
        and not found.is_quantized
        and not _functorch.is_functorch_wrapped_tensor(found)
    )


def first_ordinary(found: Any) -> Tensor | None:
    """The first tensor among inputs or outputs, in tuples, lists and dicts; one with dimensions."""
    if isinstance(found, Tensor):
        return found if is_ordinary(found) and found.dim() > 0 else None
    parts = list(found.values()) if isinstance(found, dict) else found
    if not isinstance(parts, list | tuple):
        return None
    return next((one for part in parts if (one := first_ordinary(part)) is not None), None)
