"""Runs whose trials outlive the command: left alone, asked after, called off, gone on with."""

import json
import os
import signal
import time
from pathlib import Path

import pytest
from support.processes import has_ended
from support.recipe_maker import write_recipe

ID = "2001.00001"
GATED = """
import os, time
from pathlib import Path

def measure(run):
    gate = Path(__file__).parents[4] / "gate"
    mark = gate.with_name(f"pid-{run.seed}")
    mark.write_text(str(os.getpid()))
    run.log(1, loss=1.0)
    while not gate.exists():
        time.sleep(0.05)
    return {"score": 0.5 + 0.01 * run.seed}
"""
ENGINE = """
[engines.here]
kind = "slurm"
launcher = "local"
at_once = 3
"""


@pytest.mark.slow
def test_a_run_left_with_an_engine_is_asked_after_tried_again_and_told_with_its_reasons(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipes = Path(json.loads(run("recipe", "new", "2001.00009", "--json").stdout)["folder"]).parent
    write_recipe(recipes, GATED)
    config = tmp_path / "engines.toml"
    config.write_text(ENGINE)
    monkeypatch.setenv("RESEARCHDESK_CONFIG", str(config))
    done = run("reproduce", ID, "--trust", "--detach")
    assert (done.returncode, "cannot be left alone" in done.stderr) == (2, True)
    done = run("reproduce", ID, "--trust", "--on", "here", "--detach", "--json")
    assert done.returncode == 6, done.stderr
    report = json.loads(done.stdout)
    assert (report["state"], report["at_engine"]) == ("away", 3)
    assert "researchdesk runs resume" in done.stderr
    desk = recipes.parent
    marks = [desk / f"pid-{seed}" for seed in range(3)]
    _wait(lambda: all(mark.is_file() and mark.read_text() for mark in marks))
    assert json.loads(run("runs", "list", "--json").stdout)["runs"][0]["state"] == "away"
    os.kill(int(marks[1].read_text()), signal.SIGKILL)
    (desk / "gate").touch()
    done = run("runs", "resume", report["run"], "--trust", "--json")
    assert done.returncode == 0, done.stderr
    ended = json.loads(done.stdout)
    assert ended["environment"]["engine"] == "slurm"
    assert ended["environment"]["engine_details"]["launcher"] == "local"
    assert [seed["metrics"]["score"] for seed in ended["seeds"]] == [0.5, 0.51, 0.52]
    (again,) = ended["retries"]
    assert again["seed"] == 1
    assert "SIGKILL" in again["reasons"][0]
    shown = run("runs", "show", report["run"]).stdout
    assert "tried again because" in shown
    assert "SIGKILL" in shown
    alone = run("reproduce", ID, "--trust", "--json", "--jobs", "1")
    assert json.loads(alone.stdout)["claims"] == ended["claims"]
    assert json.loads(alone.stdout)["environment"]["engine"] == "local"


@pytest.mark.slow
def test_a_run_that_is_away_is_called_off_and_goes_on_when_it_is_wanted_again(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipes = Path(json.loads(run("recipe", "new", "2001.00009", "--json").stdout)["folder"]).parent
    write_recipe(recipes, GATED)
    config = tmp_path / "engines.toml"
    config.write_text(ENGINE)
    monkeypatch.setenv("RESEARCHDESK_CONFIG", str(config))
    args = ("reproduce", ID, "--trust", "--on", "here", "--seeds", "1")
    away = json.loads(run(*args, "--detach", "--json").stdout)["run"]
    mark = recipes.parent / "pid-0"
    _wait(lambda: mark.is_file() and mark.read_text() != "")
    done = run("runs", "cancel", away)
    assert (done.returncode, f"{away} was stopped" in done.stderr) == (0, True)
    assert has_ended(int(mark.read_text()))
    assert json.loads(run("runs", "list", "--json").stdout)["runs"][0]["state"] == "interrupted"
    (recipes.parent / "gate").touch()
    again = json.loads(run(*args, "--json").stdout)
    assert again["run"] == away
    assert again["seeds"][0]["metrics"] == {"score": 0.5, "loss": 1.0}


@pytest.mark.slow
def test_what_was_not_handed_over_waits_for_resume_however_often_the_run_is_looked_at(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipes = Path(json.loads(run("recipe", "new", "2001.00009", "--json").stdout)["folder"]).parent
    write_recipe(recipes, GATED)
    config = tmp_path / "engines.toml"
    config.write_text(ENGINE.replace("at_once = 3", "at_once = 1"))
    monkeypatch.setenv("RESEARCHDESK_CONFIG", str(config))
    args = ("reproduce", ID, "--trust", "--on", "here", "--seeds", "2", "--no-check")
    left = run(*args, "--detach", "--json")
    assert "1 more are not handed over yet" in left.stderr
    away = json.loads(left.stdout)["run"]
    (recipes.parent / "gate").touch()
    states = []

    def ended() -> bool:
        states.append(json.loads(run("runs", "show", away, "--json").stdout)["state"])
        return states[-1] != "away"

    _wait(ended)
    assert states[-1] == "interrupted"
    assert f"goes on with: researchdesk runs resume {away}" in run("runs", "show", away).stderr
    assert json.loads(run("runs", "resume", away, "--json").stdout)["seeds"][1]["seed"] == 1


def _wait(there) -> None:
    deadline = time.monotonic() + 60
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.1)
