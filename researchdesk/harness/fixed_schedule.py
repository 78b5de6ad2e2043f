"""The schedule of a run whose seeds are known before it begins."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from researchdesk.domain.runs import Task
from researchdesk.harness.jobs import PLAN, Job, Plan
from researchdesk.harness.planning import first_jobs, planned_jobs


class FixedSchedule:
    """Checks first, then what measures which way is quicker, then every seed of the plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._waiting = deque(first_jobs(plan))
        self._plans = sum(job.kind == PLAN for job in self._waiting)

    @property
    def most(self) -> int:
        return len(self._plan.tasks) if self._plans else len(self._waiting)

    @property
    def over(self) -> bool:
        return not self._waiting and not self._plans

    def take(self) -> Job | None:
        return self._waiting.popleft() if self._waiting else None

    def put_back(self, jobs: Sequence[Job]) -> None:
        self._waiting.extendleft(reversed(jobs))

    def planned(self, arm: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        tasks = [task for task in self._plan.tasks if task.arm == arm]
        found, said = planned_jobs(arm, tasks, self._plan.jobs, answer)
        self._plans -= 1
        self._waiting.extend(found)
        return said

    def saw(self, kind: str, task: Task | None, data: Mapping[str, Any]) -> None:
        """Nothing depends on what became of a seed."""
