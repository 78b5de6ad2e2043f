"""A worker ends with the process that started it, however that one ended."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from threading import Thread

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Ask Linux to kill this process when its parent ends; elsewhere ``watch_stdin`` alone does it.

    ``parent`` is the process id of the one who started us: where it is no longer our parent, it
    died before we could ask, and we end at once. Source: prctl(2), PR_SET_PDEATHSIG.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def watch_stdin(on_line: Callable[[str], None]) -> None:
    """Hand every line of standard input to ``on_line`` from a thread; its end ends the process."""

    def watch() -> None:
        for line in sys.stdin:
            on_line(line)
        os._exit(0)

    Thread(target=watch, name="leash", daemon=True).start()
