"""Every logged step of a seed, on disk before the call that logs it returns."""

import errno
import os
from pathlib import Path

from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import DeskError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class NotWrittenError(DeskError):
    """A file of the seed could not be written. ``disk_full``: for want of room."""

    def __init__(self, path: Path, error: OSError) -> None:
        self.disk_full = error.errno in _FULL
        reason = "the disk is full" if self.disk_full else error.strerror or str(error)
        super().__init__(
            f"{path} could not be written: {reason}. What was written before is kept.",
            "Make room on the disk, then resume the run.",
            exit_code=RUN_FAILED,
        )


class StepLog:
    """Appends lines to a seed's file of steps, each by one write to the system.

    What was written outlives this process, however it ends. ``logged`` is the number of lines that
    the seed had logged at the checkpoint it goes on from; lines that were written after that
    checkpoint are in the file already, and are not written again. None: the seed begins anew.
    """

    def __init__(self, path: Path, logged: int | None = None) -> None:
        self._path = path
        self._repeated = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            if logged is None:
                flags |= os.O_TRUNC
            self._descriptor = os.open(path, flags, 0o644)
            if logged is not None:
                self._repeated = max(0, self._mend() - logged)
        except OSError as error:
            raise NotWrittenError(path, error) from error

    def write(self, line: bytes) -> None:
        """Write one line, newline included. Raises NotWrittenError."""
        if self._repeated:
            self._repeated -= 1
            return
        try:
            written = os.write(self._descriptor, line)
            while written < len(line):
                written += os.write(self._descriptor, line[written:])
        except OSError as error:
            raise NotWrittenError(self._path, error) from error

    def close(self) -> None:
        os.close(self._descriptor)

    def _mend(self) -> int:
        """Cut a torn last line off; returns how many lines there are."""
        content = self._path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.ftruncate(self._descriptor, whole)
        return content.count(b"\n")
