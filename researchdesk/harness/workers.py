"""The parent's end of a worker process."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from researchdesk.config import ENVIRONMENT
from researchdesk.domain.json_text import parse_json
from researchdesk.domain.text import clean
from researchdesk.harness.ledger import Underway

_MODULE = "researchdesk.harness.training.worker"
_PATIENCE_S = 2.0
_POLL_S = 0.01
_TAIL_BYTES = 4_000
_TAIL_LINES = 12
_CHUNK = 65_536
_FAULTS = frozenset(
    {
        signal.SIGSEGV,
        signal.SIGABRT,
        signal.SIGBUS,
        signal.SIGFPE,
        signal.SIGILL,
        signal.SIGSYS,
        signal.SIGTRAP,
    }
)
"""The signals that a program brings upon itself."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker said: of itself ``ready``, of a seed ``started``, ``metric``, ``timing``,
    ``predictions``, ``finished`` or ``failed``, of a job ``plan``, ``check`` and ``done``.
    """

    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Obituary:
    """How a worker came to its end, in words, with its last lines. ``own``: whether it brought that
    upon itself, as one that ended, crashed or hung; one that something else killed did not."""

    words: str
    own: bool


class Worker:
    """A process that does one job after another. Its prints go to ``log``.

    ``at`` is the job that it is at, ``begun`` when it could begin with that, on the monotonic
    clock, ``at_it`` whether a seed of it did, ``is_spent`` whether it ran out of memory, some of
    which it may hold yet. Raises OSError where the system gives no process or no open files for it.
    """

    def __init__(self, recipe: Path, log: Path) -> None:
        self.at: Underway | None = None
        self.begun = 0.0
        self.ready = False
        self.at_it = False
        self.is_spent = False
        self._rest = b""
        self._status = 0
        self._log = log
        with contextlib.ExitStack() as undo:
            self._errors = undo.enter_context(tempfile.TemporaryFile())
            self.descriptor, theirs = os.pipe()
            undo.callback(os.close, self.descriptor)
            try:
                self._process = self._started(recipe, theirs)
            finally:
                os.close(theirs)
            undo.pop_all()
        os.set_blocking(self.descriptor, False)

    def _started(self, recipe: Path, theirs: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-u", "-m", _MODULE, str(os.getpid()), str(theirs)]
        with self._log.open("ab") as out:
            return subprocess.Popen(
                [*command, str(recipe.absolute())],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=self._errors,
                pass_fds=(theirs,),
                start_new_session=True,
                env=_without_keys(os.environ) | _ENVIRONMENT,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def gone(self) -> bool:
        """Whether the process ended."""
        return self._ended()

    @property
    def was_killed(self) -> bool:
        """Whether a signal ended the process, as the system sends where memory is short."""
        return self._ended() and self._status < 0

    def give(self, at: Underway, line: bytes, now: float) -> None:
        """Hand over a job; a worker that is gone is noticed when its answers end."""
        self.at, self.begun, self.at_it = at, now, False
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(line)
                self._process.stdin.flush()

    def answers(self) -> tuple[list[Answer], bool]:
        """What it said since last asked, and whether it is still there."""
        try:
            chunk = os.read(self.descriptor, _CHUNK)
        except BlockingIOError:
            return [], True
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        return [answer for answer in map(_parse, lines) if answer is not None], bool(chunk)

    def end(self) -> None:
        """End the process and its children, and keep what it wrote to standard error.

        The whole group is killed while the leader is not yet reaped, so that its number is no
        other group's; children that would not listen to a request go, too.
        """
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        self._signal(signal.SIGTERM)
        self._ended(_PATIENCE_S)
        self._signal(signal.SIGKILL)
        self._process.wait()
        with contextlib.suppress(OSError), self._log.open("ab") as out:
            self._errors.seek(0)
            out.write(self._errors.read())
        self._errors.close()
        os.close(self.descriptor)

    def obituary(self) -> Obituary:
        """Of a worker that is gone."""
        if not self._ended(_PATIENCE_S):
            return Obituary("The worker closed its answers and hung.", own=True)
        size = os.fstat(self._errors.fileno()).st_size
        tail = os.pread(self._errors.fileno(), _TAIL_BYTES, max(0, size - _TAIL_BYTES))
        lines = clean(tail.decode(errors="replace")).strip().splitlines()[-_TAIL_LINES:]
        words = "\n".join([f"The worker process {_ending(self._status)}.", *lines])
        return Obituary(words, own=self._status >= 0 or -self._status in _FAULTS)

    def _ended(self, patience: float = 0.0) -> bool:
        """Whether the process ended, waiting so many seconds for it; it is not reaped here."""
        deadline = time.monotonic() + patience
        while not self._is_over():
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL_S)
        return True

    def _is_over(self) -> bool:
        if not hasattr(os, "waitid"):  # as on macOS: then it is reaped by looking
            self._status = self._process.poll() or 0
            return self._process.returncode is not None
        try:
            found = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return True
        if found is None:
            return False
        killed = found.si_code in (os.CLD_KILLED, os.CLD_DUMPED)
        self._status = -found.si_status if killed else found.si_status
        return True

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}


def _parse(line: bytes) -> Answer | None:
    try:
        record = parse_json(line)
    except ValueError:
        return None
    if not isinstance(record, dict) or not isinstance(record.get("kind"), str):
        return None
    return Answer(record.pop("kind"), record)


def _ending(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


def _without_keys(environ: Mapping[str, str]) -> dict[str, str]:
    """An experiment has no use for the keys of sources, and may print what it finds."""
    return {name: value for name, value in environ.items() if name != ENVIRONMENT["s2_key"]}
