"""Runs the seeds of a recipe in worker processes. This process never imports torch."""

import os
import selectors
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from researchdesk.domain.runs import Task
from researchdesk.domain.text import clean
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import DeskError
from researchdesk.harness.events import number_of
from researchdesk.harness.jobs import LADDER, MEASURE, PLAN, TWICE, Job, job_line
from researchdesk.harness.jobs import ArmSetup as ArmSetup
from researchdesk.harness.jobs import Plan as Plan
from researchdesk.harness.planning import first_jobs, planned_jobs, single
from researchdesk.harness.rungs import rung_record
from researchdesk.harness.watching import Watch
from researchdesk.harness.workers import Answer, Worker

_POLL_S = 0.1

Record = Callable[[str, Task | None, Mapping[str, Any]], None]
"""Takes the kind of an event, the seed it is of if any, and its data."""


def default_jobs() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def execute(
    plan: Plan,
    record: Record,
    stop: Callable[[], bool],
    on_engine: Callable[[Mapping[str, Any]], None],
    clock: Callable[[], float] = time.monotonic,
) -> bool:
    """Run the seeds; True when all came to an end, False when ``stop`` said so before.

    ``record`` is called in this thread as things happen; ``on_engine`` with what the first worker
    says it computes with. Whatever is raised here, no worker is left behind. Where the system
    gives fewer processes than ``jobs``, those go on; raises DeskError where it gives none, where a
    worker cannot start, and where one finds the disk full. Seeds that take longer than the recipe's
    limit by ``clock`` fail. Call it from a thread that outlives the run: Linux ends the workers
    with the thread that started them.
    """
    try:
        pool = _Pool(plan, record, on_engine, clock)
    except OSError as error:
        raise _cannot_start(f"{error.strerror}.") from error
    try:
        pool.start()
        while pool.busy:
            if stop():
                return False
            pool.step()
    finally:
        pool.end()
    return True


class _Pool:
    def __init__(
        self,
        plan: Plan,
        record: Record,
        on_engine: Callable[[Mapping[str, Any]], None],
        clock: Callable[[], float],
    ) -> None:
        self._plan = plan
        self._record = record
        self._on_engine = on_engine
        self._clock = clock
        commands = {name for name, arm in plan.arms.items() if arm.command}
        self._watch = Watch(plan.limits, commands)
        self._engine_known = False
        self._waiting = deque(first_jobs(plan))
        self._plans = sum(job.kind == PLAN for job in self._waiting)
        self._workers: set[Worker] = set()
        self._selector = selectors.DefaultSelector()

    @property
    def busy(self) -> bool:
        return bool(self._workers)

    def start(self) -> None:
        most = len(self._plan.tasks) if self._plans else len(self._waiting)
        for _ in range(min(max(1, self._plan.jobs), most)):
            if not self._hire():
                break

    def step(self) -> None:
        for key, _ in self._selector.select(_POLL_S):
            worker: Worker = key.data
            answers, alive = worker.answers()
            for answer in answers:
                self._take(worker, answer)
            if not alive and worker in self._workers:
                self._bury(worker)
        for worker in [worker for worker in self._workers if worker.gone]:
            self._hear_out(worker)
        for worker in tuple(self._workers):
            if words := self._watch.over(worker, self._clock()):
                self._replace(worker, words)

    def end(self) -> None:
        for worker in tuple(self._workers):
            self._dismiss(worker)
        self._selector.close()

    def _hire(self) -> bool:
        """One worker more; False where the system gives no more and others go on.

        One of those is let go then, so that files can be opened for what the run itself writes.
        """
        try:
            worker = Worker(self._plan.recipe, self._plan.log)
        except OSError as error:
            if not self._workers:
                raise _cannot_start(f"{error.strerror}.") from error
            self._spare()
            return False
        self._workers.add(worker)
        self._selector.register(worker.descriptor, selectors.EVENT_READ, worker)
        self._next_job(worker)
        return True

    def _spare(self) -> None:
        idle = [worker for worker in self._workers if not worker.ready]
        if idle and len(self._workers) > 1:
            if job := idle[0].job:
                self._waiting.appendleft(job)
            self._dismiss(idle[0])

    def _dismiss(self, worker: Worker) -> None:
        self._workers.discard(worker)
        self._selector.unregister(worker.descriptor)
        worker.end()

    def _next_job(self, worker: Worker) -> None:
        worker.job = None
        if self._waiting:
            job = self._waiting.popleft()
            worker.give(job, job_line(job, self._plan), self._clock())
        elif not self._plans:
            self._dismiss(worker)

    def _take(self, worker: Worker, answer: Answer) -> None:
        job, data = worker.job, answer.data
        if answer.kind == "ready":
            worker.ready, worker.begun = True, self._clock()
            if not self._engine_known:
                self._engine_known = True
                self._on_engine(data.get("environment", {}))
        if job is None:
            return
        if answer.kind == "done":
            self._close_job(worker, job)
        elif answer.kind == "plan" and job.kind == PLAN:
            self._take_plan(job, data)
            worker.left.clear()
        elif answer.kind == "check" and job.kind == TWICE:
            self._record("check", None, {"arm": job.arm, **data})
            worker.left.clear()
        elif answer.kind == "rung" and job.kind == LADDER:
            self._record("check", None, rung_record(job.arm, data))
        elif answer.kind == "ladder" and job.kind == LADDER:
            worker.left.clear()
        elif job.kind == MEASURE:
            self._take_of_seed(worker, job, answer)
        elif answer.kind == "failed":
            self._undone(worker, job, clean(str(data.get("error", ""))))

    def _take_of_seed(self, worker: Worker, job: Job, answer: Answer) -> None:
        data = dict(answer.data)
        task = Task(job.arm, data.pop("seed", -1), data.pop("vary", "") or "")
        if task not in worker.left:
            return
        if answer.kind == "started":
            if not worker.at_it:
                worker.at_it, worker.begun = True, self._clock()
            drawn = self._plan.drawn.get(task)
            self._record("seed_started", task, {**data, **({"settings": drawn} if drawn else {})})
        elif answer.kind in ("metric", "timing", "predictions"):
            numbers = {"value": number_of(data["value"])} if "value" in data else {}
            self._record(answer.kind, task, {**data, **numbers})
        elif answer.kind == "finished":
            metrics = {name: number_of(value) for name, value in data["metrics"].items()}
            worker.left.remove(task)
            self._record("seed_finished", task, {**data, "metrics": metrics})
        elif answer.kind == "failed":
            if data.get("disk_full"):
                raise _disk_full(clean(str(data.get("error", ""))))
            worker.left.remove(task)
            words = clean(str(data.get("error", "")))
            self._record("seed_failed", task, {**data, "error": words})

    def _take_plan(self, job: Job, answer: Mapping[str, Any]) -> None:
        tasks = [task for task in self._plan.tasks if task.arm == job.arm]
        found, said = planned_jobs(job.arm, tasks, self._plan.jobs, answer)
        self._plans -= 1
        self._waiting.extend(found)
        self._record("run_planned", None, said)
        for worker in [worker for worker in self._workers if worker.job is None]:
            self._next_job(worker)

    def _close_job(self, worker: Worker, job: Job) -> None:
        """What a worker leaves undone without a word has failed."""
        self._undone(worker, job, "The worker said nothing of it.")
        self._next_job(worker)

    def _undone(self, worker: Worker, job: Job, words: str) -> None:
        left, worker.left = worker.left, []
        if not left:
            return
        if job.kind == PLAN:
            self._take_plan(job, {"message": words})
        elif job.kind in (TWICE, LADDER):
            name = "same seed, same result" if job.kind == TWICE else "ladder"
            self._record(
                "check", None, {"arm": job.arm, "name": name, "ok": None, "message": words}
            )
        else:
            for task in left:
                self._record("seed_failed", task, {"error": words})

    def _hear_out(self, worker: Worker) -> None:
        """A child of the recipe can keep a dead worker's pipe open: its end is not to wait for."""
        while worker in self._workers:
            answers, alive = worker.answers()
            for answer in answers:
                self._take(worker, answer)
            if worker in self._workers and not (answers and alive):
                self._bury(worker)

    def _bury(self, worker: Worker) -> None:
        """Seeds that shared a process with one that ended it are tried again one by one."""
        words, job = worker.obituary(), worker.job
        if not worker.ready:
            self._dismiss(worker)
            raise _cannot_start(words)
        if job and job.kind == MEASURE and len(job.tasks) > 1:
            self._waiting.extendleft(reversed(single(worker.left, resume=True)))
            worker.left = []
        self._replace(worker, words)

    def _replace(self, worker: Worker, words: str) -> None:
        job = worker.job
        self._dismiss(worker)
        if job is not None:
            self._undone(worker, job, words)
        if self._waiting:
            self._hire()


def _cannot_start(words: str) -> DeskError:
    return DeskError(
        f"A worker process could not start. {words}",
        "Nothing of the run is lost. Does `python -c 'import torch'` work here?",
        exit_code=RUN_FAILED,
    )


def _disk_full(words: str) -> DeskError:
    return DeskError(
        f"The disk is full: {words} The run was stopped; the seeds that had finished, and the "
        "last checkpoint of the others, are kept.",
        "Make room on the disk, then give the same command again: it goes on from there.",
        exit_code=RUN_FAILED,
    )
