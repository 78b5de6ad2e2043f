"""A terminal that keeps all it was told, however many reads it takes to come."""

import os
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread


@contextmanager
def pseudo_terminal(columns: int = 80) -> Iterator[tuple[int, Callable[[], str]]]:
    """A descriptor for the program, and what gives all it told: after it, nothing may be told."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    pieces: list[bytes] = []
    reader = Thread(target=_drain, args=(ours, pieces), daemon=True)
    reader.start()

    def told() -> str:
        nonlocal theirs
        if theirs >= 0:
            os.close(theirs)
            theirs = -1
        reader.join(30)
        assert not reader.is_alive(), "something still holds the terminal"
        return b"".join(pieces).decode().replace("\r\n", "\n")

    try:
        yield theirs, told
        told()
    finally:
        if theirs >= 0:
            os.close(theirs)
        reader.join(30)
        os.close(ours)


def _drain(end: int, pieces: list[bytes]) -> None:
    """A terminal whose other end is closed has an end of file, or (on Linux) an error."""
    with suppress(OSError):
        while piece := os.read(end, 65_536):
            pieces.append(piece)
