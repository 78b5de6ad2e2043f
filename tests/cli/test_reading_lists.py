"""reading-list on the command line."""

import json


def test_lists_are_listed_shown_and_added(run) -> None:
    listed = run("reading-list", "list")
    assert "architectures" in listed.stdout
    found = json.loads(run("reading-list", "list", "--json").stdout)["lists"]
    assert len(found) == 16
    assert {"name", "title", "papers", "on_desk", "read", "own"} <= set(found[0])
    shown = run("reading-list", "show", "causality")
    assert "Towards Causal Representation Learning" in shown.stdout
    assert "2102.11107 · Bernhard Schölkopf, Francesco Locatello" in shown.stdout
    assert "researchdesk reading-list add causality" in shown.stderr
    done = run("--offline", "reading-list", "add", "causality")
    assert done.returncode == 0
    assert done.stdout == ""
    assert "13 papers, 13 new." in done.stderr
    assert "arXiv was not asked: --offline was given." in done.stderr
    state = json.loads(run("reading-list", "show", "causality", "--json").stdout)
    assert (state["on_desk"], state["read"]) == (13, 0)
    assert state["entries"][0]["arxiv"] == "1911.10500"
    shown = json.loads(run("collection", "show", "causality", "--json").stdout)
    assert [p["id"] for p in shown["papers"]] == [e["arxiv"] for e in state["entries"]]
    assert shown["papers"][0]["why"] == state["entries"][0]["why"]
    after = run("reading-list", "show", "causality")
    assert "0 of 13 read, 13 on the desk" in after.stdout
    assert "Next: researchdesk read 1911.10500 --pass 1" in after.stderr
    assert "reading list causality put on the desk" in run("undo", "--yes").stderr
    assert json.loads(run("list", "--json").stdout)["papers"] == []


def test_no_such_list(run) -> None:
    done = run("reading-list", "show", "nonsense")
    assert done.returncode == 3
    assert "There are: how-to-research, " in done.stderr


def test_a_broken_file_is_named_by_its_line(run, tmp_path) -> None:
    (tmp_path / "mine.toml").write_text('name = "x"\n', "utf-8")
    done = run("reading-list", "add", "mine.toml")
    assert done.returncode == 5
    assert "mine.toml: line 1: title: missing" in done.stderr
