"""What the settings say of a Slurm engine, and what a trial asks of the cluster by them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from researchdesk.domain.engines import EngineSettings, Needs
from researchdesk.errors import BadInputError

SLURM, LOCAL = "slurm", "local"
_TEXTS = ("partition", "account", "qos", "constraint", "gres", "python")
_OURS = ("array", "chdir", "error", "no-requeue", "open-mode", "output", "signal", "wrap")
_YEAR_MIN = 525_600
_SHARE = 3
_MOST_PARALLEL = 1_000


@dataclass(frozen=True, slots=True)
class Options:
    """``launcher``: ``slurm``, or ``local`` for submitit's own processes on this machine.

    ``setup`` are shell commands before the trial, ``additional`` further options of ``sbatch`` by
    their names, ``python`` the command that starts Python on the nodes. ``signal_s``: how long
    before its limit of time a trial is told to make room. ``array_parallelism``: how many trials
    of one array run at a time.
    """

    launcher: str = SLURM
    partition: str = ""
    account: str = ""
    qos: str = ""
    constraint: str = ""
    gres: str = ""
    python: str = ""
    setup: tuple[str, ...] = ()
    additional: Mapping[str, Any] = field(default_factory=dict)
    array_parallelism: int = _MOST_PARALLEL
    signal_s: int = 60

    def parameters(self, needs: Needs, name: str) -> dict[str, Any]:
        """What submitit's executor of this launcher is told, for a job of that name."""
        if self.launcher == LOCAL:
            return self._local(needs)
        asked = {key: getattr(self, key) for key in _TEXTS[:-1]}
        gpus = 0 if self.gres else math.ceil(needs.gpus)
        told = {
            **{key: value for key, value in asked.items() if value},
            "job_name": name,
            "time": math.ceil(needs.minutes) or None,
            "cpus_per_task": needs.cpus,
            "gpus_per_node": gpus or None,
            "mem": f"{math.ceil(needs.memory_gb * 1024)}M" if needs.memory_gb else None,
            "signal_delay_s": self.notice_s(needs),
            "setup": list(self.setup) or None,
            "array_parallelism": self.array_parallelism,
            "additional_parameters": {"requeue": True, **self.additional},
            "srun_args": [f"--cpus-per-task={needs.cpus}"],
            "wckey": None,
        }
        return told

    def notice_s(self, needs: Needs) -> int:
        """Seconds before its limit that a trial is told: no more than a third of its time."""
        if not needs.minutes:
            return self.signal_s
        whole = needs.minutes if self.launcher == LOCAL else math.ceil(needs.minutes)
        return max(1, min(self.signal_s, int(whole * 60 / _SHARE)))

    def _local(self, needs: Needs) -> dict[str, Any]:
        return {
            "timeout_min": needs.minutes or _YEAR_MIN,
            "signal_delay_s": self.notice_s(needs),
            "gpus_per_node": math.ceil(needs.gpus),
        }


def options_of(engine: EngineSettings) -> Options:
    """The engine's options. Raises BadInputError, which tells of each that cannot be used."""
    given = engine.options
    wrong = [f"there is no {key!r}" for key in given if key not in Options.__dataclass_fields__]
    wrong += [f"{key} is no text of one line" for key in _TEXTS if not _is_line(given.get(key, ""))]
    if given.get("launcher", SLURM) not in (SLURM, LOCAL):
        wrong.append(f"launcher is {given['launcher']!r}, and it is slurm or local")
    if not _are_lines(given.get("setup", ())):
        wrong.append("setup is no list of commands")
    wrong += _wrong_additional(given.get("additional", {}))
    for key, least in (("array_parallelism", 1), ("signal_s", 5)):
        value = given.get(key, least)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            wrong.append(f"{key} is {value!r}, and it is a whole number from {least}")
    if wrong:
        raise BadInputError(
            f"The settings of the engine {engine.name} cannot be used: {'; '.join(wrong)}. "
            "Nothing was run.",
            f"Mend [engines.{engine.name}] in the settings file: `researchdesk config` says which.",
        )
    return Options(**{**given, "setup": tuple(given.get("setup", ()))})


def _wrong_additional(given: Any) -> list[str]:
    if not isinstance(given, Mapping):
        return ["additional is no table of sbatch's options"]
    wrong = []
    for key, value in given.items():
        name = str(key).replace("_", "-")
        if name in _OURS:
            wrong.append(f"additional.{key} is what the desk itself sets")
        elif not name.replace("-", "").isalnum():
            wrong.append(f"additional has {key!r}, which is no option of sbatch")
        elif not isinstance(value, bool | int | float) and not _is_line(value):
            wrong.append(f"additional.{key} is no text of one line and no number")
    return wrong


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable()


def _are_lines(value: Any) -> bool:
    if isinstance(value, str) or not isinstance(value, Sequence):
        return False
    return all(isinstance(line, str) and line.strip() for line in value)
