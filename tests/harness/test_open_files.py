"""A system that gives no more open files: fewer workers, or a failure told; nothing left open."""

import gc
import os
import resource
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from support.recipe_maker import write_recipe

from researchdesk.domain.runs import Task
from researchdesk.errors import DeskError
from researchdesk.harness.executor import execute
from researchdesk.harness.jobs import Plan


@pytest.fixture
def few_files() -> Iterator[Callable[[int], None]]:
    """Lets this process open about so many files more; the usual number again after the test."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)

    def allow(more: int) -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
        descriptor = os.open(os.devnull, os.O_RDONLY)
        os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (descriptor + more, before[1]))

    yield allow
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def open_files() -> int:
    """Those that nobody holds any more are closed first."""
    gc.collect()
    return len(list(Path("/dev/fd").iterdir()))


def test_more_jobs_than_open_files_go_on_with_fewer(
    tmp_path: Path, few_files: Callable[[int], None]
) -> None:
    before = open_files()
    few_files(16)
    experiment = "import os\ndef measure(run): return {'p': os.getpid()}"
    recipe = write_recipe(tmp_path / "recipes", experiment)
    tasks = [Task("ours", seed) for seed in range(12)]
    done: dict[int, float] = {}

    def record(kind: str, task: Task | None, data: Mapping[str, Any]) -> None:
        if kind == "seed_finished" and task:
            done[task.seed] = data["metrics"]["p"]

    def engine(found: Mapping[str, Any]) -> None:
        (tmp_path / "environment.json").write_text(str(found))

    plan = Plan(recipe, tasks, {}, tmp_path / "log", 12, tmp_path / "cache")
    assert execute(plan, record, lambda: False, engine)
    assert sorted(done) == list(range(12))
    assert 1 <= len(set(done.values())) < 12
    assert open_files() <= before


@pytest.mark.parametrize("more", range(7))
def test_no_file_to_open_is_told_and_leaves_none_open(
    tmp_path: Path, few_files: Callable[[int], None], more: int
) -> None:
    before = open_files()
    plan = Plan(tmp_path, [Task("ours", 0)], {}, tmp_path / "log", 1, tmp_path / "cache")
    few_files(more)
    with pytest.raises(DeskError, match="could not start") as caught:
        execute(plan, lambda kind, task, data: None, lambda: False, lambda engine: None)
    assert caught.value.exit_code == 6
    few_files(64)
    assert open_files() <= before
