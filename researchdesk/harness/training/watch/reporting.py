"""The report of a watched script, as JSON in a file. Standard library only."""

import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any


def empty(argv: Sequence[str], exit_code: int | None = None, how: str = "") -> dict[str, Any]:
    """The report of a script that never imported torch."""
    return {
        "script": list(argv),
        "exit_code": exit_code,
        "ended": how,
        "torch": "",
        "findings": [],
        "seen": {},
        "readings": {},
        "limits": ["The script never imported torch: there was nothing to watch."],
        "problems": [],
    }


def write(file: str, report: Mapping[str, Any]) -> None:
    """Put the report into the file, whole or not at all. A full disk does not stop the script."""
    beside = f"{file}.{os.getpid()}"
    with contextlib.suppress(OSError):
        with open(beside, "w", encoding="utf-8") as out:  # noqa: PTH123 - runs in their process
            json.dump(report, out, allow_nan=False, default=str)
        os.replace(beside, file)  # noqa: PTH105
