"""Which folders are runs."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

LOCK, NEW = "lock", ".new-"
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
