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


def install(session: Session) -> None:
    """Hear of every call of a module, its output, and of ``load_state_dict``."""
    around = threading.local()

    def enter(module: nn.Module, inputs: Any) -> None:
        if not _compiling() and not session.is_apart:
            depth = around.depth = getattr(around, "depth", 0) + 1
            if depth == 1 and session.sampled:
                around.versions = tuple(_version(given) for given in inputs)

    def leave(module: nn.Module, inputs: Any, output: Any) -> None:
        if _compiling() or session.is_apart:
            return
        depth = around.depth = max(0, getattr(around, "depth", 1) - 1)
        root = depth == 0
        # a hook that is called always is also called where forward raised: then without output
        if (root or session.sampled) and output is not None:
            site = here(2) if root else None
            call = Call(module, inputs, output, root, torch.is_grad_enabled())
            if site:
                call.site = site
                call.versions, around.versions = getattr(around, "versions", ()), ()
            session.tell("called", call)

    registry.register_module_forward_pre_hook(enter)
    registry.register_module_forward_hook(leave, always_call=True)

    def load(original: Any, module: nn.Module, *args: Any, **options: Any) -> Any:
        result = original(module, *args, **options)
        if result is not None and hasattr(result, "missing_keys"):
            missing, unexpected = list(result.missing_keys), list(result.unexpected_keys)
            session.tell("loaded", Loaded(module, missing, unexpected, here(2)))
        return result

    wrap(nn.Module, "load_state_dict", load)


def _version(given: Any) -> int:
    """How often a tensor was written to; -1 where that is not kept."""
    if not isinstance(given, torch.Tensor) or given.is_inference():
        return -1
    return given._version
