"""What a terminal would act on is gone from all that comes from outside, before it is kept."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.faketime import FakeTime
from support.feed_server import FeedServer, Told
from support.oai_server import OaiServer
from support.pseudo_terminal import pseudo_terminal
from support.s2_server import S2Server
from support.tiny_pdf import tiny_pdf

from researchdesk.config import Settings
from researchdesk.domain.citations import Relation
from researchdesk.domain.feeds import FeedKind
from researchdesk.services import acquire, citations, feeds, library
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.feeds_refreshing import refresh
from researchdesk.services.importing import import_library
from researchdesk.services.pdf_imports import import_pdfs
from researchdesk.services.syncing import sync

ESC = "\x1b[31mred\x1b]0;title\x07\u009b2J\u202e"
C1 = "\u009b31mred\u009d0;title\u009c\u202e"
"""XML has no ESC, and has the controls that begin a sequence in one sign."""
_ACTED_ON = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

BIB = f"""@string{{j = {{Journal{ESC}}}}}
@article{{key{ESC}, title = {{One{ESC}}}, author = {{Doe{ESC}, Jo}}, year = {{2001{ESC}}},
  journal = j, doi = {{10.1000/x{ESC}}}, keywords = {{tag{ESC}, other}}, abstract = {{We{ESC}}},
  note = {{x{ESC}}}, eprint = {{2001.00001{ESC}}}, archiveprefix = {{arXiv}},
  file = {{:a{ESC}.pdf:PDF}}, x{ESC} = {{y}}, groups = {{shelf{ESC}}}}}
@junk{ESC}{{
"""
CSL = [
    {
        "id": f"csl{ESC}",
        "type": f"article{ESC}",
        "title": f"Two{ESC}",
        "author": [{"family": f"Roe{ESC}", "given": f"Al{ESC}"}],
        "container-title": f"J{ESC}",
        "DOI": f"10.1000/y{ESC}",
        "keyword": f"a{ESC}, b",
        "note": f"x{ESC}",
        f"own{ESC}": f"y{ESC}",
    }
]
RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/">
<bib:Article rdf:about="#item_1{C1}"><z:itemType>journalArticle{C1}</z:itemType>
<dc:title>Three{C1}</dc:title><dc:subject>tag{C1}</dc:subject><dc:description>n{C1}</dc:description>
<z:citationKey>k{C1}</z:citationKey><dc:identifier>DOI 10.1000/z{C1}</dc:identifier>
<bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Poe{C1}</foaf:surname></foaf:Person>
</rdf:li></rdf:Seq></bib:authors></bib:Article></rdf:RDF>"""


@pytest.fixture
def open_at(settings: Settings, fake_time: FakeTime) -> Iterator[object]:
    opened: list[Desk] = []

    def call(**there: object) -> Desk:
        opened.append(open_desk(replace(settings, **there), fake_time.clock))
        return opened[-1]

    yield call
    for desk in opened:
        desk.close()


def signs(desk: Desk) -> list[tuple[str, str]]:
    """Every text of the desk that a terminal would act on, those within JSON too. Fields of
    records stay as they came, to be written so again; a full text's pages end with a form feed."""
    found = []
    raw = desk.database.raw
    tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_fts%'"
    for (table,) in raw.execute(rf"{tables} ESCAPE '\'").fetchall():
        answer = raw.execute(f'SELECT * FROM "{table}"')
        names = [column[0] for column in answer.description]
        for row in answer:
            for name, value in zip(names, row, strict=True):
                text = value.replace("\f", "") if isinstance(value, str) else ""
                if (table, name) == ("records", "fields"):
                    continue
                if text.startswith(("[", "{")):
                    text = _flat(json.loads(text))
                if _ACTED_ON.search(text):
                    found.append((table, text))
    return found


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return "".join(map(_flat, (*value, *value.values())))
    return "".join(map(_flat, value)) if isinstance(value, list) else str(value)


def test_of_libraries_and_pdfs(open_at, tmp_path: Path) -> None:
    desk = open_at()
    (tmp_path / "a.bib").write_text(BIB, "utf-8")
    (tmp_path / "b.json").write_text(json.dumps(CSL), "utf-8")
    (tmp_path / "c.rdf").write_text(RDF, "utf-8")
    for name in ("a.bib", "b.json", "c.rdf"):
        report = import_library(desk, [tmp_path / name])
        assert len(report.added) == 1, report
    pdf = tmp_path / "d.pdf"
    pdf.write_bytes(tiny_pdf("Four\x1b[31m red\nBo\x1b[0m Writer\nAbstract\nWe\x1b[1m show."))
    assert import_pdfs(desk, [pdf]).added
    assert len(library.list_papers(desk)) == 4
    assert signs(desk) == []


def test_an_export_to_a_terminal_has_none_though_the_file_has(open_at, tmp_path: Path) -> None:
    desk = open_at()
    (tmp_path / "a.bib").write_text(BIB, "utf-8")
    import_library(desk, [tmp_path / "a.bib"])
    argv = [sys.executable, "-m", "researchdesk", "--desk", str(desk.root)]
    command = [*argv, "export", "bibtex", "--all"]
    assert b"\x1b[31m" in subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    with pseudo_terminal() as (end, told):
        subprocess.run(command, check=True, stdout=end)
        shown = told()
    assert "One" in shown
    assert not _ACTED_ON.search(shown)


def test_of_arxiv_and_its_records(open_at, fake_time) -> None:
    with OaiServer() as server:
        desk = open_at(arxiv_url=server.url, oai_url=f"{server.url}/oai")
        words = {
            "title": f"T{C1}",
            "authors": (f"Ada{C1}",),
            "abstract": f"We{C1}",
            "comment": f"withdrawn{C1}",
            "doi": f"10.1/x{C1}",
            "journal_ref": f"Nature{C1} 521",
            "categories": (f"cs.LG{C1}",),
        }
        server.add("2001.00001v1", **words)
        acquire.add(desk, "2001.00001v1", with_pdf=False)
        server.add("2001.00001v2", **words)
        assert sync(desk, deep=True, sleep=fake_time.sleep).news
        assert signs(desk) == []


def test_of_feeds(open_at, fake_time) -> None:
    with FeedServer() as server:
        desk = open_at(arxiv_url=server.url, rss_url=server.url)
        moment = datetime(2026, 4, 10, tzinfo=ZoneInfo("America/New_York"))
        fake_time.now = moment
        told = Told("2604.00001v1", f"T{C1}", authors=f"Ada{C1}", abstract=f"We{C1}")
        server.announce(moment, told)
        item = (
            f"<item><title>Read{C1}</title><link>https://arxiv.org/abs/2604.00002</link>"
            f"<guid>x{C1}</guid><author>Bo{C1}</author><description>s{C1}</description></item>"
        )
        body = f'<rss version="2.0"><channel><title>F{C1}</title>{item}</channel></rss>'
        address = server.put("/blog", body)
        feeds.follow(desk, FeedKind.CATEGORY, "cs.LG")
        feeds.follow(desk, FeedKind.ADDRESS, address)
        refresh(desk)
        assert feeds.waiting(desk)
        assert signs(desk) == []


def test_of_semantic_scholar(open_at) -> None:
    with S2Server() as server:
        desk = open_at(s2_url=server.url, semantic_scholar=True)
        paper = library.get_paper(desk, "1904.09237")
        centre = server.add("Centre", arxiv="1904.09237")
        cited = server.add(
            f"T{ESC}",
            doi=f"10.1/x{ESC}",
            venue=f"ICML{ESC}",
            authors=[{"name": f"A{ESC}"}],
        )
        server.cite(centre, cited)
        citations.around(desk, paper, Relation.REFERENCES, refresh=True)
        assert desk.database.connection.table("cited_works").count
        assert signs(desk) == []
