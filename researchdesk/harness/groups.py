"""Commands run in a process group of their own, with limits; the whole group ends with them."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from researchdesk.domain.recipes import Limits
from researchdesk.domain.text import clean

_TICK_S = 0.05
_WEIGH_S = 0.5
_TAIL_BYTES = 4_000
_TAIL_LINES = 8
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PROC = Path("/proc")
_LOOK = os.WEXITED | os.WNOHANG | os.WNOWAIT


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended. ``stopped`` says why we ended it, and is empty where it ended itself.

    ``tail`` are the last lines that it printed.
    """

    code: int
    stopped: str
    tail: str

    @property
    def well(self) -> bool:
        return not self.stopped and self.code == 0


def run_group(
    words: Sequence[str],
    folder: Path,
    log: Path,
    limits: Limits,
    cancel: Event | None = None,
    environment: Mapping[str, str] | None = None,
) -> Ended:
    """Run a command in ``folder``, its output added to ``log``, and wait for its end.

    It is ended with all its children when ``cancel`` is set, or past the limits: minutes by the
    clock, and the resident memory of the group (where the system tells it). Nothing that it started
    in its group is left. Raises OSError where it cannot be started.
    """
    with log.open("ab") as out:
        begun_at = out.tell()
        process = subprocess.Popen(
            list(words),
            cwd=folder,
            env=dict(os.environ if environment is None else environment),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            stopped = _await(process, limits, cancel)
        finally:
            _kill(process)
    return Ended(process.returncode, stopped, _tail(log, begun_at))


def resident_gb(group: int) -> float:
    """What the processes of a group hold in memory, in GB (10⁹ bytes); 0 where it is not told.

    Source: proc(5), ``/proc/PID/stat``: the group is its 5th field, resident pages the 24th.
    """
    pages = 0
    for stat in _PROC.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
            if int(fields[2]) == group:
                pages += int(fields[21])
    return pages * _PAGE / 1e9


def _await(process: "subprocess.Popen[bytes]", limits: Limits, cancel: Event | None) -> str:
    """Why it is to be stopped, or empty where it ended. It is not reaped here: its number, which is
    the group's, stays its own until the group is killed."""
    begun = weighed = time.monotonic()
    while os.waitid(os.P_PID, process.pid, _LOOK) is None:
        if cancel is not None and cancel.is_set():
            return "it was stopped"
        now = time.monotonic()
        if limits.minutes is not None and now - begun > limits.minutes * 60:
            return f"it took longer than {limits.minutes:g} minutes"
        if limits.memory_gb is not None and now - weighed > _WEIGH_S:
            weighed = now
            if resident_gb(process.pid) > limits.memory_gb:
                return f"it took more than {limits.memory_gb:g} GB of memory"
        time.sleep(_TICK_S)
    return ""


def _kill(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _tail(log: Path, begun_at: int) -> str:
    with contextlib.suppress(OSError), log.open("rb") as printed:
        end = printed.seek(0, os.SEEK_END)
        printed.seek(max(begun_at, end - _TAIL_BYTES))
        lines = clean(printed.read().decode("utf-8", "replace")).strip().splitlines()
        return "\n".join(lines[-_TAIL_LINES:])
    return ""
