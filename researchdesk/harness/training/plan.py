"""Which way of training seeds is quicker here: one after the other, or stacked."""

import time
from typing import Any

import torch

from researchdesk.harness.training.assignment import Assignment
from researchdesk.harness.training.batched import Together, refusal, trainings_of
from researchdesk.harness.training.experiment import Experiment
from researchdesk.harness.training.one_seed import Training

_COMPARED = 4
_EACH_S = 0.6


def plan(job: Assignment, experiment: Experiment) -> dict[str, Any]:
    """Train the seeds a few steps in both ways; nothing of it is kept.

    Gives ``sequential`` and ``batched``, seed-steps a second in this process (``batched`` is 0
    where the seeds cannot be stacked), ``same``: whether the losses of the first steps agree to
    half of the digits that the numbers have, and ``message`` in words.
    """
    runs = [job.run(given) for given in job.seeds]
    why = refusal(experiment, runs[0])
    alone = Training(experiment, runs[0])
    if why or len(runs) < 2:
        return _answer(_rate(alone), 0.0, False, why or "There is one seed only.")
    expected = [[_loss(alone) for _ in range(_COMPARED)]]
    sequential = _rate(alone)
    second = Training(experiment, job.run(job.seeds[1]))
    expected.append([_loss(second) for _ in range(_COMPARED)])
    try:
        group = Together(trainings_of(experiment, [job.run(given) for given in job.seeds]))
        steps = [group.advance(group.batch()) for _ in range(_COMPARED)]
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[0]
        return _answer(sequential, 0.0, False, f"The seeds cannot be stacked: {reason}")
    found = [[losses[number] for losses in steps] for number in range(2)]
    apart = _apart(expected, found)
    if apart:
        return _answer(sequential, 0.0, False, f"Stacked, the seeds train otherwise: {apart}.")
    return _answer(sequential, _rate_together(group), True, "Stacked, the losses are the same.")


def _answer(sequential: float, batched: float, same: bool, message: str) -> dict[str, Any]:
    return {
        "sequential": round(sequential, 2),
        "batched": round(batched, 2),
        "same": same,
        "message": message,
    }


def _loss(training: Training) -> float:
    return float(training.advance(training.batch())["loss"])


def _rate(training: Training) -> float:
    """Steps a second, over about 0.6 s and one step at least."""
    begun, steps = time.perf_counter(), 0
    while steps == 0 or (time.perf_counter() - begun < _EACH_S and training.step < training.steps):
        training.advance(training.batch())
        steps += 1
    return steps / (time.perf_counter() - begun)


def _rate_together(group: Together) -> float:
    begun, steps = time.perf_counter(), 0
    while steps == 0 or time.perf_counter() - begun < _EACH_S:
        group.advance(group.batch())
        steps += 1
    return steps * len(group.trainings) / (time.perf_counter() - begun)


def _apart(expected: list[list[float]], found: list[list[float]]) -> str:
    """The first loss that is not the same, in words: within the square root of a float's step."""
    tolerance = torch.finfo(torch.get_default_dtype()).eps ** 0.5
    for number, (ones, others) in enumerate(zip(expected, found, strict=True)):
        for step, (one, other) in enumerate(zip(ones, others, strict=True), start=1):
            if not abs(one - other) <= tolerance * max(1.0, abs(one)):
                return f"the loss of seed {number} at step {step} is {other:.9g}, not {one:.9g}"
    return ""
