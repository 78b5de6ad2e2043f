"""Functions of torch wrapped in place, so that the session hears of their calls."""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch.jit import _builtins

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
    _known_to_script(original, heard)
    setattr(owner, name, heard)


def arguments(
    signature: inspect.Signature, args: Sequence[Any], options: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What a call's arguments are by name, as far as given; nothing where the call is wrong."""
    try:
        return signature.bind(*args, **options).arguments
    except TypeError:
        return {}


def _known_to_script(original: Any, heard: Any) -> None:
    """TorchScript knows some functions by what they are, and puts its own in their place."""
    listed: list[tuple[Any, str]] = getattr(_builtins, "_builtin_ops", [])
    for function, operator in tuple(listed):
        if function is original:
            listed.append((heard, operator))
            if _builtins._builtin_table is not None:
                _builtins._builtin_table[id(heard)] = operator
