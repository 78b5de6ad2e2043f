"""What an engine has to offer, for its trials to be followed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from researchdesk.domain.engines import Needs, Standing
from researchdesk.harness.jobs import Job

MAIL = "mail.jsonl"
"""What a trial said, in its folder: the worker's answers as they come, one JSON object a line."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A job as it is handed to an engine; pickles.

    ``key`` names the job within its run, in letters that are safe in file names; ``submission``
    counts from 1 how often it was handed over. ``folder`` is this submission's own
    (``RUN/trials/KEY/SUBMISSION``): its mail, its prints (``stdout.log``), its file of steps and
    its checkpoints are there, laid out as in a run's folder; of an earlier submission the
    checkpoint and the steps were copied in before. ``line`` is the job as ``jobs.job_line`` makes
    it, with ``folder`` for its ``run_folder`` and ``resume`` on. ``retries`` is how often the
    engine may begin it anew by itself; ``minutes`` and ``memory_gb`` are the recipe's limits.
    """

    run_id: str
    key: str
    submission: int
    job: Job
    line: bytes
    folder: Path
    recipe: Path
    needs: Needs
    minutes: float | None = None
    memory_gb: float | None = None
    retries: int = 2


class Backend(Protocol):
    """An engine whose trials outlive this process. Handles are texts that another process can give.

    All raise EngineError where the engine cannot be reached; what was handed over before goes on.
    """

    def describe(self) -> Mapping[str, Any]:
        """Who runs the trials, for ``environment.json``: ``version``, ``address``, ``nodes``..."""

    def submit(self, trials: Sequence[Handed]) -> Sequence[str]:
        """Hand trials over; the handle of each, in their order."""

    def collect(self, trials: Mapping[str, Handed]) -> None:
        """Bring what the trials said and wrote, by their handles, into their folders; for an engine
        that shares the file system it is there already."""

    def standing(self, trials: Mapping[str, Handed]) -> Mapping[str, Standing]:
        """How each of these handles stands."""

    def cancel(self, handles: Sequence[str]) -> None:
        """End trials, those that wait too; one that is over stays as it is."""

    def close(self) -> None:
        """Let go of the engine, not of its trials."""
