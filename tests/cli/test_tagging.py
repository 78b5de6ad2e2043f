"""tag, collection, mark and undo on the command line."""

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from researchdesk.cli import taking_back
from researchdesk.cli.context import Session
from researchdesk.config import load_settings
from researchdesk.domain.papers import Metadata
from researchdesk.services import library
from researchdesk.services.desk import open_desk


@pytest.fixture(autouse=True)
def papers() -> None:
    """Three papers on the desk that the environment names."""
    desk = open_desk(load_settings())
    for number, title in enumerate(("Deep Nets", "Shallow Nets", "On Rest"), 1):
        words = Metadata(title, ("Ada Author",), arxiv_id=f"2001.0000{number}", stated_year=2020)
        library.file_metadata(desk, words)
    desk.close()


def tags(run) -> dict[str, int]:
    found = json.loads(run("tag", "list", "--json").stdout)["tags"]
    return {item["tag"]: item["papers"] for item in found}


def test_papers_are_tagged_and_it_is_said_how_to_take_it_back(run) -> None:
    done = run("tag", "add", "vision", "to read", "--to", "2001.00001", "2001.00002v3")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == ("2 papers tagged vision, to read.\nTake it back: researchdesk undo\n")
    assert tags(run) == {"to read": 2, "vision": 2}
    table = run("tag", "list").stdout.splitlines()
    assert [line.split() for line in table] == [
        ["tag", "papers"],
        ["to", "read", "2"],
        ["vision", "2"],
    ]
    assert (
        "1 paper no longer tagged vision."
        in run("tag", "remove", "--from", "2001.00001", "--", "vision").stderr
    )
    assert "Tag vision renamed cv on 1 paper." in run("tag", "rename", "vision", "cv").stderr
    assert tags(run) == {"cv": 1, "to read": 2}
    assert run("undo").stderr == "Taken back: tag vision renamed cv on 1 paper.\n"
    assert json.loads(run("undo", "--json").stdout)["undone"]["papers"] == 1
    assert tags(run) == {"to read": 2, "vision": 2}


def test_tags_of_the_most_papers_come_first_and_the_rest_is_told(run) -> None:
    run("tag", "add", "a", "b", "--to", "2001.00001")
    run("tag", "add", "z", "--to", "2001.00001", "2001.00002")
    short = run("tag", "list", "--limit", "2")
    assert [line.split()[0] for line in short.stdout.splitlines()] == ["tag", "z", "a"]
    assert short.stderr == "… and 1 more: --limit 3\n"
    assert list(tags(run)) == ["z", "a", "b"]


def test_ids_come_from_stdin(run) -> None:
    done = run("tag", "add", "all", "--to", "-", stdin="2001.00001\n\n 2001.00003 \n")
    assert done.returncode == 0
    assert tags(run) == {"all": 2}


def test_what_a_search_finds_is_tagged(run) -> None:
    seen = run("tag", "add", "nets", "--query", "title:nets", "--dry-run")
    assert "2 papers would be tagged nets. Nothing was changed." in seen.stderr
    assert "Shallow Nets" in seen.stdout
    assert tags(run) == {}
    done = run("tag", "add", "nets", "--query", "title:nets", "--json")
    assert json.loads(done.stdout)["change"]["papers"] == 2
    assert tags(run) == {"nets": 2}
    assert run("tag", "add", "x", "--query", "title:nothing").stderr == "No paper fits.\n"


@pytest.mark.parametrize("query", ["year:soon", "list:nonsense", "is:red", "in:none", "++"])
def test_a_search_that_is_not_understood_changes_nothing(run, query: str) -> None:
    done = run("tag", "add", "nets", "--query", query)
    assert done.returncode == 2
    assert "Nothing was changed" in done.stderr
    assert tags(run) == {}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("tag", "add", "x"), 2, "No paper was named."),
        (("tag", "add", "x", "--to", "2001.00001", "--query", "nets"), 2, "not both"),
        (("tag", "add", "a,b", "--to", "2001.00001"), 2, "cannot have a comma"),
        (("tag", "add", "x", "--to", "2001.09999"), 3, "no paper '2001.09999'"),
        (("tag", "rename", "x", "y"), 3, "no tag x"),
        (("mark", "2001.00001"), 2, "Give --stars, --priority or both"),
        (("mark", "2001.00001", "--stars", "6"), 2, "0<=x<=5"),
        (("collection", "drop", "x"), 3, "no collection x"),
        (("undo", "7"), 3, "no change 7"),
    ],
)
def test_what_cannot_be_done_says_why(run, words: tuple[str, ...], code: int, said: str) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr


def test_stars_and_priority(run) -> None:
    assert (
        "2 papers given 4 stars." in run("mark", "2001.00001", "2001.00002", "--stars", "4").stderr
    )
    assert "1 paper given priority 3." in run("mark", "2001.00001", "--priority", "3").stderr
    again = run("mark", "2001.00001", "--priority", "3").stderr
    assert again == "Nothing to do: 1 paper is given priority 3 already.\n"
    both = run("mark", "2001.00003", "2001.00001", "--stars", "2", "--priority", "3")
    assert "2 papers given 2 stars and priority 3." in both.stderr
    marks = "{id} {stars} {priority}"
    assert (
        run("list", "--format", marks).stdout == "2001.00003 2 3\n2001.00002 4 0\n2001.00001 2 3\n"
    )
    run("undo")
    assert (
        run("list", "--format", marks).stdout == "2001.00003 0 0\n2001.00002 4 0\n2001.00001 4 3\n"
    )
    listed = json.loads(run("undo", "--list", "--json").stdout)["changes"][1:]
    assert [item["what"] for item in listed] == [
        "1 paper given priority 3",
        "2 papers given 4 stars",
    ]
    assert run("undo", "1").returncode == 0
    assert "taken back" in run("undo", "--list").stdout
    assert run("undo", "1").returncode == 2


def test_a_line_of_ones_own_for_each_paper(run) -> None:
    run("tag", "add", "vision", "to read", "--to", "2001.00001")
    run("mark", "2001.00001", "--stars", "4")
    template = r"{id}\t{year} {title} [{tags}] {stars} {status}"
    line = "2001.00001\t2020 Deep Nets [to read, vision] 4 unread\n"
    assert run("show", "2001.00001", "--format", template).stdout == line
    assert run("list", "deep", "--format", template).stdout == line
    assert run("search", "tag:vision", "--format", template).stdout == line
    done = run("list", "--format", "{titel}")
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no field {titel}. Did you mean {title}?" in done.stderr
    found = run("list", "--format", "{id}").stdout
    run("tag", "add", "all", "--to", "-", stdin=found)
    assert tags(run)["all"] == 3


def test_what_is_big_is_asked_about_before_it_is_taken_back(run, tmp_path, monkeypatch) -> None:
    (tmp_path / "two.bib").write_text("@misc{a, title={One}}\n@misc{b, title={Two}}\n", "utf-8")
    run("import", "two.bib")
    refused = run("undo")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "2 papers imported. It is a big one, so nothing was changed yet." in refused.stderr
    assert "researchdesk undo 1 --yes" in refused.stderr
    terminal = SimpleNamespace(isatty=lambda: True)
    monkeypatch.setattr(taking_back, "sys", SimpleNamespace(stdin=terminal, stderr=terminal))
    session = Session(load_settings())
    asked = CliRunner().invoke(taking_back.undo, obj=session, input="n\n")
    assert "Take it back? [y/N]" in asked.output
    assert "Nothing was changed." in asked.output
    session.close()
    assert json.loads(run("list", "--json").stdout)["total"] == 5
    assert run("undo", "--yes").stderr == "Taken back: 2 papers imported.\n"
    assert json.loads(run("list", "--json").stdout)["total"] == 3
    again = run("redo")
    assert again.returncode == 2
    assert "an import or a merge" in again.stderr


def test_smart_lists_are_in_the_same_history_and_what_was_undone_is_made_again(run) -> None:
    run("tag", "add", "x", "--to", "2001.00001")
    run("lists", "keep", "mine", "tag:x")
    assert run("lists", "rename", "mine", "ours").returncode == 0
    run("lists", "drop", "ours")
    lines = run("undo", "--list").stdout.splitlines()
    assert ["next" in line for line in lines[1:]] == [True, False, False, False]
    for _ in range(4):
        assert run("undo").returncode == 0
    assert tags(run) == {}
    assert run("redo").stderr == "Made again: 1 paper tagged x.\n"
    assert "Made again: smart list mine kept: tag:x." in run("redo").stderr
    assert "2001.00001" in run("list", "list:mine").stdout
    run("mark", "2001.00001", "--stars", "1")
    assert run("redo", "--json").stdout == '{\n  "redone": null\n}\n'
    assert run("redo", "1").returncode == 2
    assert run("redo", "3").returncode == 0
    assert "ours" in run("lists").stdout


def test_nothing_to_undo(run) -> None:
    assert run("redo").stderr == "Nothing was taken back since the last change.\n"
    assert run("undo").stderr == "There is nothing to take back.\n"
    assert run("undo", "--list").stderr == "Nothing was changed yet.\n"
    assert json.loads(run("undo", "--json").stdout) == {"undone": None}


def test_a_collection_has_an_order(run) -> None:
    assert run("collection", "list").stderr.startswith("No collections yet.")
    run("collection", "new", "thesis", "--about", "Chapter 2")
    assert run("collection", "show", "thesis").stderr.startswith("thesis is empty.")
    run("collection", "add", "thesis", "2001.00003", "2001.00001")
    run("collection", "add", "thesis", "--query", "title:shallow")
    run("collection", "move", "thesis", "2001.00002", "--place", "1")
    shown = json.loads(run("collection", "show", "thesis", "--json").stdout)
    assert shown["about"] == "Chapter 2"
    assert [(p["place"], p["id"]) for p in shown["papers"]] == [
        (1, "2001.00002"),
        (2, "2001.00003"),
        (3, "2001.00001"),
    ]
    run("collection", "remove", "thesis", "2001.00003")
    run("collection", "rename", "thesis", "book")
    assert run("collection", "show", "book").stdout.splitlines()[1:] == [
        "1      2001.00002  Shallow Nets",
        "2      2001.00001  Deep Nets",
    ]
    listed = json.loads(run("collection", "list", "--json").stdout)["collections"]
    assert [(item["name"], item["papers"]) for item in listed] == [("book", 2)]
    assert "Collection book of 2 papers dropped." in run("collection", "drop", "book").stderr
    run("undo")
    assert "Chapter 2" in run("collection", "list").stdout
    run("collection", "add", "book", "2001.00003")
    run("collection", "move", "book", "2001.00003", "--place", "2")
    for query, ids in (
        (("in:book",), "2001.00002 2001.00003 2001.00001"),
        (("in:book", "cat:cs"), ""),
        (("in:book", "sort:title"), "2001.00001 2001.00003 2001.00002"),
        (("in:BOOK", "--", "-shallow"), "2001.00003 2001.00001"),
        (("in:book", "--limit", "1", "--offset", "1"), "2001.00003"),
    ):
        assert run("list", *query[:1], "--format", "{id}", *query[1:]).stdout.split() == ids.split()
    assert run("search", "in:book", "--format", "{id}").stdout.split()[0] == "2001.00002"


@pytest.mark.parametrize("name", ["tag", "collection", "mark", "undo"])
def test_help_shows_how(run, name: str) -> None:
    done = run(name, "--help")
    assert done.returncode == 0
    assert name == "undo" or f"researchdesk {name} " in done.stdout.partition("Options")[0]
