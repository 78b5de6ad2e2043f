"""Adding a paper brings its HTML too, where arXiv has one, and never fails for it."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.arxiv_server import ArxivServer, Fault
from support.faketime import FakeTime
from support.made_page import page_of_paper
from support.made_paper import ABSTRACT, STAMP, write_paper
from support.tiny_pdf import tiny_pdf

from researchdesk.config import Settings
from researchdesk.services import acquire, library
from researchdesk.services.desk import Desk, open_desk

PAGE = page_of_paper()
DAY = 24 * 3600.0


@pytest.fixture
def online(arxiv_settings: Settings, fake_time: FakeTime) -> Desk:
    return open_desk(arxiv_settings, fake_time.clock)


def html_asked(server: ArxivServer) -> int:
    return sum(1 for path in server.paths() if path.startswith("/html/"))


def test_the_html_comes_after_the_pdf(online: Desk, arxiv_server: ArxivServer) -> None:
    arxiv_server.add("math/0405482v2", html=PAGE)
    held = acquire.add(online, "math/0405482").paper.held(2)
    assert held is not None
    assert held.html == "papers/math_0405482/v2.html"
    assert (online.root / held.html).read_text("utf-8") == PAGE
    assert len(held.html_sha256) == 64
    assert held.pdf
    assert arxiv_server.paths()[-2:] == ["/pdf/math/0405482v2", "/html/math/0405482v2"]
    assert library.get_paper(online, "math/0405482").held(2) == held


@pytest.mark.parametrize(
    "fault",
    [Fault(status=404), Fault(status=403), Fault(status=500), Fault(body=b"<p>no</p>")],
)
def test_without_html_the_paper_is_added_all_the_same(
    online: Desk, arxiv_server: ArxivServer, fault: Fault
) -> None:
    arxiv_server.add("1706.03762v5", html=PAGE)
    arxiv_server.fail("/html/", *[fault] * 4)
    added = acquire.add(online, "1706.03762")
    held = added.paper.held(5)
    assert (added.fetched, added.warning) == (True, "")
    assert held is not None
    assert (held.html, bool(held.pdf)) == ("", True)


def test_it_is_asked_for_again_after_a_day_when_the_paper_is_added_again(
    online: Desk, arxiv_server: ArxivServer, fake_time: FakeTime
) -> None:
    arxiv_server.add("1706.03762v5")
    acquire.add(online, "1706.03762v5")
    arxiv_server.add("1706.03762v5", html=PAGE)
    fake_time.sleep(DAY - 60)
    acquire.add(online, "1706.03762v5")
    assert html_asked(arxiv_server) == 1
    fake_time.sleep(120)
    again = acquire.add(online, "1706.03762v5")
    assert again.already
    assert again.paper.held(5).html  # type: ignore[union-attr]
    fake_time.sleep(2 * DAY)
    acquire.add(online, "1706.03762v5")
    assert html_asked(arxiv_server) == 2


def test_html_that_is_gone_from_the_disk_comes_back(
    online: Desk, arxiv_server: ArxivServer, fake_time: FakeTime
) -> None:
    arxiv_server.add("1706.03762v5", html=PAGE)
    held = acquire.add(online, "1706.03762").paper.held(5)
    assert held is not None
    (online.root / held.html).unlink()
    fake_time.sleep(2 * DAY)
    acquire.add(online, "1706.03762")
    assert (online.root / held.html).is_file()


def test_offline_and_without_pdf_it_is_not_asked_for(
    online: Desk, arxiv_server: ArxivServer, fake_time: FakeTime
) -> None:
    arxiv_server.add("1706.03762v5", html=PAGE)
    acquire.add(online, "1706.03762", with_pdf=False)
    assert html_asked(arxiv_server) == 0
    arxiv_server.add("1412.6980v9")
    acquire.add(online, "1412.6980v9")
    fake_time.sleep(2 * DAY)
    offline = replace(online, settings=replace(online.settings, offline=True))
    assert acquire.add(offline, "1412.6980v9").already
    assert html_asked(arxiv_server) == 1


def test_a_version_keeps_its_html_when_its_pdf_is_replaced(
    online: Desk, arxiv_server: ArxivServer, tmp_path: Path
) -> None:
    arxiv_server.add("1706.03762v5", html=PAGE)
    acquire.add(online, "1706.03762v5")
    file = tmp_path / "mine.pdf"
    file.write_bytes(tiny_pdf("arXiv:1706.03762v5  [cs.CL]  6 Dec 2017\nBetter"))
    held = acquire.add(online, str(file), replace=True).paper.held(5)
    assert held is not None
    assert held.html == "papers/1706.03762/v5.html"


def test_a_stamped_file_of_ones_own_gets_its_html(
    online: Desk, arxiv_server: ArxivServer, tmp_path: Path
) -> None:
    arxiv_server.add("1706.03762v5", html=PAGE)
    file = tmp_path / "mine.pdf"
    file.write_bytes(tiny_pdf("arXiv:1706.03762v5  [cs.CL]  6 Dec 2017\nMine"))
    held = acquire.add(online, str(file)).paper.held(5)
    assert held is not None
    assert held.html
    assert "/pdf/1706.03762v5" not in arxiv_server.paths()


@pytest.mark.parametrize("stamp", ["", STAMP])
def test_a_file_says_who_wrote_it(desk: Desk, tmp_path: Path, stamp: str) -> None:
    words = acquire.add(desk, str(write_paper(tmp_path / "x.pdf", stamp))).paper.metadata
    assert words.title == "Warmth Before Speed: A Small Study of Learning-Rate Warmup"
    assert words.authors == ("Ada Example", "Bo Sample")
    assert words.abstract == ABSTRACT
    assert words.arxiv_id == ("9912.00001" if stamp else None)
