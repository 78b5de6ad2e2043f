"""Every key that an engine's table may have: what it means, and what it is where it is left out."""

from collections.abc import Mapping
from dataclasses import dataclass
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
_COMMON = (
    Key("kind", "", "local, ray or slurm", "the engine's name, where it is one of them"),
    Key("retries", 2, "how often a trial that was lost is tried again"),
    Key("at_once", 0, "how many trials it may have at a time", "as many as there are"),
    Key("seeds_per_trial", 1, "how many seeds one trial takes, where a start is slow; not local"),
    Key("cpus", 1, "processors of one trial; not local"),
    Key("gpus", 0, "GPUs of one trial; not local"),
    Key("memory_gb", 0, "memory of one trial in GB; not local", "no limit"),
    Key("minutes", 0, "how long one trial may take there; not local", "no limit"),
)
_OPTIONS: Mapping[EngineKind, tuple[Key, ...]] = {
    EngineKind.LOCAL: (),
    EngineKind.RAY: (
        Key(
            "address",
            "",
            "auto, HOST:6379 (this machine is a node), ray://HOST:10001, local (ends with us)",
            "RAY_ADDRESS, else local",
        ),
        Key("runtime_env", {}, "a table of what Ray brings to the nodes, as packages"),
        Key("checkpoint_mb", 512, "the largest file of a trial that is brought back, in MB"),
        Key("keep_days", 7, "how long the cluster keeps what nobody comes for"),
        Key("object_store_mb", 0, "memory of a cluster that is begun here", "Ray chooses"),
    ),
    EngineKind.SLURM: (
        Key("launcher", "slurm", "slurm, or local: the same code as processes of this machine"),
        Key("partition", "", "as sbatch has it", _NONE),
        Key("account", "", "as sbatch has it", _NONE),
        Key("qos", "", "as sbatch has it", _NONE),
        Key("constraint", "", "as sbatch has it", _NONE),
        Key("gres", "", "as sbatch has it, in place of gpus", _NONE),
        Key("array_parallelism", 1_000, "how many trials of one array run at a time"),
        Key("setup", (), 'shell commands before a trial: ["module load cuda"]'),
        Key("additional", {}, 'a table of other options of sbatch: { reservation = "friday" }'),
        Key("python", "", "the command that starts Python on the nodes", "the desk's own"),
        Key("signal_s", 60, "seconds before its limit that a trial is told to make room"),
    ),
}


def keys_of(kind: EngineKind) -> tuple[Key, ...]:
    """What a table of that kind may say, in the order that it is told in."""
    return (*_COMMON, *_OPTIONS[kind])


def options_of_kind(kind: EngineKind) -> tuple[Key, ...]:
    """Those that only this kind has."""
    return _OPTIONS[kind]
