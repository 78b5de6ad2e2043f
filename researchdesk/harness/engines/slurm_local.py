"""The processes of submitit's local launcher, found again by whoever asks on the same machine."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from researchdesk.domain.engines import Fate, Standing

_PROC = Path("/proc")
_STATE, _BEGUN = 0, 19
_PATIENCE_S = 8.0
_POLL_S = 0.05
_GONE = ("Z", "X")


class LocalQueue:
    """Jobs by ``local:MACHINE:PID:BEGUN``, of the process that controls one.

    submitit itself knows such a job only within the process that began it; here it is told from
    another process of the same number by when it began.
    """

    def describe(self) -> dict[str, Any]:
        return {"cluster": "processes of this machine", "node": _machine()}

    def most_in_array(self) -> int:
        return 1

    def handle(self, job_id: str) -> str:
        return f"local:{_machine()}:{job_id}:{_began(int(job_id))}"

    def standings(self, handles: Iterable[str]) -> dict[str, Standing]:
        """How these jobs stand; one of another machine is left out."""
        found = {}
        for handle in handles:
            machine, pid, begun = _parts(handle)
            if machine != _machine():
                continue
            alive = bool(begun) and _began(pid) == begun
            words = "" if alive else "The process that controlled it is gone."
            found[handle] = Standing(Fate.RUNNING if alive else Fate.ENDED, words, machine)
        return found

    def cancel(self, handles: Sequence[str]) -> None:
        """Ask them to end in good order, then end those that did not within seconds."""
        there = [handle for handle in handles if self._send(handle, signal.SIGTERM)]
        deadline = time.monotonic() + _PATIENCE_S
        while there and time.monotonic() < deadline:
            time.sleep(_POLL_S)
            standings = self.standings(there)
            there = [one for one in there if standings[one].fate is Fate.RUNNING]
        for handle in there:
            self._send(handle, signal.SIGKILL)

    def handed_from(self, folder: Path) -> list[str]:
        """None is known by the folder it was begun in."""
        return []

    def _send(self, handle: str, number: signal.Signals) -> bool:
        machine, pid, begun = _parts(handle)
        if machine != _machine() or not begun or _began(pid) != begun:
            return False
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
            return True
        return False


def age_s() -> float:
    """The seconds since this process began; 0 where there is no ``/proc``.

    Source: proc(5), ``/proc/PID/stat``, field 22, in ticks since the machine was started.
    """
    began = _began(os.getpid())
    if not began.isdecimal():
        return 0.0
    now = time.clock_gettime(time.CLOCK_BOOTTIME)
    return max(0.0, now - int(began) / os.sysconf("SC_CLK_TCK"))


def _machine() -> str:
    return socket.gethostname().replace(":", "_")


def _parts(handle: str) -> tuple[str, int, str]:
    """The machine, the process and when it began; of no machine where it is no handle."""
    kind, *parts = handle.split(":")
    if kind != "local" or len(parts) != 3 or not parts[1].isdecimal():
        return "", 0, ""
    return parts[0], int(parts[1]), parts[2]


def _began(pid: int) -> str:
    """When the process began, in words that stay the same; empty where it is gone.

    Source: proc(5), ``/proc/PID/stat``, fields 3 and 22; ps(1) where there is no ``/proc``.
    """
    if not _PROC.joinpath("self").exists():
        command = ["ps", "-o", "state=,lstart=", "-p", str(pid)]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
        return "" if not said or said[0][0] in _GONE else "-".join(said[1:]).replace(":", ".")
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[_STATE] in _GONE else fields[_BEGUN]
