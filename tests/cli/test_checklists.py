"""Checklists and releases on the command line."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.funny_runs import ended_run
from support.recipe_maker import write_recipe

from researchdesk.config import load_settings
from researchdesk.services.desk import open_desk

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(invoked_run: Run) -> Run:
    return invoked_run


@pytest.fixture
def run_id() -> str:
    """A run of three seeds that measured something else than was claimed."""
    desk = open_desk(load_settings())
    write_recipe(desk.settings.recipes)
    try:
        return ended_run(desk)
    finally:
        desk.close()


def data(done: "subprocess.CompletedProcess[str]") -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def item(told: Any, name: str) -> Any:
    return next(one for one in told["items"] if one["id"] == name)


def test_checklists_are_listed_and_their_questions_printed(run: Run) -> None:
    own = load_settings().desk / "checklists"
    own.mkdir(parents=True)
    (own / "mine.toml").write_text("title = 3\n")
    done = run("checklist")
    assert {line.split()[0] for line in done.stdout.splitlines()} >= {"release", "scientist"}
    assert "mine.toml: line 1: title: 3, but text is wanted" in done.stderr
    listed = data(run("checklist", "--json"))["checklists"]
    assert {"name", "title", "source", "about", "items", "own"} == set(listed[0])
    done = run("checklist", "scientist")
    assert "ablation: Were parts taken away one at a time" in done.stdout
    assert len(data(run("checklist", "scientist", "--json"))["items"]) > 10
    for args, code in (
        (("checklist", "mine"), 5),
        (("checklist", "nothing"), 3),
        (("checklist", "release", "nothing"), 3),
        (("checklist", "release", "--answer", "licence", "yes"), 2),
        (("checklist", "release", "1512.03385", "--answer", "licence", "perhaps"), 2),
        (("checklist", "release", "1512.03385", "--why", "so"), 2),
    ):
        assert run(*args).returncode == code, args


def test_a_checklist_is_put_to_a_run_and_answered_by_a_person(
    run: Run, run_id: str, tmp_path: Path
) -> None:
    done = run("checklist", "reproducibility", run_id)
    assert done.returncode == 0
    assert "lacking: fewer than 5 seeds in" in done.stdout
    assert "to do: researchdesk reproduce 2001.00001 --seeds 5" in done.stdout
    assert f"different, and to be told so: score [run:{run_id}]" in done.stdout
    assert "--answer ITEM yes --why TEXT" in done.stderr
    done = run(
        "checklist", "reproducibility", run_id, "--answer", "claims", "n/a", "--why", "\x1b[1mso"
    )
    assert "    not applicable (you): so\n    ! the desk says: yes" in done.stdout
    run("checklist", "reproducibility", run_id, "--answer", "claims", "yes", "--why", "all told")
    told = item(data(run("checklist", "reproducibility", run_id, "--json")), "claims")
    assert (told["answer"], told["own"]["why"], told["found"]["answer"]) == (
        "yes",
        "all told",
        "yes",
    )
    assert [one["answer"] for one in told["earlier"]] == ["not applicable"]
    history = run("checklist", "reproducibility", run_id, "--history").stdout
    assert "you: not applicable so" in history
    back = data(run("checklist", "reproducibility", run_id, "--take-back", "claims", "--json"))
    assert item(back, "claims")["own"]["answer"] is None
    assert run("checklist", "reproducibility", run_id, "--take-back", "claims").returncode == 2
    done = run("checklist", "reproducibility", run_id, "--to", "appendix.md")
    assert done.stderr == "written  appendix.md\n"
    text = (tmp_path / "appendix.md").read_text()
    assert "\n## Reproducibility questions\n" in text
    again = ("checklist", "reproducibility", run_id, "--to", "appendix.md")
    assert run(*again).stderr == "unchanged  appendix.md\n"
    (tmp_path / "appendix.md").write_text(f"{text}Mine.\n")
    (tmp_path / "thesis.md").write_text("## Reproducibility questions\n\nMine.\n")
    for mine in ("appendix.md", "thesis.md"):
        before = (tmp_path / mine).read_text()
        done = run(*again[:-1], mine)
        assert (done.returncode, "Nothing was written" in done.stderr) == (5, True)
        assert (tmp_path / mine).read_text() == before
    assert run(*again, "--force").returncode == 0
    assert (tmp_path / "appendix.md").read_text() == text
    assert f"(`run:{run_id}`)" in text


def test_a_release_is_written_and_looked_at(run: Run, run_id: str, tmp_path: Path) -> None:
    done = run("release", "scaffold", "out", "--of", run_id)
    assert "CITATION.cff has no author yet" in done.stderr
    assert done.returncode == 0, done.stderr
    assert "written  README.md" in done.stdout
    assert "The checklist of releases: " in done.stderr
    (tmp_path / "out/README.md").write_text("Mine.\n")
    other = ("--author", "Roe, Ann", "--author", "CERN")
    told = data(run("release", "scaffold", "out", "--of", run_id, *other, "--json"))
    files = {file["path"]: file for file in told["files"]}
    assert (files["README.md"]["done"], files["README.md"]["beside"]) == (
        "beside", "README.new.md",
    )  # fmt: skip
    assert files["CITATION.cff"]["done"] == "written"
    again = data(run("release", "scaffold", "out", "--of", run_id, "--json"))["files"]
    assert {file["path"]: file["done"] for file in again}["CITATION.cff"] == "unchanged"
    looked = data(run("checklist", "release", "--folder", "out", "--json"))
    assert item(looked, "training-code")["answer"] == "partly"
    named = data(run("checklist", "release", run_id, "--folder", "out", "--json"))
    assert item(named, "training-code")["answer"] == "yes"
    (tmp_path / "out/recipes/2001.00001-tiny/extra.py").write_text("mine = 1\n")
    named = data(run("checklist", "release", run_id, "--folder", "out", "--json"))
    lacks = item(named, "training-code")["found"]["lacks"]
    assert lacks == [f"the code that ran in {run_id} is not in the folder as it ran"]
    assert item(looked, "results")["answer"] == "no"
    assert item(looked, "code-kept")["answer"] == "not known"
    assert run("release", "scaffold", "out", "--of", "nobody").returncode == 3
    assert run("checklist", "release", "--folder", "nowhere").returncode == 3
