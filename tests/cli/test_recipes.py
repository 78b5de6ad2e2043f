"""Recipes on the command line: listed, shown, checked, begun, trusted."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.authors import authors_origin, write_authors_recipe
from support.recipe_maker import write_recipe

from researchdesk.config import load_settings
from researchdesk.domain.papers import Metadata
from researchdesk.services import claims, library
from researchdesk.services.desk import open_desk

ID = "2001.00001"


@pytest.fixture
def recipes() -> Path:
    """Where the user's own recipes are."""
    return load_settings().recipes


def test_the_list_tells_the_budget(run) -> None:
    lines = run("recipe", "list").stdout.splitlines()
    assert "budget" in lines[0]
    assert any("1904.09237" in line and "1 min" in line for line in lines)


def test_a_recipe_is_shown_with_changes_rules_needs_and_trust(
    run, recipes: Path, tmp_path: Path
) -> None:
    folder = write_authors_recipe(recipes, authors_origin(tmp_path / "far" / "theirs"))
    file = folder / "recipe.toml"
    text = file.read_text("utf-8").replace(
        'tolerance = 0.2\ntolerance_rule = "chosen"\ntolerance_reason = "wide enough for a test"',
        'effect = [0.5, -0.5]\ntolerance_rule = "fifth of effect"',
        1,
    )
    text = text.replace("[paper]", "[limits]\nminutes = 2\n[paper]")
    more = (
        '\n[[arms]]\nname = "short"\nkind = "ablation"\nparent = "ours"\n[arms.settings]\n'
        'steps = 1\n[[data_needs]]\nname = "mnist"\nsource = "hf:ylecun/mnist@main"\n'
        'substitute = "scikit-learn:digits"\nwhy = "no network"\n'
    )
    file.write_text(text + more, "utf-8")
    shown = run("recipe", "show", ID).stdout
    for words in (
        "ours, but steps = 1",
        "chosen",
        "the tolerance of authors-score is chosen: wide enough for a test",
        "fifth of effect",
        "limits of one seed: 2 minutes",
        "mnist from hf:ylecun/mnist@main; scikit-learn:digits in its place, where it is not to be",
        "trust: code that did not come with this program: waits for your yes",
        "trust: authors: `'{python}' spring/train.py",
    ):
        assert words in shown
    record = json.loads(run("recipe", "show", ID, "--json").stdout)
    assert record["claims"][1]["tolerance_rule"] == "chosen"
    assert record["trust"]["recipe"] is False
    assert record["trust"]["authors"][0]["trusted"] is False


def test_a_check_as_json(run, recipes: Path) -> None:
    assert json.loads(run("recipe", "check", "1904.09237", "--json").stdout)["ok"] is True
    folder = write_recipe(recipes)
    file = folder / "recipe.toml"
    file.write_text(file.read_text("utf-8").replace("seeds = 3", "seeds = 0"), "utf-8")
    done = run("recipe", "check", str(folder), "--json")
    assert done.returncode == 1
    (problem,) = json.loads(done.stdout)["problems"]
    assert problem.startswith(f"{file}:3: seeds: is 0")


@pytest.mark.slow
def test_a_check_that_runs(run, recipes: Path) -> None:
    write_recipe(recipes, "import time\ndef measure(run): return {'score': time.time()}\n")
    assert run("recipe", "check", ID).returncode == 0
    assert run("recipe", "check", ID, "--run").returncode == 2
    done = run("recipe", "check", ID, "--run", "--trust")
    assert done.returncode == 1
    assert "ours: NOT RIGHT: seed 0 gave two results: score" in done.stdout
    write_recipe(recipes)
    done = run("recipe", "check", ID, "--run", "--trust", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ran"][0]["same"] is True


def test_a_recipe_is_begun_from_accepted_claims(run) -> None:
    desk = open_desk(load_settings())
    paper = library.file_metadata(desk, Metadata(title="A title", arxiv_id=ID, version=2))
    claims.add_claim(desk, paper, "It gets 94 % right", metric="accuracy", value=94.0, unit="%")
    desk.close()
    done = run("recipe", "new", ID, "--json")
    assert json.loads(done.stdout)["claims"] == 1
    assert "claim suggest" not in done.stderr
    written = (Path(json.loads(done.stdout)["folder"]) / "recipe.toml").read_text("utf-8")
    assert 'printed = "94 %"' in written
    assert "version = 2" in written
    done = run("recipe", "new", "2001.00002", "--shape", "measure")
    assert "claim suggest 2001.00002" in done.stderr
    assert run("recipe", "new", "2001.00003", "--shape", "round").returncode == 2


def test_a_recipe_that_is_not_written_yet_is_no_error(run, recipes: Path) -> None:
    folder = Path(run("recipe", "new", ID).stdout.strip())
    done = run("recipe", "list")
    assert done.returncode == 0
    assert f"1 recipe is still a template: {folder.name}; see" in done.stderr
    assert "error" not in done.stderr
    assert "error" not in run("recipe", "list", "--json").stderr
    (folder / "recipe.toml").write_text("seeds = 'x'", "utf-8")
    assert "error: The recipe is not right" in run("recipe", "list").stderr


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["experiment", "measure"])
def test_the_template_runs_once_the_line_is_deleted(run, shape: str) -> None:
    folder = Path(run("recipe", "new", ID, "--shape", shape).stdout.strip())
    assert "still the template" in run("recipe", "check", ID).stderr
    file = folder / "recipe.toml"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("template")), "utf-8")
    done = run("recipe", "check", ID, "--run", "--trust", "--json", timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    done = run("reproduce", ID, "--quick", "--json", timeout=300)
    assert not json.loads(done.stdout)["failures"]
    assert all(claim["n"] for claim in json.loads(done.stdout)["claims"])


def test_a_yes_is_said_seen_and_taken_back(run, recipes: Path, tmp_path: Path) -> None:
    origin = authors_origin(tmp_path / "far" / "theirs")
    write_authors_recipe(recipes, origin)
    done = run("recipe", "trust", ID)
    assert done.stdout.count("waits for your yes") == 2
    assert origin.url in done.stderr
    assert "--yes" in done.stderr
    assert run("recipe", "trust", ID, "--yes").stdout.count("you said yes") == 2
    record = json.loads(run("recipe", "trust", ID, "--list", "--json").stdout)
    assert len(record["yes"]) == 2
    assert record["waiting"]["authors"] == []
    done = run("recipe", "trust", ID, "--forget")
    assert "Taken back: 2" in done.stderr
    assert done.stdout.count("waits for your yes") == 2
    assert run("recipe", "trust", ID, "--forget", "--yes").returncode == 2


@pytest.mark.slow
def test_reproduce_runs_ours_and_the_authors_and_prints_both(
    run, recipes: Path, tmp_path: Path
) -> None:
    write_authors_recipe(recipes, authors_origin(tmp_path / "far" / "theirs"))
    done = run("reproduce", ID, "--trust", "--json")
    by_arm = {claim["arm"]: claim for claim in json.loads(done.stdout)["claims"]}
    assert by_arm["authors"]["verdict"] == "untested", "the command line itself takes https only"
    assert by_arm["ours"]["verdict"] == "reproduced"
    code = (
        "import sys; from researchdesk.services import checkouts; "
        "checkouts.PROTOCOLS = ('https', 'file'); "
        "from researchdesk.cli.main import main; main()"
    )
    command = [sys.executable, "-c", code, "reproduce", ID, "--seeds", "2"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for line in ("score", "authors-score"):
        assert any(part.split()[:1] == [line] or line in part for part in done.stdout.splitlines())
    assert done.stdout.count("reproduced") >= 2
