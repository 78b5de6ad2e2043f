"""Whether a process is still there, and waiting for what processes do."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def is_alive(pid: int) -> bool:
    """One that ended and was not waited for yet is not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except OSError:
        return not Path("/proc/self/stat").exists()


def has_ended(pid: int, within: float = 60.0) -> bool:
    """Whether it ends within some seconds."""
    deadline = time.monotonic() + within
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_alive(pid)


def wait_for(found: Callable[[], Any], within: float = 60.0) -> Any:
    """What ``found`` gives, once that is something. Raises AssertionError if it never is."""
    deadline = time.monotonic() + within
    while not (one := found()):
        assert time.monotonic() < deadline, "It never came."
        time.sleep(0.1)
    return one
