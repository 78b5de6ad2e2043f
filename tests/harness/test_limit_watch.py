"""The parent's eye on a worker's time."""

from types import SimpleNamespace
from typing import Any

import pytest

from researchdesk.domain.recipes import Limits
from researchdesk.domain.runs import Task
from researchdesk.harness.jobs import MEASURE, Job
from researchdesk.harness.ledger import Underway
from researchdesk.harness.limit_watch import Watch

MINUTES = 60.0


def worker(arm: str, seeds: int = 1, **more: Any) -> Any:
    job = Job(MEASURE, arm, tuple(Task(arm, seed) for seed in range(seeds)))
    return SimpleNamespace(at=Underway(job), ready=True, begun=0.0, pid=1, **more)


@pytest.fixture
def watch() -> Watch:
    return Watch(Limits(minutes=1.0), {"authors"})


def test_a_seed_that_begins_never_is_over_its_time(watch: Watch) -> None:
    late = watch.over(worker("ours", at_it=False), 2 * MINUTES)
    assert late is not None
    assert "longer than the recipe's limit of 1 minute a seed" in late.words
    assert not late.of_memory
    assert not watch.over(worker("ours", at_it=True), 1 * MINUTES)


def test_waiting_for_the_authors_checkout_is_none_of_a_seeds_time(watch: Watch) -> None:
    assert not watch.over(worker("authors", at_it=False), 10 * MINUTES)
    assert watch.over(worker("authors", at_it=True), 2 * MINUTES)


def test_no_seed_of_the_authors_waits_on_the_time_of_another(watch: Watch) -> None:
    at = worker("authors", seeds=3, at_it=False)
    for kind, minute in (("ready", 0), ("started", 5), ("metric", 5.5), ("finished", 6)):
        assert not watch.over(at, minute * MINUTES)
        watch.hear(at, kind, minute * MINUTES)
    assert not watch.over(at, 30 * MINUTES), "its second seed waits for the checkout"
    watch.hear(at, "started", 30 * MINUTES)
    assert not watch.over(at, 31 * MINUTES)
    assert watch.over(at, 32 * MINUTES), "the limit is that of one seed"


def test_seeds_of_our_own_share_their_time(watch: Watch) -> None:
    at = worker("ours", seeds=3, at_it=False)
    for kind in ("ready", "started", "finished"):
        watch.hear(at, kind, 0.0)
    assert not watch.over(at, 3 * MINUTES)
    assert watch.over(at, 4 * MINUTES)
