"""Runs the seeds of a recipe in worker processes. This process never imports torch."""

import os
import selectors
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from researchdesk.domain.runs import Task
from researchdesk.domain.text import clean
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import DeskError
from researchdesk.harness.events import number_of
from researchdesk.harness.workers import Answer, Worker

_POLL_S = 0.1

Record = Callable[[str, Task, Mapping[str, Any]], None]
"""Takes the kind of an event, the seed it is of, and its data."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: the seeds, each arm's settings, the recipe's folder, a file for its prints."""

    recipe: Path
    tasks: Sequence[Task]
    settings: Mapping[str, Mapping[str, Any]]
    log: Path
    jobs: int


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
) -> bool:
    """Run the seeds; True when all came to an end, False when ``stop`` said so before.

    ``record`` is called in this thread as things happen; ``on_engine`` with what the first worker
    says it computes with. Whatever is raised here, no worker is left behind. Where the system
    gives fewer processes than ``jobs``, those go on; raises DeskError where it gives none, or where
    a worker cannot start. Call it from a thread that outlives the run: Linux ends the
    workers with the thread that started them.
    """
    try:
        pool = _Pool(plan, record, on_engine)
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
        self, plan: Plan, record: Record, on_engine: Callable[[Mapping[str, Any]], None]
    ) -> None:
        self._plan = plan
        self._record = record
        self._on_engine = on_engine
        self._engine_known = False
        self._waiting = deque(plan.tasks)
        self._workers: set[Worker] = set()
        self._selector = selectors.DefaultSelector()

    @property
    def busy(self) -> bool:
        return bool(self._workers)

    def start(self) -> None:
        for _ in range(min(max(1, self._plan.jobs), len(self._waiting))):
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
        self._next_task(worker)
        return True

    def _spare(self) -> None:
        idle = [worker for worker in self._workers if not worker.ready]
        if idle and len(self._workers) > 1:
            if task := idle[0].task:
                self._waiting.appendleft(task)
            self._dismiss(idle[0])

    def _dismiss(self, worker: Worker) -> None:
        self._workers.discard(worker)
        self._selector.unregister(worker.descriptor)
        worker.end()

    def _next_task(self, worker: Worker) -> None:
        if self._waiting:
            task = self._waiting.popleft()
            worker.give(task, self._plan.settings.get(task.arm, {}))
        else:
            worker.task = None
            self._dismiss(worker)

    def _take(self, worker: Worker, answer: Answer) -> None:
        task, data = worker.task, answer.data
        if answer.kind == "ready":
            worker.ready = True
            if not self._engine_known:
                self._engine_known = True
                self._on_engine(data.get("environment", {}))
        if task is None:
            return
        if answer.kind == "started":
            self._record("seed_started", task, {})
        elif answer.kind == "metric":
            self._record("metric", task, {**data, "value": number_of(data.get("value"))})
        elif answer.kind == "finished":
            metrics = {name: number_of(value) for name, value in data["metrics"].items()}
            self._record("seed_finished", task, {**data, "metrics": metrics})
            self._next_task(worker)
        elif answer.kind == "failed":
            self._record("seed_failed", task, {"error": clean(str(data.get("error", "")))})
            self._next_task(worker)

    def _hear_out(self, worker: Worker) -> None:
        """A child of the recipe can keep a dead worker's pipe open: its end is not to wait for."""
        while worker in self._workers:
            answers, alive = worker.answers()
            for answer in answers:
                self._take(worker, answer)
            if worker in self._workers and not (answers and alive):
                self._bury(worker)

    def _bury(self, worker: Worker) -> None:
        words = worker.obituary()
        task, was_ready = worker.task, worker.ready
        self._dismiss(worker)
        if not was_ready:
            raise _cannot_start(words)
        if task is not None:
            self._record("seed_failed", task, {"error": words})
        if self._waiting:
            self._hire()


def _cannot_start(words: str) -> DeskError:
    return DeskError(
        f"A worker process could not start. {words}",
        "Nothing of the run is lost. Does `python -c 'import torch'` work here?",
        exit_code=RUN_FAILED,
    )
