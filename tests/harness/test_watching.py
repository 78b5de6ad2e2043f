"""The parent's eye on a worker's time."""

from types import SimpleNamespace
from typing import Any

import pytest

from researchdesk.domain.recipes import Limits
from researchdesk.domain.runs import Task
from researchdesk.harness.jobs import MEASURE, Job
from researchdesk.harness.ledger import Underway
from researchdesk.harness.watching import Watch

MINUTES = 60.0


def worker(arm: str, **more: Any) -> Any:
    job = Job(MEASURE, arm, (Task(arm, 0),))
    return SimpleNamespace(at=Underway(job), ready=True, begun=0.0, pid=1, **more)


@pytest.fixture
def watch() -> Watch:
    return Watch(Limits(minutes=1.0), {"authors"})


def test_a_seed_that_begins_never_is_over_its_time(watch: Watch) -> None:
    late = watch.over(worker("ours", at_it=False), 2 * MINUTES)
    assert "longer than the recipe's limit of 1 minute a seed" in late
    assert not watch.over(worker("ours", at_it=True), 1 * MINUTES)


def test_waiting_for_the_authors_checkout_is_none_of_a_seeds_time(watch: Watch) -> None:
    assert not watch.over(worker("authors", at_it=False), 10 * MINUTES)
    assert watch.over(worker("authors", at_it=True), 2 * MINUTES)
