"""Measures the seeds of a job, each to its metrics or to how it failed."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from researchdesk.domain.engines import Fate
from researchdesk.harness.training.answers import Answers, last_lines
from researchdesk.harness.training.assignment import Assignment, SeedGiven
from researchdesk.harness.training.checkpoints import Checkpoints
from researchdesk.harness.training.experiment import Experiment
from researchdesk.harness.training.finite import NotFiniteError
from researchdesk.harness.training.limits import OverTimeError, is_out_of_memory, limited
from researchdesk.harness.training.loop import train
from researchdesk.harness.training.one_seed import Training
from researchdesk.harness.training.places import checkpoint_file, steps_file
from researchdesk.harness.training.randomness import seed_everything
from researchdesk.harness.training.run import Emit, Run
from researchdesk.harness.training.steplog import NotWrittenError, StepLog
from researchdesk.harness.training.stopping import StoppedEarlyError

Measure = Callable[[Run], Any]


def measure_one(job: Assignment, given: SeedGiven, answers: Answers, measure: Measure) -> None:
    """Measure one seed by a function that takes its run and may return its metrics."""
    took = Took()
    say = took.told_of_failures(answers.of(given))
    with failing(say), steps_of(job, given) as steps:
        run = job.run(given, say, steps)
        say("started", {"device": str(job.device)})
        with limited(job.limits), stopping() as stopped:
            seed_shared(run)
            take(run, measure(run))
        finish(run, say, took(), stopped)


def train_one(job: Assignment, given: SeedGiven, answers: Answers, experiment: Experiment) -> None:
    """Train one seed of an Experiment, from its checkpoint where there is one to go on from."""
    took = Took()
    say = took.told_of_failures(answers.of(given))
    checkpoints = checkpoints_of(job, given, took)
    state = checkpoints.load() if job.resume else None
    took.before = float(state.get("seconds", 0.0)) if state else 0.0
    lines = state["run"]["lines"] if state else None
    with failing(say), steps_of(job, given, lines) as steps:
        told = {"step": state["step"], "seconds": took.before} if state else {}
        say("started", {"device": str(job.device), **told})
        run = job.run(given, say, steps)
        with limited(job.limits), stopping() as stopped:
            training = Training(experiment, run)
            if state:
                training.restore(state)
            train(training, checkpoints)
        finish(run, say, took(), stopped)


class Took:
    """How many seconds a seed took so far, with those ``before`` its last checkpoint.

    Of ``together`` seeds in one go, each took its share.
    """

    def __init__(self, together: int = 1) -> None:
        self._begun = time.perf_counter()
        self._together = together
        self.before = 0.0

    def __call__(self) -> float:
        return self.before + (time.perf_counter() - self._begun) / self._together

    def told_of_failures(self, say: Emit) -> Emit:
        """``say``, which tells of a failure how long it took as well."""

        def said(kind: str, data: Mapping[str, Any]) -> None:
            say(kind, {**data, "seconds": self()} if kind == "failed" else data)

        return said


@contextlib.contextmanager
def stopping() -> Iterator[dict[str, Any]]:
    """Gives what to say of a trial that is stopped early meanwhile, which ends nothing else."""
    said: dict[str, Any] = {}
    try:
        yield said
    except StoppedEarlyError as error:
        said["stopped"] = error.step


def finish(run: Run, say: Emit, seconds: float, more: Mapping[str, Any] = {}) -> None:
    """Say what the seed measured, and its notes; ``more`` is said with it."""
    metrics = run.measured()
    if metrics:
        notes = {"notes": run.notes} if run.notes else {}
        say("finished", {"metrics": metrics, "seconds": seconds, **notes, **more})
    else:
        say("failed", {"error": "measure(run) gave no metric."})


def take(run: Run, returned: Any) -> None:
    """Take what ``measure`` returned for results, where it is a mapping."""
    if isinstance(returned, Mapping):
        run.result(**returned)


def seed_shared(run: Run) -> None:
    """Seed the shared generators for a plain ``measure``."""
    seed_everything(run.stream("noise") if run.vary else run.seed)


@contextlib.contextmanager
def failing(*says: Emit) -> Iterator[None]:
    """Whatever is raised meanwhile fails the seeds that ``says`` tell of."""
    try:
        yield
    except (SystemExit, OverTimeError, Exception) as error:  # noqa: BLE001 - it is their result
        for say in says:
            say("failed", failure(error))


def failure(error: BaseException) -> dict[str, Any]:
    """An error as the data of ``failed``."""
    if isinstance(error, NotFiniteError):
        kept = {"checkpoint": str(error.checkpoint)} if error.checkpoint else {}
        return {"error": str(error), "step": error.step, "layer": error.layer, **kept}
    if isinstance(error, NotWrittenError):
        return {"error": error.message, **({"disk_full": True} if error.disk_full else {})}
    if isinstance(error, OverTimeError):
        return {"error": str(error)}
    fate = {"fate": str(Fate.OUT_OF_MEMORY)} if is_out_of_memory(error) else {}
    return {"error": last_lines(error), **fate}


@contextlib.contextmanager
def steps_of(
    job: Assignment, given: SeedGiven, lines: int | None = None
) -> Iterator[StepLog | None]:
    """The seed's file of steps; None where the job has no folder."""
    if job.run_folder is None:
        yield None
        return
    log = StepLog(steps_file(job.run_folder, job.arm, given.seed, given.vary), lines)
    try:
        yield log
    finally:
        log.close()


def checkpoints_of(job: Assignment, given: SeedGiven, took: Took | None = None) -> Checkpoints:
    """The seed's checkpoints; in memory where the job has no folder."""
    every = job.settings_of(given).get("checkpoint_every")
    path = None
    if job.run_folder is not None:
        path = checkpoint_file(job.run_folder, job.arm, given.seed, given.vary)
    return Checkpoints(path, int(every) if every else None, took)
