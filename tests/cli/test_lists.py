"""The library on the command line: lists, filters, pages, smart lists."""

import json

import pytest
from support.tiny_pdf import tiny_pdf

from researchdesk.config import load_settings
from researchdesk.domain.papers import Metadata
from researchdesk.services.desk import open_desk
from researchdesk.services.library import file_metadata, get_paper
from researchdesk.services.notes import add_note


@pytest.fixture
def _three() -> None:
    desk = open_desk(load_settings())
    for number, title in enumerate(("Zebras", "Horses [b]and[/b] zebras", "Lions")):
        words = Metadata(
            title,
            ("Ada Author",),
            "Of animals.",
            ("cs.LG" if number else "cs.CV",),
            arxiv_id=f"200{number}.00001",
        )
        file_metadata(desk, words)
    add_note(desk, get_paper(desk, "2002.00001"), 1, "they roar")
    desk.close()


@pytest.mark.usefixtures("_three")
def test_list_takes_a_query_and_pages(run) -> None:
    def ids(*args: str) -> list[str]:
        done = run("list", *args, "--json")
        assert done.returncode == 0, done.stderr
        return [paper["id"] for paper in json.loads(done.stdout)["papers"]]

    assert ids() == ["2002.00001", "2001.00001", "2000.00001"]
    assert ids("zebra", "sort:year") == ["2001.00001", "2000.00001"]
    assert ids("cat:cs.LG", "--limit", "1", "--offset", "1") == ["2001.00001"]
    assert ids("--category", "CS.cv") == ["2000.00001"]
    assert ids("--status", "in pass") == ["2002.00001"]
    assert ids("--status", "unread", "year:>2000") == ["2001.00001", "2000.00001"]
    assert json.loads(run("list", "--limit", "1", "--json").stdout)["total"] == 3
    assert "1-1 of 3; more: --offset 1" in run("list", "--limit", "1").stderr
    assert run("list", "nothing").stderr == "No paper fits.\n"
    assert run("list", "--format", "{id} {year}", "lions").stdout == "2002.00001 2020\n"
    assert "waits for a year" in run("list", "year:20").stderr


@pytest.mark.usefixtures("_three")
@pytest.mark.parametrize("command", ["list", "search"])
def test_what_is_not_understood_is_told_and_the_rest_is_searched(run, command: str) -> None:
    for query, why in (("year:abc", "as 2019"), ("author:", "a name"), ("++", "++ has no word")):
        nothing = run(command, query, "--json")
        assert (nothing.returncode, nothing.stdout) == (2, "")
        assert "Nothing of the search was understood" in nothing.stderr
        assert why in nothing.stderr
    run("collection", "add", "herd", "2001.00001")
    for query, told, total in (
        ("zebras year:abc", "year: waits for a year", 2),
        ("yaer:2000", "Is year: meant?", 0),
        ("foo:bar", "There are author:, title:", 0),
        ("in:hered", "There is no collection hered. Is herd meant?", 0),
        ("zebras -in:hered", "There is no collection hered.", 2),
        ("zebras -list:none", "There is no smart list none.", 2),
        ("zebras OR lions", "for one or the other, search twice", 0),
    ):
        done = run(command, "--json", "--", query)
        assert (done.returncode, json.loads(done.stdout)["total"]) == (0, total), query
        assert told in done.stderr
        assert told in json.loads(done.stdout)["problems"][0]
        assert told in run(command, "--", query).stderr


@pytest.mark.usefixtures("_three")
def test_search_says_where_and_in_which_words(run) -> None:
    found = json.loads(run("search", "roar", "--json").stdout)
    (paper,) = found["papers"]
    assert (found["total"], paper["id"], paper["found_in"]) == (1, "2002.00001", "note")
    assert paper["snippet"] == "they roar"
    assert paper["snippet_pieces"][1] == {"text": "roar", "hit": True}
    assert (paper["tags"], paper["stars"], paper["year"]) == ([], 0, 2020)
    printed = run("search", "roar").stdout
    assert "note: they roar" in printed
    assert "Horses [b]and[/b] zebras" in run("search", "horse").stdout
    only = json.loads(run("search", "cat:cs.LG", "zebra", "--json").stdout)
    assert [item["id"] for item in only["papers"]] == ["2001.00001"]
    more = run("search", "zebra", "--limit", "1")
    assert "1-1 of 2; more: --offset 1" in more.stderr
    assert run("search", "--", "-zebra", "--json").returncode == 0
    slip = run("search", "autor:ada")
    assert "Is author: meant?" in slip.stderr


@pytest.mark.usefixtures("_three")
def test_smart_lists_are_kept_shown_and_forgotten(run) -> None:
    assert "No smart lists yet" in run("lists").stderr
    kept = json.loads(run("lists", "keep", "stripes", "zebra cat:cs.LG", "--json").stdout)
    assert (kept["name"], kept["query"], kept["papers"]) == ("stripes", "zebra cat:cs.LG", 1)
    assert "stripes  1" in run("lists").stdout.replace("       ", "  ")
    listed = json.loads(run("lists", "--json").stdout)["lists"]
    assert [item["name"] for item in listed] == ["stripes"]
    shown = json.loads(run("lists", "show", "Stripes", "--json").stdout)
    assert [paper["id"] for paper in shown["papers"]] == ["2001.00001"]
    assert "2001.00001" in run("lists", "show", "stripes").stdout
    assert "2001.00001" in run("list", "list:stripes").stdout
    assert run("lists", "show", "none").returncode == 3
    assert run("lists", "keep", "x", "year:20").returncode == 2
    assert "stripes is forgotten" in run("lists", "drop", "stripes").stderr
    assert json.loads(run("lists", "--json").stdout) == {"lists": []}


def test_texts_of_pdfs_are_taken_in(run, tmp_path) -> None:
    (tmp_path / "quaggas.pdf").write_bytes(tiny_pdf("Of quaggas"))
    assert run("add", "quaggas.pdf").returncode == 0
    done = run("search", "--index")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Texts taken in: " in done.stderr
    assert run("search").returncode == 2
