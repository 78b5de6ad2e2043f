"""``runs list``: the newest of very many, and the rest where it is asked for."""

import json
from pathlib import Path

import pytest
from support.many_runs import FIRST, add_runs, paper_of, recipe_of

from researchdesk.domain.runs import Event
from researchdesk.harness.events import encode

COUNT = 70


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("RESEARCHDESK_DESK", str(tmp_path / "desk"))
    return add_runs(tmp_path / "desk" / "runs", COUNT, steps=1)[::-1]


def test_the_newest_are_listed_and_how_many_more_there_are(run, runs: list[str]) -> None:
    done = run("runs", "list")
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["run", "state", "seeds", "verdict"]
    assert [line.split()[0] for line in lines[1:]] == runs[:50]
    assert "20 more" in done.stderr
    assert "--all" in done.stderr
    few = run("runs", "list", "--limit", "3")
    assert [line.split()[0] for line in few.stdout.splitlines()[1:]] == runs[:3]
    every = run("runs", "list", "--all")
    assert [line.split()[0] for line in every.stdout.splitlines()[1:]] == runs
    assert every.stderr == ""
    assert run("runs", "list", "--all", "--limit", "3").returncode == 2


def test_json_has_all_of_them_unless_told(run, runs: list[str]) -> None:
    found = json.loads(run("runs", "list", "--json").stdout)["runs"]
    assert [one["id"] for one in found] == runs
    failed = next(one for one in found if one["state"] == "failed")
    assert (failed["seeds_done"], failed["seeds_failed"], failed["seeds"]) == (0, 10, 10)
    assert failed["engine"] == "local"
    few = json.loads(run("runs", "list", "--json", "--limit", "2").stdout)["runs"]
    assert few == found[:2]
    none = run("runs", "list", "--json", "--recipe", "nothing")
    assert json.loads(none.stdout) == {"runs": []}


def test_runs_are_chosen_by_paper_recipe_and_state(run, runs: list[str], tmp_path: Path) -> None:
    crashed = run("runs", "list", "--state", "crashed", "--json")
    found = json.loads(crashed.stdout)["runs"]
    assert [one["id"] for one in found] == [runs[::-1][at] for at in (61, 41, 21, 1)]
    of_recipe = run("runs", "list", paper_of(3), "--recipe", recipe_of(3), "--limit", "1")
    assert [line.split()[0] for line in of_recipe.stdout.splitlines()[1:]] == [runs[::-1][63]]
    assert "One more" in of_recipe.stderr
    events = tmp_path / "desk" / "runs" / found[0]["id"] / "events.jsonl"
    with events.open("a") as file:
        file.write(encode(Event("run_finished", FIRST, data={"verdict": "different"})))
    again = json.loads(run("runs", "list", "--state", "crashed", "--json").stdout)["runs"]
    assert again == found[1:]
    nothing = run("runs", "list", "--state", "running")
    assert (nothing.stdout, nothing.returncode) == ("", 0)
    assert "no such run" in nothing.stderr
