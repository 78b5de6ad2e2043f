"""What Slurm says of its jobs: ``squeue``, then ``sacct`` where the cluster keeps accounts."""

import contextlib
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from researchdesk.domain.engines import Fate, Standing
from researchdesk.domain.text import clean, one_line
from researchdesk.errors import EngineError
from researchdesk.harness.engines.requirements import ELSEWHERE, require_programs

_PATIENCE_S = 60
_AT_A_TIME = 200
_USUAL_MOST = 1_000
_FIELDS = "%i|%T|%N|%r"
_JOB = re.compile(r"\d+(_\d+)?")
_MORE = "Trials that it has go on. Look with `squeue --me`, then give the same command again."
_UP = f"Does `scontrol ping` say that it is up? {ELSEWHERE}"
_PREFIX = re.compile(r"\w+: (error|fatal): ")
_AWAY = re.compile(
    r"contact|configuration source|fetch.?config|DNS SRV|connect|socket|unknown host|timed out",
    re.IGNORECASE,
)
_FATES: Mapping[str, Fate] = {
    **dict.fromkeys(
        ("PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "SPECIAL_EXIT"),
        Fate.WAITING,
    ),
    **dict.fromkeys(
        ("RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "RESIZING", "SIGNALING", "STAGE_OUT"),
        Fate.RUNNING,
    ),
    "COMPLETED": Fate.ENDED,
    "FAILED": Fate.KILLED,
    "CANCELLED": Fate.CANCELLED,
    "REVOKED": Fate.CANCELLED,
    "TIMEOUT": Fate.OVER_TIME,
    "DEADLINE": Fate.OVER_TIME,
    "OUT_OF_MEMORY": Fate.OUT_OF_MEMORY,
    "PREEMPTED": Fate.PREEMPTED,
    "NODE_FAIL": Fate.NODE_LOST,
    "BOOT_FAIL": Fate.NODE_LOST,
}


class SlurmQueue:
    """Jobs by their ids, ``123`` or ``123_4`` in an array. Raises EngineError where Slurm says no.

    ``squeue`` knows a job from the moment it was handed over until some minutes after its end
    (``MinJobAge``), on any cluster. ``sacct`` knows it for months, where accounts are kept.
    """

    def __init__(self) -> None:
        require_programs()

    def describe(self) -> dict[str, Any]:
        """The cluster's name and the version of Slurm, as far as it tells."""
        told = self._config()
        names = {"cluster": "ClusterName", "slurm": "SLURM_VERSION"}
        return {name: told[key] for name, key in names.items() if key in told}

    def most_in_array(self) -> int:
        """How many jobs an array may have."""
        text = self._config().get("MaxArraySize", "")
        return max(1, int(text)) if text.isdecimal() else _USUAL_MOST

    def _config(self) -> dict[str, str]:
        said = self._run("scontrol", "show", "config").splitlines()
        pairs = (line.partition("=") for line in said)
        return {key.strip(): one_line(value) for key, _, value in pairs}

    def handle(self, job_id: str) -> str:
        return job_id

    def standings(self, handles: Iterable[str]) -> dict[str, Standing]:
        """How these jobs stand; one that Slurm knows nothing of is left out."""
        wanted = {handle for handle in handles if _JOB.fullmatch(handle)}
        found = self._squeue(wanted) if wanted else {}
        missing = wanted - set(found)
        if missing:
            found |= self._sacct(missing)
        return {handle: found[handle] for handle in wanted & set(found)}

    def cancel(self, handles: Sequence[str]) -> None:
        jobs = [handle for handle in handles if _JOB.fullmatch(handle)]
        for first in range(0, len(jobs), _AT_A_TIME):
            self._run("scancel", "--quiet", *jobs[first : first + _AT_A_TIME])

    def handed_from(self, folder: Path) -> list[str]:
        """What waits or runs of the jobs, or whole arrays, that were handed over from within this
        folder. Source: squeue(1), ``%F`` and ``%Z``."""
        said = self._run("squeue", "--me", "--noheader", "--format=%F|%Z")
        pairs = (line.strip().partition("|") for line in said.splitlines())
        return sorted({job for job, _, where in pairs if where == str(folder.resolve())})

    def _squeue(self, jobs: set[str]) -> dict[str, Standing]:
        command = ("squeue", "--noheader", "--array", "--states=all", f"--format={_FIELDS}")
        said = self._run(*command, f"--jobs={_arrays(jobs)}", none="Invalid job id")
        return standings_of(said)

    def _sacct(self, jobs: set[str]) -> dict[str, Standing]:
        command = ("sacct", "--noheader", "--parsable2", "--allocations", "--array")
        with contextlib.suppress(EngineError):
            said = self._run(*command, "--format=JobID,State,NodeList", f"--jobs={_arrays(jobs)}")
            return standings_of(said)
        return {}

    def _run(self, *command: str, none: str = "") -> str:
        """What the command says; nothing where it fails with the words ``none``."""
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_PATIENCE_S,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            hint = _hint_after(command[0])
            raise EngineError(f"Slurm's {command[0]} gave no answer: {error}.", hint) from error
        if done.returncode and not (none and none in done.stderr):
            words = first_said(done.stderr) or f"it ended with exit code {done.returncode}"
            what = f"Slurm's {command[0]} failed"
            if _AWAY.search(done.stderr):
                what = "There is no Slurm controller that this machine can reach"
            raise EngineError(f"{what}: {words.rstrip('.')}.", _hint_after(command[0]))
        return done.stdout


def first_said(text: str) -> str:
    """The first of the errors that a command of Slurm's printed, without the command's name; all
    that it printed where there is none."""
    lines = [one_line(line) for line in text.splitlines()]
    errors = [match.string[match.end() :] for line in lines if (match := _PREFIX.match(line))]
    return errors[0] if errors else one_line(text)


def _hint_after(command: str) -> str:
    """Jobs are asked for, or ended, only where there are some."""
    return _UP if command == "scontrol" else _MORE


def is_running(job_id: str) -> bool:
    """Whether Slurm has this job as running: not cancelled, and not already on its way back to the
    queue. False where it does not say."""
    try:
        found = subprocess.run(
            ["squeue", "--noheader", "--format=%T", f"--jobs={job_id}"],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return found.stdout.split() == ["RUNNING"]


def _arrays(jobs: Iterable[str]) -> str:
    """Whole arrays are asked for: one by one would be slow for the cluster."""
    return ",".join(sorted({job.split("_")[0] for job in jobs}))


def standings_of(said: str) -> dict[str, Standing]:
    """The jobs in lines of ``ID|STATE|NODES|REASON``, the last part optional; others left out."""
    found = {}
    for line in said.splitlines():
        job, state, *rest = [one_line(part) for part in clean(line).split("|")] + ["", ""]
        name = state.split()[0].rstrip("+") if state else ""
        if name not in _FATES:
            continue
        node, reason = rest[0], rest[1]
        why = f" ({reason})" if reason not in ("", "None") else ""
        at = f" on {node}" if node else ""
        found[job] = Standing(_FATES[name], f"Slurm says {state}{why}{at}.", node)
    return found
