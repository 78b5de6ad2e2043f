"""An app in a real terminal that is driven by keys, and how long it takes to answer them."""

import re
import time
from collections.abc import Mapping
from pathlib import Path

from support.terminal import Terminal

BAD = ("database is locked", "Traceback (most recent", "A fault in this program", "That did not")
"""What no user may ever read. The beginnings are short, for a notice breaks its lines."""
PATIENCE_S = 30.0
_SHOWN_S = 10.0
_DRAWN_S = 0.3


class FrozenError(AssertionError):
    """A key was not answered."""


class Screen:
    """Waits for words after each key; ``slowest`` and ``waits`` are seconds of a user's."""

    def __init__(self, name: str, environ: Mapping[str, str], folder: Path, program: str) -> None:
        self.name = name
        self.waits: list[float] = []
        self.bad: list[str] = []
        self._read: set[str] = set()
        self._terminal = Terminal([program], environ, folder, (170, 45))

    def __enter__(self) -> "Screen":
        self._terminal.__enter__()
        return self

    def __exit__(self, *rest: object) -> None:
        self._terminal.__exit__(None, None, None)

    def see(self) -> str:
        """The screen; what no user may read on it is kept in ``bad``."""
        lines = (line.rstrip(" │") for line in self._terminal.see().split("\n"))
        screen = "\n".join(filter(None, lines))
        for words in BAD:
            if words in screen and words not in self._read:
                self._read.add(words)
                self.bad.append(screen)
        return screen

    def press(self, key: str, pattern: str, *, gone: bool = False) -> "re.Match[str]":
        """Press a key and wait until ``pattern`` stands on the screen, or with ``gone`` until it
        does not. Raises FrozenError where that takes longer than ``PATIENCE_S``."""
        began = time.monotonic()
        self._terminal.send(key)
        found = self.until(pattern, began, gone=gone)
        self.waits.append(time.monotonic() - began)
        return found

    def type(self, text: str) -> None:
        """Type a text, and wait until all of it stands there."""
        began = time.monotonic()
        self._terminal.write(text)
        self.until(re.escape(text), began)
        self.waits.append(time.monotonic() - began)

    def tab(self) -> None:
        """Go on to what has the keys next, and wait until the screen shows that, if it does."""
        began, before = time.monotonic(), self.see()
        self._terminal.send("Tab")
        while self.see() == before and time.monotonic() - began < _SHOWN_S:
            time.sleep(0.03)

    def has(self, words: str) -> bool:
        """Whether the words stand there, and stay while the screen is drawn to its end."""
        screen = self.see()
        while words in screen:
            time.sleep(_DRAWN_S)
            before, screen = screen, self.see()
            if screen == before:
                return True
        return False

    def until(
        self, pattern: str, began: float | None = None, *, gone: bool = False
    ) -> "re.Match[str]":
        """Wait for a pattern, or until it is gone; no key is counted."""
        began = time.monotonic() if began is None else began
        while True:
            screen = self.see()
            found = re.search(pattern, screen)
            if gone and found is None:
                return re.compile("").match("")  # type: ignore[return-value]
            if not gone and found is not None:
                return found
            if time.monotonic() - began > PATIENCE_S:
                what = "went" if gone else "came"
                raise FrozenError(f"{self.name}: {pattern!r} never {what}:\n{screen}")
            time.sleep(0.03)

    def quit(self) -> bool:
        """Whether ctrl+q ends the app."""
        self._terminal.send("C-q")
        return self._terminal.ended(30)
