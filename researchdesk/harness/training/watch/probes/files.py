"""Data that are written to files and read from them, by torch and by numpy."""

import os
import sys
from typing import Any

import torch
from torch import Tensor

from researchdesk.harness.training.watch.events import Stored
from researchdesk.harness.training.watch.probes.wrapping import wrap
from researchdesk.harness.training.watch.session import Session
from researchdesk.harness.training.watch.sites import users_frame

_MOST = 200
_READ = ("load", "loadtxt", "genfromtxt")


def install(session: Session) -> None:
    """Hear of what is saved, beside what its line could see then, and of what is loaded."""

    def save(original: Any, data: Any, file: Any, *args: Any, **options: Any) -> Any:
        _stored(session, file, data)
        return original(data, file, *args, **options)

    def load(original: Any, file: Any, *args: Any, **options: Any) -> Any:
        found = original(file, *args, **options)
        _fetched(session, file, found)
        return found

    def write(original: Any, file: Any, data: Any, *args: Any, **options: Any) -> Any:
        _stored(session, file, data)
        return original(file, data, *args, **options)

    def write_all(original: Any, file: Any, *args: Any, **options: Any) -> Any:
        _stored(session, file, {**{f"arr_{n}": one for n, one in enumerate(args)}, **options})
        return original(file, *args, **options)

    wrap(torch, "save", save)
    wrap(torch, "load", load)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        for name in _READ:
            wrap(numpy, name, load)
        for name in ("save", "savetxt"):
            wrap(numpy, name, write)
        for name in ("savez", "savez_compressed"):
            wrap(numpy, name, write_all)


def _stored(session: Session, file: Any, data: Any) -> None:
    if (path := _path(file)) and session.wants("stored"):
        frame = users_frame()
        session.tell("stored", Stored(path, data, _seen_from(frame)))


def _fetched(session: Session, file: Any, data: Any) -> None:
    if (path := _path(file)) and session.wants("fetched"):
        session.tell("fetched", Stored(path, data, ()))


def _path(file: Any) -> str:
    try:
        return str(os.path.realpath(os.fspath(file)))
    except (TypeError, OSError, ValueError):
        return ""


def _seen_from(frame: Any) -> tuple[Any, ...]:
    """Tensors and arrays among the variables of the function, and of its object."""
    numpy = sys.modules.get("numpy")
    kinds = (Tensor, numpy.ndarray) if numpy is not None else (Tensor,)
    names = dict(frame.f_locals) if frame is not None else {}
    inside = getattr(names.get("self"), "__dict__", {})
    found = [*list(names.values())[:_MOST], *list(inside.values())[:_MOST]]
    return tuple(one for one in found if isinstance(one, kinds))
