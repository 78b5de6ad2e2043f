"""Optimizers, schedulers, and gradients zeroed."""

from typing import Any

from torch import amp, nn, optim
from torch.optim import lr_scheduler
from torch.optim.optimizer import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from researchdesk.harness.training.watch.probes.wrapping import wrap
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here


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

    def make(original: Any, optimizer: Any, *args: Any, **options: Any) -> Any:
        result = original(optimizer, *args, **options)
        session.tell("created", optimizer, here(2))
        return result

    wrap(optim.Optimizer, "__init__", make)
    wrap(optim.Optimizer, "zero_grad", zero)
    wrap(nn.Module, "zero_grad", zero)
    _hear_schedulers(session)
    _hear_scalers(session)


def _hear_schedulers(session: Session) -> None:
    making: set[int] = set()

    def make(original: Any, scheduler: Any, *args: Any, **options: Any) -> Any:
        making.add(id(scheduler))
        try:
            result = original(scheduler, *args, **options)
        finally:
            making.discard(id(scheduler))
        if not making:
            session.tell("created", scheduler, here(2))
        return result

    def step(original: Any, scheduler: Any, *args: Any, **options: Any) -> Any:
        result = original(scheduler, *args, **options)
        # one that is made takes its first step itself, or that of those it is made of
        if not making:
            session.tell("scheduled", scheduler)
            if isinstance(scheduler, lr_scheduler.ReduceLROnPlateau) and (args or options):
                session.tell("judged_by", scheduler, args[0] if args else options.get("metrics"))
        return result

    kinds = [kind for kind in vars(lr_scheduler).values() if isinstance(kind, type)]
    # those that call no other's, beside what all others inherit
    apart = ("ReduceLROnPlateau", "SequentialLR", "ChainedScheduler")
    for kind in kinds:
        if not issubclass(kind, lr_scheduler.LRScheduler):
            continue
        if kind is lr_scheduler.LRScheduler or kind.__name__ in apart:
            wrap(kind, "__init__", make)
        if "step" in vars(kind):
            wrap(kind, "step", step)


def _hear_scalers(session: Session) -> None:
    def hear(what: str, after: str = "") -> Any:
        def call(original: Any, scaler: Any, *args: Any, **options: Any) -> Any:
            if scaler.is_enabled():
                session.tell("scaled", scaler, what)
            result = original(scaler, *args, **options)
            if after and scaler.is_enabled():
                session.tell("scaled", scaler, after)
            return result

        return call

    wrap(amp.GradScaler, "scale", hear("scale"))
    wrap(amp.GradScaler, "unscale_", hear("unscale"))
    wrap(amp.GradScaler, "step", hear("step", "stepped"))
