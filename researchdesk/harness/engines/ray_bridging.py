"""The desk's end of the process that speaks with Ray."""

import contextlib
import os
import pickle
import selectors
import struct
import subprocess
import sys
import tempfile
import time
from typing import Any

from researchdesk.domain.text import clean
from researchdesk.errors import EngineError

_MODULE = "researchdesk.harness.engines.ray_bridge"
_LENGTH = struct.Struct(">Q")
_CHUNK = 1 << 20
_PATIENCE_S = 5.0
_TAIL_BYTES = 4_000
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DEDUP_LOGS": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_enable_metrics_collection": "false",
}


class RefusedError(Exception):
    """Ray raised something: the name of its class, and its words."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(name, words)
        self.name = name
        self.words = words


class Bridge:
    """A process of its own that is connected to Ray. Raises OSError where it cannot be started."""

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", _MODULE, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
            env=os.environ | _QUIET,
        )

    def ask(self, name: str, *arguments: Any, patience: float) -> Any:
        """The answer to one request. Raises RefusedError where Ray says no, EngineError where
        the process ended or said nothing for ``patience`` seconds; it is ended then."""
        content = pickle.dumps((name, arguments))
        try:
            if self._process.stdin is None:
                raise BrokenPipeError
            self._process.stdin.write(_LENGTH.pack(len(content)) + content)
            self._process.stdin.flush()
            deadline = time.monotonic() + patience
            (length,) = _LENGTH.unpack(self._read(_LENGTH.size, deadline))
            told = pickle.loads(self._read(length, deadline))  # noqa: S301 - of our own process
        except (OSError, EOFError, ValueError) as error:
            tail = self._tail()
            self.close()
            said = f" Its last words: {tail}" if tail else ""
            raise EngineError(
                f"Ray did not answer: {_why(error, patience)}.{said} What was handed over goes on.",
                "Is the cluster up? `ray status` on its head says so; "
                "`researchdesk engine check NAME` tries every step.",
            ) from error
        if "error" in told:
            raise RefusedError(told["error"], clean(told["words"]))
        return told["value"]

    def close(self) -> None:
        """End the process; twice does nothing."""
        with contextlib.suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._errors.close()

    def _read(self, size: int, deadline: float) -> bytes:
        out = self._process.stdout
        if out is None:
            raise EOFError
        found = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(out, selectors.EVENT_READ)
            while len(found) < size:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError
                chunk = os.read(out.fileno(), min(_CHUNK, size - len(found)))
                if not chunk:
                    raise EOFError
                found += chunk
        return bytes(found)

    def _tail(self) -> str:
        if self._errors.closed:
            return ""
        size = os.fstat(self._errors.fileno()).st_size
        tail = os.pread(self._errors.fileno(), _TAIL_BYTES, max(0, size - _TAIL_BYTES))
        lines = [line.strip() for line in clean(tail.decode(errors="replace")).splitlines()]
        return next((line for line in reversed(lines) if line), "")


def _why(error: Exception, patience: float) -> str:
    if isinstance(error, TimeoutError):
        return f"nothing came for {patience:.0f} s"
    return "the process that speaks with it ended"
