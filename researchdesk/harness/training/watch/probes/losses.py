"""Loss functions."""

import inspect
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from researchdesk.harness.training.watch.events import LossCall, LossRefused
from researchdesk.harness.training.watch.probes.wrapping import wrap
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here

LOSSES = (
    *("cross_entropy", "nll_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits"),
    *("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "kl_div", "poisson_nll_loss"),
    *("cosine_embedding_loss", "margin_ranking_loss", "hinge_embedding_loss", "soft_margin_loss"),
    "ctc_loss",
)
_FIRST, _SECOND = ("input", "input1", "log_probs"), ("target", "targets")


def install(session: Session) -> None:
    """Hear of the losses of ``torch.nn.functional``; modules of ``torch.nn`` call them too."""
    for name in LOSSES:
        _hear(session, name)


def _hear(session: Session, name: str) -> None:
    signature = inspect.signature(getattr(functional, name))

    def given(args: Any, options: Any) -> tuple[Tensor, Tensor, Mapping[str, Any]] | None:
        bound = dict(signature.bind(*args, **options).arguments)
        found = next((bound.pop(key) for key in _FIRST if key in bound), None)
        target = next((bound.pop(key) for key in _SECOND if key in bound), None)
        if isinstance(found, Tensor) and isinstance(target, Tensor):
            return found, target, bound
        return None

    def loss(original: Any, *args: Any, **options: Any) -> Any:
        try:
            output = original(*args, **options)
        except (RuntimeError, ValueError, IndexError) as error:
            if not session.is_apart and (what := given(args, options)):
                found, target, rest = what
                refused = LossRefused(name, found, target, dict(rest), str(error), here(2))
                session.tell("loss_refused", refused)
            raise
        judged = not (torch.is_grad_enabled() and _has_graph(output))
        wanted = (session.sampled or judged) and not session.is_apart
        if wanted and (what := given(args, options)):
            found, target, rest = what
            call = LossCall(name, found, target, dict(rest), output, here(2))
            if session.sampled:
                session.tell("loss", call)
            if judged:
                session.tell("judged", call)
        return output

    wrap(functional, name, loss)


def _has_graph(output: Tensor) -> bool:
    # a subclass of one's own may hear of what it is asked
    with torch._C.DisableTorchFunction():
        return output.requires_grad
