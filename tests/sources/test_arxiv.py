"""What arXiv says of papers, by id and by search, and what it says when it fails."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.arxiv_feed import error_feed
from support.arxiv_server import ArxivServer, Fault
from support.faketime import FakeTime

from researchdesk.config import Settings
from researchdesk.domain.identifiers import ArxivId
from researchdesk.domain.queries import FindQuery
from researchdesk.errors import NotOnDeskError, SourceError, UsageProblemError
from researchdesk.sources.arxiv import ArxivSource

API = "/api/query"
ATTENTION = ArxivId("1706.03762")


def fill(server: ArxivServer, count: int) -> None:
    for number in range(1, count + 1):
        server.add(f"2401.{number:05}", title=f"Paper {number}")


def test_metadata_of_a_paper(source: ArxivSource, arxiv_server: ArxivServer) -> None:
    arxiv_server.add("1706.03762v1")
    arxiv_server.add(
        "1706.03762v5",
        title="Attention Is All\n  You Need",
        authors=("Ashish Vaswani", " Noam\n Shazeer ", ""),
        abstract="  The dominant models\nare complex.\n  A second paragraph <b> & $x<y$.\n",
        categories=("cs.LG", "cs.CL", "cs.AI"),
        updated="2017-12-06T03:30:32Z",
        doi="10.1000/182",
        journal_ref="NIPS\n2017",
        comment="15 pages,\x85 5 figures",
    )
    found = source.metadata(ATTENTION)
    assert found.title == "Attention Is All You Need"
    assert found.authors == ("Ashish Vaswani", "Noam Shazeer")
    assert found.abstract == ("The dominant models are complex.\nA second paragraph <b> & $x<y$.")
    assert found.categories == ("cs.LG", "cs.AI", "cs.CL")
    assert (found.arxiv_id, found.version) == ("1706.03762", 5)
    assert found.published == datetime(2017, 6, 12, 17, 57, 34, tzinfo=UTC)
    assert found.updated == datetime(2017, 12, 6, 3, 30, 32, tzinfo=UTC)
    assert (found.doi, found.journal_ref) == ("10.1000/182", "NIPS 2017")
    assert found.comment == "15 pages, 5 figures"


def test_a_version_and_an_old_id(source: ArxivSource, arxiv_server: ArxivServer) -> None:
    arxiv_server.add("math/0405482v1")
    arxiv_server.add("math/0405482v2")
    first = source.metadata(ArxivId("math/0405482", 1))
    assert (first.arxiv_id, first.version) == ("math/0405482", 1)
    assert arxiv_server.asked[0].fields["id_list"] == "math/0405482v1"
    assert source.metadata(ArxivId("math/0405482")).version == 2


def test_an_unknown_id_is_asked_for_twice_and_not_on_the_desk(
    source: ArxivSource, arxiv_server: ArxivServer
) -> None:
    with pytest.raises(NotOnDeskError, match=r"no paper 1706\.03762") as caught:
        source.metadata(ATTENTION)
    assert caught.value.exit_code == 3
    assert len(arxiv_server.asked) == 2


def test_an_empty_page_for_a_known_id_is_a_fault_that_passes(
    source: ArxivSource, arxiv_server: ArxivServer
) -> None:
    empty = arxiv_server.answer_of("nothing")
    arxiv_server.add("1706.03762")
    arxiv_server.fail(API, Fault(body=empty))
    assert source.metadata(ATTENTION).version == 1
    assert len(arxiv_server.asked) == 2


@pytest.mark.parametrize("status", [200, 400])
def test_an_error_entry_is_told_in_arxivs_words(
    source: ArxivSource, arxiv_server: ArxivServer, status: int
) -> None:
    body = error_feed("incorrect id format for 1706.03762")
    arxiv_server.fail(API, *[Fault(status=status, body=body)] * 2)
    with pytest.raises(NotOnDeskError, match=r"format for 1706\.03762"):
        source.metadata(ATTENTION)
    with pytest.raises(UsageProblemError, match="incorrect id format"):
        source.find(FindQuery("x"))
    assert len(arxiv_server.asked) == 2


def test_a_400_without_words(source: ArxivSource, arxiv_server: ArxivServer) -> None:
    arxiv_server.fail(API, Fault(status=400, body=b"<html>Bad Request</html>"))
    with pytest.raises(UsageProblemError, match="HTTP 400"):
        source.find(FindQuery("x"))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty reply"),
        (b" \n", "empty reply"),
        (b"<!DOCTYPE html><html><body>Rate exceeded.</body></html>", "web page"),
        (b"<html><body><p>Busy</body></html>", "web page"),
        (b"Rate exceeded.", "web page"),
        (b'<!DOCTYPE feed [<!ENTITY x "y">]><feed xmlns="http://www.w3.org/2005/Atom"/>', "page"),
    ],
)
def test_a_reply_that_is_no_feed(
    source: ArxivSource, arxiv_server: ArxivServer, body: bytes, words: str
) -> None:
    arxiv_server.fail(API, Fault(body=body))
    with pytest.raises(SourceError, match=words) as caught:
        source.metadata(ATTENTION)
    assert caught.value.hint


@pytest.mark.parametrize("field", ["published", "updated"])
@pytest.mark.parametrize("value", ["yesterday", ""])
def test_a_date_without_sense_is_an_error(
    source: ArxivSource, arxiv_server: ArxivServer, field: str, value: str
) -> None:
    arxiv_server.add("1706.03762", **{field: value})
    with pytest.raises(SourceError):
        source.metadata(ATTENTION)


def test_the_package_beneath_prints_nothing(
    arxiv_settings: Settings, arxiv_server: ArxivServer
) -> None:
    arxiv_server.add("1706.03762")
    body = arxiv_server.answer_of("paper").replace(b"published>", b"gone>")
    arxiv_server.fail("/api/query", Fault(body=body))
    script = (
        "from researchdesk.config import load_settings\n"
        "from researchdesk.domain.identifiers import ArxivId\n"
        "from researchdesk.errors import SourceError\n"
        "from researchdesk.sources.arxiv import ArxivSource\n"
        "try:\n    ArxivSource(load_settings()).metadata(ArxivId('1706.03762'))\n"
        "except SourceError as error:\n    print(error.message)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    )
    assert "without their dates" in done.stdout
    assert done.stderr == ""


def test_two_versions_of_one_paper(source: ArxivSource, arxiv_server: ArxivServer) -> None:
    for version in (1, 2, 3):
        arxiv_server.add(f"1706.03762v{version}", title=f"Version {version}")
    wanted = [ArxivId("1706.03762", 1), ATTENTION, ArxivId("1706.03762", 2)]
    assert [source.metadata(one).title for one in wanted] == ["Version 1", "Version 3", "Version 2"]


def test_the_same_question_is_asked_once_a_day(
    source: ArxivSource, arxiv_settings: Settings, arxiv_server: ArxivServer, fake_time: FakeTime
) -> None:
    arxiv_server.add("1706.03762", title="Attention Is All You Need")
    for _ in range(2):
        source.metadata(ATTENTION)
        source.find(FindQuery("attention"))
    other = ArxivSource(replace(arxiv_settings, offline=True), fake_time.clock, fake_time.sleep)
    assert other.metadata(ATTENTION) == source.metadata(ATTENTION)
    assert len(arxiv_server.asked) == 2
    fake_time.advance(days=1)
    source.metadata(ATTENTION)
    assert len(arxiv_server.asked) == 3


def test_neither_errors_nor_empty_pages_are_kept(
    source: ArxivSource, arxiv_server: ArxivServer
) -> None:
    assert source.find(FindQuery("attention")).total == 0
    arxiv_server.fail(API, Fault(status=403), Fault(body=b"<html/>"))
    for _ in range(2):
        with pytest.raises(SourceError):
            source.find(FindQuery("attention"))
    arxiv_server.add("1706.03762", title="Attention Is All You Need")
    assert source.find(FindQuery("attention")).total == 1


def test_requests_are_paced_and_waiting_is_told(
    arxiv_settings: Settings, arxiv_server: ArxivServer, fake_time: FakeTime
) -> None:
    settings = replace(arxiv_settings, arxiv_interval=3.0)
    source = ArxivSource(settings, fake_time.clock, fake_time.sleep)
    fill(arxiv_server, 2)
    told: list[str] = []
    source.metadata(ArxivId("2401.00001"))
    source.metadata(ArxivId("2401.00002"), lambda what, done, total: told.append(what))
    assert fake_time.slept == [3.0]
    assert told == ["asking arXiv", "waiting for arXiv"]


def test_offline_is_told_at_once(
    arxiv_settings: Settings, arxiv_server: ArxivServer, fake_time: FakeTime
) -> None:
    source = ArxivSource(replace(arxiv_settings, offline=True), fake_time.clock, fake_time.sleep)
    with pytest.raises(SourceError, match="offline"):
        source.metadata(ATTENTION)
    assert arxiv_server.asked == []


def test_what_comes_is_data(source: ArxivSource, arxiv_server: ArxivServer) -> None:
    arxiv_server.add("1706.03762", title="See [/b] \u202eevil [$x] &lt;i&gt;", comment="%s {0}")
    found = source.metadata(ATTENTION)
    assert found.title == "See [/b] evil [$x] &lt;i&gt;"
    assert found.comment == "%s {0}"


def test_importing_the_source_brings_no_torch_screen_or_pdf_reader() -> None:
    script = (
        "import json, sys, researchdesk.sources.arxiv\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert not {"torch", "textual", "pymupdf", "fitz"} & set(json.loads(done.stdout))
