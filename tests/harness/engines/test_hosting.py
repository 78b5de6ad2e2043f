"""A trial where an engine put it: what its mail says, and how it ends."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from support.recipe_maker import write_recipe

from researchdesk.domain.engines import Fate, Needs
from researchdesk.domain.runs import Task
from researchdesk.harness.engines.backend import MAIL, Handed
from researchdesk.harness.engines.hosting import FilePost, host
from researchdesk.harness.jobs import MEASURE, ArmSetup, Job, Plan, job_line


def handed(tmp_path: Path, experiment: str, minutes: float | None = None) -> Handed:
    recipe = write_recipe(tmp_path / "recipes", experiment)
    job = Job(MEASURE, "ours", (Task("ours", 3),), resume=True)
    folder = tmp_path / "trial"
    plan = Plan(recipe, job.tasks, {"ours": ArmSetup({"x": 2})}, folder / "stdout.log", 1, tmp_path)
    line = job_line(job, plan)
    return Handed("run", "ours-3", 1, job, line, folder, recipe, Needs(), minutes)


def mail(trial: Handed) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (trial.folder / MAIL).read_bytes().splitlines() if line]


def test_the_mail_tells_who_hosted_and_all_the_worker_said(tmp_path: Path) -> None:
    trial = handed(
        tmp_path,
        """
        def measure(run):
            print("hello")
            run.log(1, loss=0.5)
            return {"score": run.seed + run.settings["x"]}
        """,
    )
    trial.folder.mkdir()
    (trial.folder / MAIL).write_bytes(b'{"kind": "torn')
    assert host(trial, FilePost(trial.folder), start=2, node="n1") is Fate.ENDED
    torn, *lines = (trial.folder / MAIL).read_bytes().splitlines()
    said = [json.loads(line) for line in lines]
    assert torn == b'{"kind": "torn'
    assert [one["kind"] for one in said] == [
        *("hosted", "ready", "started", "metric", "finished", "done"),
    ]
    assert said[0] == {"kind": "hosted", "node": "n1", "pid": os.getpid(), "start": 2}
    assert said[4]["metrics"]["score"] == 5
    assert (trial.folder / "stdout.log").read_text() == "hello\n"
    assert list((trial.folder / "steps").rglob("*.jsonl"))


def test_a_worker_that_is_killed_is_lost_and_one_over_its_time_has_failed(tmp_path: Path) -> None:
    killed = handed(
        tmp_path / "a",
        """
        import os, signal

        def measure(run):
            os.kill(os.getpid(), signal.SIGKILL)
        """,
    )
    assert host(killed, FilePost(killed.folder)) is Fate.KILLED
    last = mail(killed)[-1]
    assert (last["kind"], last["own"]) == ("lost", False)
    assert signal.SIGKILL.name in last["reason"]


def test_a_trial_that_is_to_stop_leaves_no_process(tmp_path: Path) -> None:
    trial = handed(
        tmp_path,
        """
        import os, time
        from pathlib import Path

        def measure(run):
            Path(__file__).with_name("pid").write_text(str(os.getpid()))
            time.sleep(60)
        """,
    )
    pid = trial.recipe / "pid"
    fate = host(trial, FilePost(trial.folder), stop=lambda: pid.exists() and bool(pid.read_text()))
    assert fate is Fate.CANCELLED
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
