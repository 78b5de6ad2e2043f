"""Two versions, two records, two ways to the desk: one paper."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support import made_paper
from support.arxiv_server import ArxivServer
from support.faketime import FakeTime
from support.feed_server import FeedServer, Told

from researchdesk.config import Settings
from researchdesk.domain.feeds import EntryState, FeedKind
from researchdesk.services import acquire, feeds, importing, library, merging, pdf_imports
from researchdesk.services.bibliographies import export_bibliography
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.feeds_refreshing import refresh
from researchdesk.services.syncing import sync

EASTERN = ZoneInfo("America/New_York")
BOTH = """@article{vaswani2017, title={Attention Is All You Need}, author={Vaswani, Ashish},
  eprint={1706.03762v1}, archiveprefix={arXiv}, year={2017}}
@misc{v5, title={Attention is all you need}, author={Ashish Vaswani}, year={2017},
  url={https://arxiv.org/abs/1706.03762v5}}
"""
PUBLISHED = """@inproceedings{nips, title={Another Name For Attention}, author={Vaswani, Ashish},
  booktitle={NIPS}, doi={10.5555/3295222}, year={2017}}
"""


@pytest.fixture
def online(
    arxiv_settings: Settings, arxiv_server: ArxivServer, fake_time: FakeTime
) -> Iterator[Desk]:
    authors = ("Ashish Vaswani", "Noam Shazeer")
    arxiv_server.add("1706.03762v1", title="Attention (draft)", authors=authors)
    arxiv_server.add(
        "1706.03762v5", title="Attention Is All You Need", authors=authors, doi="10.5555/3295222"
    )
    opened = open_desk(arxiv_settings, fake_time.clock)
    yield opened
    opened.close()


def bib(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "library.bib"
    file.write_text(text)
    return file


def only(desk: Desk) -> int:
    (item,) = library.list_papers(desk)
    return item.paper.id


@pytest.mark.parametrize("first", ["added", "imported"])
def test_versions_added_and_imported_are_one(online, tmp_path, first) -> None:
    steps = [
        lambda: [acquire.add(online, f"1706.03762v{n}", with_pdf=False) for n in (1, 5)],
        lambda: importing.import_library(online, [bib(tmp_path, BOTH)]),
    ]
    for step in steps if first == "added" else reversed(steps):
        step()
    only(online)
    assert library.get_paper(online, "1706.03762v1").version == 5


def test_what_is_kept_from_a_feed_is_the_paper_that_is_there(settings, fake_time) -> None:
    with FeedServer() as server:
        told = replace(settings, arxiv_url=server.url, rss_url=server.url)
        desk = open_desk(told, fake_time.clock)
        feeds.follow(desk, FeedKind.CATEGORY, "cs.LG")
        kept = 0
        for day, name, kind in ((14, "2604.00001v1", "new"), (15, "2604.00001v2", "replace")):
            fake_time.now = datetime(2026, 4, day, 14, tzinfo=UTC)
            server.announce(datetime(2026, 4, day, tzinfo=EASTERN), Told(name, "First", kind))
            refresh(desk)
            for entry in feeds.waiting(desk):
                feeds.decide(desk, entry.id, EntryState.KEPT)
                kept += 1
        assert kept
        assert library.get_paper(desk, "2604.00001").id == only(desk)
        desk.close()


def test_a_published_twin_is_proposed_after_a_sync_tells_the_doi(online, tmp_path) -> None:
    acquire.add(online, "1706.03762v1", with_pdf=False)
    importing.import_library(online, [bib(tmp_path, PUBLISHED)])
    assert merging.propose(online) == []
    sync(online)
    (item,) = merging.propose(online)
    assert item.why == "same DOI 10.5555/3295222"
    merging.merge(online, item.kept.id, item.other.id)
    importing.import_library(online, [bib(tmp_path, PUBLISHED)])
    acquire.add(online, "1706.03762", with_pdf=False)
    kept = library.get_paper(online, "1706.03762")
    assert only(online) == kept.id
    written = export_bibliography(online, [kept], "bibtex")
    assert "@inproceedings{nips," in written
    assert "1706.03762" in written


def test_what_a_bibliography_said_stays_when_the_pdf_is_fetched(online, tmp_path) -> None:
    mine = """@inproceedings{mine, title={My own title}, author={Vaswani, A.}, year={2018},
      booktitle={NIPS}, doi={10.5555/mine}, eprint={1706.03762}, archiveprefix={arXiv}}"""
    importing.import_library(online, [bib(tmp_path, mine)])
    added = acquire.add(online, "1706.03762")
    words = library.get_paper(online, "1706.03762").metadata
    assert (added.version, words.version, words.abstract) == (5, 5, "We show something.")
    assert (words.title, words.authors) == ("My own title", ("A. Vaswani",))
    assert (words.year, words.doi, words.venue) == (2018, "10.5555/mine", "NIPS")
    assert (words.comment, words.categories) == ("", ("cs.LG",))


@pytest.mark.parametrize("with_pdf", [True, False])
def test_a_pdf_without_a_stamp_is_never_a_version_of_arxivs(
    online, arxiv_server, tmp_path, with_pdf
) -> None:
    words = {"title": made_paper.TITLE, "authors": ("Ada Example", "Bo Sample")}
    arxiv_server.add("2101.00001v2", **words)
    acquire.add(online, "2101.00001", with_pdf=with_pdf)
    asked = len(arxiv_server.paths())
    file = made_paper.write_paper(tmp_path / "mine.pdf", stamp="")
    assert pdf_imports.import_pdfs(online, [file]).joined == [(str(file), "2101.00001")]
    paper = library.get_paper(online, "2101.00001")
    assert paper.id == only(online)
    assert paper.pdf_of(2) == ("papers/2101.00001/v2.pdf" if with_pdf else "")
    assert paper.pdf_of(1001) == "papers/2101.00001/v1001.pdf"
    assert (online.root / paper.pdf_of(1001)).read_bytes() == file.read_bytes()
    assert paper.version == (2 if with_pdf else 1001)
    assert len(arxiv_server.paths()) == asked


def test_an_unstamped_pdf_that_is_added_is_a_paper_of_its_own_to_be_merged(
    online, arxiv_server, tmp_path
) -> None:
    words = {"title": made_paper.TITLE, "authors": ("Ada Example", "Bo Sample")}
    arxiv_server.add("2101.00001v2", **words)
    arxiv = acquire.add(online, "2101.00001").paper
    own = acquire.add(online, str(made_paper.write_paper(tmp_path / "mine.pdf", stamp=""))).paper
    assert (own.metadata.arxiv_id, own.id == arxiv.id) == (None, False)
    (item,) = merging.propose(online)
    assert (item.kept.id, item.other.id) == (arxiv.id, own.id)
    merging.merge(online, arxiv.id, own.id)
    kept = library.get_paper(online, "2101.00001")
    assert [held.version for held in kept.versions if held.pdf] == [2, 1001]
