"""Investigations on the command line."""

import json
import os
from pathlib import Path

import pytest
from support.tinkered import RECIPE, write_tinkered


@pytest.fixture
def desk() -> Path:
    """The desk's folder, with a recipe of three arms."""
    folder = Path(os.environ["RESEARCHDESK_DESK"])
    write_tinkered(folder / "recipes", seeds=2)
    return folder


def test_from_a_surprise_to_its_table(run, desk: Path) -> None:
    said = ("--expected", "0.4", "--observed", "0.9", "--on", "2001.00001")
    assert run("funny", "add", "the gain does it", *said).returncode == 0
    begun = run("investigate", "new", "Does gain matter?", "--of", "funny:1")
    assert (begun.returncode, begun.stdout) == (0, "1\n"), begun.stderr
    assert f"Baseline 1.1: the arm plain of {RECIPE}" in begun.stderr
    assert "researchdesk investigate answer 1 benchmark TEXT" in begun.stderr
    state = json.loads(run("funny", "show", "1", "--json").stdout)["state"]
    assert state == "being investigated"

    answered = run("investigate", "answer", "1", "benchmark", "-", stdin="score\non nothing\n")
    assert answered.returncode == 0, answered.stderr
    tried = run("investigate", "try", "1", "--set", "gain=2", "--expect", "score higher by 0.3")
    assert tried.returncode == 0, tried.stderr
    assert tried.stdout.startswith("1.2  gain = 2.0 (was 1.0)\n")
    assert run("investigate", "try", "1", "--set", "steps=2", "more").returncode == 0
    expected = run("investigate", "expect", "1.3", "score higher", "more is more")
    assert "expected: score higher (more is more)" in expected.stdout

    done = run("investigate", "run", "1", "--trust", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert "✓ held" in done.stdout
    assert "Δ to parent" in done.stdout
    assert "0.805 (n=2)" in done.stdout
    assert "+0.4 " in done.stdout
    gap = json.loads(run("investigate", "show", "1", "--json").stdout)["experiments"][1]["outcome"]
    assert (gap["mean"], gap["difference"]) == (pytest.approx(0.805), pytest.approx(0.4))
    assert gap["interval_of"] in ("difference", None)
    assert "✗ refuted" in done.stdout
    assert "seeds to go" in done.stderr
    table = run("investigate", "table", "1", "--format", "markdown")
    assert "| 1.2 | 2 | 4 |" in table.stdout
    shown = run("investigate", "show", "1").stdout
    assert "✓ What is measured  (benchmark)\n    score\n    on nothing\n" in shown
    assert "   1.3  more\n" in shown
    assert "finished, 2 of 2 seeds" in shown
    late = run("investigate", "expect", "1.3", "score lower")
    assert "written after the result" in late.stdout
    again = run("investigate", "run", "1")
    assert (again.returncode, again.stdout) == (0, "")
    assert "run already" in again.stderr


def test_json_tells_all_of_it(run, desk: Path) -> None:
    begun = json.loads(run("investigate", "new", "Why?", "--recipe", RECIPE, "--json").stdout)
    assert (begun["id"], begun["recipe"], begun["next"]["to_do"]) == (1, RECIPE, "answer")
    assert [step["key"] for step in begun["steps"]][:2] == ["benchmark", "baseline"]
    tried = json.loads(
        run(
            "investigate", "try", "1", "--arm", "twice", "--expect", "score >= 0.7", "--json"
        ).stdout
    )
    assert (tried["name"], tried["parent"], tried["changed"]) == (
        "1.2", "1.1", "gain = 2.0 (was 1.0)",
    )  # fmt: skip
    assert tried["hypothesis"]["relation"] == "at least"
    done = json.loads(run("investigate", "run", "1", "1.1", "2", "--trust", "--json").stdout)
    outcomes = {item["name"]: item["outcome"]["outcome"] for item in done["experiments"]}
    assert outcomes == {"1.1": "not tested", "1.2": "held"}
    bound = done["experiments"][1]["outcome"]
    assert (bound["mean"], bound["n"], bound["difference"]) == (pytest.approx(0.805), 2, None)
    assert bound["interval_of"] == "mean"
    assert done["runs"][0]["recipe"] == f"{RECIPE}-inv1"
    assert done["experiments"][1]["runs"][0]["run"] == done["runs"][0]["run"]
    table = json.loads(run("investigate", "table", "1", "--json").stdout)
    assert table["tables"][0]["metric"] == "score"
    settled = run("investigate", "settle", "1", "parked", "--why", "later", "--json")
    assert json.loads(settled.stdout)["state"] == "parked"
    assert json.loads(run("investigate", "list", "--json").stdout) == {"investigations": []}
    every = json.loads(run("investigate", "list", "--all", "--json").stdout)
    assert [item["why"] for item in every["investigations"]] == ["later"]


def test_what_is_refused_says_why_and_ends_with_its_code(run, desk: Path) -> None:
    assert "No investigations yet" in run("investigate", "list").stderr
    run("investigate", "new", "Why?", "--recipe", RECIPE)
    both = run("investigate", "try", "1", "--set", "gain=2", "--set", "steps=8")
    assert both.returncode == 2
    assert "gain = 2.0 (was 1.0) and steps = 8 (was 4)" in both.stderr
    unknown = run("investigate", "try", "1", "--set", "rate=1")
    assert unknown.returncode == 2
    assert "gain, steps, pause, mode" in unknown.stderr
    assert run("investigate", "expect", "1.1", "it gets better").returncode == 2
    untrusted = run("investigate", "run", "1")
    assert untrusted.returncode == 2
    assert "--trust" in untrusted.stderr
    for command in (("show", "7"), ("run", "7"), ("table", "1"), ("expect", "1.7", "x >= 1")):
        assert run("investigate", *command).returncode == 3, command
    assert run("investigate", "settle", "1", "stopped").returncode == 2
    early = run("investigate", "settle", "1", "done", "--until", "2030-01-01")
    assert "--until goes with parked only" in early.stderr


def test_an_own_workflow_is_checked_with_the_others(run, desk: Path) -> None:
    folder = desk / "workflows"
    folder.mkdir()
    (folder / "quick.toml").write_text(
        'kind = "investigation"\nname = "quick"\ntitle = "Q"\n', "utf-8"
    )
    checked = run("workflow", "check")
    assert checked.returncode == 5
    assert "quick.toml: line 1: steps: missing" in checked.stdout
    assert "quick" not in run("workflow", "list").stdout
