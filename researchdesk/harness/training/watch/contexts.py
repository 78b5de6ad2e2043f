"""Where torch must not be looked at, and how to look without leaving a trace."""

import warnings
from collections.abc import Callable
from types import TracebackType
from typing import Any

import torch

_C: Any = torch._C


def _asked(place: Any, name: str, otherwise: Any) -> Callable[[], Any]:
    return getattr(place, name, None) or (lambda: otherwise)


_tracing = _asked(_C, "_get_tracing_state", None)
_transforms = _asked(getattr(_C, "_functorch", None), "peek_interpreter_stack", None)
_dispatch_modes = _asked(_C, "_len_torch_dispatch_stack", 0)
_profiling = _asked(torch.autograd, "_profiler_enabled", False)
_compiling = torch.compiler.is_compiling


def hidden() -> str:
    """Why what is being run must not be looked at; empty where it may be.

    What a detector computes would become part of a trace, a transform, a profile, or of a CUDA
    graph; or the numbers are not there.
    """
    if _compiling():
        return "in torch.compile"
    if _tracing() is not None:
        return "in torch.jit.trace"
    if _transforms() is not None:
        return "in a transform of torch.func"
    if _dispatch_modes():
        return "in a dispatch mode (such as fake tensors)"
    if _profiling():
        return "in a profiler"
    if torch.cuda._initialized and torch.cuda.is_current_stream_capturing():
        return "in a CUDA graph's capture"
    return ""


def _silent(*_: Any, **__: Any) -> None:
    """In the place of what shows a warning."""


class Unseen:
    """What is computed inside is not recorded by autograd, not seen by modes or subclasses of
    tensors, not kept by autocast, and warns of nothing."""

    def __enter__(self) -> None:
        # what torch.no_grad does, which is called too often here to be made anew each time
        self._recording = torch.is_grad_enabled()
        _C._set_grad_enabled(False)
        self._functions = _C.DisableTorchFunction()
        self._functions.__enter__()
        self._caching = torch.is_autocast_cache_enabled()
        if self._caching:
            torch.set_autocast_cache_enabled(False)
        self._shown = warnings.showwarning
        warnings.showwarning = _silent

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        warnings.showwarning = self._shown
        if self._caching:
            torch.set_autocast_cache_enabled(True)
        self._functions.__exit__(None, None, None)
        _C._set_grad_enabled(self._recording)
