"""Triage: one new paper at a time, decided at a key and taken back; feeds followed and dropped."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from support.feed_desk import announce, followed
from support.feed_server import FeedServer, Told
from textual.widgets import Input, Static

from researchdesk.domain.feeds import Announced, EntryState, FeedKind
from researchdesk.domain.papers import Metadata
from researchdesk.errors import NotOnDeskError
from researchdesk.services import feeds, labels, library, notes
from researchdesk.services.desk import open_desk
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.dialogs.follow import FollowDialog
from researchdesk.tui.dialogs.followed import FollowedDialog
from researchdesk.tui.dialogs.triage_decision import TriageDecisionDialog
from researchdesk.tui.messages import Fetch
from researchdesk.tui.screens.triage import TriageScreen
from researchdesk.tui.widgets.key_bar import KeyBar
from researchdesk.tui.widgets.triage_card import TriageCard, spans
from researchdesk.tui.widgets.triage_queue import TriageQueue


@pytest.fixture
def three(desk):
    """Three papers, the first the best."""
    feed = followed(desk)
    announce(
        desk,
        feed,
        "Sparse [b]attention[/b]",
        "Deep sets",
        "Optimal transport",
        scores=(0.9, 0.5, 0.1),
        speaks=("attention", "long documents"),
    )
    return feed


async def opened(app, until, pilot):
    await until(pilot, lambda: app.screen_stack and app.screen.is_mounted)
    await app.push_screen(TriageScreen(app.desk))
    await until(pilot, lambda: words(app, "#about"))


def words(app, name):
    return str(app.screen.query_one(name, Static).content)


def shown(app):
    return words(app, "#paper")


def told(app):
    return "\n".join(note.message for note in app._notifications)


def state(desk, arxiv_id):
    return feeds.entry_of(desk, arxiv_id).state


async def test_without_feeds_it_says_how_to_follow(make_app, desk, until):
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        assert "Press a to follow" in words(app, "#nothing")
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, FollowDialog))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Give a category" in words(app, "#problem"))
        app.screen.query_one("#category", Input).value = "cs.LG, not!a"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "not an arXiv category" in words(app, "#problem"))
        assert feeds.feeds(desk) == []
        app.screen.query_one("#category", Input).value = "cs.lg stat.ml"
        app.screen.query_one("#author", Input).value = "Ada [Lovelace]"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, TriageScreen))
        assert [feed.name for feed in feeds.feeds(desk)] == [
            "cs.LG",
            "stat.ML",
            "author Ada [Lovelace]",
        ]


async def test_each_key_decides_at_once_and_shows_the_next(make_app, desk, three, until):
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        await until(pilot, lambda: "Sparse [b]attention[/b]" in shown(app))
        for part in ("● new", "cs.LG · stat.ML", "Grace [Hopper]", "1 of 3", "2603.00001"):
            assert part in shown(app)
        await pilot.press("k")
        await until(pilot, lambda: "Deep sets" in shown(app))
        assert "2 left · 1 seen · 1 kept" in words(app, "#about")
        assert "✓ Kept" in words(app, "#last")
        assert library.get_paper(desk, "2603.00001").title == "Sparse [b]attention[/b]"
        await pilot.press("n")
        await until(pilot, lambda: "Optimal transport" in shown(app))
        await pilot.press("l")
        await until(pilot, lambda: "Nothing left. 3 seen, 1 kept." in words(app, "#nothing"))
        assert "1 put off" in words(app, "#nothing")
        assert state(desk, "2603.00002") is EntryState.NO
        tomorrow = desk.today() + timedelta(days=1)
        assert feeds.entry_of(desk, "2603.00003").again_on == tomorrow


async def test_decisions_are_taken_back_one_by_one(make_app, desk, three, until):
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        await until(pilot, lambda: "Sparse" in shown(app))
        await pilot.press("right", "k", "n", "l")
        await until(pilot, lambda: "Nothing left" in words(app, "#nothing"))
        await pilot.press("u")
        await until(pilot, lambda: app.screen.current and "1 left" in words(app, "#about"))
        await pilot.press("ctrl+z", "u")
        await until(pilot, lambda: "3 left" in words(app, "#about"))
        assert "Deep sets" in shown(app)
        assert {state(desk, f"2603.0000{n}") for n in (1, 2, 3)} == {EntryState.NEW}
        with pytest.raises(NotOnDeskError):
            library.get_paper(desk, "2603.00002")
        await pilot.press("u")
        await pilot.pause()
        assert feeds.count_waiting(desk) == 3


async def test_what_was_decided_before_is_not_taken_back(make_app, desk, three, until):
    kept = feeds.decide(desk, feeds.entry_of(desk, "2603.00002").id, EntryState.KEPT)
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        await until(pilot, lambda: "Sparse" in shown(app))
        for key in ("u", "ctrl+z"):
            app.clear_notifications()
            await pilot.press(key)
            await until(pilot, lambda: "Nothing was decided here yet." in told(app))
        assert feeds.entry_of(desk, kept.id).state is EntryState.KEPT
        await pilot.press("n")
        await until(pilot, lambda: "Optimal" in shown(app))
        await pilot.press("u", "u")
        await until(pilot, lambda: "Sparse" in shown(app))
        assert state(desk, "2603.00001") is EntryState.NEW
        assert feeds.entry_of(desk, kept.id).state is EntryState.KEPT
        assert library.get_paper(desk, "2603.00002")


async def test_a_paper_that_was_noted_on_stays_on_the_desk(make_app, desk, three, until):
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        await until(pilot, lambda: "Sparse" in shown(app))
        await pilot.press("k")
        await until(pilot, lambda: "2 left" in words(app, "#about"))
        notes.add_note(desk, library.get_paper(desk, "2603.00001"), 1, "odd")
        await pilot.press("u")
        await until(pilot, lambda: "stays on the desk" in told(app))
        await until(pilot, lambda: "2 left" in words(app, "#about"))
        assert "seen" not in words(app, "#about")
        assert state(desk, "2603.00001") is EntryState.NEW
        assert library.get_paper(desk, "2603.00001")


async def test_a_decision_that_was_taken_back_elsewhere_is_told(make_app, desk, three, until):
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        await until(pilot, lambda: "Sparse" in shown(app))
        await pilot.press("n")
        await until(pilot, lambda: "2 left" in words(app, "#about"))
        feeds.undo_decision(desk)
        await pilot.press("u")
        await until(pilot, lambda: "taken back already" in told(app))
        await pilot.press("u")
        await until(pilot, lambda: "Nothing was decided here yet." in told(app))


@pytest.mark.slow
async def test_a_reason_tags_and_a_day_may_be_given(make_app, desk, three, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, until, pilot)
        await until(pilot, lambda: "Sparse" in shown(app))
        await pilot.press("K")
        await until(pilot, lambda: isinstance(app.screen, TriageDecisionDialog))
        await pilot.press(*"survey", "tab", *"attention, to read", "enter")
        await until(pilot, lambda: isinstance(app.screen, TriageScreen))
        assert feeds.entry_of(desk, "2603.00001").why == "survey"
        kept = library.get_paper(desk, "2603.00001")
        assert set(labels.tags_of(desk, kept.id)) == {"attention", "to read"}
        await pilot.press("L")
        await until(pilot, lambda: isinstance(app.screen, TriageDecisionDialog))
        await pilot.press(*"2020-01-01", "ctrl+s")
        await until(pilot, lambda: "no day to come" in words(app, "#problem"))
        app.screen.query_one("#until", Input).value = "+7"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, TriageScreen))
        assert feeds.entry_of(desk, "2603.00002").again_on == desk.today() + timedelta(days=7)
        await pilot.press("N")
        await until(pilot, lambda: isinstance(app.screen, TriageDecisionDialog))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, TriageScreen))
        assert state(desk, "2603.00003") is EntryState.NEW


async def test_one_feeds_papers_only_and_a_feed_is_dropped(make_app, desk, three, until):
    other = followed(desk, "Ada", FeedKind.AUTHOR)
    announce(desk, other, "By Ada", first=9)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, until, pilot)
        await until(pilot, lambda: "4 left" in words(app, "#about"))
        await pilot.press("slash")
        await until(pilot, lambda: isinstance(app.screen, FollowedDialog))
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, TriageScreen))
        await until(pilot, lambda: "only author Ada" in words(app, "#about"))
        assert "By Ada" in shown(app)
        await pilot.press("n")
        await until(pilot, lambda: "Nothing more from author Ada" in words(app, "#nothing"))
        await pilot.press("slash")
        await until(pilot, lambda: isinstance(app.screen, FollowedDialog))
        await pilot.press("x")
        await until(pilot, lambda: "x again drops" in words(app, "#asked"))
        assert len(feeds.feeds(desk)) == 2
        await pilot.press("x")
        await until(pilot, lambda: "followed no longer" in words(app, "#asked"))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, TriageScreen))
        await until(pilot, lambda: "3 left" in words(app, "#about"))
        assert [feed.what for feed in feeds.feeds(desk)] == ["cs.LG"]


async def test_a_quiet_day_is_said_without_asking(make_app, desk, until):
    followed(desk)
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        await until(pilot, lambda: "announces nothing on a Saturday" in words(app, "#nothing"))
        assert "Nothing waits." in words(app, "#nothing")
        assert "Start without --offline" in words(app, "#nothing")


async def test_offline_it_says_that_nothing_is_asked(make_app, three, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, until, pilot)
        await until(pilot, lambda: "Sparse" in shown(app))
        said = "Offline: nothing is asked; what is here came before (asked on 2026-03-14)."
        assert words(app, "#doing") == said
        assert app.screen.query_one("#doing").region.height == 1


async def test_where_no_source_answers_the_reason_is_told_once(desk, settings, until):
    followed(desk, "Ada", FeedKind.AUTHOR)
    announce(desk, feeds.follow(desk, FeedKind.AUTHOR, "Ben"), "Sparse")
    feeds.follow(desk, FeedKind.CATEGORY, "cs.CL")
    opened_desk = open_desk(replace(settings, rss_url=settings.arxiv_url), desk.clock)
    app = ResearchDeskApp(opened_desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, until, pilot)
        await until(pilot, lambda: "No source answered" in words(app, "#doing"))
        assert "Sparse" in shown(app)
        titles = [note.title for note in app._notifications]
        assert any("cs.CL" in title for title in titles), titles
    opened_desk.close()


async def test_a_newer_version_of_a_paper_on_the_desk_says_so(make_app, desk, until):
    held = Metadata(title="Held", arxiv_id="2603.00001", version=1)
    library.file_metadata(desk, held)
    announce(desk, followed(desk), "Held, again", kind=Announced.REPLACE)
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        await until(pilot, lambda: "replaced v1 → v2" in shown(app))
        assert "does not say yet what you like" in shown(app)


async def test_the_page_is_opened_in_the_browser(make_app, desk, three, until, monkeypatch):
    asked = []
    monkeypatch.setattr(ResearchDeskApp, "open_url", lambda app, url, **_: asked.append(url))
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        await until(pilot, lambda: "Sparse" in shown(app))
        await pilot.press("o")
        await until(pilot, lambda: asked == ["https://arxiv.org/abs/2603.00001"])
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, TriageScreen))


async def test_beside_the_paper_the_others_are_chosen_by_a_click(make_app, desk, three, until):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, until, pilot)
        await until(pilot, lambda: app.screen.query_one(TriageQueue).option_count == 3)
        await pilot.click(TriageQueue, offset=(5, 4))
        await until(pilot, lambda: "Optimal transport" in shown(app))
        await pilot.press("n")
        await until(pilot, lambda: app.screen.query_one(TriageQueue).option_count == 2)
        assert state(desk, "2603.00003") is EntryState.NO


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_it_fits_a_small_and_a_large_terminal(make_app, desk, three, until, size):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await opened(app, until, pilot)
        await until(pilot, lambda: "Sparse" in shown(app))
        await until(pilot, lambda: "k Keep" in app.screen.query_one(KeyBar).text)
        assert "esc Back" in app.screen.query_one(KeyBar).text
        paper = app.screen.query_one("#paper").region
        assert 60 < paper.width <= 92
        assert app.screen.query_one(TriageCard).region.contains_region(paper)
        assert app.screen.query_one(TriageQueue).region.width == (55 if size[0] > 110 else 0)


# With a source


@pytest.fixture
def arxiv() -> Iterator[FeedServer]:
    with FeedServer() as server:
        yield server


@pytest.fixture
def online(desk, settings, arxiv, monkeypatch):
    """The app on the same moment, with a loopback arXiv."""
    monkeypatch.setattr(TriageScreen, "FETCH_AFTER_S", 0.01)
    told = replace(settings, arxiv_url=arxiv.url, rss_url=arxiv.url)
    opened_desk = open_desk(told, desk.clock)
    app = ResearchDeskApp(opened_desk)
    app.animation_level = "none"
    yield app
    opened_desk.close()


async def test_opened_it_asks_and_what_is_kept_is_fetched(online, arxiv, desk, until):
    feeds.follow(desk, FeedKind.CATEGORY, "cs.LG")
    arxiv.add("2603.00001v1", title="Came")
    arxiv.announce(desk.clock(), Told("2603.00001v1", "Came"))
    fetched = []

    def heard(message):
        if isinstance(message, Fetch):
            fetched.extend(message.texts)

    async with online.run_test(message_hook=heard) as pilot:
        await opened(online, until, pilot)
        await until(pilot, lambda: "Came" in shown(online))
        await pilot.press("k")
        await until(pilot, lambda: fetched == ["2603.00001v1"])
        await until(pilot, lambda: library.get_paper(desk, "2603.00001").pdf_of(1))
        await until(pilot, lambda: "is on the desk" in words(online, "#fetching"))


async def test_an_empty_day_and_a_failure_are_said(online, arxiv, desk, until):
    feeds.follow(desk, FeedKind.CATEGORY, "cs.LG")
    feeds.follow(desk, FeedKind.ADDRESS, "http://127.0.0.1:9/feed")
    arxiv.announce(desk.clock())
    async with online.run_test() as pilot:
        await opened(online, until, pilot)
        await until(pilot, lambda: "nothing on a Saturday" in words(online, "#nothing"))
        await until(pilot, lambda: "127.0.0.1:9/feed: " in words(online, "#nothing"))
        assert "Nothing new." in words(online, "#nothing")
        asked = len(arxiv.asked)
        await pilot.press("r")
        await until(pilot, lambda: not online.screen.has_class("-busy"))
        assert len(arxiv.asked) == asked


def test_words_are_marked_where_they_stand_whole() -> None:
    text = "Attention, inattention; long\ndocuments (attention)"
    found = [text[a:b] for a, b in spans(text, ("attention", "long documents", "", "c++("))]
    assert found == ["Attention", "long\ndocuments", "attention"]
    assert spans(text, ()) == []
