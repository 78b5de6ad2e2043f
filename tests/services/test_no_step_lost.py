"""kill -9 of a worker, or of the process that owns the run: no logged step is lost."""

import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from support.recipe_maker import CLAIM, write_recipe
from support.small_experiment import write_fit
from support.step_lines import logged

from researchdesk.domain.runs import RunState, RunSummary, Task
from researchdesk.services import reproduction
from researchdesk.services.desk import Desk
from researchdesk.services.reproduction import ReproduceOptions, reproduce, resume_run
from researchdesk.services.run_curves import steps_of

ID = "2001.00001"
TASK = Task("ours", 0)
OPTIONS = ReproduceOptions(trust=True, jobs=1)
OWNER = """
import sys
from pathlib import Path
from researchdesk.config import Settings
from researchdesk.services.desk import open_desk
from researchdesk.services.reproduction import ReproduceOptions, reproduce
desk = open_desk(Settings(desk=Path(sys.argv[1]), state=Path(sys.argv[2])))
reproduce(desk, sys.argv[3], ReproduceOptions(trust=True, jobs=1))
"""
KILLED = """
import os, signal, threading
from random import Random
def measure(run):
    after = Random(run.seed).uniform(0.001, 0.2)
    end = threading.Timer(after, os.kill, (os.getpid(), signal.SIGKILL))
    count = os.open(f"{run.settings['counts']}/{run.seed}", os.O_CREAT | os.O_WRONLY)
    step = 0
    while True:
        step += 1
        run.log(step, loss=1 / step, other=step)
        os.pwrite(count, b"%12d" % step, 0)
        if step == 1:
            end.start()
"""


@pytest.mark.slow
def test_a_worker_that_is_killed_loses_no_step_that_it_logged(desk: Desk, tmp_path: Path) -> None:
    """``log`` has returned as often as the counter says: so many lines at least are whole."""
    counts = tmp_path / "counts"
    counts.mkdir()
    arm = f'[[arms]]\nname = "ours"\n[arms.settings]\ncounts = "{counts}"\n'
    write_recipe(desk.settings.recipes, KILLED, toml=arm + CLAIM, seeds=20)
    report = reproduce(desk, ID, ReproduceOptions(trust=True, jobs=2))
    assert len(report.run.failures) == 20
    assert all("SIGKILL" in words for words in report.run.failures.values())
    folder = desk.settings.runs / report.run.id
    returned = [int((counts / str(seed)).read_bytes()) for seed in range(20)]
    kept = [logged(folder, Task("ours", seed)) for seed in range(20)]
    assert sum(returned) > 2000
    assert [k - r for k, r in zip(kept, returned, strict=True)] == pytest.approx(
        [0.5] * 20, abs=0.5
    )


def lines_of(desk: Desk) -> int:
    return sum(
        file.read_bytes().count(b"\n") for file in desk.settings.runs.glob("2*/steps/*/*.jsonl")
    )


@pytest.mark.slow
@pytest.mark.parametrize("round_", range(3))
def test_a_run_whose_owner_is_killed_goes_on_to_the_same_numbers(desk: Desk, round_: int) -> None:
    """Killed twice at some step, it ends with the steps and metrics of a run left in peace."""
    draw, steps = Random(round_), 12_000
    write_fit(desk.settings.recipes, seeds=1, steps=steps, settings="checkpoint_every = 50")
    command = [sys.executable, "-c", OWNER, str(desk.root), str(desk.settings.state), ID]
    written = 0
    for _ in range(2):
        owner = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wanted, deadline = written + draw.randint(1, 1200), time.monotonic() + 90
        while lines_of(desk) < wanted:
            assert time.monotonic() < deadline, "the run does not go on"
            assert owner.poll() is None, "the run ended before it was killed"
            time.sleep(0.002)
        owner.kill()
        owner.wait()
        (run,) = _settled(desk)
        assert run.state is RunState.CRASHED
        written = lines_of(desk)
        assert written >= wanted
    killed = resume_run(desk, run.id)
    peaceful = reproduce(desk, ID, OPTIONS)
    assert peaceful.run.id != killed.run.id
    assert killed.run.results[0].metrics == peaceful.run.results[0].metrics
    assert steps_of(desk, killed.run.id, TASK) == steps_of(desk, peaceful.run.id, TASK)
    assert len(steps_of(desk, killed.run.id, TASK)) == steps


def _settled(desk: Desk) -> list[RunSummary]:
    """The runs, once the worker is gone with the lock that it had of its parent."""
    deadline = time.monotonic() + 60
    while any(run.state is RunState.RUNNING for run in reproduction.runs(desk)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return reproduction.runs(desk)
