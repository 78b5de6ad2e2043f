"""``report`` on the command line: files, stdout, exit codes."""

import json
from pathlib import Path

import pytest
from support.funny_runs import ended_run
from support.recipe_maker import write_recipe

from researchdesk.config import load_settings
from researchdesk.services.desk import open_desk

ID = "2001.00001"


@pytest.fixture
def run_id(tmp_path: Path) -> str:
    """A run on the desk that the commands find."""
    desk = open_desk(load_settings())
    write_recipe(desk.settings.recipes)
    found = ended_run(desk, (0.49, 0.5, 0.51))
    desk.close()
    return found


def test_a_page_is_written_where_it_is_wanted(run, run_id: str, tmp_path: Path) -> None:
    done = run("report", ID, "--to", "out", "--json")
    assert done.returncode == 0, done.stderr
    (file,) = json.loads(done.stdout)["files"]
    assert file == {"path": f"out/{ID}.html", "changed": True, "instead_of": None}
    before = (tmp_path / file["path"]).read_bytes()
    again = run("report", ID, "--to", f"out/{ID}.html")
    assert again.stdout == f"unchanged  out/{ID}.html\n"
    assert "The one claim is reproduced." in again.stderr
    assert (tmp_path / file["path"]).read_bytes() == before
    markdown = run("report", run_id, "--format", "markdown", "--to", "-")
    assert markdown.stdout.startswith("<!-- researchdesk report")
    assert "✓ reproduced" in markdown.stdout
    index = run("report", "--index", "--to", "out")
    assert index.stderr == "1 of 2 files changed.\n"
    assert index.stdout.splitlines() == ["written  out/index.html", f"unchanged  out/{ID}.html"]
    opened = run("report", ID, "--open")
    assert opened.returncode == 5
    assert f"reports/{ID}.html" in opened.stderr  # there is no display, and it says where it is


@pytest.mark.parametrize("ending", ["html", "md", "json"])
def test_what_was_changed_by_hand_is_never_written_over(
    run, run_id: str, tmp_path: Path, ending: str
) -> None:
    path, new = tmp_path / f"paper.{ending}", tmp_path / f"paper.new.{ending}"
    again = ("report", ID, "--to", path.name)
    assert run(*again).returncode == 0
    whole = path.read_text("utf-8")
    edited = whole.replace("The score is 0.5", "The score is ½")
    path.write_text(edited, "utf-8")
    assert run(*again).stdout == f"unchanged  {path.name}\n"  # there is nothing newer
    assert run("funny", "add", "odd", "--expected", "even", "--observed", "odd",
               "--on", f"run:{run_id}").returncode == 0  # fmt: skip
    for word in ("written", "unchanged"):
        done = run(*again)
        assert done.stdout == f"{word}  {new.name}\n"
        assert f"{path.name} was changed by hand and stays as it is" in done.stderr
        assert path.read_text("utf-8") == edited
    assert "even" in new.read_text("utf-8")
    path.write_text(whole, "utf-8")
    assert run(*again).stdout == f"written  {path.name}\n"
    assert path.read_bytes() == new.read_bytes()


def test_json_has_all_that_reproduce_has_and_more(run, run_id: str) -> None:
    record = json.loads(run("report", ID, "--to", "-", "--json").stdout)
    assert record == json.loads(run("report", ID, "--format", "json", "--to", "-").stdout)
    shown = json.loads(run("runs", "show", run_id, "--json").stdout)
    (told,) = record["runs"]
    same = set(shown) - {"curves", "claims"}
    assert {key: told[key] for key in same} == {key: shown[key] for key in same}
    (claim,), (other,) = told["claims"], shown["claims"]
    assert {key: claim[key] for key in other} == other
    assert claim["rule"] == "± 0.2, chosen: wide enough for a test"
    assert claim["picture"]["panels"][0]["rows"][1]["dots"] == [0.49, 0.5, 0.51]
    assert record["counts"] == {"reproduced": 1}
    assert record["generator"].startswith("researchdesk ")
    assert {"commands", "cautions", "tables", "noticed", "untested", "data_taken", "arms",
            "missing_arms", "failed_seeds", "again", "sentence"} <= told.keys()  # fmt: skip


def test_a_run_is_named_by_the_beginning_of_its_id(run, run_id: str) -> None:
    day, moment = run_id[:8], run_id[:15]
    for words in (
        ("report", moment, "--to", "-"),
        ("runs", "show", f"run:{day}"),
        ("runs", "table", moment, "--kind", "claims"),
        ("runs", "compare", day, run_id),
    ):
        done = run(*words)
        assert (done.returncode, run_id in done.stdout) == (0, True), (words, done.stderr)
    assert run("report", moment).stdout.endswith(f"reports/{run_id}.html\n")
    folder = load_settings().runs
    (folder / f"{day}-999999-other").mkdir()
    done = run("runs", "show", day)
    assert done.returncode == 3
    assert f"2 runs begin with {day}." in done.stderr
    assert f"{run_id}, {day}-999999-other" in done.stderr
    assert run("runs", "show", moment).returncode == 0
    assert run("runs", "rm", moment, "--yes").returncode == 3  # what removes wants the whole id
    assert run("runs", "show", "19990101").returncode == 3


def test_what_cannot_be_told(run, run_id: str, tmp_path: Path) -> None:
    own = tmp_path / "mine.html"
    own.write_text("mine", "utf-8")
    for code, args in (
        (2, ()),
        (2, (ID, "--index")),
        (2, ("--index", "--format", "json")),
        (2, ("--index", "--to", "-")),
        (2, (ID, "--to", "-", "--open")),
        (2, (ID, "--to", "-", "--json", "--format", "markdown")),
        (2, (ID, "--to", "report.pdf")),
        (2, (ID, "--to", "x.odt")),
        (2, (ID, run_id)),
        (2, (ID, "--to", "x.md", "--format", "html")),
        (3, ("2009.00009",)),
        (3, ("20200101-000000-nothing",)),
        (3, ("nonsense",)),
        (5, (ID, "--to", "mine.html")),
    ):
        done = run("report", *args)
        assert (done.returncode, done.stdout) == (code, ""), (args, done.stderr)
    assert own.read_text("utf-8") == "mine"
    assert [path.name for path in tmp_path.glob("*") if path.name in ("-", "report.pdf")] == []
    (tmp_path / f"{ID}.html").write_text("mine", "utf-8")
    index = run("report", "--index", "--to", ".")
    assert f"{ID} could not be told: " in index.stderr
    told = run("report", "--help").stdout
    for option in ("--to", "--format", "--index", "--open", "--json"):
        (line,) = (line for line in told.splitlines() if line.strip().startswith(option))
        assert line.split(option)[1].strip()
