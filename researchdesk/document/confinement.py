"""What a process that opens other people's files may have of the machine, set from within it."""

import contextlib
import os
import signal
import sys

if sys.platform != "win32":
    import resource

MEMORY = 1024 * 1024 * 1024
LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of a picture: three for each of its twelve million pixels, and room."""
_FILES = 64
_NEVER = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
    "pty.spawn",
    "webbrowser.open",
)


def confine(seconds: int, largest_file: int = LARGEST_FILE) -> None:
    """Bounds time (``seconds``), memory, files and their size (bytes) of this process from now on.

    It starts no other program and opens no socket. What the system cannot bound it leaves.
    """
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)
    if sys.platform != "win32":
        limits = (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_FSIZE, largest_file),
            (resource.RLIMIT_NOFILE, _FILES),
            (resource.RLIMIT_NPROC, 0),
            (resource.RLIMIT_CORE, 0),
        )
        for kind, most in limits:
            # macOS knows the names and refuses some; what is lower already stays
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (most, most))
    sys.addaudithook(_refuse)


def keep_output() -> int:
    """The real standard output; what libraries print goes to standard error instead."""
    kept = os.dup(1)
    os.dup2(2, 1)
    return kept


def _refuse(event: str, _: object) -> None:
    if event.startswith(_NEVER):
        raise RuntimeError(f"a document may not do this: {event}")
