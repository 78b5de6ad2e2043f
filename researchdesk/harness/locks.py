"""Locks that a process holds on a file, and loses when it ends, kill -9 included."""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path

_RETRIES = 20
_PAUSE_S = 0.05


class FileLock:
    """An exclusive ``flock``. Whoever asks ``is_held`` never takes it from the owner.

    Two objects exclude each other also inside one process.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self, sleep: Callable[[float], None] = time.sleep) -> bool:
        """Take the lock; False where somebody else keeps it.

        A short wait covers those who only look whether it is held.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        for attempt in range(_RETRIES):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if attempt + 1 < _RETRIES:
                    sleep(_PAUSE_S)
            else:
                self._descriptor = descriptor
                return True
        os.close(descriptor)
        return False

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_held(path: Path) -> bool:
    """Whether a living process keeps the lock."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
