"""Many papers of arXiv asked for by id, a hundred at a time."""

import pytest
from support.arxiv_server import ArxivServer, Fault

from researchdesk.domain.identifiers import ArxivId
from researchdesk.errors import SourceError
from researchdesk.sources.arxiv import ArxivSource

API = "/api/query"


def ids(count: int) -> list[ArxivId]:
    return [ArxivId(f"2401.{number:05}") for number in range(1, count + 1)]


def test_a_hundred_at_a_time_and_each_once(source: ArxivSource, arxiv_server: ArxivServer) -> None:
    for one in ids(230):
        arxiv_server.add(f"{one.base}v1", title=f"Paper {one.base}")
    said: list[str] = []
    found = source.metadata_many([*ids(230), *ids(3)], lambda what, done, total: said.append(what))
    assert list(found) == [one.base for one in ids(230)]
    assert found["2401.00203"].title == "Paper 2401.00203"
    rows = [asked.fields["max_results"] for asked in arxiv_server.asked]
    assert rows == ["100", "100", "30"]
    assert "papers 201 to 230 of 230" in said


def test_unknown_ids_and_versions_are_absent(
    source: ArxivSource, arxiv_server: ArxivServer
) -> None:
    arxiv_server.add("2401.00001v1")
    arxiv_server.add("2401.00001v2")
    arxiv_server.add("2401.00002v1")
    wanted = [ArxivId("2401.00001"), ArxivId("2401.00002", 3), ArxivId("2401.09999")]
    found = source.metadata_many(wanted)
    assert {base: words.version for base, words in found.items()} == {"2401.00001": 2}
    assert source.metadata_many([]) == {}


def test_one_id_that_arxiv_refuses_does_not_spoil_the_others(
    source: ArxivSource, arxiv_server: ArxivServer
) -> None:
    for one in ids(8):
        arxiv_server.add(f"{one.base}v1")
    wanted = [*ids(8), ArxivId("cs/bad")]
    assert list(source.metadata_many(wanted)) == [one.base for one in ids(8)]


def test_a_failure_is_told(source: ArxivSource, arxiv_server: ArxivServer) -> None:
    arxiv_server.add("2401.00001v1")
    arxiv_server.fail(API, *[Fault(status=500)] * 4)
    with pytest.raises(SourceError):
        source.metadata_many(ids(1))
