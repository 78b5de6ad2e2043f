"""One trial as a job of Slurm runs it: begun, told to make room, begun again."""

import contextlib
import json
import os
import re
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from researchdesk.domain.engines import Fate
from researchdesk.domain.json_text import parse_json
from researchdesk.harness.engines.backend import MAIL, Handed
from researchdesk.harness.engines.hosting import FilePost, host, line_of, lost_line, node_name
from researchdesk.harness.engines.slurm_local import age_s
from researchdesk.harness.engines.slurm_queue import is_running
from researchdesk.harness.jobs import MEASURE
from researchdesk.harness.workers import Obituary

STARTS = "starts.jsonl"
"""In the trial's folder: a line for each time it was begun, and for each time it made room."""
_ENDED_EARLY = 1
_LOOK_S = 5.0
_SETTLE_S = 1.0
_TAIL_BYTES = 8_192
_RESOLUTION_S = 65
"""Slurm may send its signal up to a minute early. Source: sbatch(1), ``--signal``."""
_NODE = "SLURMD_NODENAME"
_DUE_TO = re.compile(rb"CANCELLED AT \S+ DUE TO ([A-Z ]{3,40}[A-Z])|error: (Node failure) on")
_SIGNALS = (signal.SIGUSR2, signal.SIGTERM, signal.SIGCONT)


@dataclass
class Trial:
    """What submitit pickles, and calls in the job.

    All that it reached is in the trial's folder, so that it goes on from there whenever it is
    called again: by ``scontrol requeue`` after it made room (SIGUSR2 before its limit of time, or
    SIGTERM before it is preempted), or by Slurm after its node was lost. ``notice_s``: how long
    before the limit SIGUSR2 comes; ``local`` is submitit's own launcher.
    """

    handed: Handed
    notice_s: int
    local: bool = False
    _asked: list[int] = field(default_factory=list, init=False)

    def checkpoint(self) -> Any:
        """What submitit is to requeue, asked to before the trial has begun to listen itself."""
        from submitit.helpers import DelayedSubmission  # noqa: PLC0415 - an extra

        return DelayedSubmission(Trial(self.handed, self.notice_s, self.local))

    def __call__(self) -> None:
        """Run the trial to its end, or to where it is lost more often than it may be.

        Ends the process with another code where the trial made room.
        """
        if has_ended(self.handed.folder):
            return
        starts, mail = Starts(self.handed.folder), _Mail(self.handed.folder)
        begun = time.monotonic() - age_s()
        with self._listening():
            while self._once(begun, starts, mail) is Fate.KILLED and self._alone:
                starts.left(mail.lost)

    @property
    def _alone(self) -> bool:
        """Seeds that shared a process with one that ended it are tried one by one, by the desk."""
        return self.handed.job.kind == MEASURE and len(self.handed.job.tasks) == 1

    def _once(self, begun: float, starts: "Starts", mail: "_Mail") -> Fate:
        """``begun`` is when this process was: a worker in it may not be its first, and on a
        busy machine seconds may go by before one is begun."""
        parent, trial = os.getppid(), self.handed
        number, why = starts.begin()
        if why in (_TOLD, _LOST) and not self.local:
            why = _told_by_slurm(_environment().paths.stderr) or why
        if number > self._most:
            self._give_up(mail, why, number - 1)
            return Fate.ENDED
        if number > 1:
            took = {} if starts.took is None else {"seconds": starts.took}
            mail.say([line_of("retried", {"reason": why.words, "start": number, **took})])

        def stop() -> bool:
            return self._is_to_stop(starts, parent)

        fate = host(trial, mail, start=number, node=_node(), stop=stop)
        if fate is Fate.KILLED:
            time.sleep(_SETTLE_S)
        if fate is Fate.CANCELLED or (fate is Fate.KILLED and stop()):
            self._leave(starts, mail, time.monotonic() - begun)
        if fate is Fate.KILLED and not self._alone:
            mail.say_lost()
        return fate

    def _is_to_stop(self, starts: "Starts", parent: int) -> bool:
        """Told to, begun again elsewhere, or left alone by the process that watches over it."""
        return bool(self._asked) or starts.taken_over() or os.getppid() != parent

    @property
    def _most(self) -> int:
        """How often it may be begun in all."""
        return self.handed.retries + 1

    def _give_up(self, mail: "_Mail", why: Obituary, begun: int) -> None:
        times = "once" if begun == 1 else f"{begun} times"
        words = f"{why.words}\nIt was begun {times}, as often as it may be."
        mail.lost = Obituary(words, why.own)
        mail.say_lost()

    def _leave(self, starts: "Starts", mail: "_Mail", seconds: float) -> NoReturn:
        """End this process, back to the queue where there is room for another start."""
        environment, why, asked = _environment(), _TOLD, self._asked
        if signal.SIGUSR2 in asked:
            why = _OVER_TIME if self._is_over_time(seconds) else _PREEMPTED
        elif signal.SIGTERM in asked and not self.local and is_running(environment.job_id):
            why = _PREEMPTED
        if asked:
            starts.left(why)
        if why != _TOLD and starts.number >= self._most:
            self._give_up(mail, why, starts.number)
        elif why != _TOLD:
            environment._requeue(0)
        sys.exit(_ENDED_EARLY)

    def _is_over_time(self, seconds: float) -> bool:
        minutes = self.handed.needs.minutes
        early = 2 if self.local else _RESOLUTION_S
        return bool(minutes) and seconds > minutes * 60 - self.notice_s - early

    @contextlib.contextmanager
    def _listening(self) -> Iterator[None]:
        """Signals are noted, and heeded where nothing is half done."""

        def note(number: int, frame: FrameType | None) -> None:
            if number != signal.SIGCONT:
                self._asked.append(number)

        before = {number: signal.signal(number, note) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


_OVER_TIME = Obituary("Its time on the node was over.", own=True)
_PREEMPTED = Obituary("It was preempted.", own=False)
_TOLD = Obituary("It was told to end.", own=False)
_LOST_LINE = b'{"kind": "lost"'
_LOST = Obituary("Its process or its node was lost.", own=False)


class _Mail(FilePost):
    """Keeps back that the worker was lost: it may be begun again at once. Slurm ends a job by a
    signal to all of its processes, and the worker may go before this one has noticed."""

    lost = _LOST

    def say(self, lines: Sequence[bytes]) -> None:
        told = []
        for line in lines:
            if line.startswith(_LOST_LINE):
                record = parse_json(line)
                self.lost = Obituary(record["reason"], record["own"])
            else:
                told.append(line)
        if told:
            super().say(told)

    def say_lost(self) -> None:
        super().say([lost_line(self.lost)])


class Starts:
    """Counts how often a trial was begun, in a file that only whole lines are added to.

    ``took``: the seconds of the start before this one, up to its last word; None: not known.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / STARTS
        self.number = 0
        self.took: float | None = None
        self._looked = 0.0

    def begin(self) -> tuple[int, Obituary]:
        """The number of this start, from 1, and why the one before it ended."""
        said = self._read()
        begun = [one for one in said if "start" in one]
        self.number = len(begun) + 1
        self.took = self._took(begun[-1].get("at")) if begun else None
        self._add({"start": self.number, "node": _node(), "pid": os.getpid(), "at": time.time()})
        last = said[-1] if said else {"left": ""}
        words = str(last.get("left", _LOST.words))
        return self.number, Obituary(words, last.get("own") is True)

    def left(self, why: Obituary) -> None:
        """Keep why this start ended."""
        self._add({"left": why.words, "own": why.own})

    def _took(self, begun: object) -> float | None:
        """From that moment to the last that the trial said or wrote here."""
        told = [self._path, self._path.with_name(MAIL)]
        last = max(file.stat().st_mtime for file in told if file.exists())
        return max(0.0, last - begun) if isinstance(begun, int | float) else None

    def taken_over(self) -> bool:
        """Whether the trial was begun again while this start of it goes on, as by a cluster that
        took the node for lost, or was handed over again, or its folder was removed; looks every
        few seconds."""
        if time.monotonic() - self._looked < _LOOK_S:
            return False
        self._looked = time.monotonic()
        begun = sum("start" in one for one in self._read())
        return begun > self.number or not self._path.exists() or self._has_later()

    def _has_later(self) -> bool:
        """Whether there is a submission after this one: nobody waits for this one any more."""
        mine = self._path.parent
        others: list[int] = []
        with contextlib.suppress(OSError):  # as of a network's folder: it is looked at again
            others = [int(one.name) for one in mine.parent.iterdir() if one.name.isdecimal()]
        return mine.name.isdecimal() and max(others, default=0) > int(mine.name)

    def _add(self, record: dict[str, Any]) -> None:
        with self._path.open("ab", buffering=0) as file:
            file.write(json.dumps(record).encode() + b"\n")

    def _read(self) -> list[dict[str, Any]]:
        return lines_of(self._path.read_bytes()) if self._path.exists() else []


def _environment() -> Any:
    """What submitit knows of the job that this process is in."""
    from submitit import JobEnvironment  # noqa: PLC0415 - an extra

    return JobEnvironment()


def _told_by_slurm(errors: Path) -> Obituary | None:
    """Why Slurm ended the job last, as it writes to the job's standard error; None without."""
    try:
        with errors.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
            found = _DUE_TO.findall(file.read())
    except OSError:
        return None
    reason = b"".join(found[-1]).decode().lower() if found else ""
    return Obituary(f"Slurm ended it: {reason}.", own=reason == "time limit") if reason else None


def _node() -> str:
    return os.environ.get(_NODE) or node_name()


def has_ended(folder: Path) -> bool:
    """Whether the trial's mail tells its end."""
    return last_of(folder).get("kind") == "done"


def last_of(folder: Path) -> dict[str, Any]:
    """What the trial's mail said last; nothing where there is none."""
    try:
        with (folder / MAIL).open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
            said = lines_of(file.read())
    except FileNotFoundError:
        return {}
    return said[-1] if said else {}


def lines_of(content: bytes) -> list[dict[str, Any]]:
    """The JSON objects of the lines; what is torn is left out."""
    found = []
    for line in content.splitlines():
        with contextlib.suppress(ValueError):
            record = parse_json(line)
            if isinstance(record, dict):
                found.append(record)
    return found
