"""How a worker process came to its end, as its parent tells it."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.recipe_maker import write_recipe

from researchdesk.harness.jobs import MEASURE, Job
from researchdesk.harness.ledger import Underway
from researchdesk.harness.workers import Worker


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    recipe = write_recipe(tmp_path / "recipes", "def measure(run):\n    return {}\n")
    made = Worker(recipe, tmp_path / "stdout.log")
    yield made
    made.end()


@pytest.mark.parametrize(
    ("number", "own"),
    [
        (signal.SIGKILL, False),
        (signal.SIGTERM, False),
        (signal.SIGSEGV, True),
        (signal.SIGABRT, True),
    ],
)
def test_one_that_was_killed_is_told_from_one_that_crashed(
    worker: Worker, number: signal.Signals, own: bool
) -> None:
    os.kill(worker.pid, number)
    end = worker.obituary()
    assert end.words.partition("\n")[0] == f"The worker process was ended by {number.name}."
    assert end.own is own
    assert worker.was_killed


def test_one_that_ended_or_hangs_brought_that_upon_itself(worker: Worker) -> None:
    os.kill(worker.pid, signal.SIGSTOP)
    end = worker.obituary()
    assert (end.words, end.own) == ("The worker closed its answers and hung.", True)
    os.kill(worker.pid, signal.SIGCONT)


def test_one_that_ends_by_itself_tells_its_last_lines(worker: Worker) -> None:
    worker.give(Underway(Job(MEASURE, "ours", ())), b"no job\n", 0.0)
    os.set_blocking(worker.descriptor, True)
    while worker.answers()[1]:
        pass
    end = worker.obituary()
    first, *lines = end.words.splitlines()
    assert first == "The worker process ended with exit code 1."
    assert "JSON" in lines[-1]
    assert (end.own, worker.was_killed) == (True, False)
