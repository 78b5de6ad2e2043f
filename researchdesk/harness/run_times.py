"""When runs were written to, without a look at each run's folder each time."""

import importlib
import os
from collections.abc import Mapping
from pathlib import Path

from researchdesk.harness.run_folders import folders_in

_EVENTS = "events.jsonl"


def stamp_of(folder: Path, name: str) -> tuple[int, int]:
    """When the run's events were written, in ns, and their size in bytes; -1 where there are none.

    ``folder`` is that of all runs.
    """
    try:
        told = os.stat(f"{folder}/{name}/{_EVENTS}")  # noqa: PTH116 - of very many
    except OSError:
        return 0, -1
    return told.st_mtime_ns, told.st_size


def written(folder: Path, names: Mapping[str, int] | None = None) -> list[tuple[int, int, str]]:
    """When each run of the folder was written to (in ns), the size of its events, and its id, in no
    order, but those without events. ``names``: of these runs only, with the inodes of their
    folders.

    Of a run that is known to have come to its end nothing is asked again.
    """
    found: list[tuple[int, int, str]] = []
    asked = dict(folders_in(folder)) if names is None else names
    if not asked:
        return found
    index = importlib.import_module("researchdesk.harness.index_file").IndexFile(folder)
    known = {name: told for name, *told in index.times()}
    for name, inode in asked.items():
        kept = known.get(name)
        moment, size = kept[1:] if kept and kept[0] == inode else stamp_of(folder, name)
        if size >= 0:
            found.append((moment, size, name))
    return found
