"""``recommend`` and ``similar`` on the command line."""

import json
from typing import Any

import pytest
from support.topics import TOPICS, file_topic, liked, tagged

from researchdesk.config import load_settings
from researchdesk.services.desk import open_desk

VISION, LANGUAGE, GRAPHS = TOPICS


def data(done: Any) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def filled() -> None:
    """Eight papers of two topics; of one, three are liked and two have a tag of the other."""
    desk = open_desk(load_settings())
    with desk.database.writing():
        visual, graphs = file_topic(desk, VISION, 8), file_topic(desk, GRAPHS, 8)
        liked(desk, *visual[:3])
        tagged(desk, "gnn", *graphs[:2])
    desk.close()


def test_nothing_to_go_on_yet(run) -> None:
    done = run("recommend")
    assert done.returncode == 0
    assert done.stdout == ""
    assert "Nothing to go on yet" in done.stderr
    assert data(run("recommend", "--json"))["papers"] == []


def test_the_best_first_with_its_words(run, filled: None) -> None:
    found = data(run("recommend", "--limit", "5", "--json"))
    assert [item["id"][:4] for item in found["papers"]] == ["2001"] * 5
    first = found["papers"][0]
    assert first["status"] == "unread"
    assert first["for"][0]["share"] > 0
    assert {item["word"] for item in first["for"]} <= {*TOPICS[VISION], "ann vision"}
    assert found["basis"] == {
        "method": "linear SVM",
        "liked": 3,
        "not_liked": 0,
        "background": 13,
    }
    shown = run("recommend", "--limit", "3", "--unread")
    lines = shown.stdout.splitlines()
    assert lines[0].split()[:2] == ["id", "score"]
    assert len(lines) == 4
    assert lines[1].split()[0] == first["id"]
    assert f"+{first['for'][0]['word']}" in lines[1]
    assert "By linear SVM: 3 liked, 0 not liked, 13 others." in shown.stderr


def test_why_says_all_words(run, filled: None) -> None:
    shown = run("recommend", "--why", "--limit", "20").stdout
    assert "    for      +" in shown
    assert "    against  -" in shown


def test_by_a_tag(run, filled: None) -> None:
    found = data(run("recommend", "--tag", "GNN", "--limit", "6", "--json"))
    assert found["tag"] == "gnn"
    ids = [item["id"] for item in found["papers"]]
    assert [name[:4] for name in ids] == ["2003"] * 6
    assert not {"2003.00001", "2003.00002"} & set(ids)
    every = data(run("recommend", "--tag", "gnn", "--limit", "8", "--all", "--json"))["papers"]
    assert {"2003.00001", "2003.00002", *ids} == {item["id"] for item in every}
    unknown = run("recommend", "--tag", "rnn")
    assert unknown.returncode == 3
    assert "There are: gnn." in unknown.stderr


def test_similar_papers(run, filled: None) -> None:
    found = data(run("similar", "arXiv:2003.00001", "--limit", "4", "--json"))
    assert found["to"] == "2003.00001"
    assert [item["id"][:4] for item in found["papers"]] == ["2003"] * 4
    shown = run("similar", "2003.00001", "--why")
    assert shown.stdout.startswith(found["papers"][0]["id"])
    assert run("similar", "2003.09999").returncode == 3


def test_a_wrong_limit_is_wrong_usage(run) -> None:
    assert run("recommend", "--limit", "0").returncode == 2
    assert run("similar", "2003.00001", "--limit", "none").returncode == 2
