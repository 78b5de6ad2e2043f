"""Functions of torch wrapped in place, so that the session hears of their calls."""

import functools
from collections.abc import Callable
from typing import Any

import torch

_compiling = torch.compiler.is_compiling


def wrap(owner: Any, name: str, around: Callable[..., Any]) -> None:
    """Put ``around(original, *args, **options)`` in the place of ``owner.name``.

    Code that is being compiled, and TorchScript, get the original.
    """
    original = getattr(owner, name)

    @functools.wraps(original)
    def heard(*args: Any, **options: Any) -> Any:
        if _compiling():
            return original(*args, **options)
        return around(original, *args, **options)

    # what torch.jit.script looks at to compile the original in place of what is around it
    heard.__dict__["__script_if_tracing_wrapper"] = True
    heard.__dict__["__original_fn"] = original
    setattr(owner, name, heard)
