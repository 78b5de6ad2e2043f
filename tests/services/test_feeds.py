"""What is followed: announcements, queries, addresses; nothing twice, nothing lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.arxiv_server import Fault
from support.feed_server import BOMB, FeedServer, Post, Told, atom

from researchdesk.config import Settings
from researchdesk.domain.feeds import EntryState, FeedKind
from researchdesk.domain.papers import Metadata
from researchdesk.errors import NotOnDeskError, SourceError, UsageProblemError
from researchdesk.services import claims, feeds, labels, library, notes, reading
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.feeds_refreshing import refresh

EASTERN = ZoneInfo("America/New_York")
CATEGORY, AUTHOR, SEARCH, ADDRESS = FeedKind


class Time:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 4, 14, 14, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def to(self, day: int, hour: int = 14) -> datetime:
        """To this day of April, US Eastern midnight of which is given back."""
        self.now = datetime(2026, 4, day, hour, tzinfo=UTC)
        return datetime(2026, 4, day, tzinfo=EASTERN)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as opened:
        yield opened


@pytest.fixture
def desk(settings: Settings, server: FeedServer, time: Time) -> Iterator[Desk]:
    told = replace(settings, arxiv_url=server.url, rss_url=server.url)
    opened = open_desk(told, time)
    yield opened
    opened.close()


def said(report):
    return [outcome.summary for outcome in report.outcomes]


def titles(desk, **how):
    return [entry.title for entry in feeds.waiting(desk, **how)]


def test_new_cross_listed_and_replaced_are_told_apart(desk, server, time) -> None:
    feeds.follow(desk, CATEGORY, "CS.lg")
    held = Metadata(title="Held", arxiv_id="2501.00001", version=2)
    library.file_metadata(desk, held)
    library.file_metadata(desk, Metadata(title="Same", arxiv_id="2501.00009", version=1))
    server.announce(
        time.to(14),
        Told("2604.00001v1", "First"),
        Told("2604.00002v1", "Second", "cross", ("stat.ML", "cs.LG")),
        Told("2501.00001v3", "Held, again", "replace"),
        Told("2501.00002v2", "Not mine", "replace-cross", ("math.ST", "cs.LG")),
        Told("2501.00009v1", "On the desk", "new"),
    )
    report = refresh(desk)
    assert said(report) == ["1 new, 1 cross-listed, 1 replaced"]
    assert {entry.title: entry.kind_words for entry in feeds.waiting(desk)} == {
        "First": "new",
        "Second": "cross-listed",
        "Held, again": "replaced v2 → v3",
    }
    every = {entry.title: entry.kind_words for entry in feeds.waiting(desk, every=True)}
    assert every["Not mine"] == "replaced by v2"
    assert not report.ranked
    first = next(entry for entry in feeds.waiting(desk) if entry.title == "First")
    assert first.words.authors == ("Ada Lovelace", "Charles Babbage")
    assert first.words.abstract == "We show something."
    assert (first.link, first.feeds) == ("https://arxiv.org/abs/2604.00001", ("cs.LG",))


def test_a_paper_is_one_entry_however_many_feeds_name_it(desk, server, time) -> None:
    server.add("2604.00001", title="Attention", authors=("Ada Lovelace",))
    address = server.put("/r/ml/.rss", atom("ml", Post("x", "https://arxiv.org/abs/2604.00001v1")))
    for kind, what in ((CATEGORY, "cs.LG"), (CATEGORY, "stat.ML"), (AUTHOR, "Ada Lovelace"),
                       (SEARCH, "attention"), (ADDRESS, address)):  # fmt: skip
        feeds.follow(desk, kind, what)
    paper = Told("2604.00001v1", "Attention", "new", ("cs.LG", "stat.ML"))
    server.announce(time.to(14), paper)
    refresh(desk)
    (entry,) = feeds.waiting(desk)
    assert entry.feeds == ("cs.LG", "stat.ML", "author Ada Lovelace", "search “attention”", "ml")
    assert feeds.waiting_by_feed(desk) == dict.fromkeys(range(1, 6), 1)
    assert [p for p in server.paths() if p.startswith("/rss")] == ["/rss/cs.LG+stat.ML"]


def test_a_weekend_is_no_failure_and_says_so(desk, server, time) -> None:
    feeds.follow(desk, CATEGORY, "cs.LG")
    server.announce(time.to(10), Told("2604.00001v1", "Friday's"))
    refresh(desk)
    server.announce(time.to(11))
    report = refresh(desk)
    assert said(report) == ["arXiv announces nothing on a Saturday"]
    assert not report.failed
    assert "/api/query" not in server.paths()
    assert titles(desk) == ["Friday's"]
    server.announce(time.to(13), Told("2604.00002v1", "Monday's"))
    assert said(refresh(desk)) == ["1 new"]
    assert "/api/query" not in server.paths()


def test_on_a_holiday_it_is_asked_again_in_an_hour(desk, server, time) -> None:
    feeds.follow(desk, CATEGORY, "cs.LG")
    server.announce(time.to(13), Told("2604.00001v1", "Monday's"))
    refresh(desk)
    midnight = time.to(14, 12)
    server.announce(midnight)
    assert "holiday" in said(refresh(desk))[0]
    time.to(14, 14)
    server.announce(midnight, Told("2604.00002v1", "Late"))
    assert said(refresh(desk)) == ["1 new"]


def test_the_first_time_on_a_weekend_the_last_days_come_from_the_search(desk, server, time) -> None:
    feeds.follow(desk, CATEGORY, "cs.LG")
    server.add("2604.00001", title="Of Friday")
    server.add("2604.00002", title="Listed too", categories=("cs.CL", "cs.LG"))
    server.announce(time.to(12))
    (told,) = said(refresh(desk))
    assert "nothing on a Sunday" in told
    assert "the last days were asked for instead" in told
    kinds = {entry.title: entry.kind_words for entry in feeds.waiting(desk)}
    assert kinds == {"Of Friday": "new", "Listed too": "cross-listed"}


def test_missed_days_are_filled_up_from_the_search(desk, server, time) -> None:
    feeds.follow(desk, CATEGORY, "cs.LG")
    server.announce(time.to(7), Told("2604.00001v1", "Tuesday's"))
    refresh(desk)
    server.add("2604.00002", title="Wednesday's")
    server.announce(time.to(9), Told("2604.00003v1", "Thursday's"))
    assert "filled up since 2026-04-07" in said(refresh(desk))[0]
    assert set(titles(desk)) == {"Tuesday's", "Wednesday's", "Thursday's"}
    asked = next(one for one in server.asked if one.path == "/api/query")
    assert "submittedDate:[202604030000 TO 202604092359]" in asked.fields["search_query"]


def test_where_the_gap_cannot_be_filled_what_came_is_there_and_it_is_tried_again(
    desk, server, time
) -> None:
    feeds.follow(desk, CATEGORY, "cs.LG")
    server.announce(time.to(7), Told("2604.00001v1", "Tuesday's"))
    refresh(desk)
    server.add("2604.00002", title="Wednesday's")
    server.announce(time.to(9), Told("2604.00003v1", "Thursday's"))
    server.fail("/api/query", *[Fault(status=500)] * 4)
    report = refresh(desk)
    assert len(report.failed) == 1
    assert len(report.came) == 1
    assert feeds.feeds(desk)[0].problem
    refresh(desk)
    assert "Wednesday's" in titles(desk)
    assert not feeds.feeds(desk)[0].problem


def test_nothing_is_asked_that_cannot_have_changed(desk, server, time) -> None:
    address = server.put("/feed", atom("lab"), etag='"one"')
    for kind, what in ((CATEGORY, "cs.LG"), (AUTHOR, "Ada"), (ADDRESS, address)):
        feeds.follow(desk, kind, what)
    server.announce(time.to(14), Told("2604.00001v1"))
    refresh(desk)
    asked = len(server.asked)
    time.now += timedelta(minutes=59)
    report = refresh(desk)
    assert len(server.asked) == asked
    assert not any(outcome.asked for outcome in report.outcomes)
    time.now += timedelta(minutes=2)
    report = refresh(desk)
    assert server.paths()[asked:] == ["/feed"]
    assert said(report)[2] == "not changed since"
    refresh(desk, daily=True)
    assert len(server.asked) == asked + 1
    server.announce(time.to(15, 16), Told("2604.00002v1"))
    refresh(desk, daily=True)
    assert set(server.paths()[asked + 1 :]) == {"/rss/cs.LG", "/api/query", "/feed"}


def test_too_many_requests_are_borne(desk, server, time) -> None:
    feeds.follow(desk, CATEGORY, "cs.LG")
    server.announce(time.to(14), Told("2604.00001v1"))
    server.fail("/rss/", Fault(status=429), Fault(status=503))
    assert said(refresh(desk)) == ["1 new"]


def test_where_arxiv_wants_to_be_left_alone_it_is_asked_nothing_more(desk, server, time) -> None:
    address = server.put("/feed", atom("lab", Post("x", "arXiv:2604.00001")))
    for kind, what in (
        (CATEGORY, "cs.LG"),
        (CATEGORY, "cs.CL"),
        (AUTHOR, "Ada"),
        (ADDRESS, address),
    ):
        feeds.follow(desk, kind, what)
    server.announce(time.to(14), Told("2604.00001v1"))
    server.fail("/rss/", Fault(status=403))
    report = refresh(desk)
    assert len(report.failed) == 4
    assert server.paths() == ["/rss/cs.LG+cs.CL", "/feed"]
    assert "403" in report.failed[0].problem


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(body=b"<html><body>Down for maintenance</body></html>"), "web page"),
        (Fault(body=b"<!DOCTYPE html>\n<html><p>Down<br></html>"), "web page"),
        (Fault(body=b""), "empty reply"),
        (Fault(body=b'<rss version="2.0"><channel><item><title>half'), "damaged or was cut short"),
        (Fault(body=BOMB), "declares entities"),
        (Fault(status=404), "no announcements of cs.LG"),
    ],
    ids=["page", "page5", "empty", "cut", "bomb", "missing"],
)
def test_what_is_no_announcement_is_told_and_nothing_is_lost(
    desk, server, time, fault, words
) -> None:
    feeds.follow(desk, CATEGORY, "cs.LG")
    server.announce(time.to(14), Told("2604.00001v1", "Kept"))
    server.fail("/rss/", fault)
    report = refresh(desk)
    assert words in report.failed[0].problem
    assert feeds.feeds(desk)[0].checked_at is None
    refresh(desk)
    assert titles(desk) == ["Kept"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=400),
        Fault(body=atom("Feed error for query: econ.TH", Post("Bad archive", "'econ'"))),
    ],
)
def test_one_category_that_arxiv_refuses_does_not_take_the_others_along(
    desk, server, time, fault
) -> None:
    for name in ("cs.LG", "econ.TH"):
        feeds.follow(desk, CATEGORY, name)
    server.announce(time.to(14), Told("2604.00001v1", "Here"))
    server.fail("/rss/cs.LG+econ.TH", fault)
    server.fail("/rss/econ.TH", fault)
    report = refresh(desk)
    assert "no announcements of econ.TH" in report.failed[0].problem
    assert [outcome.feed.what for outcome in report.failed] == ["econ.TH"]
    assert titles(desk) == ["Here"]
    assert server.paths() == ["/rss/cs.LG+econ.TH", "/rss/cs.LG", "/rss/econ.TH"]


def test_a_subreddit_brings_the_papers_it_links_to(desk, server) -> None:
    for number in (1, 2, 3, 4):
        server.add(f"2604.0000{number}", title=f"Paper {number}")
    server.add("hep-th/9901001", title="Old")
    posts = (
        Post("[R] one", '<a href="https://arxiv.org/abs/2604.00001">[link]</a>'),
        Post("two", "see https://www.arxiv.org/pdf/2604.00002v1.pdf, and html/2604.09999"),
        Post(
            "three", '<a href="http://arxiv.org/html/2604.00003v2#S1">x</a> <b>arXiv:2604.00004</b>'
        ),
        Post("old", "https://arxiv.org/abs/hep-th%2F9901001"),
        Post("none", "https://example.org/abs/2604.00001 notarxiv.org/abs/2604.00001"),
        Post("gone", "https://arxiv.org/abs/2604.12345"),
    )
    feeds.follow(desk, ADDRESS, server.put("/r/ml/.rss", atom("r/ml [b]", *posts)))
    report = refresh(desk)
    assert said(report) == ["5 new, 1 without a paper of arXiv, left out"]
    assert set(titles(desk)) == {"Paper 1", "Paper 2", "Paper 3", "Paper 4", "Old"}
    assert feeds.feeds(desk)[0].name == "r/ml [b]"
    assert server.paths().count("/api/query") == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (BOMB, "declares entities"),
        (b"<html><head><title>A lab</title></head></html>", "web page"),
        (b"{}", "web page"),
        (b"<rss>" + b" " * (16 * 2**20), "without end"),
    ],
    ids=["bomb", "page", "json", "huge"],
)
def test_an_address_that_sends_no_feed_is_told(desk, server, body, words) -> None:
    feeds.follow(desk, ADDRESS, server.put("/feed", body))
    assert words in refresh(desk).failed[0].problem


def test_a_damaged_feed_is_read_as_far_as_it_goes(desk, server) -> None:
    server.add("2604.00001", title="Whole")
    body = atom("lab", Post("x & y", "https://arxiv.org/abs/2604.00001"), Post("y", "z"))
    feeds.follow(desk, ADDRESS, server.put("/feed", body.replace(b"&amp;", b"&").rstrip()[:-20]))
    report = refresh(desk)
    assert "the feed is damaged" in said(report)[0]
    assert titles(desk) == ["Whole"]


def test_one_source_fails_and_the_others_come(desk, server, time) -> None:
    feeds.follow(desk, ADDRESS, "http://127.0.0.1:9/feed")
    feeds.follow(desk, CATEGORY, "cs.LG")
    server.announce(time.to(14), Told("2604.00001v1", "Came"))
    report = refresh(desk)
    assert [outcome.feed.kind for outcome in report.failed] == [ADDRESS]
    assert titles(desk) == ["Came"]
    assert feeds.feeds(desk)[0].problem


def test_offline_nothing_is_asked(settings, time) -> None:
    desk = open_desk(replace(settings, offline=True), time)
    with pytest.raises(SourceError, match="offline"):
        refresh(desk)
    desk.close()


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (CATEGORY, "not a category"),
        (CATEGORY, "cs.LG OR all"),
        (AUTHOR, "  "),
        (SEARCH, "()"),
        (ADDRESS, "ftp://example.org/feed"),
        (ADDRESS, "javascript:alert(1)"),
        (ADDRESS, "https://"),
        (ADDRESS, "https://me:secret@example.org/"),
        (ADDRESS, "https://[1"),
    ],
)
def test_what_cannot_be_followed_is_refused(desk, kind, what) -> None:
    with pytest.raises(UsageProblemError):
        feeds.follow(desk, kind, what)
    assert feeds.feeds(desk) == []


def test_following_twice_is_following_once_and_a_subreddit_is_its_feed(desk) -> None:
    first = feeds.follow(desk, CATEGORY, "cs.LG")
    assert feeds.follow(desk, CATEGORY, "CS.LG") == first
    followed = feeds.follow(desk, ADDRESS, "https://www.reddit.com/r/MachineLearning/")
    assert followed.what == "https://www.reddit.com/r/MachineLearning/.rss"


def test_unfollowed_its_undecided_papers_go_and_the_others_stay(desk, server, time) -> None:
    for name in ("cs.LG", "cs.CL"):
        feeds.follow(desk, CATEGORY, name)
    server.announce(
        time.to(14),
        Told("2604.00001v1", "Only there"),
        Told("2604.00002v1", "In both", categories=("cs.LG", "cs.CL")),
        Told("2604.00003v1", "Decided"),
    )
    refresh(desk)
    feeds.decide(desk, feeds.entry_of(desk, "2604.00003").id, EntryState.NO, "off topic")
    feeds.unfollow(desk, "cs.lg")
    assert titles(desk) == ["In both"]
    assert feeds.entry_of(desk, "2604.00003").why == "off topic"
    with pytest.raises(NotOnDeskError):
        feeds.unfollow(desk, "cs.LG")


@pytest.fixture
def three(desk, server, time) -> Desk:
    feeds.follow(desk, CATEGORY, "cs.LG")
    papers = [Told(f"2604.0000{n}v1", f"Paper {n}", abstract="[b]x[/b]") for n in (1, 2, 3)]
    server.announce(time.to(14), *papers)
    refresh(desk)
    return desk


def test_kept_it_is_on_the_desk_and_undone_it_is_not(three) -> None:
    entry = feeds.entry_of(three, "2604.00002")
    kept = feeds.decide(three, entry.id, EntryState.KEPT, "for the survey")
    assert (kept.state, kept.why) == (EntryState.KEPT, "for the survey")
    assert library.get_paper(three, "2604.00002").title == "Paper 2"
    assert set(titles(three)) == {"Paper 1", "Paper 3"}
    assert feeds.undo_decision(three).title == "Paper 2"
    with pytest.raises(NotOnDeskError):
        library.get_paper(three, "2604.00002")
    assert feeds.entry_of(three, "2604.00002").state is EntryState.NEW


@pytest.mark.parametrize("work", ["pass", "note", "claim"])
def test_a_paper_that_was_worked_on_stays_when_keeping_is_undone(three, work) -> None:
    entry = feeds.entry_of(three, "2604.00002")
    feeds.decide(three, entry.id, EntryState.KEPT)
    paper = library.get_paper(three, "2604.00002")
    if work == "pass":
        reading.start_pass(three, paper, 1)
    elif work == "note":
        notes.add_note(three, paper, 1, "an odd step")
    else:
        claims.add_claim(three, paper, "It holds.")
    undone = feeds.undo_decision(three)
    assert (undone.state, undone.before) == (EntryState.NEW, 1)
    assert library.get_paper(three, "2604.00002").id == paper.id
    assert set(titles(three)) == {"Paper 1", "Paper 3"}


def test_the_decision_about_one_entry_is_taken_back(three) -> None:
    first, second, third = feeds.waiting(three)
    feeds.decide(three, first.id, EntryState.NO)
    feeds.decide(three, second.id, EntryState.NO)
    assert feeds.undo_decision(three, first.id).id == first.id
    assert feeds.undo_decision(three, first.id) is None
    assert feeds.undo_decision(three, third.id) is None
    assert feeds.undo_decision(three).id == second.id


def test_a_paper_that_was_there_before_stays_when_keeping_is_undone(three) -> None:
    entry = feeds.entry_of(three, "2604.00001")
    library.file_metadata(three, entry.words)
    assert "Paper 1" not in titles(three)
    feeds.decide(three, entry.id, EntryState.KEPT)
    feeds.undo_decision(three)
    assert library.get_paper(three, "2604.00001")


def test_put_off_it_comes_back_on_its_day(three, time) -> None:
    first, second, _ = feeds.waiting(three)
    feeds.decide(three, first.id, EntryState.LATER)
    put_off = feeds.decide(three, second.id, EntryState.LATER, again_on=date(2026, 4, 20))
    assert put_off.again_on == date(2026, 4, 20)
    assert feeds.count_waiting(three) == 1
    assert feeds.count_put_off(three) == 2
    time.to(15)
    assert feeds.count_waiting(three) == 2
    time.to(20)
    assert feeds.count_waiting(three) == 3
    with pytest.raises(UsageProblemError):
        feeds.decide(three, first.id, EntryState.LATER, again_on=date(2026, 4, 20))


def test_several_decisions_are_taken_back_one_by_one(three) -> None:
    first, second, _ = feeds.waiting(three)
    feeds.decide(three, first.id, EntryState.LATER)
    feeds.decide(three, first.id, EntryState.NO)
    feeds.decide(three, second.id, EntryState.NO)
    assert feeds.undo_decision(three).id == second.id
    assert feeds.undo_decision(three).state is EntryState.LATER
    assert feeds.undo_decision(three).state is EntryState.NEW
    assert feeds.undo_decision(three) is None
    assert feeds.count_waiting(three) == 3


def test_said_no_to_it_does_not_come_again(three, server, time) -> None:
    feeds.decide(three, feeds.entry_of(three, "2604.00001").id, EntryState.NO)
    server.announce(
        time.to(15), Told("2604.00001v1", kind="cross"), Told("2604.00001v2", kind="replace")
    )
    refresh(three)
    assert set(titles(three)) == {"Paper 2", "Paper 3"}


def test_replaced_before_it_was_looked_at_it_has_the_newer_words(three, server, time) -> None:
    server.announce(time.to(15), Told("2604.00001v2", "Paper 1, mended", "replace"))
    refresh(three)
    assert "Paper 1, mended" in titles(three)
    assert feeds.count_waiting(three) == 3
    entry = feeds.entry_of(three, "2604.00001")
    feeds.decide(three, entry.id, EntryState.KEPT)
    assert library.get_paper(three, "2604.00001").version == 2


def test_newer_versions_of_papers_elsewhere_are_not_kept_for_ever(three, server, time) -> None:
    server.announce(time.to(15), Told("2501.00001v2", "Elsewhere", "replace"))
    refresh(three)
    assert "Elsewhere" in titles(three, every=True)
    server.announce(time.to(30), Told("2604.00004v1"))
    refresh(three)
    assert "Elsewhere" not in titles(three, every=True)


def test_what_is_new_is_ranked_and_the_words_for_it_are_kept(desk, server, time) -> None:
    """By a desk that likes attention; without the desk's word, the newest are first."""
    for number, word in enumerate(["attention heads in transformers", "sparse attention"], 1):
        paper = library.file_metadata(
            desk, Metadata(title=word, abstract=word, arxiv_id=f"2501.0000{number}")
        )
        labels.set_stars(desk, [paper.id], 5)
    feeds.follow(desk, CATEGORY, "cs.LG")
    server.announce(
        time.to(14),
        Told("2604.00001v1", "Fluid flow", abstract="Turbulence in pipes and rivers."),
        Told("2604.00002v1", "More attention", abstract="Sparse attention in transformers."),
    )
    assert refresh(desk).ranked
    best, other = feeds.waiting(desk)
    assert best.title == "More attention"
    assert best.score > other.score
    assert "attention" in best.speaks
