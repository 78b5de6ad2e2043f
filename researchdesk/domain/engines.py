"""Engines: who runs the trials, here or on other machines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class EngineKind(StrEnum):
    """``LOCAL``: worker processes of this one. The trials of the others outlive it."""

    LOCAL = "local"
    RAY = "ray"
    SLURM = "slurm"


@dataclass(frozen=True, slots=True)
class Needs:
    """What one trial takes of its engine; ``minutes`` is its limit of time there, 0: none."""

    cpus: int = 1
    gpus: float = 0.0
    memory_gb: float = 0.0
    minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """An engine as the settings file has it, under ``[engines.NAME]``.

    ``retries``: how often a trial whose process, node or job was lost is tried again. ``at_once``:
    how many trials may be with the engine at a time, 0: as many as there are. ``seeds_per_trial``:
    how many seeds one of them takes, where a start takes longer than a seed. ``options`` are those
    of its kind: for ray ``address``, for slurm ``partition``, ``account`` and others.
    """

    name: str = "local"
    kind: EngineKind = EngineKind.LOCAL
    retries: int = 2
    at_once: int = 0
    needs: Needs = field(default_factory=Needs)
    options: Mapping[str, Any] = field(default_factory=dict)
    seeds_per_trial: int = 1

    @property
    def outlives(self) -> bool:
        """Whether its trials go on when this process ends."""
        return self.kind is not EngineKind.LOCAL


def without_secrets(table: Mapping[str, Any]) -> dict[str, Any]:
    """An engine's settings to be shown: lines of a shell and environments may hold a token."""
    return {
        key: "(kept to itself)" if key in _KEPT and value else value for key, value in table.items()
    }


_KEPT = ("setup", "runtime_env")


class Fate(StrEnum):
    """What an engine says of a trial that was handed to it.

    ``ENDED``: it came to its own end, and its mail tells how. All after it are ends without a word,
    after which it may be tried again, but for ``CANCELLED``. ``UNKNOWN``: the engine knows nothing
    of it, as after its head was restarted.
    """

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"
    KILLED = "killed"
    OUT_OF_MEMORY = "out of memory"
    OVER_TIME = "over time"
    PREEMPTED = "preempted"
    NODE_LOST = "node lost"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        return self not in (Fate.WAITING, Fate.RUNNING)

    @property
    def words(self) -> str:
        """What happened to a trial that ended so without a word."""
        return _ENDS.get(self, "")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a trial stands with its engine: ``words`` say more, ``node`` is where it is or was."""

    fate: Fate
    words: str = ""
    node: str = ""


_ENDS = {
    Fate.KILLED: "The trial's process was ended.",
    Fate.OUT_OF_MEMORY: "The trial was ended for want of memory.",
    Fate.OVER_TIME: "The trial took longer than the engine lets it.",
    Fate.PREEMPTED: "The trial was preempted.",
    Fate.NODE_LOST: "The node of the trial was lost.",
    Fate.UNKNOWN: "The engine does not know the trial any more, as after its head was restarted.",
    Fate.CANCELLED: "The trial was cancelled at the engine.",
    Fate.ENDED: "The trial ended without a word.",
}
