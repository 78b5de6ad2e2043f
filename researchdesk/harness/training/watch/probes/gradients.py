"""Backward passes and clipped gradients."""

import inspect
from typing import Any

import torch
from torch import Tensor, autograd
from torch.nn import utils

from researchdesk.harness.training.watch.contexts import hidden
from researchdesk.harness.training.watch.events import Backward, Clip
from researchdesk.harness.training.watch.probes.wrapping import arguments, wrap
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here


def install(session: Session) -> None:
    """Hear of ``backward`` of tensors and of ``torch.autograd``, and of clipping."""
    signature = inspect.signature(autograd.backward)

    def backward(original: Any, *args: Any, **options: Any) -> Any:
        given = arguments(signature, args, options)
        tensors = given.get("tensors")
        among = tensors if isinstance(tensors, list | tuple) else (tensors,)
        roots = [root for root in among if isinstance(root, Tensor)]
        retain = bool(given.get("retain_graph") or given.get("create_graph"))
        with torch._C.DisableTorchFunction():
            known = [Backward(root, retain, here(2)) for root in roots if root.grad_fn is not None]
        if not known:
            for root in roots:
                session.tell("rootless", Backward(root, retain, here(2)))
        for one in known:
            session.tell("before_backward", one)
            one.forget()
        result = original(*args, **options)
        if not session.is_apart:
            session.seen["backward passes"] += 1
        for one in known:
            session.tell("after_backward", one)
        return result

    def grad(original: Any, *args: Any, **options: Any) -> Any:
        if not session.is_apart and not hidden():
            session.seen["gradients by autograd.grad"] += 1
        return original(*args, **options)

    # Tensor.backward calls this one by its module's name
    wrap(autograd, "backward", backward)
    wrap(autograd, "grad", grad)
    for name in ("clip_grad_norm_", "clip_grad_value_"):
        _hear_clipping(session, name)


def _hear_clipping(session: Session, name: str) -> None:
    kind = "norm" if "norm" in name else "value"
    signature = inspect.signature(getattr(utils, name))

    def clip(original: Any, *args: Any, **options: Any) -> Any:
        given = arguments(signature, args, options)
        if not given or session.is_apart:
            return original(*args, **options)
        parameters, limit, *_ = given.values()
        held = [parameters] if isinstance(parameters, Tensor) else list(parameters)
        # a generator is empty once it was looked through
        given = {**given, "parameters": held}
        result = original(**given)
        if session.sampled and not hidden():
            norm = float(result.detach()) if isinstance(result, Tensor) else None
            session.tell("clipped", Clip(kind, held, float(limit), norm, here(2)))
        return result

    wrap(utils, name, clip)
    wrap(utils.clip_grad, name, clip)
