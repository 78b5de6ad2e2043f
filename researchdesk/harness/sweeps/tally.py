"""What a list tells of a sweep, however many trials it has: counted once, and kept beside it.

``events.jsonl`` is the truth. ``tally.json`` keeps what its lines added up to, how far they were
read, and a digest of what stood there last and of what trials are chosen by; what was appended
since is read from the events. It can be deleted at any time, and is not believed where it does not
fit.
"""

import contextlib
import hashlib
import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from researchdesk.domain.clock import stamp
from researchdesk.domain.json_text import parse_json
from researchdesk.domain.seeding import TRIAL
from researchdesk.domain.sweeps import SweepSpec
from researchdesk.files import written
from researchdesk.harness.events import ASIDE, EXTENDED, LOOKED, decode, number_of
from researchdesk.harness.open_run import EVENTS
from researchdesk.harness.sweeps.history import is_lost
from researchdesk.harness.sweeps.space import MOST_TRIALS

TALLY = "tally.json"
FINISHED, STOPPED, FAILED, LOST, OPEN = "f", "s", "x", "l", "."
_FORMAT = 3
_WORTH_KEEPING = 64 * 1024
_SEEN = 4096
_SKIPPED = tuple(
    b'{"kind": "%s"' % kind
    for kind in (b"metric", b"predictions", b"timing", b"seed_started", b"seed_retried")
)
_STARTED = b'{"kind": "seed_started"'
_ENDS = ("run_finished", "run_interrupted", "run_detached")
_OF_TRIALS = ("seed_started", "seed_finished", "seed_failed")
_BEGINS = ("run_started", "run_resumed")


@dataclass(slots=True)
class Tally:
    """``trials`` has a letter for each trial, by its number. ``best`` are value and number of the
    one that validation chooses. ``started`` and ``last`` are stamps, ``end`` is the kind of the
    event that the last stretch ended with, ``there`` are the jobs that an engine has, ``looks`` the
    numbers of the trials whose test was looked at, ``budget`` what it was extended to."""

    read_to: int = 0
    mark: str = ""
    trials: str = ""
    best: tuple[float, int] | None = None
    started: str = ""
    last: str = ""
    end: str = ""
    there: list[str] = field(default_factory=list)
    looks: list[int] = field(default_factory=list)
    budget: Mapping[str, float] | None = None


def read_tally(folder: Path, spec: SweepSpec) -> Tally:
    """What the sweep's events add up to. Raises OSError where they cannot be read."""
    events = folder / EVENTS
    try:
        with events.open("rb") as file:
            tally = _kept(folder, file.fileno(), spec)
            file.seek(tally.read_to)
            new = file.read()
            whole = new[: new.rfind(b"\n") + 1]
            _Adding(tally, spec).all(whole)
            tally.read_to += len(whole)
            tally.mark = _mark(file.fileno(), tally.read_to, spec)
    except FileNotFoundError:
        return Tally()
    if len(whole) > _WORTH_KEEPING:
        _keep(folder, tally)
    return tally


class _Adding:
    def __init__(self, tally: Tally, spec: SweepSpec) -> None:
        self._tally, self._spec = tally, spec
        self._sign = 1.0 if spec.better == "higher" else -1.0
        self._trials = bytearray(tally.trials, "ascii")
        self._there = dict.fromkeys(tally.there)
        self._lost = tally.trials.count(LOST)

    def all(self, lines: bytes) -> None:
        each = lines.split(b"\n")
        for line in each:
            again = self._lost and line.startswith(_STARTED)  # a lost one, it may be
            if line and (again or not line.startswith(_SKIPPED)):
                self._line(line)
        self._heard_last(each)
        self._tally.trials = self._trials.decode("ascii")
        self._tally.there = list(self._there)

    def _heard_last(self, lines: Sequence[bytes]) -> None:
        """A stretch may have died while what is skipped went on."""
        for line in reversed(lines):
            event = decode(line.decode("utf-8", "replace"))
            if event is not None and event.kind not in ASIDE:
                self._tally.last = stamp(event.at)
                return

    def _line(self, line: bytes) -> None:
        try:
            record = parse_json(line)
            kind, data = record["kind"], record.get("data") or {}
            at = str(record["at"])
            if "seed" not in record:
                self._of_sweep(kind, data)
            elif record.get("vary") == TRIAL and record.get("arm") == self._spec.arm:
                self._of_trial(int(record["seed"]), kind, data)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            return
        self._tally.started = self._tally.started or at
        self._tally.last = self._tally.last if kind in ASIDE else at

    def _of_sweep(self, kind: str, data: Mapping[str, Any]) -> None:
        if kind == LOOKED:
            self._tally.looks.append(int(data["trial"]))
        elif kind == EXTENDED:
            limits = {key: number_of(value) for key, value in data["budget"].items()}
            self._tally.budget = {key: value for key, value in limits.items() if value}
        elif kind in _BEGINS:
            self._tally.end = ""
        elif kind in _ENDS:
            self._tally.end = kind
        elif kind == "trial_submitted":
            self._there[str(data["key"])] = None
        elif kind == "trial_over":
            self._there.pop(str(data["key"]), None)

    def _of_trial(self, number: int, kind: str, data: Mapping[str, Any]) -> None:
        if kind not in _OF_TRIALS or not 0 <= number < MOST_TRIALS:
            return
        if number >= len(self._trials):
            self._trials += OPEN.encode() * (number + 1 - len(self._trials))
        before = chr(self._trials[number])
        if before not in (OPEN, LOST):
            return
        letter = _letter(kind, data)
        self._lost += (letter == LOST) - (before == LOST)
        self._trials[number] = ord(letter)
        value = number_of(data.get("metrics", {}).get(self._spec.metric))
        if letter != FINISHED or value is None or not math.isfinite(value):
            return
        best = self._tally.best
        rank = self._sign * value, -number
        if best is None or rank > (self._sign * best[0], -best[1]):
            self._tally.best = float(value), number


def _letter(kind: str, data: Mapping[str, Any]) -> str:
    if kind == "seed_started":
        return OPEN
    if kind == "seed_failed":
        return LOST if is_lost(kind, data) else FAILED
    return STOPPED if "stopped" in data else FINISHED


def _kept(folder: Path, descriptor: int, spec: SweepSpec) -> Tally:
    """What was kept; an empty one where there is none that fits."""
    try:
        record = parse_json((folder / TALLY).read_bytes())
        if record.pop("format") != _FORMAT:
            return Tally()
        tally = Tally(**record)
        tally.best = (float(tally.best[0]), int(tally.best[1])) if tally.best else None
        fits = tally.trials.isascii() and 0 <= tally.read_to <= os.fstat(descriptor).st_size
        fits = fits and tally.mark == _mark(descriptor, tally.read_to, spec)
        return tally if fits else Tally()
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError):
        return Tally()


def _keep(folder: Path, tally: Tally) -> None:
    with contextlib.suppress(OSError), written(folder / TALLY, lasting=False) as file:
        file.write(json.dumps({"format": _FORMAT, **asdict(tally)}).encode())


def _mark(descriptor: int, read_to: int, spec: SweepSpec) -> str:
    begin = max(0, read_to - _SEEN)
    found = hashlib.sha256(os.pread(descriptor, read_to - begin, begin))
    found.update(json.dumps([spec.arm, spec.metric, spec.better]).encode())
    return found.hexdigest()
