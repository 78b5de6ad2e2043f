"""A worker process as its parent sees it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Answer = dict[str, Any]


class TrainingWorker:
    """A worker on a recipe's folder. Use it as a context; it is ended with it."""

    def __init__(self, recipe: Path, log: Path) -> None:
        self._log = log.open("ab")
        ours, theirs = os.pipe()
        module = "researchdesk.harness.training.worker"
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-u", "-m", module, str(os.getpid()), str(theirs), str(recipe)],
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            pass_fds=(theirs,),
            start_new_session=True,
        )
        os.close(theirs)
        self._answers = os.fdopen(ours)

    def __enter__(self) -> "TrainingWorker":
        return self

    def __exit__(self, *error: object) -> None:
        self.kill()
        self._process.wait()
        self._answers.close()
        self._log.close()
        if self._process.stdin is not None:
            self._process.stdin.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """End it as kill -9 does."""
        if self._process.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        return self._process.wait(20)

    def give(
        self, kind: str = "measure", seeds: Sequence[int | Mapping[str, Any]] = (0,), **more: Any
    ) -> None:
        """Hand over a job of the arm ``ours``."""
        given = [{"seed": seed} if isinstance(seed, int) else dict(seed) for seed in seeds]
        job = {"job": kind, "arm": "ours", "settings": {}, "seeds": given} | more
        if self._process.stdin is not None:
            self._process.stdin.write(json.dumps(job, default=str).encode() + b"\n")
            self._process.stdin.flush()

    def answers(self) -> Iterator[Answer]:
        """What it says, until it is done or gone."""
        for line in self._answers:
            answer: Answer = json.loads(line)
            yield answer
            if answer["kind"] == "done":
                return

    def do(
        self, kind: str = "measure", *seeds: int | Mapping[str, Any], **more: Any
    ) -> list[Answer]:
        """Give a job and hear it to its end; without ``ready`` and ``done``."""
        self.give(kind, seeds or (0,), **more)
        return [one for one in self.answers() if one["kind"] not in ("ready", "done")]


def of(answers: Sequence[Answer], kind: str) -> list[Answer]:
    """The answers of one kind."""
    return [answer for answer in answers if answer["kind"] == kind]
