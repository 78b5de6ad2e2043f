"""Measures the seeds of a job in one go: stacked, or by the recipe's own ``measure_seeds``."""

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from researchdesk.harness.training.answers import Answers
from researchdesk.harness.training.assignment import Assignment, SeedGiven
from researchdesk.harness.training.batched import Together, refusal, trainings_of
from researchdesk.harness.training.checkpoints import Checkpoints
from researchdesk.harness.training.experiment import Experiment
from researchdesk.harness.training.group_loop import GroupLoop, state_in
from researchdesk.harness.training.limits import limited
from researchdesk.harness.training.measuring import (
    Took,
    checkpoints_of,
    failing,
    failure,
    finish,
    seed_shared,
    steps_of,
    stopping,
    take,
    train_one,
)
from researchdesk.harness.training.one_seed import Training
from researchdesk.harness.training.places import checkpoint_file
from researchdesk.harness.training.run import Run

MeasureSeeds = Callable[[Sequence[Run]], Any]
_TOGETHER = "together-"


def measure_together(job: Assignment, answers: Answers, measure_seeds: MeasureSeeds) -> None:
    """Measure the seeds by a function that takes all of their runs.

    It may return a mapping of metrics for each run, in their order.
    """
    took = Took(len(job.seeds))
    says = [took.told_of_failures(answers.of(given)) for given in job.seeds]
    with failing(*says), _runs(job, answers) as runs:
        for say in says:
            say("started", {"device": str(job.device)})
        with limited(job.limits, len(runs)):
            seed_shared(runs[0])
            with stopping() as stopped:
                _take_all(runs, measure_seeds(runs))
        each = took()
        for run, say in zip(runs, says, strict=True):
            with failing(say):
                finish(run, say, each, stopped)


def _take_all(runs: Sequence[Run], returned: Any) -> None:
    if isinstance(returned, Sequence):
        for run, metrics in zip(runs, returned, strict=True):
            take(run, metrics)


def train_together(job: Assignment, answers: Answers, experiment: Experiment) -> None:
    """Train the seeds stacked, from their checkpoint where there is one to go on from.

    Where they cannot be stacked, one after the other.
    """
    took = Took(len(job.seeds))
    with failing(*(took.told_of_failures(answers.of(given)) for given in job.seeds)):
        alike = job.stacked and len({str(job.settings_of(given)) for given in job.seeds}) == 1
        if alike and not refusal(experiment, job.run(job.seeds[0])):
            _train_stacked(job, answers, experiment, took)
        else:
            for given in job.seeds:
                train_one(job, given, answers, experiment)


def _train_stacked(job: Assignment, answers: Answers, experiment: Experiment, took: Took) -> None:
    checkpoints, kept = _group_checkpoints(job, took)
    states = [state_in(kept, given.seed, given.vary) for given in job.seeds]
    whole = [state for state in states if state is not None]
    going_on = len(whole) == len(states) and len({state["step"] for state in whole}) == 1
    lines = [state["run"]["lines"] for state in whole] if going_on else None
    took.before = float((kept or {}).get("seconds", 0.0)) if going_on else 0.0
    with _runs(job, answers, lines) as runs:
        told = {"step": whole[0]["step"], "seconds": took.before} if going_on else {}
        for given in job.seeds:
            answers.of(given)("started", {"device": str(job.device), **told})
        with limited(job.limits, len(runs)):
            group = Together(trainings_of(experiment, runs))
            if going_on:
                group.restore(whole)
            loop = GroupLoop(group, checkpoints, _loser(answers, took))
            alive = loop.train()
        _finish(job, answers, group, alive, took)
    checkpoints.remove()


def _finish(
    job: Assignment, answers: Answers, group: Together, alive: list[Training], took: Took
) -> None:
    seconds = took()
    for given, training, state in zip(job.seeds, group.trainings, group.states(), strict=True):
        if training in alive:
            say = answers.of(given)
            with failing(say):
                training.run.result(**training.finish())
                checkpoints_of(job, given, took).save(state)
                finish(training.run, say, seconds)


def _loser(answers: Answers, took: Took) -> Callable[[Training, Exception], None]:
    def lose(training: Training, error: Exception) -> None:
        given = SeedGiven(training.run.seed, training.run.vary)
        took.told_of_failures(answers.of(given))("failed", failure(error))

    return lose


@contextlib.contextmanager
def _runs(
    job: Assignment, answers: Answers, lines: Sequence[int] | None = None
) -> Iterator[list[Run]]:
    with contextlib.ExitStack() as open_files:
        found = []
        for number, given in enumerate(job.seeds):
            logged = None if lines is None else lines[number]
            steps = open_files.enter_context(steps_of(job, given, logged))
            found.append(job.run(given, answers.of(given), steps))
        yield found


def _group_checkpoints(job: Assignment, took: Took) -> tuple[Checkpoints, Mapping[str, Any] | None]:
    """Where the group's state is kept, and the state that it goes on from."""
    every = job.settings.get("checkpoint_every")
    if job.run_folder is None:
        return Checkpoints(None, every), None
    folder = checkpoint_file(job.run_folder, job.arm, 0).parent
    names = ",".join(f"{given.seed}.{given.vary}" for given in job.seeds)
    digest = hashlib.sha256(names.encode()).hexdigest()[:12]
    own = Checkpoints(folder / f"{_TOGETHER}{digest}.pt", int(every) if every else None, took)
    if not job.resume:
        return own, None
    kept = own.load()
    return own, kept if kept is not None else _other(folder, job)


def _other(folder: Path, job: Assignment) -> Mapping[str, Any] | None:
    """The state of a group that the job's seeds were in among others."""
    for path in sorted(folder.glob(f"{_TOGETHER}*.pt")):
        kept = Checkpoints(path).load()
        if all(state_in(kept, given.seed, given.vary) is not None for given in job.seeds):
            return kept
    return None
