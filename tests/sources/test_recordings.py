"""Replies that arXiv really gave, read as they are."""

import re
from pathlib import Path

import pytest
from support.arxiv_server import ArxivServer, Fault

from researchdesk.domain.identifiers import ArxivId
from researchdesk.domain.papers import Metadata
from researchdesk.domain.queries import FindPage, FindQuery
from researchdesk.errors import NotOnDeskError, SourceError, UsageProblemError
from researchdesk.sources.arxiv import ArxivSource

OLD_IDS = "id_quant-ph_0201082v1_s0_m100_86989fe779ef_2026-04-12.xml"


@pytest.fixture
def replies(corpus: Path) -> Path:
    folder = corpus / "atom" / "api"
    if not folder.is_dir():
        pytest.skip("the recorded replies are not here")
    return folder


def search(source: ArxivSource, server: ArxivServer, reply: Path, rows: int) -> FindPage:
    server.fail("/api/query", Fault(body=reply.read_bytes()))
    return source.find(FindQuery(f"testing {reply.stem}", limit=rows))


def one(source: ArxivSource, server: ArxivServer, reply: Path, wanted: ArxivId) -> Metadata:
    server.fail("/api/query", Fault(body=reply.read_bytes()))
    return source.metadata(wanted)


def test_every_page_of_a_search(
    source: ArxivSource, arxiv_server: ArxivServer, replies: Path
) -> None:
    for reply in sorted(replies.glob("q_testing_*.xml")):
        count = reply.read_text(encoding="utf-8").count("<entry>")
        page = search(source, arxiv_server, reply, count)
        assert page.total > 200_000
        assert len(page.papers) == count
        for paper in page.papers:
            check(paper)
    assert len(arxiv_server.asked) == len(list(replies.glob("q_testing_*.xml")))


def check(paper: Metadata) -> None:
    assert paper.title
    assert paper.authors
    assert paper.abstract
    assert paper.categories
    assert paper.published is not None
    assert paper.updated is not None
    assert paper.published <= paper.updated
    assert paper.arxiv_id is not None
    assert "v" not in paper.arxiv_id
    assert paper.version >= 1
    for text in (paper.title, *paper.authors, paper.comment, paper.journal_ref):
        assert "\n" not in text
        assert not re.search(r"[\x00-\x1f\x7f-\x9f]", text)


def test_replies_of_the_years_before(
    source: ArxivSource, arxiv_server: ArxivServer, replies: Path
) -> None:
    page = search(source, arxiv_server, replies / "old_search_query=au_del_maestro.xml", 10)
    assert (page.total, len(page.papers)) == (31, 10)
    for paper in page.papers:
        check(paper)
    reply = replies / "old_search_query=au_del_maestro+AND+ti_checkerboard.xml"
    stripe = search(source, arxiv_server, reply, 10).papers[0]
    assert stripe.title.endswith("on the square lattice in the presence of quenched disorder")
    assert (stripe.arxiv_id, stripe.version) == ("cond-mat/0603029", 1)
    assert stripe.doi == "10.1103/PhysRevB.74.024520"
    assert "\n" not in stripe.abstract


def test_papers_by_id(source: ArxivSource, arxiv_server: ArxivServer, replies: Path) -> None:
    blaha = one(source, arxiv_server, replies / OLD_IDS, ArxivId("quant-ph/0201082", 1))
    assert (blaha.arxiv_id, blaha.version) == ("quant-ph/0201082", 1)
    assert blaha.categories == ("quant-ph", "cs.PL")
    assert blaha.comment == "32 pages"
    reply = next(replies.glob("id_1605.08386_*.xml"))
    walks = one(source, arxiv_server, reply, ArxivId("1605.08386"))
    assert walks.authors == ("Caprice Stanley", "Tobias Windisch")
    assert walks.categories[0] == "math.CO"


def test_an_unknown_and_a_malformed_id(
    source: ArxivSource, arxiv_server: ArxivServer, replies: Path
) -> None:
    unknown = next(replies.glob("id_0000*.xml")).read_bytes()
    arxiv_server.fail("/api/query", Fault(body=unknown), Fault(body=unknown))
    with pytest.raises(NotOnDeskError):
        source.metadata(ArxivId("1001.0000"))
    malformed = next(replies.glob("id_abc*.xml")).read_bytes()
    arxiv_server.fail("/api/query", Fault(status=400, body=malformed))
    with pytest.raises(UsageProblemError, match="incorrect id format for abc"):
        source.find(FindQuery("abc"))


def test_a_recording_cut_short_gives_nothing(
    source: ArxivSource, arxiv_server: ArxivServer, replies: Path
) -> None:
    body = next(replies.glob("q_testing_s0_m15*.xml")).read_bytes()
    arxiv_server.fail("/api/query", Fault(body=body[: len(body) // 2]))
    with pytest.raises(SourceError, match="cut short"):
        source.find(FindQuery("testing"))
