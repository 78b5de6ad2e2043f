"""OAI-PMH: histories of versions, broken replies, recorded ones."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from support.arxiv_server import Fault
from support.faketime import FakeTime
from support.oai_server import OaiServer

from researchdesk.config import Settings
from researchdesk.errors import SourceError
from researchdesk.sources.oai import OaiSource, records_in, set_of


@pytest.fixture
def server() -> Iterator[OaiServer]:
    with OaiServer() as running:
        yield running


@pytest.fixture
def oai(settings: Settings, server: OaiServer, fake_time: FakeTime) -> OaiSource:
    there = replace(settings, arxiv_url=server.url, oai_url=f"{server.url}/oai")
    return OaiSource(there, fake_time.clock, fake_time.sleep)


def test_a_history_has_every_version_and_which_has_files(oai: OaiSource, server: OaiServer) -> None:
    server.add("math/0405482v1")
    server.add("math/0405482v2", pdf=None, comment="Withdrawn: Lemma 2 is false")
    found = oai.history("math/0405482")
    assert found is not None
    assert [(one.version, one.size, one.has_files) for one in found.versions] == [
        (1, 125, True),
        (2, 0, False),
    ]
    assert found.comment == "Withdrawn: Lemma 2 is false"
    assert server.asked[-1].fields == {
        "verb": "GetRecord",
        "identifier": "oai:arXiv.org:math/0405482",
        "metadataPrefix": "arXivRaw",
    }


def test_a_paper_that_oai_does_not_have_is_none(oai: OaiSource, server: OaiServer) -> None:
    assert oai.history("2001.00001") is None


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b"<html><body>Sorry</body></html>", "something else"),
        (b'<?xml version="1.0"?><OAI-PMH><GetRecord><record>', "cut short"),
        (b'<OAI-PMH><error code="badArgument">no [b]such[/b]</error></OAI-PMH>', "no \\[b\\]such"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><OAI-PMH>&x;</OAI-PMH>', "something else|damaged"),
    ],
    ids=["empty", "a page", "cut short", "an error", "entities"],
)
def test_what_is_no_record_is_told(
    oai: OaiSource, server: OaiServer, body: bytes, says: str
) -> None:
    server.add("2001.00001")
    server.fail("/oai", Fault(body=body))
    with pytest.raises(SourceError, match=says):
        oai.history("2001.00001")


def test_a_busy_oai_is_asked_again_when_it_says(
    oai: OaiSource, server: OaiServer, fake_time: FakeTime
) -> None:
    server.add("2001.00001")
    server.fail("/oai", Fault(status=503, body=b"", headers={"Retry-After": "20"}))
    assert oai.history("2001.00001") is not None
    assert sum(fake_time.slept) >= 20


def test_whether_there_is_a_pdf_is_asked_without_fetching_it(
    oai: OaiSource, server: OaiServer
) -> None:
    server.add("2001.00001v1")
    server.add("2001.00001v2", pdf=None)
    assert oai.has_pdf("2001.00001", 1)
    assert not oai.has_pdf("2001.00001", 2)


def lists(server: OaiServer) -> list[dict[str, str]]:
    return [dict(asked.fields) for asked in server.asked if asked.fields["verb"] == "ListRecords"]


def test_a_list_of_changes_is_read_to_its_end_and_waits_when_told(
    oai: OaiSource, server: OaiServer, fake_time: FakeTime
) -> None:
    for number in range(1, 8):
        server.add(f"2604.{number:05}v1")
        server.changed(f"2604.{number:05}", f"2026-04-{number:02}")
    server.add("2604.00009v1", categories=("cs.CL",))
    server.delete("2604.00005")
    busy = Fault(status=503, body=b"", headers={"Retry-After": "20"})
    server.fail("/oai", Fault(), busy)
    found = oai.changes("cs.LG", date(2026, 4, 2), 9)
    assert [one.arxiv_id for one in found.records] == [f"2604.{n:05}" for n in range(2, 8)]
    assert [one.arxiv_id for one in found.records if one.deleted] == ["2604.00005"]
    assert found.whole
    assert sum(fake_time.slept) >= 20
    first, *more = lists(server)
    assert (first["set"], first["from"]) == ("cs:cs:LG", "2026-04-02")
    assert first["metadataPrefix"] == "arXivRaw"
    assert all(set(fields) == {"verb", "resumptionToken"} for fields in more)


def test_a_list_that_would_be_too_long_is_left_after_its_first_page(
    oai: OaiSource, server: OaiServer
) -> None:
    for number in range(1, 31):
        server.add(f"2604.{number:05}v1")
        server.changed(f"2604.{number:05}", f"2026-04-{1 + number // 3:02}")
    found = oai.changes("cs.LG", date(2026, 4, 1), 5)
    assert (len(found.records), found.whole, len(lists(server))) == (3, False, 1)
    assert oai.changes("cs.LG", date(2026, 5, 1), 5).whole, "nothing changed: that is all"
    sized = b'<OAI-PMH><resumptionToken cursor="0" completeListSize="9999">a|1</resumptionToken>'
    record = b"<record><header><identifier>oai:arXiv.org:2604.00001</identifier></header></record>"
    server.fail("/oai", Fault(body=sized + record + b"</OAI-PMH>"))
    before = len(lists(server))
    assert not oai.changes("cs.LG", date(2026, 4, 1), 50).whole
    assert len(lists(server)) == before + 1


@pytest.mark.parametrize(
    ("category", "wanted"),
    [
        ("cs.LG", "cs:cs:LG"),
        ("hep-th", "physics:hep-th"),
        ("cond-mat.mes-hall", "physics:cond-mat:mes-hall"),
        ("physics.optics", "physics:physics:optics"),
        ("68T05&verb=Identify", None),
    ],
)
def test_a_category_is_a_set(category: str, wanted: str | None) -> None:
    assert set_of(category) == wanted


def test_odd_sizes_and_versions_do_no_harm() -> None:
    body = b"""<record><header><identifier>oai:arXiv.org:2001.00001</identifier></header><metadata>
    <arXivRaw><version version="v2"><size>1.5 furlongs</size><date>yesterday</date></version>
    <version version="vX"/><version version="v1"><size>2mb</size></version></arXivRaw>
    </metadata></record>"""
    (found,) = records_in(body)
    assert [(one.version, one.size, one.date) for one in found.versions] == [
        (1, 2000, None),
        (2, None, None),
    ]


def test_a_deleted_record_says_so() -> None:
    body = b"""<OAI-PMH><record><header status="deleted">
    <identifier>oai:arXiv.org:2001.00001</identifier></header></record></OAI-PMH>"""
    (found,) = records_in(body)
    assert found.deleted


def test_recorded_replies_are_read(corpus) -> None:
    folder = corpus / "atom" / "oai"
    found = {
        record.arxiv_id: record
        for file in sorted(folder.glob("*.xml"))
        for record in records_in(file.read_bytes())
    }
    assert {"0901.2443", "1711.04702", "1711.05739", "math/0306266", "1009.1022"} <= set(found)
    lovasz = found["math/0306266"]
    assert lovasz.doi == "10.1017/S0963548305006826"
    assert lovasz.journal_ref == "Combinatorics, Probability and Computing 14 (2005) 439 - 465"
    assert found["1009.1022"].comment == "7 pages"
    assert found["1711.05739"].comment.startswith("36 pages, 25 figures. Accepted to ApJ.")


@pytest.mark.parametrize(
    "day",
    ["Mon, 1 Jan 99999999999999999999 00:00:00 GMT", "Mon, 1 Jan 2020 00:00:00 +99999999", ",", ""],
)
def test_a_day_that_is_none_leaves_the_version(day: str) -> None:
    record = (
        "<record><header><identifier>oai:arXiv.org:2001.00001</identifier></header><metadata>"
        f'<arXivRaw><version version="v1"><date>{day}</date><size>9kb</size></version></arXivRaw>'
        "</metadata></record>"
    )
    (found,) = records_in(record.encode())
    assert [(one.version, one.date, one.size) for one in found.versions] == [(1, None, 9)]
