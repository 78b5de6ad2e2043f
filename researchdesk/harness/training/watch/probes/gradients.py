"""Backward passes and clipped gradients."""

from typing import Any

import torch
from torch import Tensor, autograd
from torch.nn import utils

from researchdesk.harness.training.watch.events import Backward, Clip
from researchdesk.harness.training.watch.probes.wrapping import wrap
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here


def install(session: Session) -> None:
    """Hear of ``backward`` of tensors and of ``torch.autograd``, and of clipping."""

    def backward(original: Any, tensors: Any, *args: Any, **options: Any) -> Any:
        roots = [tensors] if isinstance(tensors, Tensor) else list(tensors)
        retain = bool(options.get("retain_graph") or options.get("create_graph"))
        known = [Backward(root, retain, here(2)) for root in roots if root.grad_fn is not None]
        for root in roots:
            if root.grad_fn is None:
                session.tell("rootless", Backward(root, retain, here(2)))
        for one in known:
            session.tell("before_backward", one)
        result = original(tensors, *args, **options)
        session.seen["backward passes"] += 1
        for one in known:
            session.tell("after_backward", one)
        return result

    # Tensor.backward calls this one by its module's name
    wrap(autograd, "backward", backward)
    for name in ("clip_grad_norm_", "clip_grad_value_"):
        _hear_clipping(session, name)


def _hear_clipping(session: Session, name: str) -> None:
    kind = "norm" if "norm" in name else "value"

    def clip(original: Any, parameters: Any, limit: Any, *args: Any, **options: Any) -> Any:
        held = [parameters] if isinstance(parameters, Tensor) else list(parameters)
        result = original(held, limit, *args, **options)
        if session.sampled:
            norm = float(result.detach()) if isinstance(result, torch.Tensor) else None
            session.tell("clipped", Clip(kind, held, float(limit), norm, here(2)))
        return result

    wrap(utils, name, clip)
    wrap(utils.clip_grad, name, clip)
