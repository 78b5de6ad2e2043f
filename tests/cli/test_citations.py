"""``researchdesk cites``: the papers' own lists, the service where it is on, works put here."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from support.arxiv_server import ArxivServer
from support.s2_server import Fault, S2Server

from researchdesk.config import Settings
from researchdesk.domain.documents import Document, Reference
from researchdesk.domain.papers import Metadata, PaperVersion
from researchdesk.services.desk import open_desk
from researchdesk.services.documents import keep_document
from researchdesk.services.library import file_metadata
from researchdesk.storage import papers

LIST = (
    Reference("1", "A. Cited. Adam, a method. ICLR 2015.", 9, "Adam, a method", "1412.6980",
              year=2015),
    Reference("2", "B. Else. A \x1b[31mreport\u202e.", 9, "A \x1b[31mreport\u202e", year=2001),
)  # fmt: skip


@pytest.fixture
def cited(arxiv_settings: Settings) -> None:
    """A desk with a paper that has a list of two."""
    desk = open_desk(replace(arxiv_settings, offline=True))
    filed = file_metadata(desk, Metadata(title="Ours", arxiv_id="1904.00001"))
    path = desk.root / "papers" / "1904.00001" / "v1.pdf"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"%PDF-1.7 stands in for a file")
    held = PaperVersion(1, "papers/1904.00001/v1.pdf", "0" * 64, 29)
    papers.set_version(desk.database.connection, filed.id, held)
    keep_document(desk, "0" * 64, Document("T", 1, (), (), (), references=LIST))
    desk.close()


@pytest.fixture
def scholar(monkeypatch: pytest.MonkeyPatch) -> Iterator[S2Server]:
    with S2Server() as started:
        monkeypatch.setenv("RESEARCHDESK_S2_URL", started.url)
        monkeypatch.setenv("RESEARCHDESK_SEMANTIC_SCHOLAR", "1")
        yield started


def test_its_own_list_without_any_service(run, cited: None) -> None:
    done = run("cites", "1904.00001")
    assert done.returncode == 0, done.stderr
    assert "References: 2, 2 in the paper's own list" in done.stdout
    assert "1412.6980  2015  ICLR" in done.stdout
    assert "\x1b[31m" not in done.stdout
    assert "\u202e" not in done.stdout
    assert "semantic_scholar = true" in done.stderr
    told = json.loads(run("cites", "arXiv:1904.00001v1", "--references", "--json").stdout)
    assert told["references"]["state"] == "off"
    assert [work["title"] for work in told["references"]["works"]] == ["Adam, a method", "A report"]
    assert "similar" not in told


def test_a_paper_that_is_not_from_arxiv_is_told_where_its_list_comes_from(run, tmp_path) -> None:
    (tmp_path / "a.bib").write_text("@book{k, title = {A book of it}}", "utf-8")
    run("import", "a.bib")
    said = run("cites", "k").stderr
    assert "It is not from arXiv: bring its PDF in with researchdesk import FILE.pdf" in said
    assert "researchdesk add" not in said


def test_what_only_the_service_knows_is_refused_with_the_way_to_it(run, cited: None) -> None:
    done = run("cites", "1904.00001", "--similar")
    assert (done.returncode, done.stdout) == (4, "")
    assert "nothing was sent" in done.stderr
    assert "RESEARCHDESK_SEMANTIC_SCHOLAR=1" in done.stderr
    assert run("cites", "1904.00001", "--refresh").returncode == 4


def test_wrong_usage_and_unknown_papers(run, cited: None) -> None:
    assert run("cites").returncode == 2
    assert run("cites", "2401.00001").returncode == 3
    assert run("cites", "1904.00001", "--add", "1").returncode == 2
    assert run("cites", "1904.00001", "--references", "--add", "x").returncode == 2
    outside = run("cites", "1904.00001", "--references", "--add", "1-3")
    assert (outside.returncode, "no number 3" in outside.stderr) == (2, True)


def test_chosen_ones_are_put_on_the_desk(run, cited: None, arxiv_server: ArxivServer) -> None:
    arxiv_server.add("1412.6980v9", title="Adam, a method")
    done = run("cites", "1904.00001", "--references", "--add", "1,2", "--json")
    assert done.returncode == 0, done.stderr
    assert [p["id"] for p in json.loads(done.stdout)["papers"]] == ["1412.6980"]
    assert "Number 2 has no arXiv id" in done.stderr
    listed = run("cites", "1412.6980", "--cited-by")
    assert "Cited by: 1, 1 on the desk" in listed.stdout
    assert "1904.00001" in listed.stdout


def test_the_lists_of_the_whole_desk(run, cited: None) -> None:
    assert "not read yet, and may have it: 1." in run("cites", "1904.00001", "--cited-by").stderr
    first = run("cites", "--index")
    assert "1 reference lists read now, 0 were read before" in first.stdout
    assert "were not read" not in run("cites", "1904.00001", "--cited-by").stderr
    assert json.loads(run("cites", "--index", "--json").stdout)["current"] == 1


def test_the_service_is_asked_once_and_answers_offline(run, cited: None, scholar: S2Server) -> None:
    ours = scholar.add("Ours", arxiv="1904.00001", venue="ICML", year=2019, citationCount=1)
    scholar.cite(scholar.add("Later [b]on[/b]", year=2024, citationCount=7), ours, influential=True)
    done = run("cites", "1904.00001", "--cited-by")
    assert done.returncode == 0, done.stderr
    assert "Later [b]on[/b]" in done.stdout
    assert "Ours  (ICML, 2019)" in done.stdout
    count = len(scholar.asked)
    told = json.loads(run("--offline", "cites", "1904.00001", "--cited-by", "--json").stdout)
    assert len(scholar.asked) == count
    assert told["venue"] == "ICML"
    assert told["cited-by"]["state"] == "answered"
    assert told["cited-by"]["works"][0]["influential"] is True
    assert told["cited-by"]["fetched_at"]


def test_a_failure_shows_what_was_known(run, cited: None, scholar: S2Server) -> None:
    scholar.fail(Fault(status=403))
    done = run("cites", "1904.00001", "--references")
    assert done.returncode == 0
    assert "Adam, a method" in done.stdout
    assert "HTTP 403" in done.stderr
    scholar.fail(Fault(status=403))
    assert run("cites", "1904.00001", "--references", "--refresh").returncode == 4


def test_a_paper_that_the_service_does_not_know(run, cited: None, scholar: S2Server) -> None:
    done = run("cites", "1904.00001", "--cited-by")
    assert done.returncode == 0
    assert "does not know this paper" in done.stderr
    count = len(scholar.asked)
    run("cites", "1904.00001", "--cited-by")
    assert len(scholar.asked) == count


def test_the_key_is_sent_and_never_shown(
    run, cited: None, scholar: S2Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESEARCHDESK_S2_KEY", "s3cret-of-mine")
    scholar.fail(Fault(status=401))
    done = run("cites", "1904.00001", "--similar", "--refresh")
    assert done.returncode == 4
    assert scholar.asked[0].headers["x-api-key"] == "s3cret-of-mine"
    assert "does not accept the key" in done.stderr
    assert "s3cret" not in done.stdout + done.stderr
