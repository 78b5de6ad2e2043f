"""How the ends of jobs are written down: whose fault it was, and what comes in their place."""

from collections.abc import Mapping
from typing import Any

import pytest

from researchdesk.domain.runs import Task
from researchdesk.harness.fixed_schedule import FixedSchedule
from researchdesk.harness.jobs import MEASURE, Job
from researchdesk.harness.ledger import Ledger, Underway

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


@pytest.mark.parametrize("own", [False, True])
def test_one_that_was_lost_too_often_is_told_from_one_that_ended_itself(own: bool) -> None:
    book, words = Book(retries=1), "The worker process was ended by SIGKILL."
    assert [job.tasks for job in book.ledger.lost(at(0.5), words, again=True, own=own)] == [(TASK,)]
    assert book.ledger.lost(at(0.5), words, again=True, own=own) == []
    assert [kind for kind, _ in book.said] == ["seed_retried", "seed_failed"]
    data = book.said[-1][1]
    assert (data.get("lost", False), data["gpus"]) == (not own, 0.5)
    assert data["error"].endswith("It was tried 2 times.")


def test_one_that_ran_out_of_memory_is_tried_once_more() -> None:
    failed = {"seed": 3, "vary": "trial", "error": "Traceback\nCUDA out of memory.", "seconds": 9.0}
    short = {**failed, "fate": "out of memory"}
    book = Book(retries=5)
    assert [job.tasks for job in book.ledger.hear(at(1.0), "failed", short)] == [(TASK,)]
    assert book.said[0][1] == {
        "reason": "It ran out of memory: CUDA out of memory.",
        "try": 2,
        "fate": "out of memory",
    }
    assert book.ledger.hear(at(1.0), "failed", short) == []
    error = f"{failed['error']}\nIt was tried 2 times."
    assert book.said[1] == (
        "seed_failed", {"error": error, "seconds": 9.0, "fate": "out of memory", "gpus": 1.0}
    )  # fmt: skip
    for retries, data in ((0, short), (5, failed)):
        other = Book(retries)
        assert other.ledger.hear(at(), "failed", data) == []
        assert other.said[0][1]["error"] == failed["error"]
    weighed = Book(retries=1)
    assert weighed.ledger.short(at(), "It needs more than 1 GB of memory.")
    assert "1 GB" in weighed.said[0][1]["reason"]
