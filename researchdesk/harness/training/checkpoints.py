"""The last good state of a seed's training, on disk."""

import io
import pickle
import struct
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from researchdesk import files
from researchdesk.harness.training.steplog import NotWrittenError

EVERY_S = 30.0
_BROKEN = (
    *(OSError, EOFError, MemoryError, ArithmeticError, AssertionError, AttributeError, LookupError),
    *(RuntimeError, TypeError, ValueError, ImportError, pickle.UnpicklingError, struct.error),
)
"""What PyTorch's reader ends with where a file is not whole, beside its own."""


class Checkpoints:
    """Keeps one state: the newest. Without a path it is kept in memory.

    A state is made of mappings, lists, numbers, texts and tensors. On disk it is there whole or not
    at all, whenever the process ends. ``every`` is the number of steps between two; without it one
    is due about every 30 s. ``took``, in seconds, is kept with a state as ``seconds``.
    """

    def __init__(
        self, path: Path | None, every: int | None = None, took: Callable[[], float] | None = None
    ) -> None:
        self.path = path
        self._every = every
        self._took = took
        self._kept = b""
        self._saved_at = time.monotonic()

    def due(self, step: int) -> bool:
        """Whether a state is to be saved after ``step``."""
        if self._every is not None:
            return step % self._every == 0
        return time.monotonic() - self._saved_at >= EVERY_S

    def save(self, state: Mapping[str, Any]) -> None:
        """Replace the state. Raises NotWrittenError; the one before is whole then."""
        content = io.BytesIO()
        took = {"seconds": self._took()} if self._took else {}
        torch.save({**state, **took}, content)
        self._saved_at = time.monotonic()
        if self.path is None:
            self._kept = content.getvalue()
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with files.written(self.path) as file:
                file.write(content.getbuffer())
        except OSError as error:
            raise NotWrittenError(self.path, error) from error

    def load(self) -> dict[str, Any] | None:
        """The state, its tensors on the CPU; None where there is none that can be read.

        A file that holds anything but plain data is not read: nothing in it is ever run.
        """
        try:
            content = self._kept if self.path is None else self.path.read_bytes()
            state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
        except _BROKEN:
            return None
        return state if isinstance(state, dict) and "step" in state else None

    def remove(self) -> None:
        """Remove the state."""
        self._kept = b""
        if self.path is not None:
            self.path.unlink(missing_ok=True)
