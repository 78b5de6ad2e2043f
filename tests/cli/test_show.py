"""``show``: one paper with its parts."""

import json
import os
from pathlib import Path

import pytest
from support.arxiv_server import ArxivServer
from support.made_page import RESULTS, page_of_paper
from support.made_paper import ABSTRACT, STAMP, write_paper
from support.tiny_pdf import tiny_pdf

from researchdesk.config import Settings

LISTS = (
    "sections",
    "figures",
    "tables",
    "algorithms",
    "references",
    "code_links",
    "claim_candidates",
)


@pytest.fixture
def made(run, tmp_path: Path) -> str:
    """The key of a paper added from a file of our own making."""
    write_paper(tmp_path / "made.pdf", stamp="")
    done = run("--offline", "add", "made.pdf", "--json")
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["papers"][0]["id"])


def test_json_has_the_parts_of_the_paper(run, made: str) -> None:
    done = run("--offline", "show", made, "--json")
    assert done.returncode == 0, done.stderr
    paper = json.loads(done.stdout)
    assert (paper["id"], paper["source"], paper["problem"]) == (made, "pdf", "")
    assert paper["authors"] == ["Ada Example", "Bo Sample"]
    assert paper["abstract"] == ABSTRACT
    assert {"level": 1, "title": "2 Method", "page": 2, "kind": "body"} in paper["sections"]
    (table,) = paper["tables"]
    assert (table["number"], len(table["box"])) == ("1", 4)
    assert table["cells"][2][:2] == ["linear warmup", "1.41 ± 0.02"]
    (figure,) = paper["figures"]
    assert set(figure) == {"number", "caption", "page", "box"}
    assert figure["caption"].startswith("Loss against steps")
    assert [item["arxiv"] for item in paper["references"]] == ["1412.6980", "1908.03265"]
    assert paper["code_links"][0]["url"] == "https://github.com/example/warmth"
    best = paper["claim_candidates"][0]
    assert {"text", "printed", "value", "page", "quote", "where", "score"} <= set(best)
    assert paper["notes"] == []
    assert paper["passes"] == []


def test_for_a_person(run, made: str) -> None:
    run("pass", "start", made, "--pass", "1")
    done = run("--offline", "show", made)
    assert done.returncode == 0, done.stderr
    for words in (
        "Warmth Before Speed",
        "Ada Example, Bo Sample",
        "read from the PDF",
        "  3 Results",
        "1 figure, 1 table, 0 algorithms, 2 references",
        "https://github.com/example/warmth",
        "Numbers that may be claims",
        "pass 1 of three-pass: started",
    ):
        assert words in done.stdout, words
    assert f"Next: researchdesk read {made} --pass 1" in done.stderr


def test_the_time_spent_on_a_pass_is_told(run, made: str) -> None:
    run("pass", "start", made, "--pass", "1")
    (item,) = json.loads(run("show", made, "--no-parse", "--json").stdout)["passes"]
    assert item["seconds"] == 0


def test_without_a_file_the_lists_are_empty_and_it_says_why(run) -> None:
    done = run("--offline", "show", "1904.09237", "--json")
    assert done.returncode == 0, done.stderr
    paper = json.loads(done.stdout)
    assert [paper[name] for name in LISTS] == [[]] * len(LISTS)
    assert (paper["source"], paper["pages"]) == ("", 0)
    assert "not on this desk" in done.stderr
    assert "researchdesk add 1904.09237" in run("--offline", "show", "1904.09237").stderr


def test_what_is_known_already(run, made: str) -> None:
    done = run("show", made, "--no-parse", "--json")
    assert done.returncode == 0, done.stderr
    paper = json.loads(done.stdout)
    assert [paper[name] for name in LISTS] == [[]] * len(LISTS)
    assert done.stderr == ""


def test_a_file_that_broke_since_is_no_failure_of_show(run, made: str) -> None:
    desk = Path(os.environ["RESEARCHDESK_DESK"])
    for file in desk.glob("cache/documents/*.json"):
        file.unlink()
    (held,) = desk.glob("papers/*/v1.pdf")
    held.write_bytes(b"%PDF-1.4 broken")
    done = run("show", made, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["sections"] == []
    assert "warning" in done.stderr


def test_pages_without_text_say_so(run, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(tiny_pdf(" "))
    key = json.loads(run("add", "scan.pdf", "--json").stdout)["papers"][0]["id"]
    done = run("show", key, "--json")
    assert json.loads(done.stdout)["problem"]
    assert "no text" in done.stderr


def test_html_is_preferred_and_named(
    run, arxiv_settings: Settings, arxiv_server: ArxivServer, tmp_path: Path
) -> None:
    pdf = write_paper(tmp_path / "made.pdf", STAMP).read_bytes()
    arxiv_server.add("1706.03762v5", pdf=pdf, html=page_of_paper(), abstract="Of the metadata.")
    added = json.loads(run("add", "1706.03762", "--json").stdout)["papers"]
    assert added[0]["html"] == "papers/1706.03762/v5.html"
    paper = json.loads(run("show", "1706.03762", "--json").stdout)
    assert (paper["source"], paper["abstract"]) == ("html", "Of the metadata.")
    assert paper["versions"][0]["html"] == "papers/1706.03762/v5.html"
    assert paper["tables"][0]["cells"] == [list(row) for row in RESULTS]
    assert {section["page"] for section in paper["sections"]} == {1, 2, 3}
    shown = run("show", "1706.03762").stdout
    assert "HTML: v5" in shown
    assert "read from arXiv's HTML" in shown


def test_tables_that_cannot_be_read_leave_the_other_parts(run, made: str) -> None:
    (held,) = Path(os.environ["RESEARCHDESK_DESK"]).glob("papers/*/v1.pdf")
    held.write_bytes(b"%PDF-1.4 broken")
    done = run("show", made, "--json")
    assert done.returncode == 0
    paper = json.loads(done.stdout)
    assert all(paper[name] for name in ("sections", "references", "code_links"))
    assert paper["claim_candidates"] == []
    assert "warning" in done.stderr
