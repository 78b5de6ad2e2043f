"""The engines that the settings name, and how they are reached."""

import difflib
import importlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from researchdesk.domain.engines import EngineKind, EngineSettings, Needs
from researchdesk.errors import BadInputError, UsageProblemError
from researchdesk.harness.engines.backend import Backend
from researchdesk.harness.executor import default_jobs

_COMMON = (
    *("kind", "retries", "at_once", "seeds_per_trial"),
    *("cpus", "gpus", "memory_gb", "minutes"),
)
_OPTIONS: Mapping[EngineKind, tuple[str, ...]] = {
    EngineKind.LOCAL: (),
    EngineKind.RAY: ("address", "runtime_env", "checkpoint_mb", "keep_days", "object_store_mb"),
    EngineKind.SLURM: (
        *("launcher", "partition", "account", "qos", "constraint", "gres", "array_parallelism"),
        *("setup", "additional", "python", "signal_s"),
    ),
}
_BACKENDS = {
    EngineKind.RAY: "researchdesk.harness.engines.ray_backend",
    EngineKind.SLURM: "researchdesk.harness.engines.slurm_backend",
}
_NAME = re.compile(r"[A-Za-z][\w-]{0,39}")
_MOST_RETRIES = 100
HERE = ("", "local")
"""Addresses of a Ray cluster that is begun for one process, and ends with it."""


def engine_names(tables: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """Every engine that can be named: those that are always there, then those of the settings."""
    return tuple(dict.fromkeys((*(str(kind) for kind in EngineKind), *tables)))


def engine_named(tables: Mapping[str, Mapping[str, Any]], name: str) -> EngineSettings:
    """The engine of that name, as ``tables`` (``[engines.NAME]`` of the settings) has it.

    ``local``, ``ray`` and ``slurm`` are there without a table. Raises UsageProblemError where there
    is none, BadInputError where its table is not one.
    """
    names = engine_names(tables)
    if name not in names:
        near = difflib.get_close_matches(name, names, 1)
        raise UsageProblemError(
            f"There is no engine {name!r}; nothing was run.",
            f"Did you mean {near[0]}?" if near else f"There are {', '.join(names)}.",
        )
    table = dict(tables.get(name, {}))
    try:
        return _read(name, table)
    except (ValueError, TypeError) as error:
        raise BadInputError(
            f"The settings of the engine {name} cannot be used: {error}. Nothing was run.",
            f"Mend [engines.{name}] in the settings file: `researchdesk config` says which.",
        ) from error


def ray_address(engine: EngineSettings) -> str:
    """The cluster that a Ray engine's settings name, else RAY_ADDRESS, else ``local``."""
    return str(engine.options.get("address") or os.environ.get("RAY_ADDRESS") or "local")


def stays(engine: EngineSettings) -> bool:
    """Whether the engine's trials go on when this process ends, as none does on a cluster that
    was begun by it."""
    if engine.kind is EngineKind.RAY:
        return ray_address(engine) not in HERE
    return engine.outlives


def backend_of(engine: EngineSettings, run_folder: Path) -> Backend:
    """What the engine offers to the run of this folder (absolute).

    Raises EngineError where its extra is not installed or it cannot be reached.
    """
    module = importlib.import_module(_BACKENDS[engine.kind])
    found: Backend = module.connect(engine, run_folder)
    return found


def _read(name: str, table: Mapping[str, Any]) -> EngineSettings:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name: letters, digits, - and _ are")
    kind = _kind(str(table.get("kind", name)))
    for key in table:
        if key not in (*_COMMON, *_OPTIONS[kind]):
            near = difflib.get_close_matches(key, (*_COMMON, *_OPTIONS[kind]), 1)
            raise ValueError(f"there is no {key!r}" + (f", but {near[0]}" if near else ""))
    needs = Needs(
        int(_number(table, "cpus", 1, least=1)),
        _number(table, "gpus", 0),
        _number(table, "memory_gb", 0),
        _number(table, "minutes", 0),
    )
    retries = int(_number(table, "retries", 2, most=_MOST_RETRIES))
    at_once = int(_number(table, "at_once", 0))
    options = {key: table[key] for key in _OPTIONS[kind] if key in table}
    if kind is EngineKind.RAY:
        _check_ray(options)
    if options.get("launcher") == "local":  # processes of this machine
        at_once = at_once or default_jobs()
    together = int(_number(table, "seeds_per_trial", 1, least=1))
    return EngineSettings(name, kind, retries, at_once, needs, options, together)


def _check_ray(options: Mapping[str, Any]) -> None:
    """Raises TypeError or ValueError."""
    if not isinstance(options.get("address", ""), str):
        raise TypeError(f"address is {options['address']!r}, which is no text")
    if not isinstance(options.get("runtime_env", {}), Mapping):
        raise TypeError(f"runtime_env is {options['runtime_env']!r}, which is no table")
    for key in ("checkpoint_mb", "keep_days", "object_store_mb"):
        _number(options, key, 0)


def _kind(text: str) -> EngineKind:
    kinds = [str(kind) for kind in EngineKind]
    if text not in kinds:
        raise ValueError(f"its kind is {text!r}, which is none of {', '.join(kinds)}")
    return EngineKind(text)


def _number(
    table: Mapping[str, Any], key: str, usual: float, *, least: float = 0, most: float = 1e9
) -> float:
    value = table.get(key, usual)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{key} is {value!r}, which is no number")
    if not least <= value <= most:
        raise ValueError(f"{key} is {value:g}, and it is from {least:g} to {most:g}")
    return value
