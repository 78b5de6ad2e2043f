"""The engines that the settings name, and how they are reached."""

import difflib
import importlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from researchdesk.domain.engines import EngineKind, EngineSettings, Needs
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.harness.engines.backend import Backend
from researchdesk.harness.engines.keys import Key, keys_of, options_of_kind
from researchdesk.harness.engines.requirements import require_here
from researchdesk.harness.executor import default_jobs

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

    ``local``, ``ray`` and ``slurm`` are there without a table. Raises NotOnDeskError where there
    is none, BadInputError where its table is not one.
    """
    names = engine_names(tables)
    if name not in names:
        raise NotOnDeskError(
            f"There is no engine {name!r}; nothing was run.", near_engine(tables, name)
        )
    table = dict(tables.get(name, {}))
    try:
        return _read(name, table)
    except (ValueError, TypeError) as error:
        raise BadInputError(
            f"The settings of the engine {name} cannot be used: {error}. Nothing was run.",
            f"Mend [engines.{name}] in the settings file: `researchdesk config` says which.",
        ) from error


def effective(engine: EngineSettings) -> dict[str, Any]:
    """The value of every key that its kind has: what the table says, else what holds without."""
    needs = engine.needs
    found = {
        "kind": str(engine.kind),
        "retries": engine.retries,
        "at_once": engine.at_once,
        "seeds_per_trial": engine.seeds_per_trial,
        "cpus": needs.cpus,
        "gpus": needs.gpus,
        "memory_gb": needs.memory_gb,
        "minutes": needs.minutes,
        **{key.name: key.usual for key in options_of_kind(engine.kind)},
        **engine.options,
    }
    if engine.kind is EngineKind.RAY:
        found["address"] = ray_address(engine)
    return found


def near_engine(tables: Mapping[str, Mapping[str, Any]], name: str) -> str:
    """What to say to one who named an engine that there is none of."""
    names = engine_names(tables)
    near = difflib.get_close_matches(name, names, 1)
    return f"Did you mean {near[0]}?" if near else f"There are {', '.join(names)}."


def ray_address(engine: EngineSettings) -> str:
    """The cluster that a Ray engine's settings name, else RAY_ADDRESS, else ``local``."""
    return str(engine.options.get("address") or os.environ.get("RAY_ADDRESS") or "local")


def stays(engine: EngineSettings) -> bool:
    """Whether the engine's trials go on when this process ends, as none does on a cluster that
    was begun by it."""
    if engine.kind is EngineKind.RAY:
        return ray_address(engine) not in HERE
    return engine.outlives


def opens_sockets(engine: EngineSettings) -> bool:
    """Whether reaching the engine opens sockets: that of this process does not, nor do the
    processes of Slurm's local launcher. Ray does on this machine, too."""
    if engine.kind is EngineKind.SLURM:
        return str(engine.options.get("launcher", "slurm")) != "local"
    return engine.kind is not EngineKind.LOCAL


def backend_of(engine: EngineSettings, run_folder: Path) -> Backend:
    """What the engine offers to the run of this folder (absolute).

    Raises EngineError where its extra is not installed or it cannot be reached.
    """
    require_here(engine)
    module = importlib.import_module(_BACKENDS[engine.kind])
    found: Backend = module.connect(engine, run_folder)
    return found


def _read(name: str, table: Mapping[str, Any]) -> EngineSettings:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name: letters, digits, - and _ are")
    kind = _kind(name, table)
    keys = {key.name: key for key in keys_of(kind)}
    for key in table:
        if key not in keys:
            near = difflib.get_close_matches(key, keys, 1)
            there = near[0] if near else f"there are {', '.join(keys)}"
            raise ValueError(f"there is no {key!r}, but {there}")
    needs = Needs(
        int(_number(table, keys["cpus"], least=1)),
        _number(table, keys["gpus"]),
        _number(table, keys["memory_gb"]),
        _number(table, keys["minutes"]),
    )
    retries = int(_number(table, keys["retries"], most=_MOST_RETRIES))
    at_once = int(_number(table, keys["at_once"]))
    options = {key.name: table[key.name] for key in options_of_kind(kind) if key.name in table}
    if kind is EngineKind.RAY:
        _check_ray(options)
    if options.get("launcher") == "local":  # processes of this machine
        at_once = at_once or default_jobs()
    together = int(_number(table, keys["seeds_per_trial"], least=1))
    return EngineSettings(name, kind, retries, at_once, needs, options, together)


def _check_ray(options: Mapping[str, Any]) -> None:
    """Raises TypeError or ValueError."""
    if not isinstance(options.get("address", ""), str):
        raise TypeError(f"address is {options['address']!r}, which is no text")
    if not isinstance(options.get("runtime_env", {}), Mapping):
        raise TypeError(f"runtime_env is {options['runtime_env']!r}, which is no table")
    for key in options_of_kind(EngineKind.RAY):
        if not isinstance(key.usual, str | Mapping):
            _number(options, key)


def _kind(name: str, table: Mapping[str, Any]) -> EngineKind:
    kinds = [str(kind) for kind in EngineKind]
    if "kind" not in table and name not in kinds:
        raise ValueError(f"its `kind` is missing, which is one of {', '.join(kinds)}")
    text = str(table.get("kind", name))
    if text not in kinds:
        raise ValueError(f"its kind is {text!r}, which is none of {', '.join(kinds)}")
    return EngineKind(text)


def _number(table: Mapping[str, Any], key: Key, *, least: float = 0, most: float = 1e9) -> float:
    value = table.get(key.name, key.usual)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{key.name} is {value!r}, which is no number")
    if not least <= value <= most:
        raise ValueError(f"{key.name} is {value:g}, and it is from {least:g} to {most:g}")
    return value
