"""The whole way on the command line: read, note, reproduce, export."""

import json
from pathlib import Path

import pytest


@pytest.mark.slow
def test_from_an_empty_desk_to_an_exported_note(run, tmp_path: Path) -> None:
    assert json.loads(run("list", "--json").stdout)["papers"] == []
    done = run(
        "note",
        "add",
        "1512.03385",
        "--pass",
        "1",
        "--page",
        "7",
        "--quote",
        "Table 6",
        "-",
        stdin="counts **check**\n",
    )
    assert done.returncode == 0, done.stderr
    done = run("pass", "finish", "1512.03385", "--pass", "1", "--why", "run it", "--json")
    assert json.loads(done.stdout)["state"] == "finished"
    done = run("reproduce", "1512.03385", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["verdict"] == "reproduced"
    assert report["paper"]["arxiv_id"] == "1512.03385"
    assert {c["verdict"] for c in report["claims"]} == {"reproduced"}
    for key in (
        "id",
        "text",
        "where",
        "quote",
        "kind",
        "claimed",
        "tolerance",
        "n",
        "mean",
        "sd",
        "interval",
        "test",
        "p",
        "verdict",
    ):
        assert key in report["claims"][0]
    assert report["environment"]
    again = json.loads(run("reproduce", "1512.03385", "--json").stdout)
    assert again["run"] != report["run"]
    listed = json.loads(run("runs", "list", "--json").stdout)["runs"]
    assert {item["id"] for item in listed} == {again["run"], report["run"]}
    assert "✓ reproduced" in run("runs", "show", report["run"]).stdout
    done = run("export", "notes", "--all", "--to", "out")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "out" / "1512.03385.md").read_text("utf-8")
    for words in ("counts **check**", "p. 7", "> Table 6", "run it", "reproduced", again["run"]):
        assert words in text
    assert "0 of 2 files changed" in run("export", "notes", "--all", "--to", "out").stderr


def test_quick_is_never_more_than_consistent(run) -> None:
    done = run("reproduce", "1512.03385", "--quick", "--json")
    assert done.returncode == 6
    verdicts = {c["verdict"] for c in json.loads(done.stdout)["claims"]}
    assert verdicts == {"consistent, imprecise"}


def test_an_arm_alone_leaves_the_others_untested(run) -> None:
    done = run("reproduce", "1512.03385", "--arm", "resnet-20", "--json")
    assert done.returncode == 0
    verdicts = [c["verdict"] for c in json.loads(done.stdout)["claims"]]
    assert sorted(set(verdicts)) == ["reproduced", "untested"]
    assert run("reproduce", "1512.03385", "--arm", "nothing").returncode == 2


@pytest.mark.slow
def test_code_that_is_not_ours_runs_only_after_a_yes(run) -> None:
    folder = Path(run("recipe", "new", "2001.00001", "--shape", "measure").stdout.strip())
    assert (folder / "recipe.toml").is_file()
    assert run("recipe", "check", "2001.00001").returncode == 1
    assert "still the template" in run("reproduce", "2001.00001", "--trust").stderr
    recipe = folder / "recipe.toml"
    recipe.write_text(recipe.read_text("utf-8").replace("template = true", ""), "utf-8")
    assert run("recipe", "check", "2001.00001").returncode == 0
    ran = folder / "ran"
    code = folder / "experiment.py"
    code.write_text(f"open({str(ran)!r}, 'w').close()\n" + code.read_text("utf-8"), "utf-8")
    done = run("reproduce", "2001.00001")
    assert done.returncode != 0
    assert "--trust" in done.stderr
    assert not ran.exists()
    run("reproduce", "2001.00001", "--trust", "--quick")
    assert ran.exists()


def test_recipes_are_listed_shown_and_checked(run) -> None:
    assert "1904.09237" in run("recipe", "list").stdout
    assert "AMSGrad" in run("recipe", "show", "1904.09237").stdout
    assert run("recipe", "check", "1904.09237").returncode == 0


def test_stories_and_surprises(run) -> None:
    assert run("story", "new", "--title", "Why Adam settles").stdout == "why-adam-settles\n"
    run("story", "edit", "why-adam-settles", "-", stdin="# Why\n")
    run("story", "draft", "why-adam-settles")
    run("story", "edit", "why-adam-settles", "# Why not\n")
    assert run("story", "show", "why-adam-settles").stdout == "# Why not\n"
    assert run("story", "show", "why-adam-settles", "--draft", "1").stdout == "# Why\n"
    assert (
        len(json.loads(run("story", "drafts", "why-adam-settles", "--json").stdout)["drafts"]) == 2
    )
    run("funny", "add", "odd", "--expected", "down", "--observed", "up", "--on", "1904.09237")
    told = json.loads(run("funny", "list", "--json").stdout)["surprises"]
    assert (told[0]["expected"], told[0]["observed"], told[0]["on"]) == ("down", "up", "1904.09237")
