"""The events of a run without its curves, quick to read however long the curves are.

``events.jsonl`` is the truth. Beside a long one, ``outline.jsonl`` keeps what is told of it here,
with how far it was read and a digest of what stood there last; what was appended since is read from
the events themselves. It can be deleted at any time, and is not believed where it does not fit.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from researchdesk.domain.json_text import parse_json
from researchdesk.domain.runs import Event
from researchdesk.files import written
from researchdesk.harness.events import ASIDE, decode, is_of_curve

OUTLINE = "outline.jsonl"
_FORMAT = 2
_BEGINS = (b'{"kind": "run_started"', b'{"kind": "run_resumed"')
_WORTH_KEEPING = 256 * 1024
_SEEN = 4096


def read_outline(events: Path) -> list[Event]:
    """The events, oldest first; of those of curves only the one that each stretch was last heard of
    by. Torn lines are left out.

    A missing file has none. Raises OSError where it cannot be read.
    """
    try:
        with events.open("rb") as file:
            kept, begin = _kept(events, file.fileno())
            file.seek(begin)
            new = file.read()
    except FileNotFoundError:
        return []
    whole = new[: new.rfind(b"\n") + 1]
    kept = without_curves([*kept, *whole.split(b"\n")])
    if len(whole) > _WORTH_KEEPING:
        _keep(events, kept, begin + len(whole))
    torn = new[len(whole) :]
    return [event for line in [*kept, torn] if (event := decode(line.decode("utf-8", "replace")))]


def without_curves(lines: Sequence[bytes]) -> list[bytes]:
    """The lines that are not of curves, and the one of a curve that a stretch was last heard of by,
    where it ended without a word."""
    found: list[bytes] = []
    for place, line in enumerate(lines):
        if line and not is_of_curve(line):
            found += _last_heard(lines, place) if line.startswith(_BEGINS) else ()
            found.append(line)
    return found + _last_heard(lines, len(lines))


def _last_heard(lines: Sequence[bytes], before: int) -> list[bytes]:
    """The line of a curve that is the last readable one before a place, if it is one; what is noted
    beside is passed over."""
    for place in range(before - 1, -1, -1):
        event = decode(lines[place].decode("utf-8", "replace"))
        if event is not None and event.kind not in ASIDE:
            return [lines[place]] if is_of_curve(lines[place]) else []
    return []


def _kept(events: Path, descriptor: int) -> tuple[list[bytes], int]:
    """The lines of the outline and how far they go; none where there is no fitting one."""
    try:
        head, *lines = events.with_name(OUTLINE).read_bytes().split(b"\n")
        record = parse_json(head)
        read_to, mark = int(record["read_to"]), str(record["mark"])
        if record.get("format") != _FORMAT:
            return [], 0
    except (OSError, ValueError, TypeError, KeyError, OverflowError):
        return [], 0
    fits = 0 <= read_to <= os.fstat(descriptor).st_size and mark == _mark(descriptor, read_to)
    return ([line for line in lines if line], read_to) if fits else ([], 0)


def _keep(events: Path, lines: list[bytes], read_to: int) -> None:
    with contextlib.suppress(OSError), events.open("rb") as file:
        mark = _mark(file.fileno(), read_to)
        head = json.dumps({"format": _FORMAT, "read_to": read_to, "mark": mark})
        with written(events.with_name(OUTLINE), lasting=False) as outline:
            outline.write(b"\n".join([head.encode(), *lines, b""]))


def _mark(descriptor: int, read_to: int) -> str:
    begin = max(0, read_to - _SEEN)
    return hashlib.sha256(os.pread(descriptor, read_to - begin, begin)).hexdigest()
