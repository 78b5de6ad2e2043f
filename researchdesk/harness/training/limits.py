"""What a seed may take: minutes by the clock, and memory."""

import contextlib
import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from types import FrameType

import torch

from researchdesk.domain.recipes import Limits

_GRACE_S = 5.0
_OVER_TIME = 124
_STATM = Path("/proc/self/statm")
_ALLOCATOR = "can't allocate memory"


class OverTimeError(BaseException):
    """A seed took longer than it may. No ``except Exception`` of a recipe takes it for its own."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory was short, of the processor or of an accelerator, or the limit of it."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and _ALLOCATOR in str(error)


@contextlib.contextmanager
def limited(limits: Limits, seeds: int = 1) -> Iterator[None]:
    """Hold what is done meanwhile to the limits of so many seeds.

    Raises OverTimeError where it takes longer, and MemoryError in words where it wants more memory
    than the limit on top of what the process had before. Code that cannot be interrupted ends the
    process 5 s after its time. Only for the main thread.
    """
    with _in_time(limits.minutes, seeds), _in_memory(limits.memory_gb):
        yield


@contextlib.contextmanager
def _in_time(minutes: float | None, seeds: int) -> Iterator[None]:
    if minutes is None:
        yield
        return
    limit = f"{minutes:g} minute{'' if minutes == 1 else 's'}"
    words = f"It took longer than the recipe's limit of {limit} a seed."

    def over(number: int, frame: FrameType | None) -> None:
        raise OverTimeError(words)

    def end() -> None:
        print(words, file=sys.stderr, flush=True)  # noqa: T201 - the parent reads it there
        os._exit(_OVER_TIME)

    seconds = 60 * minutes * seeds
    before = signal.signal(signal.SIGALRM, over)
    last = Timer(seconds + _GRACE_S, end)
    last.daemon = True
    last.start()
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        last.cancel()
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _in_memory(memory_gb: float | None) -> Iterator[None]:
    """Limits the address space, where the system tells how much of it is taken (Linux)."""
    taken = _address_space()
    if memory_gb is None or taken is None or torch.cuda.is_available():
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    limit = taken + int(memory_gb * 1e9)
    if before[1] != resource.RLIM_INFINITY:
        limit = min(limit, before[1])
    resource.setrlimit(resource.RLIMIT_AS, (limit, before[1]))
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        words = f"It needs more than the recipe's limit of {memory_gb:g} GB of memory."
        raise MemoryError(words) from error
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _address_space() -> int | None:
    """Bytes of address space that this process has. Source: proc(5), ``/proc/PID/statm``."""
    try:
        return int(_STATM.read_text().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return None
