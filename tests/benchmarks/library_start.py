"""How long the terminal app takes from start to its first rows, beside an empty Textual app.

Both are begun in turn in a terminal of their own, and watched until what they have to show was
written: a word, and the name of the paper added last.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PATIENCE_S = 60.0
_READY = "ready-to-go"
_EMPTY = f"""
from textual.app import App
from textual.screen import Screen
from textual.widgets import Static

class Empty(Screen):
    def compose(self):
        yield Static("{_READY}")

class EmptyApp(App):
    def on_mount(self):
        self.push_screen(Empty())

EmptyApp().run()
"""


@dataclass(frozen=True, slots=True)
class Start:
    """Least seconds, of the empty app and of the first rows."""

    empty: float
    rows: float

    @property
    def ratio(self) -> float:
        return self.rows / self.empty


def seconds_until(
    command: Sequence[str], words: str, environ: Mapping[str, str], size: tuple[int, int]
) -> float:
    """From the start of a program in a terminal until it wrote ``words``.

    It is killed then. RuntimeError where it ended, or a minute passed, before.
    """
    began = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(command[0], list(command), dict(environ))
    try:
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        return _watch(terminal, words.encode(), began)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def _ours() -> list[str]:
    """The program as it is installed beside this Python, else as a module of it."""
    installed = Path(sys.executable).with_name("researchdesk")
    return [str(installed)] if installed.is_file() else [sys.executable, "-m", "researchdesk"]


def _watch(terminal: int, words: bytes, began: float) -> float:
    seen = b""
    while time.perf_counter() - began < _PATIENCE_S:
        if not select.select([terminal], [], [], 1.0)[0]:
            continue
        try:
            got = os.read(terminal, 65_536)
        except OSError:
            break
        seen = seen[-1_000:] + got
        if words in seen:
            return time.perf_counter() - began
    raise RuntimeError(f"{words!r} never came; last was: {seen[-1000:]!r}")


def measure_start(
    desk: Path, first: str, rounds: int = 7, size: tuple[int, int] = (120, 40)
) -> Start:
    """Both programs in turn, ``rounds`` times; ``first`` is the name that stands in the first row.

    The very first start of each is not counted: it fills the caches of the disk.
    """
    environ = {
        **os.environ,
        "TERM": "xterm-256color",
        "RESEARCHDESK_DESK": str(desk),
        "RESEARCHDESK_STATE": str(desk / "state"),
        "RESEARCHDESK_CONFIG": os.devnull,
        "RESEARCHDESK_OFFLINE": "1",
    }
    programs = {
        "empty": ([sys.executable, "-c", _EMPTY], _READY),
        "rows": (_ours(), first),
    }
    times: dict[str, list[float]] = {name: [] for name in programs}
    for number in range(rounds + 1):
        for name, (command, words) in programs.items():
            taken = seconds_until(command, words, environ, size)
            if number:
                times[name].append(taken)
    return Start(min(times["empty"]), min(times["rows"]))
