"""One question to one worker: what is in the data, where a model is wrong, how it climbs."""

import select
import time
from collections.abc import Callable, Mapping
from typing import Any

from researchdesk.domain.text import clean
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import BadInputError, DeskError
from researchdesk.harness.jobs import Job, Plan, job_line
from researchdesk.harness.ledger import Underway
from researchdesk.harness.workers import Answer, Worker

LOOK, ERRORS = "look", "errors"
_POLL_S = 0.1
_MINUTE_S = 60.0


def ask(
    job: Job,
    plan: Plan,
    stop: Callable[[], bool],
    clock: Callable[[], float] = time.monotonic,
    on_answer: Callable[[Answer], None] | None = None,
) -> Mapping[str, Any]:
    """What the worker answers to the job. No worker is left behind, whatever is raised.

    ``on_answer`` is called in this thread with what it says before that.

    Raises BadInputError where the experiment fails at it, and DeskError (exit code 6) where the
    worker cannot start, ends, takes longer than the recipe's limit, or ``stop`` says so.
    """
    plan.folder.mkdir(parents=True, exist_ok=True)
    try:
        worker = Worker(plan.recipe, plan.log)
    except OSError as error:
        raise _failed(f"A worker process could not start: {error.strerror}.") from error
    try:
        return _answer(worker, job, plan, stop, clock, on_answer)
    finally:
        worker.end()


def _answer(
    worker: Worker,
    job: Job,
    plan: Plan,
    stop: Callable[[], bool],
    clock: Callable[[], float],
    on_answer: Callable[[Answer], None] | None,
) -> Mapping[str, Any]:
    begun = clock()
    worker.give(Underway(job), job_line(job, plan), begun)
    while True:
        if stop():
            raise _failed("It was stopped.")
        if plan.limits.minutes and clock() - begun > _MINUTE_S * plan.limits.minutes:
            raise _failed(f"It took longer than the recipe's {plan.limits.minutes:g} minutes.")
        select.select([worker.descriptor], [], [], _POLL_S)
        answers, alive = worker.answers()
        for answer in answers:
            if answer.kind == job.kind:
                return answer.data
            _complain(answer, job)
            if on_answer:
                on_answer(answer)
        if not alive:
            raise _failed(worker.obituary().words)


def _complain(answer: Answer, job: Job) -> None:
    if answer.kind == "failed":
        words = clean(str(answer.data.get("error", ""))) or "It did not say why."
        raise BadInputError(
            f"The experiment failed at it. Nothing was changed.\n{words}",
            "Mend the experiment where the last line says; then try again.",
        )
    if answer.kind == "done":
        raise _failed(f"The worker had no answer for {job.arm}.")


def _failed(words: str) -> DeskError:
    return DeskError(words, "Nothing on the desk was changed.", exit_code=RUN_FAILED)
