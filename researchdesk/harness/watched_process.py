"""Runs a script under observation in a process of its own, as a shell would run it."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from researchdesk.errors import UsageProblemError
from researchdesk.harness.training.watch import bootstrap

_PASSED_ON = ("SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGINT")
_KNOWS_TORCH = "import sys, importlib.util as u; sys.exit(u.find_spec('torch') is None)"
_PATIENCE_S = 20


def run_watched(python: str, script: Sequence[str], report: Path, every: int) -> int:
    """Run ``script`` (a path, or ``-m`` and a module, then arguments) to its end.

    It has our standard streams, folder and environment; signals that we get are passed on to it.
    ``report`` is the file that it writes what was seen to. Gives what the process ended with,
    below 0 for a signal. Raises UsageProblemError where the interpreter cannot be started.
    """
    command = [python, str(bootstrap.__file__), str(report), str(every), *script]
    children: list[subprocess.Popen[bytes]] = []
    with _passing_on(children):
        try:
            child = subprocess.Popen(command, close_fds=False)
        except OSError as error:
            raise UsageProblemError(
                f"{python} cannot be started: {error.strerror}.", "Give --python another path."
            ) from error
        children.append(child)
        return child.wait()


def usual_python() -> str:
    """The interpreter of the environment that is activated, where it has torch; else our own."""
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        place = Path(os.environ.get(name, ""))
        found = place / "bin" / "python"
        if not os.environ.get(name) or place.resolve() == Path(sys.prefix).resolve():
            continue
        if found.exists() and _knows_torch(found):
            return str(found)
    return sys.executable


def _knows_torch(python: Path) -> bool:
    try:
        asked = subprocess.run(
            [str(python), "-c", _KNOWS_TORCH], capture_output=True, timeout=_PATIENCE_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


@contextlib.contextmanager
def _passing_on(children: Sequence["subprocess.Popen[bytes]"]) -> Iterator[None]:
    """Meanwhile signals reach the script, and do not end us before it.

    Ctrl-C in a terminal reaches both by itself.
    """

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT and _is_in_front():
            return
        for child in children:
            child.send_signal(number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {}
    for name in _PASSED_ON:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, pass_on)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_in_front() -> bool:
    """Whether a terminal's Ctrl-C goes to our process group, and so to the script too."""
    try:
        with open("/dev/tty", "rb") as terminal:  # noqa: PTH123 - a descriptor, not a file
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False
