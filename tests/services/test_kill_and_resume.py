"""kill -9 of the process that owns a run, and the same command again."""

import re
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from support.counted import seeds_that, write_counted
from support.processes import is_alive

from researchdesk.domain.runs import RunState
from researchdesk.domain.verdicts import Verdict
from researchdesk.services import reproduction
from researchdesk.services.desk import Desk

ID = "2001.00001"
SEEDS = 16
OWNER = """
import sys
from pathlib import Path
from researchdesk.config import Settings
from researchdesk.services.desk import open_desk
from researchdesk.services.reproduction import ReproduceOptions, reproduce
desk = open_desk(Settings(desk=Path(sys.argv[1]), state=Path(sys.argv[2])))
report = reproduce(desk, sys.argv[3], ReproduceOptions(trust=True, jobs=2))
print(report.run.id, report.exit_code)
"""


def worker_pids(diary: Path) -> set[int]:
    return {int(line.split()[2]) for line in diary.read_text().splitlines()}


def wait_until_workers_end(diary: Path) -> None:
    deadline = time.monotonic() + 60
    while diary.exists() and any(map(is_alive, worker_pids(diary))):
        assert time.monotonic() < deadline, "a worker outlived its parent"
        time.sleep(0.05)


def written(desk: Desk, kind: str) -> int:
    """How many events of a kind the one run's file holds at this moment."""
    lines = [file.read_text() for file in desk.settings.runs.glob("2*/events.jsonl")]
    return sum(text.count(f'"kind": "{kind}"') for text in lines)


def kill_after(owner: subprocess.Popen[bytes], desk: Desk, finished: int) -> None:
    """kill -9 once this owner began its stretch of the run and so many seeds are written down."""
    stretch = written(desk, "run_started") + written(desk, "run_resumed") + 1
    deadline = time.monotonic() + 60
    while written(desk, "seed_finished") < finished or (
        written(desk, "run_started") + written(desk, "run_resumed") < stretch
    ):
        assert time.monotonic() < deadline, "the run does not go on"
        assert owner.poll() is None, "the run ended before it was killed"
        time.sleep(0.005)
    owner.kill()
    owner.wait()


def finished_seeds(desk: Desk) -> set[int]:
    """Those written down, once the process that was just being made is gone with its locks too."""
    deadline = time.monotonic() + 60
    (run,) = reproduction.runs(desk)
    while run.state is RunState.RUNNING and time.monotonic() < deadline:
        time.sleep(0.05)
        (run,) = reproduction.runs(desk)
    assert run.state is RunState.CRASHED
    return {result.task.seed for result in run.results}


@pytest.mark.slow
@pytest.mark.parametrize("round_", range(5))
def test_kill_9_at_any_moment_then_the_same_command_ends_the_same(
    desk: Desk, tmp_path: Path, round_: int
) -> None:
    """No finished seed runs again, no worker is left, and the table is that of a whole run."""
    draw, diary = Random(round_), tmp_path / "diary"
    write_counted(desk.settings.recipes, diary, pause=0.4, seeds=SEEDS)
    command = [sys.executable, "-c", OWNER, str(desk.root), str(desk.settings.state), ID]
    recorded: set[int] = set()
    for more in (draw.randint(1, 2), *(draw.randint(0, 2) for _ in range(2))):
        begun_before = len(seeds_that("begin", diary))
        owner = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        kill_after(owner, desk, len(recorded) + more)
        wait_until_workers_end(diary)
        assert recorded.isdisjoint(seeds_that("begin", diary)[begun_before:])
        kept = finished_seeds(desk)
        assert recorded <= kept <= set(seeds_that("end", diary))
        assert len(kept) >= len(recorded) + more
        recorded = kept
    begun_before = len(seeds_that("begin", diary))
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert re.fullmatch(r"\S+ 0\n", done.stdout)
    assert sorted(seeds_that("begin", diary)[begun_before:]) == sorted(set(range(SEEDS)) - recorded)
    (run,) = reproduction.runs(desk)
    assert run.state is RunState.FINISHED
    metrics = {result.task.seed: result.metrics["score"] for result in run.results}
    assert metrics == {seed: 0.5 + 0.01 * seed for seed in range(SEEDS)}
    assert reproduction.report_of(desk, run.id).claims == run.claims
    assert (run.claims[0].verdict, run.claims[0].n) == (Verdict.REPRODUCED, SEEDS)
