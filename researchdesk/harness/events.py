"""The lines of ``events.jsonl``: written once, never changed, read with whatever a crash left."""

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.json_text import parse_json
from researchdesk.domain.runs import Event
from researchdesk.domain.text import clean
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import BadInputError, DeskError

_LONGEST, _LONGEST_NAME = 100_000, 1_000
"""Signs of a text and of a name that are read of an event: no program says more in earnest."""
_TOO_LARGE = 2**1023  # what no float holds, no formula takes
_CURVES = (b'{"kind": "metric"', b'{"kind": "predictions"', b'{"kind": "timing"')
EXTENDED, LOOKED, STOP_UNUSED = "sweep_extended", "test_looked", "stop_unused"
ASIDE = (EXTENDED, LOOKED, STOP_UNUSED)
"""What is noted of a sweep, whether it is under way or not."""
_NUMBERS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def encode(event: Event) -> str:
    """The event as one line of strict JSON, newline included."""
    record: dict[str, Any] = {"kind": event.kind, "at": stamp(event.at)}
    if event.arm:
        record["arm"] = event.arm
    if event.seed is not None:
        record["seed"] = event.seed
    if event.vary:
        record["vary"] = event.vary
    if event.data:
        record["data"] = words_for_numbers(event.data)
    return json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n"


def decode(line: str) -> Event | None:
    """The event of a line, or None where the line is torn or is no event."""
    try:
        record = parse_json(line)
    except ValueError:
        return None
    if not isinstance(record, dict):
        return None
    kind, arm, seed = record.get("kind"), record.get("arm", ""), record.get("seed")
    data, vary = record.get("data", {}), record.get("vary", "")
    if not (isinstance(kind, str) and isinstance(arm, str) and isinstance(vary, str)):
        return None
    if not isinstance(data, dict):
        return None
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
        return None
    try:
        at = parse_stamp(record.get("at"))  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return None
    return Event(clean(kind), at, clean(arm), seed, _cleaned(data), clean(vary))


def is_of_curve(line: bytes) -> bool:
    """Whether a line is of a kind that there are very many of, told by how it begins."""
    return line.startswith(_CURVES)


def read_events(path: Path) -> list[Event]:
    """The events of a file, oldest first; torn lines are left out, a missing file has none.

    Raises BadInputError where the file is there and cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BadInputError(
            f"The run's {path} cannot be read: {error.strerror}.", "Move the run's folder away."
        ) from error
    lines = content.decode("utf-8", errors="replace").split("\n")
    return [event for event in map(decode, lines) if event is not None]


def words_for_numbers(value: Any) -> Any:
    """``value`` with NaN and infinities as the words ``nan``, ``inf``, ``-inf``."""
    if isinstance(value, Mapping):
        return {str(key): words_for_numbers(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [words_for_numbers(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def number_of(value: Any) -> float | int | None:
    """The number that was written, NaN and infinities included; None for anything else."""
    if isinstance(value, str):
        return _NUMBERS.get(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if isinstance(value, float) or abs(value) < _TOO_LARGE else None


class EventLog:
    """Appends to ``events.jsonl``; what was appended survives the end of this process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        size = os.fstat(self._descriptor).st_size
        if size and os.pread(self._descriptor, 1, size - 1) != b"\n":
            self._write(b"\n")

    def append(self, event: Event) -> None:
        """Write one event. Raises DeskError where it could not be written, as on a full disk."""
        self._write(encode(event).encode())

    def close(self) -> None:
        os.close(self._descriptor)

    def _write(self, content: bytes) -> None:
        try:
            while content:
                content = content[os.write(self._descriptor, content) :]
        except OSError as error:
            raise DeskError(
                f"The run could not be written down: {self._path}: {error.strerror}. "
                "It was stopped; the seeds that had finished are kept.",
                "Make room on the disk, then give the same command again: it goes on from there.",
                exit_code=RUN_FAILED,
            ) from error


def _cleaned(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        if key == "metrics":
            return {_name(name): number_of(item) for name, item in value.items()}
        return {_name(name): _cleaned(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if key == "value":
        return number_of(value)
    return clean(value[:_LONGEST]) if isinstance(value, str) else value


def _name(name: object) -> str:
    return clean(str(name)[:_LONGEST_NAME])
