"""Optimizers, schedulers, and gradients zeroed."""

from typing import Any

from torch import nn, optim
from torch.optim import lr_scheduler
from torch.optim.optimizer import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from researchdesk.harness.training.watch.probes.wrapping import wrap
from researchdesk.harness.training.watch.session import Session


def install(session: Session) -> None:
    """Hear of steps of any optimizer, of ``zero_grad``, and of schedulers."""

    def before(optimizer: optim.Optimizer, args: Any, options: Any) -> None:
        session.tell("before_step", optimizer)

    def after(optimizer: optim.Optimizer, args: Any, options: Any) -> None:
        if not session.is_apart:
            session.tell("after_step", optimizer)
            session.seen["optimizer steps"] += 1
            session.stepped()

    register_optimizer_step_pre_hook(before)
    register_optimizer_step_post_hook(after)

    def zero(original: Any, owner: Any, *args: Any, **options: Any) -> Any:
        session.tell("zeroed", owner)
        return original(owner, *args, **options)

    wrap(optim.Optimizer, "zero_grad", zero)
    wrap(nn.Module, "zero_grad", zero)
    _hear_schedulers(session)


def _hear_schedulers(session: Session) -> None:
    making: set[int] = set()

    def make(original: Any, scheduler: Any, *args: Any, **options: Any) -> Any:
        making.add(id(scheduler))
        try:
            return original(scheduler, *args, **options)
        finally:
            making.discard(id(scheduler))

    def step(original: Any, scheduler: Any, *args: Any, **options: Any) -> Any:
        result = original(scheduler, *args, **options)
        if id(scheduler) not in making:
            session.tell("scheduled", scheduler)
        return result

    for kind in (lr_scheduler.LRScheduler, lr_scheduler.ReduceLROnPlateau):
        wrap(kind, "__init__", make)
        wrap(kind, "step", step)
