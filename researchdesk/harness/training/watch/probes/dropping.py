"""Dropout that is called as a function: nobody switches it off but its argument."""

import sys
from typing import Any

import torch
from torch import nn
from torch.jit._builtins import _register_builtin
from torch.nn import functional

from researchdesk.harness.training.watch.events import Dropped
from researchdesk.harness.training.watch.probes.wrapping import wrap
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here

_NAMES = ("dropout", "dropout1d", "dropout2d", "dropout3d")
_TRAINING_AT = 2
_DROPOUT_AT = 4


def install(session: Session) -> None:
    """Hear of calls of these functions that drop something, but for those of torch itself."""

    def drop(original: Any, *args: Any, **options: Any) -> Any:
        result = original(*args, **options)
        training = _argument(args, options, _TRAINING_AT, "training", None)
        if training is None or training:
            _tell(session, _argument(args, options, 1, "p", 0.5), training is not None)
        return result

    def attend(original: Any, *args: Any, **options: Any) -> Any:
        result = original(*args, **options)
        _tell(session, _argument(args, options, _DROPOUT_AT, "dropout_p", 0.0), False)
        return result

    for name in _NAMES:
        wrap(functional, name, drop)
    wrap(functional, "scaled_dot_product_attention", attend)
    # TorchScript knows it by the function's own identity
    _register_builtin(functional.scaled_dot_product_attention, "aten::scaled_dot_product_attention")


def _argument(args: Any, options: Any, place: int, name: str, default: Any) -> Any:
    return args[place] if len(args) > place else options.get(name, default)


def _tell(session: Session, p: float, asked: bool) -> None:
    if not p or session.is_apart:
        return
    # this, what is around the function, the wrapper, and the caller
    frame = sys._getframe(3)
    if frame.f_globals.get("__name__", "").startswith("torch."):
        return
    owner = frame.f_locals.get("self")
    found = owner if isinstance(owner, nn.Module) else None
    # ``training=self.training`` is not the same as ``training=True``
    asked = asked and not (found is not None and found.training)
    grad = torch.is_grad_enabled()
    session.tell("dropped", Dropped(found, float(p), asked, grad, here(3)))
