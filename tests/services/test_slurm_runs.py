"""Whole runs by the Slurm engine, with submitit's own launcher."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.processes import wait_for
from support.small_experiment import write_fit

from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.services import reproduction
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.planning import ReproduceOptions
from researchdesk.services.reproduction import reproduce, resume_run

ID = "2001.00001"
ENGINES = {"mine": {"kind": "slurm", "launcher": "local", "at_once": 3}}
ONLY_SEEDS = ReproduceOptions(trust=True, check=False, engine="mine")
OWNER = f"""
import sys
from pathlib import Path
from researchdesk.config import Settings
from researchdesk.services.desk import open_desk
from researchdesk.services.planning import ReproduceOptions
from researchdesk.services.reproduction import reproduce
desk = open_desk(Settings(desk=Path(sys.argv[1]), state=Path(sys.argv[2]), engines={ENGINES}))
reproduce(desk, {ID!r}, ReproduceOptions(trust=True, check=False, engine="mine"))
"""
pytestmark = pytest.mark.slow


@pytest.fixture
def away(desk: Desk) -> Desk:
    return open_desk(replace(desk.settings, engines=ENGINES), desk.clock)


def measured(run: RunSummary) -> Mapping[int, Mapping[str, Any]]:
    return {result.task.seed: dict(result.metrics) for result in run.results}


def events(desk: Desk, kind: str) -> int:
    files = desk.settings.runs.glob("2*/events.jsonl")
    return sum(file.read_text().count(f'"kind": "{kind}"') for file in files)


def test_trials_that_outlive_a_desk_that_was_killed_are_gathered_once_with_the_local_numbers(
    away: Desk, tmp_path: Path
) -> None:
    write_fit(away.settings.recipes, seeds=3, steps=2_500, settings="checkpoint_every = 200")
    command = [sys.executable, "-c", OWNER, str(away.root), str(away.settings.state)]
    owner = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: events(away, "seed_started"))
    owner.kill()
    owner.wait()
    handed = events(away, "trial_submitted")
    (left,) = wait_for(
        lambda: [run for run in reproduction.runs(away) if run.state is RunState.AWAY]
    )
    assert len(left.results) < 3
    report = resume_run(away, left.id)
    assert report.run.state is RunState.FINISHED
    assert events(away, "seed_finished") == 3
    assert events(away, "seed_retried") == 0
    assert events(away, "trial_submitted") >= handed
    other = open_desk(replace(away.settings, desk=tmp_path / "other"), away.clock)
    write_fit(other.settings.recipes, seeds=3, steps=2_500, settings="checkpoint_every = 200")
    alone = reproduce(other, ID, replace(ONLY_SEEDS, engine="local"))
    assert measured(report.run) == measured(alone.run)
    assert report.environment["engine_details"]["launcher"] == "local"
