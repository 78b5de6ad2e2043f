"""The check that the same seed gives the same result: train twice, and compare."""

import math
import time
from typing import Any

from researchdesk.harness.training.assignment import Assignment
from researchdesk.harness.training.measuring import seed_shared, take
from researchdesk.harness.training.one_seed import Training
from researchdesk.harness.training.run import Run
from researchdesk.harness.training.shapes import Shape

NAME = "same seed, same result"
_STEPS = 20
_LINES = 200
_PATIENCE_S = 20.0


class _EnoughError(BaseException):
    """Enough was logged: ends a ``measure`` from within."""


class _Lines:
    """Keeps what is logged, and ends the training at so many lines, or after so many seconds."""

    def __init__(self, most: int, patience_s: float) -> None:
        self.kept: list[bytes] = []
        self._most = most
        self._ends = time.monotonic() + patience_s

    def write(self, line: bytes) -> None:
        self.kept.append(line)
        if len(self.kept) >= self._most or time.monotonic() > self._ends:
            raise _EnoughError


def twice(job: Assignment, shape: Shape) -> dict[str, Any]:
    """Train the job's first seed twice and compare all that was logged, to the last digit.

    An Experiment is trained for 20 steps and evaluated; a ``measure`` runs to its end, or to 200
    logged steps or the first after 20 s. Gives ``name``, ``ok`` and ``message``.
    """
    one = _once(job, shape, _Lines(_LINES, _PATIENCE_S))
    other = _once(job, shape, _Lines(max(1, len(one)), math.inf))
    apart = next((pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]), None)
    if apart is not None:
        return _answer(False, _difference(*apart))
    if len(one) != len(other):
        return _answer(False, f"Logged {len(one)} times, and then {len(other)} times.")
    return _answer(True, f"Run twice, {len(one)} logged lines were the same to the last digit.")


def _once(job: Assignment, shape: Shape, lines: _Lines) -> list[bytes]:
    run = job.run(job.seeds[0], steps=lines)
    try:
        _go(run, shape)
    except _EnoughError:
        return lines.kept
    results = ",".join(f'"{name}":{value!r}' for name, value in sorted(run.measured().items()))
    return [*lines.kept, f'{{"s":"the end","m":{{{results}}}}}'.encode()]


def _go(run: Run, shape: Shape) -> None:
    if shape.experiment is not None:
        training = Training(shape.experiment, run)
        while training.step < min(_STEPS, training.steps):
            run.log(training.step + 1, **training.advance(training.batch()))
        run.log(training.step, **training.evaluate())
    elif shape.measure is not None:
        seed_shared(run)
        take(run, shape.measure(run))
    elif shape.measure_seeds is not None:
        seed_shared(run)
        shape.measure_seeds([run])


def _answer(ok: bool, message: str) -> dict[str, Any]:
    return {"name": NAME, "ok": ok, "message": message}


def _difference(one: bytes, other: bytes) -> str:
    return f"Run twice, the same seed logged {_text(one)} and then {_text(other)}."


def _text(line: bytes) -> str:
    return line.decode().strip()[:200]
