"""What became of the desk's papers: newer versions, withdrawals, publication, and failures."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.arxiv_server import Fault
from support.faketime import FakeTime
from support.oai_server import OaiServer
from support.taken_off import take_off

from researchdesk.config import Settings
from researchdesk.domain.news import NewsKind
from researchdesk.domain.papers import Metadata, Paper
from researchdesk.errors import NotOnDeskError, SourceError, UsageProblemError
from researchdesk.services import acquire, claims, library, merging, news, notes, reading
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.importing import import_library
from researchdesk.services.syncing import SyncReport, sync
from researchdesk.services.version_marks import mark_of, marks_of

WITHDRAWN = "This paper has been withdrawn by the authors: Lemma 2 is [b]false[/b]"


@pytest.fixture
def server() -> Iterator[OaiServer]:
    with OaiServer() as running:
        yield running


@pytest.fixture
def desk(settings: Settings, server: OaiServer, fake_time: FakeTime) -> Iterator[Desk]:
    there = replace(settings, arxiv_url=server.url, oai_url=f"{server.url}/oai")
    opened = open_desk(there, fake_time.clock)
    yield opened
    opened.close()


@pytest.fixture
def ask(desk: Desk, fake_time: FakeTime):
    def call(*refs: str, **how: bool) -> SyncReport:
        return sync(desk, refs=refs, sleep=fake_time.sleep, **how)

    return call


def add(desk: Desk, server: OaiServer, name: str, **words: object) -> Paper:
    """A paper of arXiv's on the desk, without its PDF."""
    server.add(name, **words)
    return acquire.add(desk, name, with_pdf=False).paper


def told(report: SyncReport) -> list[tuple[str, NewsKind, str]]:
    return [(item.name, item.kind, item.text) for item in report.news]


def again(desk: Desk, paper: Paper) -> Paper:
    return library.get_paper(desk, paper.name)


def test_nothing_new_is_no_news(desk, server, ask) -> None:
    add(desk, server, "2001.00001v1")
    report = ask()
    assert (report.asked, report.news, report.problems, report.error) == (1, (), (), None)
    assert library.get_paper(desk, "2001.00001").latest == 1


def test_a_newer_version_is_told_and_what_was_read_stays_what_it_was(desk, server, ask) -> None:
    paper = add(desk, server, "2001.00001v1", title="First words")
    reading.start_pass(desk, paper, 1)
    server.add("2001.00001v3", title="Other words", abstract="All new.")
    report = ask()
    assert told(report) == [("2001.00001", NewsKind.VERSION, "v3 is out; v1 is at hand")]
    now = again(desk, paper)
    assert (now.version, now.title, now.latest) == (1, "First words", 3)
    assert mark_of(desk, paper.id, 1) == "v3 is out; this was read in v1"
    assert mark_of(desk, paper.id, 3) is None


def test_where_nothing_was_read_the_words_become_the_newer_ones(desk, server, ask) -> None:
    paper = add(desk, server, "2001.00001v1", title="First words")
    server.add("2001.00001v2", title="Other words")
    assert [item.kind for item in ask().news] == [NewsKind.VERSION]
    now = again(desk, paper)
    assert (now.version, now.title, now.latest) == (2, "Other words", 2)


def test_a_pdf_at_hand_keeps_the_words_of_its_version(desk, server, ask) -> None:
    server.add("2001.00001v1", title="First words")
    paper = acquire.add(desk, "2001.00001v1").paper
    server.add("2001.00001v2", title="Other words")
    ask()
    assert (again(desk, paper).version, again(desk, paper).title) == (1, "First words")


@pytest.mark.parametrize("oai", [True, False], ids=["oai tells", "only the PDF tells"])
def test_a_withdrawal_is_found_with_its_reason(desk, server, ask, oai) -> None:
    paper = add(desk, server, "2001.00001v2", abstract="We show that P is not NP.")
    server.add("2001.00001v3", pdf=None, comment=WITHDRAWN, abstract="Gone.")
    if not oai:
        server.forget("2001.00001")
    (item,) = ask().news
    assert (item.kind, item.version) == (NewsKind.WITHDRAWN, 3)
    assert item.text == f"withdrawn in v3: {WITHDRAWN}"
    assert mark_of(desk, paper.id, 2) == f"withdrawn in v3: {WITHDRAWN}"
    now = again(desk, paper)
    assert (now.withdrawn, now.version) == (3, 2)
    assert now.metadata.abstract == "We show that P is not NP."


def test_a_withdrawal_that_only_the_history_shows_is_found(desk, server, ask) -> None:
    add(desk, server, "2001.00001v1")
    server.add("2001.00001v2", pdf=None, comment="12 pages", abstract="As before.")
    assert told(ask()) == [("2001.00001", NewsKind.WITHDRAWN, "withdrawn in v2: 12 pages")]


def test_words_that_only_sound_so_are_no_withdrawal(desk, server, ask) -> None:
    add(desk, server, "2001.00001v1")
    server.add("2001.00001v2", comment="Withdrawn from ICML and submitted elsewhere")
    assert [item.kind for item in ask().news] == [NewsKind.VERSION]
    assert library.get_paper(desk, "2001.00001").withdrawn is None


def test_a_withdrawn_paper_that_comes_back_is_told(desk, server, ask, fake_time) -> None:
    paper = add(desk, server, "2001.00001v1")
    server.add("2001.00001v2", pdf=None, comment=WITHDRAWN)
    ask()
    fake_time.advance(days=1)
    assert ask().news == ()
    server.add("2001.00001v3", comment="Lemma 2 is mended")
    fake_time.advance(days=1)
    assert told(ask()) == [("2001.00001", NewsKind.BACK, "v3 is out; it is no longer withdrawn")]
    assert again(desk, paper).withdrawn is None
    assert mark_of(desk, paper.id, 1) == "v3 is out; this was read in v1"


def test_a_publication_is_told_once_and_kept_as_a_record(desk, server, ask, fake_time) -> None:
    paper = add(desk, server, "2001.00001v1")
    words = {"journal_ref": "Nature 521 (2015) 436-444", "doi": "10.1038/nature14539"}
    server.add("2001.00001v1", **words)
    assert told(ask()) == [
        (
            "2001.00001",
            NewsKind.PUBLISHED,
            "published: Nature 521 (2015) 436-444 · doi:10.1038/nature14539",
        )
    ]
    now = again(desk, paper).metadata
    assert (now.doi, now.journal_ref, now.venue) == (*reversed(words.values()), "Nature")
    (row,) = desk.database.connection.table("records").rows
    assert (row["source"], row["doi"], row["paper_id"]) == (
        "arxiv-published",
        "10.1038/nature14539",
        paper.id,
    )
    fake_time.advance(days=1)
    assert ask().news == ()
    assert desk.database.connection.table("records").count == 1


def test_a_doi_of_arxivs_own_is_no_publication(desk, server, ask) -> None:
    add(desk, server, "2001.00001v1")
    server.add("2001.00001v1", doi="10.48550/arXiv.2001.00001")
    assert ask().news == ()


def test_a_paper_known_from_a_file_only_is_filled_in_without_news(desk, server, ask) -> None:
    paper = library.file_metadata(
        desk,
        Metadata("My own title", ("Ada Lovelace",), arxiv_id="2001.00001", venue="ICML"),
    )
    server.add(
        "2001.00001v4", title="Theirs", abstract="We show.", journal_ref="ICML 2020", doi="10.1/x"
    )
    assert ask().news == ()
    now = again(desk, paper)
    assert (now.title, now.version, now.latest) == ("My own title", 4, 4)
    assert (now.metadata.abstract, now.metadata.venue) == ("We show.", "ICML")
    assert now.metadata.published is not None
    server.add("2001.00001v5")
    assert [item.kind for item in ask("2001.00001").news] == [NewsKind.VERSION]


IMPORTED = """@inproceedings{mine, title = {My own title}, author = {Lovelace, Ada}, year = 2021,
  abstract = {My words.}, doi = {10.1000/mine}, eprint = {2001.00001}}"""


@pytest.mark.parametrize("worked_on", [False, True])
def test_what_a_bibliography_said_stays_on_the_next_day_too(
    desk, server, ask, fake_time, tmp_path, worked_on
) -> None:
    (tmp_path / "a.bib").write_text(IMPORTED)
    import_library(desk, [tmp_path / "a.bib"])
    if worked_on:
        reading.start_pass(desk, library.get_paper(desk, "2001.00001"), 1)
    said = {"title": "Theirs", "abstract": "We show.", "doi": "10.1000/theirs"}
    for version in (1, 2, 3):
        server.add(f"2001.00001v{version}", comment=f"{version} pages", **said)
        assert ask().asked == 1
        now = library.get_paper(desk, "2001.00001")
        words = now.metadata
        assert (words.title, words.authors) == ("My own title", ("Ada Lovelace",))
        assert (words.abstract, words.doi, words.year) == ("My words.", "10.1000/mine", 2021)
        at_hand = 1 if worked_on else version
        assert (now.latest, now.version, words.comment) == (version, at_hand, f"{at_hand} pages")
        fake_time.advance(days=1)


def test_what_a_merged_record_said_stays_on_the_next_day_too(desk, server, ask, fake_time) -> None:
    theirs = add(desk, server, "2001.00001v1", title="Theirs", doi="10.1000/theirs")
    mine = library.file_metadata(
        desk, Metadata("My own title", ("Ada Lovelace",), doi="10.1000/mine")
    )
    merging.merge(desk, mine.id, theirs.id)
    for _ in range(2):
        fake_time.advance(days=1)
        assert ask().asked == 1
        now = library.get_paper(desk, "2001.00001")
        assert (now.title, now.metadata.doi) == ("My own title", "10.1000/mine")


def test_the_words_of_arxivs_own_paper_are_followed_day_by_day(
    desk, server, ask, fake_time
) -> None:
    paper = add(desk, server, "2001.00001v1", title="First words")
    for version in (2, 3):
        server.add(f"2001.00001v{version}", title=f"Words {version}", doi=f"10.1/{version}")
        ask()
        now = again(desk, paper)
        assert (now.title, now.metadata.doi) == (f"Words {version}", f"10.1/{version}")
        fake_time.advance(days=1)


def test_papers_are_asked_about_a_hundred_at_a_time_and_once_a_day(
    desk, server, ask, fake_time
) -> None:
    for number in range(1, 231):
        name = f"2001.{number:05}"
        server.add(name)
        library.file_metadata(desk, Metadata(f"Paper {number}", arxiv_id=name))
    report = ask()
    assert (report.asked, report.left) == (230, 0)
    lengths = [len(asked.fields["id_list"].split(",")) for asked in server.asked]
    assert lengths == [100, 100, 30]
    assert ask() == SyncReport(skipped=230)
    assert len(server.asked) == 3
    assert ask("2001.00007").asked == 1
    fake_time.advance(days=1)
    assert ask().asked == 230


def test_a_failure_in_the_middle_keeps_what_came_and_goes_on_there(desk, server, ask) -> None:
    for number in range(1, 331):
        name = f"2001.{number:05}"
        server.add(name)
        library.file_metadata(desk, Metadata(f"Paper {number}", arxiv_id=name))
    server.fail("/api/query", Fault(), *[Fault(status=500, body=b"")] * 8)
    report = ask()
    assert (report.asked, report.left) == (100, 230)
    assert report.error is not None
    assert len(report.problems) == 2
    asked_before = len(server.asked)
    assert ask().asked == 230
    assert [len(a.fields["id_list"].split(",")) for a in server.asked[asked_before:]] == [
        100,
        100,
        30,
    ]


@pytest.mark.parametrize(
    "body",
    [b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><entry>", b"<html/>", b""],
    ids=["cut short", "a page", "empty"],
)
def test_one_broken_reply_does_not_stop_the_rest(desk, server, ask, body) -> None:
    for number in range(1, 151):
        name = f"2001.{number:05}"
        server.add(name)
        library.file_metadata(desk, Metadata(f"Paper {number}", arxiv_id=name))
    server.fail("/api/query", Fault(body=body))
    report = ask()
    assert (report.asked, report.left, report.error) == (50, 100, None)
    assert "100 papers from 2001.00001 on" in report.problems[0]
    assert ask().asked == 100


def test_an_empty_page_is_no_answer(desk, server, ask) -> None:
    for name in ("2001.00001", "2001.00002"):
        server.add(name)
        library.file_metadata(desk, Metadata(name, arxiv_id=name))
    empty = server.answer_of("zebra")
    server.fail("/api/query", *[Fault(body=empty)] * 2)
    report = ask()
    assert (report.asked, len(report.problems)) == (0, 1)
    assert ask().asked == 2


def test_retry_after_is_obeyed(desk, server, ask, fake_time) -> None:
    add(desk, server, "2001.00001v1")
    server.fail("/api/query", *[Fault(status=429, body=b"", headers={"Retry-After": "30"})] * 2)
    assert ask().asked == 1
    assert sum(fake_time.slept) >= 60


def test_a_refusal_is_not_repeated(desk, server, ask) -> None:
    for number in range(1, 131):
        name = f"2001.{number:05}"
        library.file_metadata(desk, Metadata(f"Paper {number}", arxiv_id=name))
    server.fail("/api/query", *[Fault(status=403, body=b"")] * 9)
    assert ask().error is not None
    assert len(server.asked) == 1


def test_a_paper_that_arxiv_does_not_have_is_named(desk, server, ask) -> None:
    server.add("2001.00001")
    for name in ("2001.00001", "2001.99999"):
        library.file_metadata(desk, Metadata(name, arxiv_id=name))
    report = ask()
    assert (report.asked, report.missing) == (2, ("2001.99999",))
    assert ask().asked == 0


def test_whether_it_was_withdrawn_is_asked_again_where_nobody_could_say(desk, server, ask) -> None:
    add(desk, server, "2001.00001v1")
    server.add("2001.00001v2", pdf=None, comment=WITHDRAWN)
    broken = [Fault(status=500, body=b"")] * 4
    server.fail("/oai", *broken)
    server.fail("/pdf/", *broken)
    report = ask()
    assert (report.asked, report.news) == (0, ())
    assert "2001.00001" in report.problems[0]
    assert [item.kind for item in ask().news] == [NewsKind.WITHDRAWN]


def test_deep_asks_for_every_history_and_keeps_it(desk, server, ask) -> None:
    paper = add(desk, server, "2001.00001v1")
    server.add("2001.00001v2")
    assert ask(deep=True).asked == 1
    assert server.paths().count("/oai") == 1
    (row,) = desk.database.connection.table("records").rows
    assert (row["source"], row["paper_id"]) == ("arxiv-history", paper.id)
    assert '"version": 2' in row["fields"]


def verbs(server: OaiServer) -> list[str]:
    found = [asked.fields["verb"] for asked in server.asked if asked.path == "/oai"]
    server.asked.clear()
    return found


def test_histories_come_out_of_a_list_where_that_is_fewer_requests(
    desk, server, ask, fake_time
) -> None:
    """The second deep sync: what changed is in the list, the rest is what it was."""
    for number in range(1, 9):
        add(desk, server, f"2001.{number:05}v1", comment=f"{number} pages")
        server.changed(f"2001.{number:05}", "2026-01-01")
    add(desk, server, "2001.00009v1", categories=("no set",))
    ask(deep=True)
    assert verbs(server) == ["GetRecord"] * 9
    fake_time.advance(days=1)
    server.add("2001.00003v2", pdf=None, comment="As before")
    server.changed("2001.00003", "2026-04-13")
    assert told(ask(deep=True)) == [
        ("2001.00003", NewsKind.WITHDRAWN, "withdrawn in v2: As before")
    ]
    assert verbs(server) == ["ListRecords", "GetRecord"]
    for _ in range(2):
        fake_time.advance(days=30)
        assert ask(deep=True).news == ()
        assert verbs(server) == ["ListRecords", "GetRecord"]
    server.fail("/oai", Fault(body=b'<OAI-PMH><error code="badArgument">no</error></OAI-PMH>'))
    fake_time.advance(days=1)
    assert ask(deep=True).asked == 9
    assert verbs(server) == ["ListRecords"] + ["GetRecord"] * 9
    server.fail("/oai", Fault(status=403, body=b""))
    fake_time.advance(days=1)
    report = ask(deep=True)
    assert (report.left, report.error is None, len(server.asked)) == (9, False, 1)


def test_several_newer_versions_are_looked_up_in_one_list(desk, server, ask, fake_time) -> None:
    for number in range(1, 4):
        add(desk, server, f"2001.{number:05}v1")
    ask()
    fake_time.advance(days=1)
    for number in range(1, 4):
        server.add(f"2001.{number:05}v2", pdf=None)
    server.forget("2001.00003")
    assert sorted(kind for _, kind, _ in told(ask())) == [
        NewsKind.VERSION,
        NewsKind.WITHDRAWN,
        NewsKind.WITHDRAWN,
    ]
    assert verbs(server) == ["ListRecords", "GetRecord"]


def test_a_record_taken_away_is_a_withdrawal_where_the_pdf_is_gone_too(desk, server, ask) -> None:
    for name, pdf in (("2001.00001", None), ("2001.00002", b"%PDF-1.4")):
        add(desk, server, f"{name}v1")
        server.add(f"{name}v2", pdf=pdf, comment="v2")
        server.delete(name)
    assert sorted(told(ask())) == [
        ("2001.00001", NewsKind.WITHDRAWN, "withdrawn in v2: v2"),
        ("2001.00002", NewsKind.VERSION, "v2 is out; v1 is at hand"),
    ]


def test_offline_asks_nothing_and_says_so(desk, server) -> None:
    add(desk, server, "2001.00001v1")
    asked = len(server.asked)
    with pytest.raises(SourceError, match="offline"):
        sync(replace(desk, settings=replace(desk.settings, offline=True)))
    assert len(server.asked) == asked


def test_what_cannot_be_asked_about_is_refused(desk, ask) -> None:
    own = library.file_metadata(desk, Metadata("My notes", ("Ada Example",)))
    with pytest.raises(UsageProblemError, match="no arXiv id"):
        ask(own.key)
    with pytest.raises(NotOnDeskError):
        ask("2001.00001")


def test_removed_papers_are_left_alone(desk, server, ask) -> None:
    add(desk, server, "2001.00001v1")
    take_off(desk, "2001.00001")
    assert ask().asked == 0


def test_news_is_seen_and_unseen(desk, server, ask, fake_time) -> None:
    for name in ("2001.00001", "2001.00002"):
        add(desk, server, f"{name}v1")
        server.add(f"{name}v2")
    ask()
    one, other = news.unseen(desk)
    assert news.see(desk, [one.id]) == [one.id]
    assert news.see(desk, [one.id]) == []
    assert [item.id for item in news.unseen(desk)] == [other.id]
    changed = news.see_all(desk)
    assert changed == [other.id]
    assert news.count_unseen(desk) == 0
    news.unsee(desk, changed)
    assert [item.id for item in news.unseen(desk)] == [other.id]


def test_a_still_newer_version_takes_the_place_of_news_that_nobody_saw(
    desk, server, ask, fake_time
) -> None:
    add(desk, server, "2001.00001v1")
    server.add("2001.00001v2")
    ask()
    server.add("2001.00001v3")
    fake_time.advance(days=1)
    ask()
    assert [item.version for item in news.unseen(desk)] == [3]


def test_marks_are_of_notes_and_claims_in_their_versions(desk, server, ask) -> None:
    paper = add(desk, server, "2001.00001v1")
    note = notes.add_note(desk, paper, 1, "odd")
    claim = claims.add_claim(desk, paper, "94 %")
    server.add("2001.00001v2")
    ask()
    wanted = [(note.paper_id, note.version), (claim.paper_id, claim.version), (99, 1)]
    assert marks_of(desk, wanted) == {(paper.id, 1): "v2 is out; this was read in v1"}
    acquire.add(desk, "2001.00001v2", with_pdf=False)
    assert mark_of(desk, paper.id, 1) == "v2 is out; this was read in v1"


def test_two_versions_are_one_paper(desk, server) -> None:
    server.add("1706.03762v1", title="Draft")
    server.add("1706.03762v5", title="Attention")
    first = acquire.add(desk, "1706.03762v1").paper
    second = acquire.add(desk, "1706.03762v5").paper
    third = acquire.add(desk, "https://arxiv.org/pdf/1706.03762v1").paper
    assert first.id == second.id == third.id
    assert (third.version, [one.version for one in third.versions]) == (5, [1, 5])
    assert len(library.list_papers(desk)) == 1


def test_a_publication_known_stays_where_arxiv_does_not_say_it(desk, server) -> None:
    known = Metadata(
        "T",
        arxiv_id="2001.00001",
        doi="10.1/x",
        venue="ICML",
        updated=datetime(2020, 1, 1, tzinfo=UTC),
    )
    library.file_metadata(desk, known)
    server.add("2001.00001v2")
    now = acquire.add(desk, "2001.00001", with_pdf=False).paper.metadata
    assert (now.doi, now.venue, now.version) == ("10.1/x", "ICML", 2)


def test_the_day_is_that_of_the_desk(desk, server, ask, fake_time) -> None:
    add(desk, server, "2001.00001v1")
    assert ask().asked == 1
    fake_time.now += timedelta(seconds=1)
    assert ask().asked == 0
