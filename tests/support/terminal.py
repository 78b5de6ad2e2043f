"""A program in a real terminal: tmux types its keys and reads its screen."""

import shutil
import subprocess
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType


class Terminal:
    """``with Terminal(["prog"], env, size=(80, 24)) as terminal:`` runs it until the block ends."""

    def __init__(
        self, command: list[str], environ: Mapping[str, str], folder: Path, size: tuple[int, int]
    ) -> None:
        self._socket = f"rd-{uuid.uuid4().hex[:8]}"
        self._size = size
        self._command = command
        self._environ = dict(environ)
        self._folder = folder

    def __enter__(self) -> "Terminal":
        width, height = map(str, self._size)
        assignments = [f"{name}={value}" for name, value in self._environ.items()]
        self._tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", width, "-y", height,
            "-c", str(self._folder), "env", "-u", "COLUMNS", "-u", "LINES", *assignments,
            *self._command,
        )  # fmt: skip
        self._tmux("set-option", "-g", "remain-on-exit", "on")
        self._tmux("set-option", "-g", "mouse", "on")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        subprocess.run(["tmux", "-L", self._socket, "kill-server"], capture_output=True)

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names: ``Enter``, ``C-s``, ``F4``, ``a``."""
        for key in keys:
            self._tmux("send-keys", key)
            time.sleep(0.05)

    def send(self, key: str) -> None:
        """Press one key, and wait for nothing."""
        self._tmux("send-keys", key)

    def write(self, text: str) -> None:
        """Type text."""
        self._tmux("send-keys", "-l", text)

    def click(self, words: str) -> None:
        """Click with the left button where ``words`` stand."""
        column, row = self._place(words)
        for end in "Mm":
            self._mouse(0, column + 1, row, end)

    def drag(self, first: str, last: str) -> None:
        """Drag with the left button from where ``first`` begins to where ``last`` ends."""
        column, row = self._place(first)
        self._mouse(0, column, row, "M")
        column, row = self._place(last)
        self._mouse(32, column + len(last) - 1, row, "M")
        self._mouse(0, column + len(last) - 1, row, "m")

    def _place(self, words: str) -> tuple[int, int]:
        lines = self.see().split("\n")
        row = next((number for number, line in enumerate(lines) if words in line), None)
        assert row is not None, f"{words!r} is not there:\n" + "\n".join(lines)
        return lines[row].index(words), row

    def _mouse(self, button: int, column: int, row: int, end: str) -> None:
        self._tmux("send-keys", "-l", f"\x1b[<{button};{column + 1};{row + 1}{end}")
        time.sleep(0.1)

    def see(self) -> str:
        """The screen as text."""
        return self._tmux("capture-pane", "-p")

    def wait(self, words: str, seconds: float = 30) -> str:
        """The screen once ``words`` stand on it and it came to rest, as a person would wait.

        AssertionError if they never come.
        """
        limit = time.monotonic() + seconds
        while words not in (screen := self.see()):
            assert time.monotonic() < limit, f"{words!r} never came:\n{screen}"
            time.sleep(0.1)
        for _ in range(8):
            time.sleep(0.4)
            before, screen = screen, self.see()
            if before == screen:
                break
        return screen

    def ended(self, seconds: float = 20) -> bool:
        """Whether the program came to its end within the time."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if self._tmux("display-message", "-p", "#{pane_dead}").strip() == "1":
                return True
            time.sleep(0.1)
        return False

    def _tmux(self, *args: str) -> str:
        program = shutil.which("tmux")
        assert program is not None, "tmux is not installed"
        done = subprocess.run(
            [program, "-L", self._socket, *args], capture_output=True, text=True, timeout=20
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
