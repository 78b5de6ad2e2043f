"""The parent's eye on what a worker takes, should the worker not hold itself to its limits."""

from collections.abc import Set
from dataclasses import dataclass

from researchdesk.domain.recipes import Limits
from researchdesk.harness.groups import resident_gb
from researchdesk.harness.jobs import Job
from researchdesk.harness.workers import Worker

_GRACE_S = 15.0
_OWN_GB = 1.0
_WEIGH_S = 2.0
_ENDS = ("finished", "failed")


@dataclass(frozen=True, slots=True)
class Overrun:
    """The limit that a worker is over, in words, and whether it is that of memory."""

    words: str
    of_memory: bool = False


class Watch:
    """Weighs workers now and then. ``over`` says what limit a worker is over.

    ``commands`` are the arms that run a command of authors'.
    """

    def __init__(self, limits: Limits, commands: Set[str]) -> None:
        self._limits = limits
        self._commands = commands
        self._weighed: dict[int, float] = {}

    def hear(self, worker: Worker, kind: str, now: float) -> None:
        """Take what a worker says: its time is from where it is ready, and at a seed.

        That of a command is from the start to the end of each seed: between two it may wait.
        """
        if kind == "ready":
            worker.ready, worker.begun = True, now
        elif kind == "started" and not worker.at_it:
            worker.at_it, worker.begun = True, now
        elif kind in _ENDS and worker.at and worker.at.job.arm in self._commands:
            worker.at_it = False

    def over(self, worker: Worker, now: float) -> Overrun | None:
        """The limit that the worker's process group is over, at ``now`` of the monotonic clock."""
        if worker.at is None or not worker.ready or self._waits(worker.at.job, worker.at_it):
            return None
        minutes, most = self._limits.minutes, self._limits.memory_gb
        job = worker.at.job
        seeds = 1 if job.arm in self._commands else len(job.tasks)
        if minutes is not None and now - worker.begun > minutes * 60 * seeds + _GRACE_S:
            plural = "" if minutes == 1 else "s"
            words = f"It took longer than the recipe's limit of {minutes:g} minute{plural} a seed."
            return Overrun(words)
        if most is not None and now - self._weighed.get(worker.pid, 0.0) > _WEIGH_S:
            self._weighed[worker.pid] = now
            if resident_gb(worker.pid) > most * seeds + _OWN_GB:
                words = f"It needs more than the recipe's limit of {most:g} GB of memory."
                return Overrun(words, of_memory=True)
        return None

    def _waits(self, job: Job, at_it: bool) -> bool:
        """A seed of an authors' command may wait for another one to leave their checkout."""
        return job.arm in self._commands and not at_it
