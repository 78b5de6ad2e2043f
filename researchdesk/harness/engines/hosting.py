"""Runs one trial where an engine put it: in a worker process, whose answers are posted."""

import json
import os
import selectors
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from researchdesk.domain.engines import Fate
from researchdesk.domain.recipes import Limits
from researchdesk.domain.runs import Task
from researchdesk.harness.engines.backend import MAIL, Handed
from researchdesk.harness.jobs import MEASURE
from researchdesk.harness.ledger import Underway
from researchdesk.harness.limit_watch import Overrun, Watch
from researchdesk.harness.workers import Obituary, Worker

_POLL_S = 0.2
_PRINTS = "stdout.log"


class Post(Protocol):
    """Takes what a trial says: whole lines of JSON, newline included."""

    def say(self, lines: Sequence[bytes]) -> None: ...


class FilePost:
    """Appends to the mail of a trial's folder, where the desk sees the same files."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / MAIL
        self._mend()

    def say(self, lines: Sequence[bytes]) -> None:
        """Write the lines at once. Raises OSError."""
        with self._path.open("ab", buffering=0) as file:
            content = b"".join(lines)
            while content:
                content = content[file.write(content) :]

    def _mend(self) -> None:
        """End a line that was torn when an earlier start of the trial was killed."""
        if self._path.exists() and not self._path.read_bytes().endswith(b"\n"):
            self.say([b"\n"])


def line_of(kind: str, data: Mapping[str, Any]) -> bytes:
    """A line of mail."""
    return json.dumps({"kind": kind, **data}).encode() + b"\n"


def lost_line(end: Obituary) -> bytes:
    """The line that tells how the trial's worker was lost."""
    return line_of("lost", {"reason": end.words, "own": end.own})


def node_name() -> str:
    """What this machine is called."""
    return socket.gethostname()


def host(
    trial: Handed,
    post: Post,
    *,
    start: int = 1,
    node: str = "",
    stop: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.monotonic,
) -> Fate:
    """Run the trial in a worker process of its own, and post what that says.

    The mail begins with ``hosted`` (node, pid, start: how often it was begun, this time included),
    goes on with the worker's answers, and ends with ``done``; with ``lost`` (reason, fate) where
    the worker's process was ended. ``stop`` is asked several times a second. Gives ``ENDED``,
    ``KILLED`` for a process that ended before its word, or ``CANCELLED`` where ``stop`` said so;
    no process of it is left behind. Call it from the main thread: Linux ends the worker with the
    thread that started it. Raises OSError where no process can be had.
    """
    trial.folder.mkdir(parents=True, exist_ok=True)
    hosted = {"node": node or node_name(), "pid": os.getpid(), "start": start}
    post.say([line_of("hosted", hosted)])
    worker = Worker(trial.recipe, trial.folder / _PRINTS)
    try:
        worker.give(Underway(trial.job), trial.line, clock())
        return _heard(trial, worker, post, stop, clock)
    finally:
        worker.end()


def _heard(
    trial: Handed,
    worker: Worker,
    post: Post,
    stop: Callable[[], bool],
    clock: Callable[[], float],
) -> Fate:
    watch = Watch(Limits(trial.minutes, trial.memory_gb), _commands(trial))
    with selectors.DefaultSelector() as selector:
        selector.register(worker.descriptor, selectors.EVENT_READ)
        while not stop():
            gone = worker.gone
            selector.select(0 if gone else _POLL_S)
            answers, alive = worker.answers()
            if answers:
                post.say([line_of(answer.kind, answer.data) for answer in answers])
            for answer in answers:
                watch.hear(worker, answer.kind, clock())
                if answer.kind == "done":
                    return Fate.ENDED
            if not alive or (gone and not answers):
                post.say([lost_line(worker.obituary())])
                return Fate.KILLED
            if over := watch.over(worker, clock()):
                post.say([*_failed(trial, over), line_of("done", {})])
                return Fate.ENDED
    return Fate.CANCELLED


def _commands(trial: Handed) -> set[str]:
    return {trial.job.arm} if json.loads(trial.line).get("command") else set()


def _failed(trial: Handed, over: Overrun) -> list[bytes]:
    """What the worker would say of seeds that failed, or of its job."""

    fate = {"fate": str(Fate.OUT_OF_MEMORY)} if over.of_memory else {}

    def of(task: Task) -> Mapping[str, Any]:
        vary = {"vary": task.vary} if task.vary else {}
        return {"seed": task.seed, **vary, "error": over.words, **fate}

    if trial.job.kind != MEASURE:
        return [line_of("failed", {"error": over.words})]
    return [line_of("failed", of(task)) for task in trial.job.tasks]
