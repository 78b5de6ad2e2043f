"""Loss functions."""

import inspect
from typing import Any

from torch import Tensor
from torch.nn import functional

from researchdesk.harness.training.watch.events import LossCall
from researchdesk.harness.training.watch.probes.wrapping import wrap
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here

LOSSES = (
    *("cross_entropy", "nll_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits"),
    *("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "kl_div", "poisson_nll_loss"),
)


def install(session: Session) -> None:
    """Hear of the losses of ``torch.nn.functional``; modules of ``torch.nn`` call them too."""
    for name in LOSSES:
        _hear(session, name)


def _hear(session: Session, name: str) -> None:
    signature = inspect.signature(getattr(functional, name))

    def loss(original: Any, *args: Any, **options: Any) -> Any:
        output = original(*args, **options)
        if not session.is_apart and session.sampled:
            given = signature.bind(*args, **options).arguments
            found, target = given.pop("input"), given.pop("target")
            if isinstance(found, Tensor) and isinstance(target, Tensor):
                call = LossCall(name, found, target, dict(given), output, here(2))
                session.tell("loss", call)
        return output

    wrap(functional, name, loss)
