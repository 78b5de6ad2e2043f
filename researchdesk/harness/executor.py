"""Runs the seeds of a recipe in worker processes. This process never imports torch."""

import os
import selectors
import time
from collections.abc import Callable, Mapping
from typing import Any

from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import DeskError
from researchdesk.harness.fixed_schedule import FixedSchedule
from researchdesk.harness.jobs import ArmSetup as ArmSetup
from researchdesk.harness.jobs import Plan as Plan
from researchdesk.harness.jobs import job_line
from researchdesk.harness.ledger import Ledger, Record, Underway
from researchdesk.harness.limit_watch import Watch
from researchdesk.harness.schedule import Schedule
from researchdesk.harness.workers import Answer, Worker

_POLL_S = 0.1


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
    schedule: Schedule | None = None,
) -> bool:
    """Run the seeds; True when all came to an end, False when ``stop`` said so before.

    ``record`` is called in this thread as things happen; ``on_engine`` with what the first worker
    says it computes with. Whatever is raised here, no worker is left behind. Where the system
    gives fewer processes than ``jobs``, those go on; raises DeskError where it gives none, where a
    worker cannot start, and where one finds the disk full. Seeds that take longer than the recipe's
    limit by ``clock`` fail. ``schedule`` hands out the jobs, else those of the plan's tasks are
    done. Call it from a thread that outlives the run: Linux ends the workers with the thread that
    started them.
    """
    try:
        pool = _Pool(plan, schedule or FixedSchedule(plan), record, on_engine, clock)
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
        schedule: Schedule,
        record: Record,
        on_engine: Callable[[Mapping[str, Any]], None],
        clock: Callable[[], float],
    ) -> None:
        self._plan = plan
        self._schedule = schedule
        self._ledger = Ledger(record, schedule, plan.drawn, plan.retries)
        self._on_engine = on_engine
        self._clock = clock
        commands = {name for name, arm in plan.arms.items() if arm.command}
        self._watch = Watch(plan.limits, commands)
        self._engine_known = False
        self._workers: set[Worker] = set()
        self._selector = selectors.DefaultSelector()

    @property
    def busy(self) -> bool:
        return bool(self._workers)

    def start(self) -> None:
        for _ in range(min(max(1, self._plan.jobs), self._schedule.most)):
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
            if over := self._watch.over(worker, self._clock()):
                if worker.at and over.of_memory:
                    self._schedule.put_back(self._ledger.short(worker.at, over.words))
                self._replace(worker, over.words)
        for worker in [worker for worker in self._workers if worker.at is None]:
            self._next_job(worker)

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
            if at := idle[0].at:
                self._schedule.put_back([at.job])
            self._dismiss(idle[0])

    def _dismiss(self, worker: Worker) -> None:
        self._workers.discard(worker)
        self._selector.unregister(worker.descriptor)
        worker.end()

    def _next_job(self, worker: Worker) -> None:
        worker.at = None
        if job := self._schedule.take():
            worker.give(Underway(job, self._plan.gpus), job_line(job, self._plan), self._clock())
        elif self._schedule.over:
            self._dismiss(worker)

    def _take(self, worker: Worker, answer: Answer) -> None:
        at = worker.at
        self._watch.hear(worker, answer.kind, self._clock())
        if answer.kind == "ready" and not self._engine_known:
            self._engine_known = True
            self._on_engine(answer.data.get("environment", {}))
        if at is None:
            return
        if answer.kind == "done":
            self._ledger.undone(at, "The worker said nothing of it.")
            if worker.is_spent:
                self._replace(worker, "")
            else:
                self._next_job(worker)
        else:
            again = self._ledger.hear(at, answer.kind, answer.data)
            worker.is_spent = worker.is_spent or bool(again)
            self._schedule.put_back(again)

    def _hear_out(self, worker: Worker) -> None:
        """A child of the recipe can keep a dead worker's pipe open: its end is not to wait for."""
        while worker in self._workers:
            answers, alive = worker.answers()
            for answer in answers:
                self._take(worker, answer)
            if worker in self._workers and not (answers and alive):
                self._bury(worker)

    def _bury(self, worker: Worker) -> None:
        """A seed whose process was killed, or shared one that ended, is tried again alone."""
        end = worker.obituary()
        if not worker.ready:
            self._dismiss(worker)
            raise _cannot_start(end.words)
        if worker.at:
            again = worker.was_killed
            jobs = self._ledger.lost(worker.at, end.words, again=again, own=end.own)
            self._schedule.put_back(jobs)
        self._replace(worker, end.words)

    def _replace(self, worker: Worker, words: str) -> None:
        at = worker.at
        self._dismiss(worker)
        if at is not None:
            self._ledger.undone(at, words)
        if not self._schedule.over:
            self._hire()


def _cannot_start(words: str) -> DeskError:
    return DeskError(
        f"A worker process could not start. {words}",
        "Nothing of the run is lost. Does `python -c 'import torch'` work here?",
        exit_code=RUN_FAILED,
    )
