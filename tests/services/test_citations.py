"""What is around a paper: from the papers' own lists, from the desk, from a service."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from support.s2_server import Fault, S2Server
from support.taken_off import take_off

from researchdesk.domain.citations import Relation
from researchdesk.domain.documents import Document, Reference
from researchdesk.domain.papers import Metadata, Paper, PaperVersion
from researchdesk.domain.search_query import parse_query
from researchdesk.errors import SourceError
from researchdesk.services import citations, library, references
from researchdesk.services.citations import State, papers_citing
from researchdesk.services.desk import Desk
from researchdesk.services.documents import forget, keep_document
from researchdesk.services.library import file_metadata
from researchdesk.services.library_search import page
from researchdesk.services.reference_index import keep_references, note_references
from researchdesk.sources.semantic_scholar import SwitchedOffError
from researchdesk.storage import papers

REFERENCES, CITED_BY, SIMILAR = Relation.REFERENCES, Relation.CITED_BY, Relation.SIMILAR


def file(desk: Desk, arxiv_id: str, title: str, **fields: object) -> Paper:
    return file_metadata(desk, Metadata(title=title, arxiv_id=arxiv_id, **fields))


def listing(*references: Reference) -> Document:
    return Document("T", 1, (), (), (), references=references)


def hold(desk: Desk, paper: Paper, digest: str = "0" * 64) -> Paper:
    """Gives the paper a file, whose text is another thing."""
    path = desk.root / "papers" / paper.name / "v1.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF-1.7 stands in for a file")
    held = PaperVersion(paper.version, path.relative_to(desk.root).as_posix(), digest, 29)
    papers.set_version(desk.database.connection, paper.id, held)
    return papers.by_id(desk.database.connection, paper.id)


def listed(desk: Desk, paper: Paper, *found: Reference, digest: str = "0" * 64) -> Paper:
    paper = hold(desk, paper, digest)
    keep_references(desk, paper, listing(*found))
    return paper


BY_ID = Reference("1", "A. Cited. Adam. arXiv:1412.6980, 2014.", 9, "Adam", "1412.6980", year=2014)
BY_DOI = Reference("2", "B. Deep nets. Nature 2015.", 9, "Deep nets", doi="10.1000/nets", year=2015)
BY_TITLE = Reference(
    "3", "C. Some: “Layer-Normalization for all.” ICML, 2016.", 9,
    "Layer-Normalization for all.", year=2016,
)  # fmt: skip
UNKNOWN = Reference("4", "D. Nobody. A technical report on nothing much. 1999.", 9, year=1999)


@pytest.fixture
def citing(desk: Desk, paper: Paper) -> Paper:
    return listed(desk, paper, BY_ID, BY_DOI, BY_TITLE, UNKNOWN)


def names(around: citations.Around) -> list[str]:
    return [near.name or near.work.title for near in around.works]


def test_the_papers_own_list_works_without_any_service(desk: Desk, citing: Paper) -> None:
    found = citations.around(desk, citing, REFERENCES)
    assert (found.state, found.listed, found.fetched_at) == (State.OFF, 4, None)
    assert {near.said_by for near in found.works} == {("paper",)}
    assert names(found) == [
        "Layer-Normalization for all.",
        "Deep nets",
        "Adam",
        "D. Nobody. A technical report on nothing much. 1999.",
    ]
    assert [near.venue for near in found.works] == ["ICML", "Nature", "arXiv", ""]


def test_papers_on_the_desk_come_first_found_by_id_doi_and_title(desk: Desk, citing: Paper) -> None:
    file(desk, "1412.6980", "Adam: a method")
    file(desk, "1501.00001", "Another title", doi="10.1000/NETS")
    file(desk, "1607.06450", "Layer Normalization for All", stated_year=2017)
    found = citations.around(desk, citing, REFERENCES)
    assert names(found)[:3] == ["1607.06450", "1501.00001", "1412.6980"]
    assert [near.status for near in found.works] == ["unread"] * 3 + [""]
    assert found.on_desk == 3


def test_a_title_of_other_years_is_another_work(desk: Desk, citing: Paper) -> None:
    file(desk, "1001.0001", "Layer-normalization for all", stated_year=2001)
    assert citations.around(desk, citing, REFERENCES).on_desk == 0


def test_a_removed_paper_is_not_on_the_desk(desk: Desk, citing: Paper) -> None:
    file(desk, "1412.6980", "Adam")
    take_off(desk, "1412.6980")
    assert citations.around(desk, citing, REFERENCES).on_desk == 0
    assert papers_citing(desk.database.connection.conn, "1412.6980") == [citing.id]


def test_cited_by_within_the_desk(desk: Desk, citing: Paper) -> None:
    adam = file(desk, "1412.6980", "Adam: a method")
    found = citations.around(desk, adam, CITED_BY)
    assert names(found) == ["1904.00001"]
    assert found.works[0].said_by == ("desk",)
    assert names(citations.around(desk, citing, CITED_BY)) == []


@pytest.mark.parametrize(
    "ref", ["1412.6980", "arXiv:1412.6980v3", "https://arxiv.org/abs/1412.6980", "10.1000/nets"]
)
def test_who_cites_a_work_that_is_not_on_the_desk(desk: Desk, citing: Paper, ref: str) -> None:
    assert papers_citing(desk.database.connection.conn, ref) == [citing.id]


@pytest.mark.parametrize("ref", ["", "nonsense", "2001.00001", "10.1/none"])
def test_nobody_cites_what_is_not_cited(desk: Desk, citing: Paper, ref: str) -> None:
    assert papers_citing(desk.database.connection.conn, ref) == []


def test_who_cites_a_paper_of_the_desk_by_its_title_alone(desk: Desk, citing: Paper) -> None:
    other = file(desk, "1607.06450", "Layer Normalization for All", stated_year=2016)
    assert papers_citing(desk.database.connection.conn, other.key) == [citing.id]
    assert papers_citing(desk.database.connection.conn, "1607.06450") == [citing.id]
    for ref in ("1607.06450", other.key, "10.1000/nets"):
        found = page(desk, parse_query(f"cites:{ref}"))
        assert [row.id for row in found.rows] == [citing.id]
        assert not found.problems


def test_a_merged_paper_stands_for_both(desk: Desk, citing: Paper) -> None:
    preprint = file(desk, "1412.6980", "Adam")
    published = file(desk, "1901.00009", "Adam, published")
    with desk.database.writing() as db:
        db.execute(
            "UPDATE papers SET merged_into = ?, removed_at = 'x' WHERE id = ?",
            [published.id, preprint.id],
        )
    found = citations.around(desk, citing, REFERENCES)
    assert found.works[0].paper_id == published.id
    assert papers_citing(desk.database.connection.conn, published.name) == [citing.id]
    assert papers_citing(desk.database.connection.conn, "1412.6980") == [citing.id]


def test_another_file_brings_another_list(desk: Desk, citing: Paper) -> None:
    listed(desk, citing, BY_ID, digest="1" * 64)
    assert names(citations.around(desk, citing, REFERENCES)) == ["Adam"]


def test_the_lists_of_the_whole_desk(desk: Desk, paper: Paper) -> None:
    held = hold(desk, paper)
    file(desk, "2001.00001", "Without a file")
    keep_document(desk, "0" * 64, listing(BY_ID))
    forget()
    said: list[str] = []
    built = references.build(desk, lambda what, done, total: said.append(what))
    assert (built.kept, built.current, built.without, built.broken) == (1, 0, 1, ())
    assert said == ["2 of 2: 1904.00001"]
    again = references.build(desk, lambda *_: None)
    assert (again.kept, again.current) == (0, 1)
    assert papers_citing(desk.database.connection.conn, "1412.6980") == [held.id]


def test_the_whole_desk_can_be_stopped(desk: Desk, paper: Paper) -> None:
    hold(desk, paper)
    built = references.build(desk, lambda *_: None, stop=lambda: True)
    assert (built.kept, built.current, built.without) == (0, 0, 0)


def test_who_only_reads_keeps_the_list_of_the_version_at_hand(desk: Desk, paper: Paper) -> None:
    held = hold(desk, paper)
    note_references(desk, held, 1, listing(BY_DOI))
    assert citations.around(desk, held, REFERENCES).listed is None
    note_references(desk, held, 2, listing(BY_ID))
    assert names(citations.around(desk, held, REFERENCES)) == ["Adam"]


def test_who_cites_a_work_of_which_only_the_title_is_known(desk: Desk, citing: Paper) -> None:
    other = listed(desk, file(desk, "2001.00001", "Another one"), BY_TITLE, digest="2" * 64)
    near = next(
        near
        for near in citations.around(desk, citing, REFERENCES).works
        if near.work.title == BY_TITLE.title
    )
    assert names(citations.around(desk, near, CITED_BY)) == [other.name, citing.name]


def test_a_merge_of_a_merge_stands_for_all(desk: Desk, citing: Paper) -> None:
    one = file(desk, "1412.6980", "Adam")
    two, three = file(desk, "1901.00008", "Two"), file(desk, "1901.00009", "Three")
    with desk.database.writing() as db:
        for gone, kept in ((one, two), (two, three)):
            db.execute(
                "UPDATE papers SET merged_into = ?, removed_at = 'x' WHERE id = ?",
                [kept.id, gone.id],
            )
    assert names(citations.around(desk, citing, REFERENCES))[0] == "1901.00009"
    assert papers_citing(desk.database.connection.conn, "1412.6980") == [citing.id]
    assert papers_citing(desk.database.connection.conn, "1901.00009") == [citing.id]


def test_a_list_that_its_publisher_withholds(online: Desk, paper: Paper, server: S2Server) -> None:
    ours = server.add("Bold claims", arxiv="1904.00001", referenceCount=41)
    server.around[ours, "references"] = None
    found = citations.around(online, paper, REFERENCES, refresh=True)
    assert (found.total, found.works, found.withheld) == (41, (), True)


def test_switched_off_nothing_is_asked(desk: Desk, paper: Paper) -> None:
    assert not citations.needs_asking(desk, paper, SIMILAR)
    with pytest.raises(SwitchedOffError):
        citations.around(desk, paper, SIMILAR, refresh=True)


# With the service


@pytest.fixture
def server() -> Iterator[S2Server]:
    with S2Server() as started:
        yield started


@pytest.fixture
def online(desk: Desk, server: S2Server) -> Desk:
    settings = replace(desk.settings, s2_url=server.url, semantic_scholar=True)
    return replace(desk, settings=settings)


@pytest.fixture
def ours(server: S2Server) -> str:
    ours = server.add(
        "Bold claims", arxiv="1904.00001", year=2018, venue="ICLR", citationCount=900,
        referenceCount=3,
    )  # fmt: skip
    server.cite(
        ours,
        server.add("Loud", citationCount=5000, year=2001),
        server.add("Quiet", year=2010),
        server.add("Adam", arxiv="1412.6980", citationCount=90),
    )
    server.cite(ours, server.add("Influential", citationCount=1), influential=True)
    server.cite(server.add("Later", year=2024, citationCount=2), ours)
    return ours


def test_asked_once_then_kept_and_shown_offline(
    online: Desk, paper: Paper, server: S2Server, ours: str
) -> None:
    assert citations.needs_asking(online, paper, REFERENCES)
    found = citations.around(online, paper, REFERENCES, refresh=True)
    assert names(found) == ["Influential", "Loud", "Adam", "Quiet"]
    assert (found.total, found.state, found.fetched_at) == (3, State.ANSWERED, online.clock())
    count = len(server.asked)
    assert not citations.needs_asking(online, paper, REFERENCES)
    offline = replace(online, settings=replace(online.settings, offline=True))
    again = citations.around(offline, paper, REFERENCES)
    assert again == found
    assert len(server.asked) == count
    assert citations.around(offline, paper, CITED_BY).state is State.NOT_ASKED


def test_venue_and_year_are_written_where_the_paper_has_none(
    online: Desk, server: S2Server, ours: str
) -> None:
    paper = file(online, "1904.00001", "Bold claims", venue="")
    citations.around(online, paper, CITED_BY, refresh=True)
    assert library.get_paper(online, "1904.00001").metadata.venue == "ICLR"
    own = file(online, "1904.00002", "With a venue", venue="My venue")
    server.add("With a venue", arxiv="1904.00002", venue="NeurIPS", year=2020)
    citations.around(online, own, CITED_BY, refresh=True)
    assert library.get_paper(online, "1904.00002").metadata.venue == "My venue"


def test_a_preprint_has_no_venue(online: Desk, paper: Paper, server: S2Server) -> None:
    server.add("Bold claims", arxiv="1904.00001", venue="arXiv.org")
    citations.around(online, paper, CITED_BY, refresh=True)
    assert library.get_paper(online, "1904.00001").metadata.venue == ""


def test_one_line_for_what_the_list_and_the_service_both_name(
    online: Desk, citing: Paper, ours: str
) -> None:
    file(online, "1412.6980", "Adam: a method")
    found = citations.around(online, citing, REFERENCES, refresh=True)
    assert found.works[0].said_by == ("s2", "paper")
    assert found.works[0].work.cited_by == 90
    assert len(found.works) == 7
    assert sum("Adam" in near.work.title for near in found.works) == 1


def test_what_a_service_says_of_citing_papers_finds_them_too(
    online: Desk, paper: Paper, server: S2Server, ours: str
) -> None:
    server.cite(server.add("New one", arxiv="2401.00001"), ours)
    later = file(online, "2401.00001", "New one")
    citations.around(online, paper, CITED_BY, refresh=True)
    assert papers_citing(online.database.connection.conn, "1904.00001") == [later.id]


def test_of_the_paper_itself_it_is_asked_once_an_hour(
    online: Desk, paper: Paper, server: S2Server, ours: str, fake_time
) -> None:
    itself = "/graph/v1/paper/ARXIV:1904.00001"
    for relation in Relation:
        found = citations.around(online, paper, relation, refresh=True)
        assert found.total == {REFERENCES: 3, CITED_BY: 900, SIMILAR: 0}[relation]
    assert server.paths().count(itself) == 1
    assert len(server.asked) == 4
    fake_time.advance(hours=2)
    citations.around(online, paper, SIMILAR, refresh=True)
    citations.around(online, paper, CITED_BY, refresh=True)
    assert server.paths().count(itself) == 2


def test_refresh_asks_again_and_forgets_what_is_gone(
    online: Desk, paper: Paper, server: S2Server, ours: str
) -> None:
    citations.around(online, paper, REFERENCES, refresh=True)
    server.around[ours, "references"] = server.around[ours, "references"][:1]
    assert names(citations.around(online, paper, REFERENCES, refresh=True)) == ["Loud"]


def test_a_paper_that_is_not_known_there_is_remembered_for_a_week(
    online: Desk, paper: Paper, server: S2Server, fake_time
) -> None:
    found = citations.around(online, paper, REFERENCES, refresh=True)
    assert found.state is State.UNKNOWN
    assert not citations.needs_asking(online, paper, REFERENCES)
    fake_time.advance(days=8)
    assert citations.needs_asking(online, paper, REFERENCES)
    server.add("Bold claims", arxiv="1904.00001")
    assert citations.around(online, paper, REFERENCES, refresh=True).state is State.ANSWERED


def test_a_failure_leaves_what_was_kept(
    online: Desk, paper: Paper, server: S2Server, ours: str
) -> None:
    before = citations.around(online, paper, REFERENCES, refresh=True)
    server.fail(Fault(cut=30))
    with pytest.raises(SourceError, match="makes no sense"):
        citations.around(online, paper, REFERENCES, refresh=True)
    assert citations.around(online, paper, REFERENCES) == before


def test_one_walks_on_to_a_work_that_is_not_on_the_desk(
    online: Desk, paper: Paper, server: S2Server, ours: str
) -> None:
    server.cite(next(key for key, row in server.papers.items() if row["title"] == "Loud"), ours)
    loud = next(
        near
        for near in citations.around(online, paper, REFERENCES, refresh=True).works
        if near.work.title == "Loud"
    )
    assert citations.around(online, loud, REFERENCES).state is State.NOT_ASKED
    found = citations.around(online, loud, REFERENCES, refresh=True)
    assert names(found) == ["1904.00001"]
    assert citations.around(online, loud, REFERENCES) == found


def test_what_was_said_of_a_work_on_the_way_finds_papers_too(
    online: Desk, paper: Paper, server: S2Server, ours: str
) -> None:
    adam = next(key for key, row in server.papers.items() if row["title"] == "Adam")
    server.cite(server.add("Later one", doi="10.1/later"), adam)
    later = file(online, "2401.00001", "Later one", doi="10.1/LATER")
    found = citations.around(online, paper, REFERENCES, refresh=True)
    near = next(near for near in found.works if near.work.title == "Adam")
    citations.around(online, near, CITED_BY, refresh=True)
    db = online.database.connection.conn
    assert papers_citing(db, "1412.6980") == [paper.id, later.id]


def test_two_works_of_one_title_stay_two(online: Desk, paper: Paper, server: S2Server) -> None:
    ours = server.add("Bold claims", arxiv="1904.00001")
    title = "A survey of methods"
    server.cite(ours, server.add(title, year=1990), server.add(title, year=2020))
    assert len(citations.around(online, paper, REFERENCES, refresh=True).works) == 2
