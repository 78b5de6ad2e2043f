"""Does a worker's jobs."""

import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from researchdesk.domain.recipes import Limits
from researchdesk.harness.training.answers import Answers
from researchdesk.harness.training.assignment import Assignment, SeedGiven, read_assignment
from researchdesk.harness.training.command import alone, run_command
from researchdesk.harness.training.grouping import measure_together, train_together
from researchdesk.harness.training.measuring import failing, measure_one, train_one
from researchdesk.harness.training.plan import plan
from researchdesk.harness.training.run import Run
from researchdesk.harness.training.shapes import Recipe, Shape
from researchdesk.harness.training.twice import twice

Told = Callable[[Assignment, Shape], Mapping[str, Any]]
_ANALYSIS = "researchdesk.harness.training.analysis"
_LADDER = "researchdesk.harness.training.ladder.job"


def do(line: str, recipe: Recipe, answers: Answers) -> None:
    """Do the job of a line, and say that it is done: whatever it met is in its answers."""
    try:
        job = read_assignment(line)
    except (ValueError, KeyError, TypeError) as error:
        _refuse(line, f"{error}", answers)
    else:
        with failing(*map(answers.of, job.seeds)):
            _JOBS.get(job.kind, _unknown)(job, recipe, answers)
    answers.say("done", {})


def _measure(job: Assignment, recipe: Recipe, answers: Answers) -> None:
    if job.command is not None:
        for given in job.seeds:
            _command(job, given, answers)
    elif job.baseline:
        shape, baseline = recipe.shape, importlib.import_module(_ANALYSIS).baseline
        for given in job.seeds:
            measure_one(job, given, answers, lambda run: baseline(job, run, shape))
    else:
        _by_shape(job, recipe.shape, answers)


def _by_shape(job: Assignment, shape: Shape, answers: Answers) -> None:
    several = len(job.seeds) > 1
    if shape.experiment is not None and several:
        train_together(job, answers, shape.experiment)
    elif shape.experiment is not None:
        train_one(job, job.seeds[0], answers, shape.experiment)
    elif shape.measure_seeds is not None and (several or shape.measure is None):
        measure_together(job, answers, shape.measure_seeds)
    elif shape.measure is not None:
        for given in job.seeds:
            measure_one(job, given, answers, shape.measure)


def _command(job: Assignment, given: SeedGiven, answers: Answers) -> None:
    command, checkout = job.command, job.checkout
    if command is None or checkout is None:
        raise ValueError("The job has a command and no checkout to run it in.")

    def measure(run: Run) -> Mapping[str, float]:
        return run_command(run, command, checkout, job.limits.memory_gb)

    # A limit of the address space is none of the memory of programs that we do not know.
    in_time = replace(job, limits=Limits(job.limits.minutes))
    with failing(answers.of(given)), alone(command, checkout):
        measure_one(in_time, given, answers, measure)


def _plan(job: Assignment, recipe: Recipe, answers: Answers) -> None:
    experiment = recipe.shape.experiment
    if experiment is None:
        raise TypeError("experiment.py has no Experiment to plan for.")
    answers.say("plan", plan(job, experiment))


def _twice(job: Assignment, recipe: Recipe, answers: Answers) -> None:
    answers.say("check", twice(job, recipe.shape))


def _look(job: Assignment, recipe: Recipe, answers: Answers) -> None:
    answers.say("look", importlib.import_module(_ANALYSIS).look_at_data(job, recipe.shape))


def _errors(job: Assignment, recipe: Recipe, answers: Answers) -> None:
    answers.say("errors", importlib.import_module(_ANALYSIS).analyse_errors(job, recipe.shape))


def _ladder(job: Assignment, recipe: Recipe, answers: Answers) -> None:
    def tell(rung: Mapping[str, Any]) -> None:
        answers.say("rung", rung)

    importlib.import_module(_LADDER).climb(job, recipe.shape, tell)
    answers.say("ladder", {})


def _unknown(job: Assignment, recipe: Recipe, answers: Answers) -> None:
    raise ValueError(f"There is no job {job.kind!r}.")


_JOBS: Mapping[str, Callable[[Assignment, Recipe, Answers], None]] = {
    "measure": _measure,
    "plan": _plan,
    "twice": _twice,
    "look": _look,
    "errors": _errors,
    "ladder": _ladder,
}


def _refuse(line: str, why: str, answers: Answers) -> None:
    for given in json.loads(line).get("seeds") or [{}]:
        seed = {key: given[key] for key in ("seed", "vary") if key in given}
        answers.say("failed", {**seed, "error": why})
