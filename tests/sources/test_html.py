"""arXiv's HTML comes whole to its place; where there is none, that is said and no failure."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from support.arxiv_server import ArxivServer, Fault
from support.faketime import FakeTime
from support.made_page import page_of_paper

from researchdesk.config import Settings
from researchdesk.domain.identifiers import ArxivId
from researchdesk.errors import BadInputError, SourceError
from researchdesk.sources.arxiv import ArxivSource

PAPER = ArxivId("1706.03762", 5)
PAGE = page_of_paper()


@pytest.fixture
def target(arxiv_settings: Settings) -> Path:
    return arxiv_settings.papers / "1706.03762" / "v5.html"


def test_a_page_comes_whole(source: ArxivSource, arxiv_server: ArxivServer, target: Path) -> None:
    arxiv_server.add("1706.03762v5", html=PAGE)
    told: list[str] = []
    digest = source.download_html(PAPER, target, lambda what, *_: told.append(what))
    assert target.read_text("utf-8") == PAGE
    assert digest == hashlib.sha256(PAGE.encode()).hexdigest()
    assert arxiv_server.paths() == ["/html/1706.03762v5"]
    assert told[0] == "fetching the HTML of 1706.03762v5"
    assert [file.name for file in target.parent.iterdir()] == ["v5.html"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=404),
        Fault(status=410),
        Fault(body=b""),
        Fault(body=b"<html><body>HTML is not available for the source.</body></html>"),
        Fault(body=b"<html><p>article class ltx_document</p></html>"),
        Fault(body=b"%PDF-1.4"),
        Fault(body=b"<article " + b"class=" * 200_000),
    ],
)
def test_where_there_is_none(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path, fault: Fault
) -> None:
    arxiv_server.add("1706.03762v5", html=PAGE)
    arxiv_server.fail("/html/", fault)
    assert source.download_html(PAPER, target) is None
    assert not target.exists()
    assert len(arxiv_server.asked) == 1


def test_a_redirect_is_followed(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    arxiv_server.add("1706.03762v5", html=PAGE)
    arxiv_server.fail("/html/", Fault(status=302, headers={"Location": "/html/1706.03762v5"}))
    assert source.download_html(PAPER, target)


@pytest.mark.parametrize(
    ("faults", "asked"),
    [
        ([Fault(status=500)] * 9, 2),
        ([Fault(cut=60)] * 9, 2),
        ([Fault(status=403)] * 9, 1),
        ([Fault(body=PAGE[:900].encode())], 1),
    ],
)
def test_failures_leave_what_was_there(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path, faults: list[Fault], asked: int
) -> None:
    target.parent.mkdir(parents=True)
    target.write_text("before")
    arxiv_server.add("1706.03762v5", html=PAGE)
    arxiv_server.fail("/html/", *faults)
    with pytest.raises(SourceError) as caught:
        source.download_html(PAPER, target)
    assert caught.value.message
    assert target.read_text() == "before"
    assert len(arxiv_server.asked) == asked


def test_the_version_must_be_named(source: ArxivSource, target: Path) -> None:
    with pytest.raises(ValueError, match="version"):
        source.download_html(ArxivId("1706.03762"), target)


def test_offline_nothing_is_asked(
    arxiv_settings: Settings, arxiv_server: ArxivServer, fake_time: FakeTime, target: Path
) -> None:
    offline = ArxivSource(replace(arxiv_settings, offline=True), fake_time.clock, fake_time.sleep)
    with pytest.raises(SourceError, match="offline"):
        offline.download_html(PAPER, target)
    assert arxiv_server.asked == []


def test_requests_for_html_wait_their_turn(
    arxiv_settings: Settings, arxiv_server: ArxivServer, fake_time: FakeTime, target: Path
) -> None:
    arxiv_server.add("1706.03762v5", html=PAGE)
    paced = replace(arxiv_settings, arxiv_interval=3.0)
    source = ArxivSource(paced, fake_time.clock, fake_time.sleep)
    source.download_html(PAPER, target)
    source.download_html(PAPER, target)
    assert fake_time.slept == pytest.approx([3.0])


def test_a_place_that_cannot_be_written(
    source: ArxivSource, arxiv_server: ArxivServer, tmp_path: Path
) -> None:
    arxiv_server.add("1706.03762v5", html=PAGE)
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInputError):
        source.download_html(PAPER, tmp_path / "file" / "v5.html")
