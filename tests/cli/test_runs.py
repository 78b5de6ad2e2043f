"""``reproduce`` and ``runs`` on the command line."""

import json
from pathlib import Path

import pytest
from support.recipe_maker import ARM, CLAIM, write_recipe

ID = "2001.00001"


@pytest.mark.slow
def test_from_reproduce_to_two_runs_compared(run) -> None:
    recipes = _recipes(run)
    folder = write_recipe(recipes)
    done = run("reproduce", ID, "--trust", "--json", "--device", "cpu", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert f"run {report['run']} started: 3 seeds to go" in done.stderr
    assert report["environment"]["compute"].startswith("torch ")
    assert report["environment"]["device"] == "cpu"
    assert {"checks", "variance", "seeds", "data", "missing", "failures"} <= report.keys()
    text = (folder / "recipe.toml").read_text("utf-8")
    (folder / "recipe.toml").write_text(text.replace("steps = 4", "steps = 3"), "utf-8")
    other = json.loads(run("reproduce", ID, "--trust", "--json", "--seeds", "2").stdout)
    _shown(run, report["run"])
    _compared(run, report["run"], other["run"])
    _told(run, report["run"], other["run"])
    done = run("runs", "resume", report["run"])
    assert (done.returncode, "came to its end" in done.stderr) == (2, True)


def _recipes(run) -> Path:
    return Path(json.loads(run("recipe", "new", "2001.00009", "--json").stdout)["folder"]).parent


def _shown(run, run_id: str) -> None:
    shown = run("runs", "show", run_id).stdout
    assert "✓ reproduced" in shown
    assert "█" in shown
    assert json.loads(run("runs", "show", run_id, "--json").stdout)["curves"][0]["metric"] == "loss"
    steps = run("runs", "show", run_id, "--steps", "ours", "1").stdout
    assert steps.splitlines() == [
        "step,loss",
        "1,1.0",
        "2,0.5",
        "3,0.3333333333333333",
        "4,0.25",
    ]
    lines = run("runs", "show", run_id, "--steps", "ours", "1", "--json").stdout.splitlines()
    assert json.loads(lines[1]) == {"step": 2, "loss": 0.5}
    for wrong, code in (("9", 3), ("one", 2)):
        done = run("runs", "show", run_id, "--steps", "ours", wrong)
        assert (done.returncode, done.stdout) == (code, "")


def _compared(run, a: str, b: str) -> None:
    done = run("runs", "compare", a, b)
    assert done.returncode == 0, done.stderr
    lines = {line.split("  ")[0].strip(): line.split() for line in done.stdout.splitlines()}
    assert lines["ours: steps"][-2:] == ["4", "3"]
    record = json.loads(run("runs", "compare", a, b, "--json").stdout)
    assert [item["id"] for item in record["runs"]] == [a, b]
    assert {"name": "ours: steps", "a": 4, "b": 3} in record["config"]
    assert record["claims"][0]["a"]["verdict"] == "reproduced"
    assert record["metrics"][0]["a"]["n"] == 3


def _told(run, a: str, b: str) -> None:
    assert f"From run {a}: recipe" in run("runs", "table", a).stdout
    done = run("runs", "table", a, b, "--kind", "results", "--to", "t.tex")
    assert (done.returncode, done.stdout) == (0, "t.tex\n"), done.stderr
    assert (
        "% From run" in run("runs", "table", a, b, "--kind", "results", "--format", "latex").stdout
    )
    record = json.loads(run("runs", "table", a, "--kind", "claims", "--json").stdout)
    assert record["tables"][0]["made_from"][0]["run"] == a
    assert run("runs", "table", a, "--format", "csv").stdout.startswith("table,run,arm,")
    assert run("runs", "table", a, "--to", "t.docx").returncode == 2
    done = run("runs", "figure", a, "--to", "f.pdf", "--latex")
    assert r"\includegraphics{f.pdf}" in done.stdout
    assert f"From run {a}" in done.stderr
    done = run("runs", "figure", a, "--to", "f.pdf", "--kind", "intervals", "--log")
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.slow
def test_variance_is_told_and_a_source_that_is_not_apart_is_refused(run) -> None:
    text = ARM + CLAIM.replace("claimed = 0.5", "claimed = 1.0")
    folder = write_recipe(
        _recipes(run),
        "def measure(run):\n    return {'score': 0.5 + run.stream('init') % 1000 / 1000}",
        toml=text,
    )
    toml = (folder / "recipe.toml").read_text("utf-8")
    (folder / "recipe.toml").write_text(f'varies = ["init"]\n{toml}', "utf-8")
    done = run("reproduce", ID, "--trust", "--vary", "init", "--jobs", "1")
    assert "share of variance" in done.stdout
    assert any("init" in line and line.endswith("100 %") for line in done.stdout.splitlines())
    few = run("reproduce", ID, "--trust", "--vary", "init", "--jobs", "1", "--seeds", "2").stdout
    assert "share of variance" in few
    assert [line for line in few.splitlines() if "init" in line and line.endswith("–")]
    refused = run("reproduce", ID, "--trust", "--vary", "order")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "It can vary init." in refused.stderr
    assert run("reproduce", ID, "--vary", "weather").returncode == 2


def test_every_option_has_help(run) -> None:
    told = run("reproduce", "--help").stdout
    for option in ("--seeds", "--arm", "--jobs", "--quick", "--vary", "--device", "--trust"):
        (line,) = (line for line in told.splitlines() if line.strip().startswith(option))
        assert line.split(option)[1].strip()
    told = run("runs", "--help").stdout
    for verb in ("list", "show", "compare", "table", "figure", "resume", "cancel", "rm"):
        assert f"  {verb} " in told
