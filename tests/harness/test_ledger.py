"""How the ends of jobs are written down: whose fault it was, and what comes in their place."""

from collections.abc import Mapping
from typing import Any

import pytest

from researchdesk.domain.runs import Task
from researchdesk.harness.fixed_schedule import FixedSchedule
from researchdesk.harness.jobs import MEASURE, Job
from researchdesk.harness.ledger import Ledger, Underway
from researchdesk.harness.workers import by_its_own

TASK = Task("ours", 3, "trial")


class Book:
    """A ledger, and what it wrote down."""

    def __init__(self, retries: int) -> None:
        self.said: list[tuple[str, Mapping[str, Any]]] = []
        self.ledger = Ledger(self._record, _NoSchedule(), {}, retries)

    def _record(self, kind: str, task: Task | None, data: Mapping[str, Any]) -> None:
        assert task == TASK
        self.said.append((kind, dict(data)))


class _NoSchedule(FixedSchedule):
    def __init__(self) -> None: ...

    def saw(self, kind: str, task: Task | None, data: Mapping[str, Any]) -> None: ...


def at(gpus: float | None = None) -> Underway:
    return Underway(Job(MEASURE, "ours", (TASK,)), gpus)


@pytest.mark.parametrize(
    ("words", "own"),
    [
        ("The worker process was ended by SIGKILL.\nlast line", False),
        ("The worker process was ended by SIGTERM.", False),
        ("The worker process was ended by SIGSEGV.", True),
        ("The worker process ended with exit code 1.\nwas ended by SIGKILL", True),
        ("The worker closed its answers and hung.", True),
        ("The node of the trial was lost.", False),
    ],
)
def test_one_that_was_lost_too_often_is_told_from_one_that_ended_itself(
    words: str, own: bool
) -> None:
    book = Book(retries=1)
    assert by_its_own(words) is own
    assert [job.tasks for job in book.ledger.lost(at(0.5), words, again=True, own=own)] == [(TASK,)]
    assert book.ledger.lost(at(0.5), words, again=True, own=own) == []
    assert [kind for kind, _ in book.said] == ["seed_retried", "seed_failed"]
    data = book.said[-1][1]
    assert (data.get("lost", False), data["gpus"]) == (not own, 0.5)
    assert data["error"].endswith("It was tried 2 times.")
