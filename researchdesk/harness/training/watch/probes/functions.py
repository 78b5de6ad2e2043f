"""Functions with a backward pass of their own."""

import functools
import inspect
from typing import Any

import torch
from torch import autograd

from researchdesk.harness.training.watch.events import Applied
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import is_users

_compiling = torch.compiler.is_compiling


def install(session: Session) -> None:
    """Hear of the first calls of each ``autograd.Function`` that the user's code defines."""
    original = vars(autograd.Function)["apply"].__func__
    wanted: dict[type, bool] = {}

    def is_wanted(kind: type) -> bool:
        if kind not in wanted:
            code = getattr(_backward_of(kind), "__code__", None)
            wanted[kind] = code is not None and is_users(code.co_filename)
        return wanted[kind]

    @functools.wraps(original)
    def apply(kind: Any, *args: Any, **options: Any) -> Any:
        output = original(kind, *args, **options)
        if _compiling() or session.is_apart or options or not is_wanted(kind):
            return output
        if session.sampled and torch.is_grad_enabled():
            session.tell("applied", Applied(kind, args, _backward_of(kind)))
        return output

    autograd.Function.apply = classmethod(apply)  # type: ignore[method-assign, assignment]


def _backward_of(kind: Any) -> Any:
    return inspect.unwrap(kind.backward)
