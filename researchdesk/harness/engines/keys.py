"""Every key that an engine's table may have: what it means, and what it is where it is left out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from researchdesk.domain.engines import EngineKind


@dataclass(frozen=True, slots=True)
class Key:
    """``usual`` is the value where the table has none; ``else_`` says so in words where what it
    then comes to is not fixed."""

    name: str
    usual: Any
    meaning: str
    else_: str = ""

    @property
    def default(self) -> str:
        """The usual value as TOML has it, or in words."""
        if self.else_ or isinstance(self.usual, str):
            return self.else_ or f'"{self.usual}"'
        if isinstance(self.usual, tuple | Mapping):
            return "none"
        return f"{self.usual:g}"


_NONE = "none"
_NOT_HERE = "of no account for local: of ray and slurm"
_COMMON = (
    Key("kind", "", "local, ray or slurm", "its name"),
    Key("retries", 2, "how often a trial that was lost is tried again"),
    Key("at_once", 0, "how many trials it may have at a time", "no limit"),
)
_AWAY = (
    Key("seeds_per_trial", 1, "seeds in one trial, where a start is slow"),
    Key("cpus", 1, "processors of one trial"),
    Key("gpus", 0, "GPUs of one trial"),
    Key("memory_gb", 0, "memory of one trial, GB", "no limit"),
    Key("minutes", 0, "the limit of time of one trial there", "no limit"),
)
_OPTIONS: Mapping[EngineKind, tuple[Key, ...]] = {
    EngineKind.LOCAL: (),
    EngineKind.RAY: (
        Key(
            "address",
            "",
            "auto, HOST:6379, ray://HOST:10001, local",
            "RAY_ADDRESS",
        ),
        Key("runtime_env", {}, "what Ray brings to the nodes (a table)"),
        Key("checkpoint_mb", 512, "the largest file that is brought back, MB"),
        Key("keep_days", 7, "days that it keeps what nobody comes for"),
        Key("object_store_mb", 0, "its store's size where it begins here, MB", "Ray chooses"),
    ),
    EngineKind.SLURM: (
        Key("launcher", "slurm", "slurm, or local: processes of this machine"),
        Key("partition", "", "as sbatch has it", _NONE),
        Key("account", "", "as sbatch has it", _NONE),
        Key("qos", "", "as sbatch has it", _NONE),
        Key("constraint", "", "as sbatch has it", _NONE),
        Key("gres", "", "as sbatch has it, in place of gpus", _NONE),
        Key("array_parallelism", 1_000, "trials of one array that run at a time"),
        Key("setup", (), 'commands before a trial: ["module load x"]'),
        Key("additional", {}, "other options of sbatch: { nice = 10 }"),
        Key("python", "", "the command that starts Python there", "the desk's own"),
        Key("signal_s", 60, "seconds before its limit that it is told"),
    ),
}


def keys_of(kind: EngineKind) -> tuple[Key, ...]:
    """What a table of that kind may say, in the order that it is told in."""
    if kind is not EngineKind.LOCAL:
        return (*_COMMON, *_AWAY, *_OPTIONS[kind])
    common = (
        replace(key, else_="by the processors") if key.name == "at_once" else key for key in _COMMON
    )
    return (*common, *(replace(key, meaning=_NOT_HERE) for key in _AWAY))


def options_of_kind(kind: EngineKind) -> tuple[Key, ...]:
    """Those that only this kind has."""
    return _OPTIONS[kind]
