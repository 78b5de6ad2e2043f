"""Which folders are runs."""

import importlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from researchdesk.errors import BusyError, DeskError
from researchdesk.harness.locks import FileLock

LOCK, NEW = "lock", ".new-"
_GATE = ".lock"
_RUN_ID = re.compile(r"\d{8}-\d{6}-[\w.-]+")


def is_run_id(name: str) -> bool:
    """Whether a run can be called so."""
    return _RUN_ID.fullmatch(name) is not None


def folders_in(folder: Path) -> Iterator[tuple[str, int]]:
    """The names of the runs' folders and their inodes, in no order; none where there is none."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if _RUN_ID.fullmatch(entry.name) and entry.is_dir():
                    yield entry.name, entry.inode()
    except (FileNotFoundError, NotADirectoryError):
        return


@contextmanager
def beginning(
    folder: Path, noun: str, before: Callable[[], object] = lambda: None
) -> Iterator[None]:
    """While this lasts, nothing else begins in the folder, made where it is not there; ``before``
    is done before it is waited for.

    ``noun`` says what begins. Raises BusyError where another is just starting; an OSError
    meanwhile becomes a DeskError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        before()
        gate = FileLock(folder / _GATE)
        if not gate.acquire():
            raise BusyError(f"Another {noun} is just starting.", "Try again in a moment.")
        try:
            yield
        finally:
            gate.release()
    except OSError as error:
        raise DeskError(
            f"A {noun} could not be started in {folder}: {error.strerror or error}.",
            "Nothing was run. Is there room on the disk, and may you write there?",
            exit_code=importlib.import_module("researchdesk.domain.verdicts").RUN_FAILED,
        ) from error
