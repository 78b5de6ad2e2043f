"""Commands started by a worker, in its own process group."""

import contextlib
import os
import re
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from researchdesk.harness.groups import resident_gb

_LEASHED = "researchdesk.harness.training.leashed"
_PROC = Path("/proc")
_LINE_ENDS = re.compile(rb"[\r\n]+")
_CHUNK = 65_536
_LONGEST_LINE = 100_000
_WAIT_S = 0.2
_WEIGH_S = 0.5


class Child:
    """A command in this process's group, which ends with this process.

    ``memory_gb`` is what the group may hold on top of what it holds before. It is started with no
    input. Raises OSError where it cannot be started.
    """

    def __init__(self, words: Sequence[str], folder: Path, memory_gb: float | None = None) -> None:
        self._memory_gb = memory_gb
        self._held_gb = resident_gb(os.getpgrp())
        self._weighed = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", _LEASHED, str(os.getpid()), *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"},
        )

    def lines(self) -> Iterator[bytes]:
        """The lines that it prints, until it ends; a carriage return ends a line, too.

        Raises MemoryError where the group takes more than it may.
        """
        rest = b""
        for chunk in self._chunks():
            *lines, rest = _LINE_ENDS.split(rest + chunk)
            yield from lines
            if len(rest) > _LONGEST_LINE:
                yield rest
                rest = b""
        if rest:
            yield rest

    def wait(self) -> int:
        """Its exit code."""
        return self._process.wait()

    def _chunks(self) -> Iterator[bytes]:
        """What it prints. A child of it that lives on and keeps the pipe open is not waited for."""
        out = self._process.stdout
        if out is None:
            return
        with selectors.DefaultSelector() as selector, out:
            selector.register(out, selectors.EVENT_READ)
            while True:
                ended = self._process.poll() is not None
                if selector.select(0 if ended else _WAIT_S):
                    chunk = os.read(out.fileno(), _CHUNK)
                    if not chunk:
                        return
                    yield chunk
                elif ended:
                    return
                self._weigh()

    def _weigh(self) -> None:
        now = time.monotonic()
        if self._memory_gb is None or now - self._weighed < _WEIGH_S:
            return
        self._weighed = now
        if resident_gb(os.getpgrp()) - self._held_gb > self._memory_gb:
            raise MemoryError(
                f"It needs more than the recipe's limit of {self._memory_gb:g} GB of memory."
            )


@contextlib.contextmanager
def ending_children() -> Iterator[None]:
    """End every other process of this group afterwards, where this process leads it (Linux)."""
    try:
        yield
    finally:
        if os.getpgrp() == os.getpid():
            for pid in _others():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)


def _others() -> list[int]:
    """The other processes of this group. Source: proc(5), the 5th field of ``/proc/PID/stat``."""
    found = []
    for stat in _PROC.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int(stat.parent.name)
            fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
            if pid != os.getpid() and int(fields[2]) == os.getpgrp():
                found.append(pid)
    return found
