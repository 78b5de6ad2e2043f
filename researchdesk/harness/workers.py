"""The parent's end of a worker process."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from researchdesk.domain.runs import Task
from researchdesk.domain.text import clean

_MODULE = "researchdesk.harness.training.worker"
_PATIENCE_S = 2.0
_TAIL_BYTES = 4_000
_TAIL_LINES = 12
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker said: ``ready``, ``started``, ``metric``, ``finished`` or ``failed``."""

    kind: str
    data: Mapping[str, Any]


class Worker:
    """A process that measures one seed after another. Its prints go to ``log``.

    Raises OSError where the system gives no process or no open files for it.
    """

    def __init__(self, recipe: Path, log: Path) -> None:
        self.task: Task | None = None
        self.ready = False
        self._rest = b""
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
                env=os.environ | _ENVIRONMENT,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def gone(self) -> bool:
        """Whether the process ended."""
        return self._process.poll() is not None

    def give(self, task: Task, settings: Mapping[str, Any]) -> None:
        """Hand over a seed; a worker that is gone is noticed when its answers end."""
        self.task = task
        line = json.dumps({"arm": task.arm, "seed": task.seed, "settings": dict(settings)})
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(line.encode() + b"\n")
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
        """End the process and its children, and keep what it wrote to standard error."""
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()
        with contextlib.suppress(OSError), self._log.open("ab") as out:
            self._errors.seek(0)
            out.write(self._errors.read())
        self._errors.close()
        os.close(self.descriptor)

    def obituary(self) -> str:
        """How a worker that is gone came to its end, in words, with its last lines."""
        try:
            code = self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            return "The worker closed its answers and hung."
        size = os.fstat(self._errors.fileno()).st_size
        tail = os.pread(self._errors.fileno(), _TAIL_BYTES, max(0, size - _TAIL_BYTES))
        lines = clean(tail.decode(errors="replace")).strip().splitlines()[-_TAIL_LINES:]
        return "\n".join([f"The worker process {_ending(code)}.", *lines])

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}


def _parse(line: bytes) -> Answer | None:
    try:
        record = json.loads(line)
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
