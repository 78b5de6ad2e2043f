"""Writes down what jobs say: each seed comes to one end, whoever ran it and however often."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from researchdesk.domain.engines import Fate
from researchdesk.domain.runs import Task
from researchdesk.domain.text import clean
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import DeskError
from researchdesk.harness.events import number_of
from researchdesk.harness.jobs import LADDER, MEASURE, PLAN, TWICE, Job
from researchdesk.harness.planning import single
from researchdesk.harness.rungs import rung_record
from researchdesk.harness.schedule import Schedule

Record = Callable[[str, Task | None, Mapping[str, Any]], None]
"""Takes the kind of an event, the seed it is of if any, and its data."""


@dataclass(slots=True)
class Underway:
    """A job that somebody is at. ``left`` are its seeds that have not come to an end; ``gpus`` how
    many each holds, None where that is not to be written."""

    job: Job
    gpus: float | None = None
    left: list[Task] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = list(self.job.tasks)

    @property
    def held(self) -> dict[str, float]:
        """What is written of each of its seeds: the GPUs that it holds."""
        return {} if self.gpus is None else {"gpus": self.gpus}


class Ledger:
    """Takes the answers of workers to jobs, and records them as events of the run.

    ``drawn`` are the settings drawn for a seed, told where it starts. ``retries``: how often a seed
    whose process was lost may be tried again.
    """

    def __init__(
        self,
        record: Record,
        schedule: Schedule,
        drawn: Mapping[Task, Mapping[str, Any]],
        retries: int = 0,
        tries: Mapping[Task, int] | None = None,
    ) -> None:
        self._record = record
        self._schedule = schedule
        self._drawn = drawn
        self._retries = retries
        self._lost: dict[Task, int] = dict(tries or {})
        self._short: set[Task] = set()

    def hear(self, at: Underway, kind: str, data: Mapping[str, Any]) -> list[Job]:
        """Take an answer; the jobs that are to be done for it once more.

        Raises DeskError where it says that the disk is full.
        """
        job = at.job
        if job.kind == MEASURE:
            return self._of_seed(at, kind, dict(data))
        if kind == "plan" and job.kind == PLAN:
            self._planned(job, data)
            at.left.clear()
        elif kind == "check" and job.kind == TWICE:
            self.say("check", None, {"arm": job.arm, **data})
            at.left.clear()
        elif kind == "rung" and job.kind == LADDER:
            self.say("check", None, rung_record(job.arm, data))
        elif kind == "ladder" and job.kind == LADDER:
            at.left.clear()
        elif kind == "failed":
            self.undone(at, clean(str(data.get("error", ""))))
        return []

    def undone(self, at: Underway, words: str, *, lost: bool = False) -> None:
        """What a job leaves without a word has failed; ``lost``: by no fault of its own."""
        job, left, at.left = at.job, at.left, []
        if not left:
            return
        if job.kind == PLAN:
            self._planned(job, {"message": words})
        elif job.kind in (TWICE, LADDER):
            name = "same seed, same result" if job.kind == TWICE else "ladder"
            self.say("check", None, {"arm": job.arm, "name": name, "ok": None, "message": words})
        else:
            for task in left:
                whose = {"lost": True} if lost else {}
                error = words + self._tries(task)
                self.say("seed_failed", task, {"error": error, **whose, **at.held})

    def short(self, at: Underway, words: str) -> list[Job]:
        """What is left of a job wanted more memory than it may have, or than there was: the jobs to
        do in its place, for each of its seeds is tried once more, where any may be."""
        failed = {"error": words, "fate": str(Fate.OUT_OF_MEMORY)}
        left = tuple(at.left) if at.job.kind == MEASURE else ()
        return [job for task in left for job in self._failed(at, task, failed)]

    def lost(self, at: Underway, words: str, *, again: bool, own: bool = False) -> list[Job]:
        """The process of a job is gone: the jobs to do in its place, each of one seed.

        Seeds that shared it are tried again one by one in any case, and ``again`` says whether that
        end is one that may be no fault of theirs, so that even one alone is. What is not tried
        again is undone; ``own``: by its own doing.
        """
        job = at.job
        shared = len(job.tasks) > 1
        if job.kind != MEASURE or not (shared or (again and self._may_again(at.left))):
            self.undone(at, words, lost=not own)
            return []
        left, at.left = at.left, []
        if again:
            for task in left:
                self.retried(task, words)
        return single(left, resume=True)

    def unended(self, at: Underway) -> list[Job]:
        """What is left of a job whose end says nothing of its seeds: what to do in its place."""
        left, at.left = at.left, []
        return single(left, resume=True) if at.job.kind == MEASURE else [at.job]

    def tries_left(self, tasks: Iterable[Task]) -> int:
        """How often a job of these seeds may be tried again."""
        return max(0, self._retries - max((self._lost.get(task, 0) for task in tasks), default=0))

    def retried(self, task: Task, words: str, **more: Any) -> None:
        """Write down that a seed is tried again, and why."""
        self._lost[task] = self._lost.get(task, 0) + 1
        self.say("seed_retried", task, {"reason": words, "try": self._lost[task] + 1, **more})

    def say(self, kind: str, task: Task | None, data: Mapping[str, Any]) -> None:
        """Record an event, and tell the schedule of it."""
        self._record(kind, task, data)
        self._schedule.saw(kind, task, data)

    def _may_again(self, left: list[Task]) -> bool:
        return all(self._lost.get(task, 0) < self._retries for task in left)

    def _planned(self, job: Job, answer: Mapping[str, Any]) -> None:
        self.say("run_planned", None, self._schedule.planned(job.arm, answer))

    def _tries(self, task: Task) -> str:
        tries = self._lost.get(task, 0)
        return f"\nIt was tried {tries + 1} times." if tries else ""

    def _of_seed(self, at: Underway, kind: str, data: dict[str, Any]) -> list[Job]:
        task = Task(at.job.arm, data.pop("seed", -1), data.pop("vary", "") or "")
        if task not in at.left:
            return []
        if kind == "started":
            drawn = self._drawn.get(task)
            more = {"settings": dict(drawn)} if drawn else {}
            self.say("seed_started", task, {**data, **more, **at.held})
        elif kind in ("metric", "timing", "predictions"):
            numbers = {"value": number_of(data["value"])} if "value" in data else {}
            self.say(kind, task, {**data, **numbers})
        elif kind == "finished":
            metrics = {name: number_of(value) for name, value in data["metrics"].items()}
            at.left.remove(task)
            self.say("seed_finished", task, {**data, "metrics": metrics, **at.held})
        elif kind == "failed":
            return self._failed(at, task, data)
        return []

    def _failed(self, at: Underway, task: Task, data: Mapping[str, Any]) -> list[Job]:
        """What failed has failed; but for want of memory, which others may have had, it is tried
        once more."""
        error = clean(str(data.get("error", "")))
        if data.get("disk_full"):
            raise disk_full(error)
        at.left.remove(task)
        short = data.get("fate") == Fate.OUT_OF_MEMORY
        if short and task not in self._short and self._may_again([task]):
            self._short.add(task)
            last = next(reversed(error.strip().splitlines()), "")
            known = {key: data[key] for key in data if key not in ("error", "seconds")}
            self.retried(task, f"It ran out of memory: {last}", **known)
            return single([task], resume=True)
        error += self._tries(task) if short else ""
        self.say("seed_failed", task, {**data, "error": error, **at.held})
        return []


def disk_full(words: str) -> DeskError:
    """What to raise where a seed found the disk full."""
    return DeskError(
        f"The disk is full: {words} The run was stopped; the seeds that had finished, and the "
        "last checkpoint of the others, are kept.",
        "Make room on the disk, then give the same command again: it goes on from there.",
        exit_code=RUN_FAILED,
    )
