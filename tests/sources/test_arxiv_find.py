"""Searches, page by page."""

from datetime import date

import pytest
from support.arxiv_server import ArxivServer, Fault

from researchdesk.domain.identifiers import ArxivId
from researchdesk.domain.queries import FindQuery
from researchdesk.errors import SourceError
from researchdesk.sources.arxiv import ArxivSource

API = "/api/query"
ATTENTION = ArxivId("1706.03762")


def fill(server: ArxivServer, count: int) -> None:
    for number in range(1, count + 1):
        server.add(f"2401.{number:05}", title=f"Paper {number}")


def test_a_feed_cut_anywhere_gives_nothing_rather_than_a_part(
    source: ArxivSource, arxiv_server: ArxivServer
) -> None:
    fill(arxiv_server, 3)
    whole = arxiv_server.answer_of("Paper")
    places = [*range(1, len(whole) - len("</feed>"), 97), len(whole) - 3]
    arxiv_server.fail(API, *[Fault(body=whole[:place]) for place in places])
    for place in places:
        with pytest.raises(SourceError):
            source.find(FindQuery(f"Paper {place}"))


def test_find_pages_and_asks_for_no_more_than_the_page(
    source: ArxivSource, arxiv_server: ArxivServer
) -> None:
    fill(arxiv_server, 25)
    first = source.find(FindQuery("Paper", limit=10))
    last = source.find(FindQuery("Paper", limit=10, start=20))
    assert (first.total, len(first.papers), first.start) == (25, 10, 0)
    assert [paper.title for paper in last.papers] == [f"Paper {n}" for n in range(21, 26)]
    assert [
        (asked.fields["start"], asked.fields["max_results"]) for asked in arxiv_server.asked
    ] == [("0", "10"), ("20", "10")]


def test_find_beyond_the_end(source: ArxivSource, arxiv_server: ArxivServer) -> None:
    fill(arxiv_server, 3)
    page = source.find(FindQuery("Paper", start=50))
    assert (page.total, page.papers) == (3, ())
    assert len(arxiv_server.asked) == 1


def test_a_long_page_is_several_requests(source: ArxivSource, arxiv_server: ArxivServer) -> None:
    fill(arxiv_server, 620)
    page = source.find(FindQuery("Paper", limit=600))
    assert len({paper.arxiv_id for paper in page.papers}) == 600
    assert [asked.fields["max_results"] for asked in arxiv_server.asked] == ["500", "100"]


def test_an_empty_page_amid_results_is_a_fault(
    source: ArxivSource, arxiv_server: ArxivServer
) -> None:
    fill(arxiv_server, 3)
    hollow = arxiv_server.answer_of("Paper", rows=0)
    arxiv_server.fail(API, Fault(body=hollow))
    assert len(source.find(FindQuery("Paper")).papers) == 3
    arxiv_server.fail(API, Fault(body=hollow), Fault(body=hollow))
    with pytest.raises(SourceError, match="empty page"):
        source.find(FindQuery("Paper", limit=2))


def test_a_short_page_is_filled_up_and_no_further(
    source: ArxivSource, arxiv_server: ArxivServer
) -> None:
    fill(arxiv_server, 25)
    arxiv_server.fail(API, Fault(body=arxiv_server.answer_of("Paper", rows=3)))
    page = source.find(FindQuery("Paper", limit=10))
    assert [paper.title for paper in page.papers] == [f"Paper {n}" for n in range(1, 11)]
    assert [
        (asked.fields["start"], asked.fields["max_results"]) for asked in arxiv_server.asked
    ] == [("0", "10"), ("3", "7")]


def test_find_sends_the_filters(source: ArxivSource, arxiv_server: ArxivServer) -> None:
    query = FindQuery("x", categories=("cs.LG",), since=date(2026, 4, 1), newest=True)
    assert source.find(query).papers == ()
    fields = arxiv_server.asked[0].fields
    assert fields["search_query"] == (
        "all:x AND cat:cs.LG AND submittedDate:[202604010000 TO 202604122359]"
    )
    assert (fields["sortBy"], fields["sortOrder"]) == ("submittedDate", "descending")
