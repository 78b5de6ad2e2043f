"""Which job comes next: known beforehand, or by what came of those before."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from researchdesk.domain.runs import Task
from researchdesk.harness.jobs import Job


class Schedule(Protocol):
    """Hands out the jobs of a run. The same jobs, whoever runs them and however many at once."""

    @property
    def most(self) -> int:
        """How many jobs could be under way at a time."""

    @property
    def over(self) -> bool:
        """Whether none is left, and none will come whatever those under way come to."""

    def take(self) -> Job | None:
        """The next job that may begin now; None where there is none yet, or none any more."""

    def put_back(self, jobs: Sequence[Job]) -> None:
        """Have these handed out again, before all others."""

    def planned(self, arm: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """Take what measuring the ways of an arm came to; what to say of the choice."""

    def saw(self, kind: str, task: Task | None, data: Mapping[str, Any]) -> None:
        """Be told of an event of the run as it was recorded."""
