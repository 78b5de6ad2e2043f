"""How long the terminal app takes from start to its first rows, beside an empty Textual app.

    python tests/benchmarks/library_start.py [--keep DIR] [--papers 100000] [--rounds 7]

Both are begun in turn in a terminal of their own, and watched until what they have to show was
written: a word, and the name of the paper added last. Ends with 1 where the ratio of the medians
is over the limit.
"""

import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from library_desk import make_desk

from researchdesk.domain.search_query import parse_query
from researchdesk.services.library_search import page

LIMIT = 1.5
"""Of the first rows, as a ratio to an app with one empty screen."""
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
    """Medians in seconds, of the empty app and of the first rows."""

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
    return Start(statistics.median(times["empty"]), statistics.median(times["rows"]))


def main() -> int:
    """Prints the table; 1 where the limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = given.keep or Path(folder)
        desk = make_desk(root, given.papers)
        first = page(desk, parse_query(""), 0, 1).rows[0].name
        desk.close()
        start = measure_start(root, first, given.rounds)
    print(f"{'empty Textual app':40}{1000 * start.empty:8.0f} ms")
    print(f"{f'first rows of {given.papers:,} papers':40}{1000 * start.rows:8.0f} ms")
    print(f"{'ratio':40}{start.ratio:8.2f}   limit {LIMIT}")
    return 0 if start.ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
