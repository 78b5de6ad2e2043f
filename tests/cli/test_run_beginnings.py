"""The beginning of a run's id names the run, whatever command takes it; what is kept is whole."""

import json
from pathlib import Path

import pytest
from support.many_runs import add_runs
from support.recipe_maker import write_recipe

from researchdesk.harness.recipes import load_recipe

BEGUN, SEVERAL = "20240101-1207", "20240101-12"


@pytest.fixture
def ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("RESEARCHDESK_DESK", str(tmp_path / "desk"))
    recipe = load_recipe(write_recipe(tmp_path / "recipes"), bundled=False)
    return add_runs(tmp_path / "desk" / "runs", 2, steps=0, of=[recipe, recipe])


@pytest.mark.parametrize(
    "command",
    [
        ("runs", "cancel", "RUN"),
        ("runs", "errors", "RUN"),
        ("checklist", "reproducibility", "run:RUN"),
        ("release", "scaffold", "rel", "--of", "RUN"),
        ("funny", "offers", "RUN"),
    ],
)
def test_every_command_takes_it_and_refuses_one_that_several_have(
    invoked_run, ids: list[str], command: tuple[str, ...]
) -> None:
    def said(named: str) -> str:
        done = invoked_run(*(word.replace("RUN", named) for word in command))
        return done.stdout + done.stderr

    assert "2 runs begin with" in said(SEVERAL)
    whole = said(BEGUN)
    assert "There is no run" not in whole
    assert "Nothing on this desk" not in whole


def test_what_is_kept_has_the_whole_id(invoked_run, ids: list[str]) -> None:
    def kept(*command: str) -> dict[str, object]:
        done = invoked_run(*command, "--json")
        assert "answers to" not in done.stderr
        return dict(json.loads(done.stdout))

    delta = "expected 93.4, got 91.2"
    assert kept("funny", "add", delta, "--on", f"run:{BEGUN}")["on"] == f"run:{ids[1]}"
    assert kept("funny", "add", delta, "--on", f"{BEGUN}#score")["on"] == f"run:{ids[1]}#score"
    assert len(kept("funny", "list", "--on", BEGUN)["surprises"]) == 2
    assert kept("idea", "add", "why so low", "--from", BEGUN)["of"] == f"run:{ids[1]}"
    assert kept("investigate", "new", "why", "--of", BEGUN)["of"] == f"run:{ids[1]}"
    refused = invoked_run("funny", "add", delta, "--on", f"run:{SEVERAL}")
    assert refused.returncode == 3
    assert "2 runs begin with" in refused.stderr


def test_a_story_is_told_at_once_of_a_link_that_only_begins_the_id(
    invoked_run, ids: list[str]
) -> None:
    invoked_run("story", "new", "--title", "Low")
    said = invoked_run("story", "edit", "low", f"It fell [[run:{BEGUN}]].").stderr
    assert f"answers to [[run:{BEGUN}]]" in said
    assert f"[[run:{ids[1]}]]" in said
    assert "answers to" not in invoked_run("story", "edit", "low", f"So [[run:{ids[1]}]].").stderr


def test_a_beginning_is_removed_only_where_it_is_asked_about(invoked_run, ids: list[str]) -> None:
    assert invoked_run("runs", "rm", SEVERAL, stdin="y\n").returncode == 3
    assert invoked_run("runs", "rm", BEGUN, "--yes").returncode == 3
    unheard = invoked_run("runs", "rm", BEGUN)
    assert unheard.returncode == 2
    assert "Nothing was removed" in unheard.stderr
    refused = invoked_run("runs", "rm", BEGUN, stdin="n\n")
    assert (refused.returncode, refused.stderr.count("Nothing was removed.")) == (130, 1)
    assert len(json.loads(invoked_run("runs", "list", "--json").stdout)["runs"]) == 2
    assert ids[1] in invoked_run("runs", "rm", BEGUN, stdin="y\n").stderr
    (left,) = json.loads(invoked_run("runs", "list", "--json").stdout)["runs"]
    assert left["id"] == ids[0]
