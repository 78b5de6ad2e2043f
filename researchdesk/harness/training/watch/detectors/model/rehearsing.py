"""A copy of a model, called aside, that leaves no trace in the script's own numbers."""

import copy
import dis
import inspect
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from researchdesk.harness.training.watch.sites import is_users

_MOST_NUMBERS = 20_000_000
_PLAIN = (int, float, str, bool, bytes, complex, type(None), torch.dtype, torch.device, type, range)
_CALLED = (BuiltinFunctionType, ModuleType, type)
_LIBRARY = "torch.nn.modules."
_TELLING = frozenset(
    ("print", "open", "write", "random", "numpy", "np", "logging", "logger", "log", "wandb", "time")
)
"""Names in code whose run would be noticed outside of the model."""


def can_rehearse(model: nn.Module) -> bool:
    """Whether a copy of the model can be called without anything else being touched.

    Its layers hold numbers, texts and tensors only; no hooks; their code neither prints nor keeps
    anything outside of the model.
    """
    if sum(p.numel() for p in model.parameters()) > _MOST_NUMBERS:
        return False
    kinds = set()
    for module in model.modules():
        if isinstance(module, torch.jit.ScriptModule) or module._forward_hooks:
            return False
        if module._forward_pre_hooks or not _holds_plain(module):
            return False
        kinds.add(type(module))
    return all(_is_quiet(kind) for kind in kinds)


def _holds_plain(module: nn.Module) -> bool:
    if type(module).__module__.startswith(_LIBRARY):
        return True
    own = vars(module)
    return all(_is_plain(held) for name, held in own.items() if name not in _INTERNAL)


_INTERNAL = frozenset(vars(nn.Module()))


def _is_plain(held: Any, deep: int = 3) -> bool:
    if isinstance(held, (*_PLAIN, FunctionType, BuiltinFunctionType)):
        return True
    if isinstance(held, Tensor):
        return held.is_leaf and held.numel() < 1_000_000
    if isinstance(held, dict):
        return deep > 0 and len(held) < 100 and all(_is_plain(v, deep - 1) for v in held.values())
    if isinstance(held, list | tuple | set | frozenset):
        return deep > 0 and len(held) < 100 and all(_is_plain(v, deep - 1) for v in held)
    return isinstance(held, nn.Module) and deep == 3


def _is_quiet(kind: type) -> bool:
    """Whether nothing in the code of a layer reaches out of it."""
    if kind.__module__.startswith(_LIBRARY):
        return True
    if kind.__module__.partition(".")[0] == "torch":
        return False
    functions = [f for f in vars(kind).values() if inspect.isfunction(f)]
    return all(is_quiet_code(f.__code__, f) for f in functions if f.__name__ != "__init__")


def is_quiet_code(code: CodeType, function: FunctionType, deep: int = 3) -> bool:
    """Whether a function neither tells anything nor changes what is not its own."""
    if _TELLING & {*code.co_names} or deep == 0:
        return False
    cells = [cell.cell_contents for cell in function.__closure__ or () if _is_filled(cell)]
    outside = function.__globals__
    for held in (*cells, *(outside[name] for name in code.co_names if name in outside)):
        if isinstance(held, FunctionType):
            if held.__module__.partition(".")[0] in ("torch", "math"):
                continue
            if not is_quiet_code(held.__code__, held, deep - 1):
                return False
        elif isinstance(held, type):
            if not _is_quiet_class(held, deep - 1):
                return False
        elif not (isinstance(held, _CALLED) or _is_still(held)):
            return False
    inner = [part for part in code.co_consts if isinstance(part, CodeType)]
    if not all(is_quiet_code(part, function, deep) for part in inner):
        return False
    return not any(step.opname == "STORE_GLOBAL" for step in dis.get_instructions(code))


def _is_quiet_class(kind: type, deep: int) -> bool:
    """Whether a class that code uses is a library's, or its methods are quiet as well."""
    code = next((f.__code__ for f in _functions(kind)), None)
    if code is None or not is_users(code.co_filename):
        return True
    return all(is_quiet_code(f.__code__, f, deep) for f in _functions(kind))


def _functions(kind: type) -> Iterator[FunctionType]:
    for held in vars(kind).values():
        own = (
            inspect.unwrap(held.__func__) if isinstance(held, staticmethod | classmethod) else held
        )
        if isinstance(own, FunctionType):
            yield own


def _is_filled(cell: Any) -> bool:
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True


def _is_still(held: Any) -> bool:
    """Whether it cannot be changed by being used."""
    return isinstance(held, (*_PLAIN, Tensor)) or (
        isinstance(held, tuple) and all(_is_still(one) for one in held)
    )


def rehearse(model: nn.Module, trials: list[tuple[Any, ...]]) -> list[Any] | None:
    """What a copy in eval mode gives for each tuple of inputs; None where it cannot be had.

    All random numbers are the same in each trial, and the script's are as they were after it.
    """
    try:
        with aside(_device_of(model)) as rewind:
            twin = copy.deepcopy(model).eval()
            given = []
            for trial in trials:
                rewind()
                given.append(twin(*trial))
            return given
    except Exception:  # noqa: BLE001 - a model that does not take other inputs is left in peace
        return None


def _device_of(model: nn.Module) -> torch.device:
    first = next(model.parameters(), None)
    return torch.device("cpu") if first is None else first.device


@contextmanager
def aside(device: torch.device) -> Iterator[Callable[[], None]]:
    """Gives what sets all random numbers back to where they are now; done at the end as well."""
    numpy = sys.modules.get("numpy")
    on_gpu = device.type == "cuda"
    state, plain = torch.get_rng_state(), random.getstate()
    other = numpy.random.get_state() if numpy else None
    gpu = torch.cuda.get_rng_state(device) if on_gpu else None

    def rewind() -> None:
        torch.set_rng_state(state)
        random.setstate(plain)
        if numpy:
            numpy.random.set_state(other)
        if gpu is not None:
            torch.cuda.set_rng_state(gpu, device)

    try:
        with torch.no_grad(), torch.autocast(device.type, enabled=False):
            yield rewind
    finally:
        rewind()
