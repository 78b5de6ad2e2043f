"""Calls of modules, and states loaded into them."""

import threading
from typing import Any

import torch
from torch import nn
from torch.nn.modules import module as registry

from researchdesk.harness.training.watch.events import Call, Loaded
from researchdesk.harness.training.watch.probes.wrapping import wrap
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import here

_compiling = torch.compiler.is_compiling


class _Around(threading.local):
    """Of one thread: how many modules are being called, and what the outermost was given."""

    depth = 0
    versions: tuple[int, ...] = ()


def install(session: Session) -> None:
    """Hear of every call of a module, its output, and of ``load_state_dict``."""
    around = _Around()

    def enter(module: nn.Module, inputs: Any) -> None:
        if _compiling() or session.is_apart:
            return
        around.depth += 1
        if around.depth == 1:
            session.begun()
            if session.sampled:
                around.versions = tuple(_version(given) for given in inputs)

    def leave(module: nn.Module, inputs: Any, *rest: Any) -> None:
        if _compiling() or session.is_apart:
            return
        depth = around.depth = max(0, around.depth - 1)
        if depth and not session.sampled:
            return
        # where forward raised, torch leaves out what was given by name
        named, output = rest if len(rest) > 1 else ({}, rest[0])
        root = depth == 0
        # a hook that is called always is also called where forward raised: then without output
        if root and output is not None:
            session.seen["calls by the script"] += 1
            if isinstance(module, torch.jit.ScriptModule):
                session.unseen["in TorchScript"] += 1
        wanted = output is not None
        if wanted and any(_is_odd(item) for item in (output, *inputs)):
            session.unseen["with tensors that are nested or have no numbers"] += 1
        elif wanted:
            site = here(2) if root else None
            call = Call(module, inputs, output, root, torch.is_grad_enabled(), named)
            if site:
                call.site = site
                call.versions, around.versions = around.versions, ()
            session.tell("called" if root else "called_inside", call)

    _register(enter, leave)
    _hear_loading(session)


def _register(enter: Any, leave: Any) -> None:
    registry.register_module_forward_pre_hook(enter)
    registry.register_module_forward_hook(leave, with_kwargs=True, always_call=True)
    # torch.compile warns of hooks; of ours it need not
    registry._has_any_global_hook = _has_hooks_of_others


def _hear_loading(session: Session) -> None:
    def load(original: Any, module: nn.Module, *args: Any, **options: Any) -> Any:
        result = original(module, *args, **options)
        if result is not None and hasattr(result, "missing_keys"):
            missing, unexpected = list(result.missing_keys), list(result.unexpected_keys)
            session.tell("loaded", Loaded(module, missing, unexpected, here(2)))
        return result

    wrap(nn.Module, "load_state_dict", load)


def _has_hooks_of_others() -> bool:
    forward = (registry._global_forward_pre_hooks, registry._global_forward_hooks)
    backward = (registry._global_backward_pre_hooks, registry._global_backward_hooks)
    return any(backward) or any(len(hooks) > 1 for hooks in forward)


def _version(given: Any) -> int:
    """How often a tensor was written to; -1 where that is not kept."""
    if not isinstance(given, torch.Tensor):
        return -1
    # a subclass of one's own may hear of what it is asked
    with torch._C.DisableTorchFunction():
        return -1 if given.is_inference() else given._version


def _is_odd(item: Any) -> bool:
    if not isinstance(item, torch.Tensor):
        return False
    with torch._C.DisableTorchFunction():
        return item.is_nested or item.is_meta
