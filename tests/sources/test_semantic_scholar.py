"""Semantic Scholar asked over loopback: off until asked, paged, tried again, never with the key
in what is said."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from support.faketime import FakeTime
from support.s2_server import Fault, S2Server

from researchdesk.config import Settings
from researchdesk.domain.citations import Ids, Relation, UnknownWorkError
from researchdesk.errors import DeskError, SourceError, UsageProblemError
from researchdesk.sources.progress import silent
from researchdesk.sources.s2_replies import read_known, read_page
from researchdesk.sources.semantic_scholar import SemanticScholar, SwitchedOffError

KEY = "s3cret-key-of-mine"
OURS = Ids(arxiv="1904.00001")


@pytest.fixture
def server() -> Iterator[S2Server]:
    with S2Server() as started:
        yield started


@pytest.fixture
def on(settings: Settings, server: S2Server) -> Settings:
    return replace(settings, s2_url=server.url, semantic_scholar=True)


@pytest.fixture
def source(on: Settings, fake_time: FakeTime) -> SemanticScholar:
    return SemanticScholar(on, fake_time.clock, fake_time.sleep)


def cited(server: S2Server, count: int) -> str:
    ours = server.add("Ours", arxiv="1904.00001", citationCount=count)
    for number in range(count):
        server.cite(server.add(f"Citing {number}", year=2020), ours)
    return ours


def test_it_is_off_until_it_is_switched_on(
    settings: Settings, server: S2Server, fake_time: FakeTime
) -> None:
    off = SemanticScholar(replace(settings, s2_url=server.url), fake_time.clock, fake_time.sleep)
    with pytest.raises(SwitchedOffError) as caught:
        off.known(OURS, silent)
    assert "semantic_scholar = true" in caught.value.hint
    assert "RESEARCHDESK_SEMANTIC_SCHOLAR=1" in caught.value.hint
    assert server.asked == []


def test_offline_nothing_is_sent(on: Settings, server: S2Server, fake_time: FakeTime) -> None:
    source = SemanticScholar(replace(on, offline=True), fake_time.clock, fake_time.sleep)
    with pytest.raises(SourceError, match="offline: Semantic Scholar was not asked"):
        source.around(OURS, Relation.SIMILAR, 10, silent)
    assert server.asked == []


def test_what_it_says_of_a_paper(source: SemanticScholar, server: S2Server) -> None:
    server.add(
        "Attention \u202eis\x1b[31m all",
        arxiv="1904.00001",
        doi="10.1000/ABC",
        year=2019,
        venue="ICML",
        publicationVenue={"name": "International Conference on Machine Learning"},
        citationCount=12,
        referenceCount=3,
    )
    known = source.known(OURS, silent)
    assert known.work.title == "Attention is all"
    assert (known.work.year, known.work.cited_by, known.references) == (2019, 12, 3)
    assert known.work.venue == "International Conference on Machine Learning"
    assert (known.work.arxiv_id, known.work.doi) == ("1904.00001", "10.1000/abc")
    assert server.paths() == ["/graph/v1/paper/ARXIV:1904.00001"]


@pytest.mark.parametrize(
    ("ids", "path"),
    [
        (Ids(doi="10.18653/v1/N18-3011"), "/graph/v1/paper/DOI:10.18653/v1/N18-3011"),
        (Ids(arxiv="hep-th/9901001"), "/graph/v1/paper/ARXIV:hep-th/9901001"),
        (Ids(doi="10.1/a?b#c"), "/graph/v1/paper/DOI:10.1/a%3Fb%23c"),
    ],
)
def test_ids_in_the_manner_of_the_service(
    source: SemanticScholar, server: S2Server, ids: Ids, path: str
) -> None:
    with pytest.raises(UnknownWorkError):
        source.known(ids, silent)
    assert server.paths() == [path]


def test_a_work_without_any_id_is_not_asked_about(
    source: SemanticScholar, server: S2Server
) -> None:
    with pytest.raises(UnknownWorkError):
        source.known(Ids(), silent)
    assert server.asked == []


def test_citations_come_page_by_page(source: SemanticScholar, server: S2Server) -> None:
    cited(server, 2300)
    found = source.around(OURS, Relation.CITED_BY, 9999, silent)
    assert [work.title for work in found.works] == [f"Citing {n}" for n in range(2300)]
    assert found.whole
    asked = [(a.fields["offset"], a.fields["limit"]) for a in server.asked]
    assert asked == [("0", "1000"), ("1000", "1000"), ("2000", "1000")]


def test_no_more_is_asked_for_than_was_wanted(source: SemanticScholar, server: S2Server) -> None:
    cited(server, 1200)
    found = source.around(OURS, Relation.CITED_BY, 1000, silent)
    assert (len(found.works), found.whole) == (1000, False)
    assert len(server.asked) == 1


def test_the_last_page_stays_below_the_limit_of_the_service(
    source: SemanticScholar, server: S2Server
) -> None:
    ours = server.add("Ours", arxiv="1904.00001")
    row = {"isInfluential": False, "citingPaper": {"paperId": "x", "title": "Same"}}
    server.around[ours, "citations"] = [row] * 12_000
    found = source.around(OURS, Relation.CITED_BY, 50_000, silent)
    assert (len(found.works), found.whole) == (9999, False)
    assert server.asked[-1].fields["limit"] == "999"


def test_references_their_influence_and_similar(source: SemanticScholar, server: S2Server) -> None:
    ours = server.add("Ours", arxiv="1904.00001")
    one, two = server.add("One"), server.add("Two", arxiv="1706.03762")
    server.cite(ours, one)
    server.cite(ours, two, influential=True)
    server.around[ours, "similar"] = [two]
    found = source.around(OURS, Relation.REFERENCES, 1000, silent)
    assert [(w.title, w.influential) for w in found.works] == [("One", False), ("Two", True)]
    similar = source.around(OURS, Relation.SIMILAR, 1000, silent)
    assert [work.arxiv_id for work in similar.works] == ["1706.03762"]
    assert server.asked[-1].fields["from"] == "all-cs"


def test_a_list_that_its_publisher_withholds(source: SemanticScholar, server: S2Server) -> None:
    ours = server.add("Ours", arxiv="1904.00001")
    server.around[ours, "references"] = None
    found = source.around(OURS, Relation.REFERENCES, 1000, silent)
    assert (found.works, found.withheld) == ((), True)


def test_too_many_requests_then_success(
    source: SemanticScholar, server: S2Server, fake_time: FakeTime
) -> None:
    cited(server, 1)
    server.fail(Fault(status=429, headers={"Retry-After": "7"}), Fault(status=429))
    assert source.known(OURS, silent).work.title == "Ours"
    assert len(server.asked) == 3
    assert sum(fake_time.slept) >= 7


def test_it_gives_up_politely(source: SemanticScholar, server: S2Server) -> None:
    cited(server, 1)
    server.fail(*[Fault(status=429)] * 10)
    with pytest.raises(SourceError) as caught:
        source.known(OURS, silent)
    assert len(server.asked) == 4
    assert "arXiv" not in f"{caught.value.message} {caught.value.hint}"
    assert "s2_key" in caught.value.hint


@pytest.mark.parametrize(
    "fault",
    [
        Fault(cut=40),
        Fault(body=b"<html>Bad gateway</html>"),
        Fault(body=b"[]"),
        Fault(body=b"null"),
        Fault(body=b'{"title": 7}'),
        Fault(body=b""),
        Fault(body=b'{"title": "\xff"}'),
    ],
)
def test_a_reply_that_makes_no_sense_is_told(
    source: SemanticScholar, server: S2Server, fault: Fault
) -> None:
    cited(server, 1)
    server.fail(fault)
    with pytest.raises(SourceError, match="makes no sense"):
        source.known(OURS, silent)


def test_what_it_refuses_is_told_in_its_words(source: SemanticScholar, server: S2Server) -> None:
    server.fail(Fault(status=400, body=b'{"error": "Unrecognized or unsupported fields: [x]"}'))
    with pytest.raises(SourceError, match="unsupported fields"):
        source.known(OURS, silent)


def test_the_key_goes_to_the_service_and_nowhere_else(
    on: Settings, server: S2Server, fake_time: FakeTime, tmp_path
) -> None:
    source = SemanticScholar(replace(on, s2_key=KEY), fake_time.clock, fake_time.sleep)
    said: list[str] = []
    server.fail(Fault(status=403))
    with pytest.raises(SourceError) as caught:
        source.known(OURS, lambda what, done, total: said.append(what))
    assert server.asked[0].headers["x-api-key"] == KEY
    assert KEY not in f"{caught.value.message} {caught.value.hint} {said}"
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(KEY.encode() in content for content in kept)


@pytest.mark.parametrize("key", ["two words", "zwei\nzeilen", "schlüssel"])
def test_a_key_that_can_be_none_is_not_sent(
    on: Settings, server: S2Server, fake_time: FakeTime, key: str
) -> None:
    source = SemanticScholar(replace(on, s2_key=key), fake_time.clock, fake_time.sleep)
    with pytest.raises(UsageProblemError) as caught:
        source.known(OURS, silent)
    assert key not in caught.value.message + caught.value.hint
    assert server.asked == []


def test_without_a_key_no_key_is_sent(source: SemanticScholar, server: S2Server) -> None:
    cited(server, 1)
    source.known(OURS, silent)
    assert "x-api-key" not in server.asked[0].headers


def test_rows_without_a_title_are_left_out_and_the_rest_kept() -> None:
    rows = [
        None,
        7,
        {"citedPaper": None},
        {"citedPaper": {"paperId": None, "title": "Nowhere to be found"}},
        {"isInfluential": "yes", "citedPaper": {"paperId": "a", "title": "A", "year": "2019"}},
        {"isInfluential": True, "citedPaper": {"paperId": "b", "title": "B", "authors": None}},
    ]
    body = json.dumps({"data": rows, "next": None}).encode()
    works = read_page(body, Relation.REFERENCES).works
    assert [(w.source_id, w.year, w.influential) for w in works] == [
        ("title:nowhere-to-be-found", None, False),
        ("a", None, False),
        ("b", None, True),
    ]
    assert not works[0].ids


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
FIELDS = [
    "paperId",
    "year",
    "venue",
    "publicationVenue",
    "journal",
    "externalIds",
    "authors",
    "citationCount",
]
WORK = st.fixed_dictionaries(
    {"title": JSON | st.text(min_size=1)}, optional=dict.fromkeys(FIELDS, JSON)
)


@examples(deadline=None, max_examples=150)
@given(WORK | JSON, st.sampled_from(list(Relation)), JSON)
def test_no_reply_of_any_form_is_a_fault(work, relation, following) -> None:
    names = {Relation.REFERENCES: "citedPaper", Relation.CITED_BY: "citingPaper"}
    row = {names[relation]: work, "isInfluential": following} if relation in names else work
    name = "data" if relation in names else "recommendedPapers"
    page = read_page(json.dumps({name: [row], "next": following}).encode(), relation)
    for found in page.works:
        assert found.title.strip()
        assert found.source_id
        assert found.year is None or 1400 <= found.year < 2200
        assert "\x1b" not in found.title + found.venue + "".join(found.authors)
    with suppress(DeskError):
        read_known(json.dumps(work).encode())


@examples(deadline=None, max_examples=100)
@given(st.binary(max_size=80))
def test_no_bytes_are_a_fault(body: bytes) -> None:
    with suppress(SourceError):
        read_page(body, Relation.SIMILAR)
