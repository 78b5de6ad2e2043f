"""The screen of what to read next."""

import asyncio

import pytest
from support.topics import TOPICS, dropped, file_topic, liked, tagged
from textual.widgets import Static

from researchdesk.domain.papers import Metadata
from researchdesk.services import library, recommending
from researchdesk.services.library import file_metadata, seed_bundled
from researchdesk.tui.dialogs.choice import ChoiceDialog
from researchdesk.tui.messages import Fetch
from researchdesk.tui.screens import recommended
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.screens.recommended import RecommendedScreen
from researchdesk.tui.widgets.recommended_list import RecommendedList

VISION, LANGUAGE, GRAPHS = TOPICS
PATIENCE_S = 60.0


@pytest.fixture(autouse=True)
def here(request, monkeypatch):
    """Answers are found in this process, but where the other one is asked for."""

    async def ask(desk, question, progress):
        progress("Reading …")
        if question.like is not None:
            return recommending.similar(desk, question.like, question.limit)
        return recommending.recommend(
            desk, tag=question.tag, limit=question.limit, everything=question.everything
        )

    if "other_process" not in request.fixturenames:
        monkeypatch.setattr(recommended, "ask", ask)


@pytest.fixture
def other_process():
    """Answers are found as in earnest."""


@pytest.fixture
def filled(desk):
    """Eight papers of three topics: of one three are liked, of one three were left."""
    with desk.database.writing():
        visual, said, graphs = (file_topic(desk, topic, 8) for topic in TOPICS)
        liked(desk, *visual[:3])
        dropped(desk, *said[:3])
        tagged(desk, "[b]gnn[/b]", *graphs[:3])
    return visual, said, graphs


@pytest.fixture
def opened(desk, until):
    async def show(app, pilot, tag="", like=""):
        screen = RecommendedScreen(desk, tag, like)
        await app.push_screen(screen)
        await answered(pilot, screen, until)
        return screen

    return show


async def answered(pilot, screen, until):
    await until(pilot, lambda: "◌" not in about(screen) and about(screen), PATIENCE_S)
    await until(pilot, lambda: bool(lines(screen)) != screen.has_class("-empty"))


def about(screen):
    return str(screen.query_one("#about", Static).content)


def words(screen, name="#detail-text"):
    return str(screen.query_one(name, Static).content)


def lines(screen):
    """The list as it is drawn."""
    shown = screen.query_one(RecommendedList)
    return [shown.render_line(y).text.rstrip() for y in range(2 * len(shown))]


def topics(screen):
    return [item.name[:4] for item in screen.query_one(RecommendedList).items]


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_ranked_with_the_words_for_and_against(make_app, filled, opened, until, size):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        screen = await opened(app, pilot)
        assert topics(screen) == ["2001"] * 5 + topics(screen)[5:]
        assert topics(screen)[-5:] == ["2002"] * 5
        assert "By the whole desk  linear SVM · 3 liked · 3 not liked · " in about(screen)
        drawn = lines(screen)
        assert drawn[0].split()[0] == "1"
        assert "unread" in drawn[0]
        best = screen.query_one(RecommendedList).items[0]
        assert f"+{best.words_for[0].text}" in drawn[1]
        await pilot.press("end")
        last = screen.query_one(RecommendedList).items[-1]
        await until(pilot, lambda: last.title in words(screen))
        assert "What speaks against it" in words(screen)
        assert last.words_against[0].text in words(screen)
        shown = screen.query_one(RecommendedList)
        below = shown.render_line(2 * shown.cursor + 1 - shown.scroll_offset.y).text
        assert f"−{last.words_against[0].text}" in below
        assert max(len(line) for line in drawn) <= size[0]


async def test_nothing_to_go_on_says_what_to_do(make_app, desk, opened):
    file_topic(desk, VISION, 2)
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot)
        assert screen.has_class("-empty")
        assert recommending.NOTHING_YET in words(screen, "#nothing")
        assert "Finish a pass in the reader (F3)" in words(screen, "#nothing")
        await pilot.press("enter", "m")
        assert app.screen is screen


async def test_enter_reads_the_paper(make_app, filled, opened, until):
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot)
        best = screen.query_one(RecommendedList).items[0]
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        assert app.screen.paper_at_hand() == best.name


async def test_by_a_tag_and_back(make_app, filled, opened, until):
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot)
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.screen is screen)
        await until(pilot, lambda: "By the tag [b]gnn[/b]" in about(screen), PATIENCE_S)
        assert topics(screen)[:5] == ["2003"] * 5
        await pilot.press("escape")
        await until(pilot, lambda: "By the whole desk" in about(screen), PATIENCE_S)
        assert topics(screen)[:5] == ["2001"] * 5
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not screen)


async def test_what_was_judged_is_left_out_until_asked_for(make_app, filled, opened, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        judged = {paper.name for paper in filled[0][:3] + filled[1][:3]}
        head = screen.query_one("#head", Static)
        assert "6 read or judged left out, a shows all" in str(head.render())
        assert not judged & {item.name for item in screen.query_one(RecommendedList).items}
        await pilot.press("a")
        await until(pilot, lambda: "a leaves them out" in str(head.render()))
        assert judged < {item.name for item in screen.query_one(RecommendedList).items}
        await pilot.press("a")
        await until(pilot, lambda: "a shows all" in str(head.render()))


async def test_where_all_is_judged_it_says_what_to_do(make_app, desk, opened, until):
    seed_bundled(desk)
    file_topic(desk, VISION, 2)
    liked(desk, *(library.paper_of(desk, number) for number in range(1, 5)))
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        assert "Press a to see these too." in words(screen, "#nothing")
        await pilot.press("a")
        await until(pilot, lambda: len(screen.query_one(RecommendedList)) == 4)


async def test_without_tags_it_says_so(make_app, desk, opened, until):
    file_topic(desk, VISION, 2)
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot)
        await pilot.press("t")
        await until(pilot, lambda: any("No paper has a tag" in n.message for n in notices(app)))
        assert app.screen is screen


def notices(app):
    return list(app._notifications)


async def test_more_like_the_marked_paper(make_app, filled, opened, until):
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot)
        await pilot.press("end")
        marked = screen.query_one(RecommendedList).current
        await pilot.press("m")
        await until(pilot, lambda: f"Like {marked.title}" in about(screen), PATIENCE_S)
        assert topics(screen)[:7] == ["2002"] * 7
        assert marked.name not in {item.name for item in screen.query_one(RecommendedList).items}
        assert "Words of both" in words(screen)
        assert {"read", "unread"} <= {i.status for i in screen.query_one(RecommendedList).items}


async def test_opened_at_what_is_like_a_paper(make_app, filled, opened):
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot, like=filled[2][0].name)
        assert topics(screen)[:7] == ["2003"] * 7


async def test_a_paper_without_words_is_like_none(make_app, desk, opened):
    file_metadata(desk, Metadata(title="?!", arxiv_id="2009.00001"))
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot, like="2009.00001")
        assert words(screen, "#nothing") == recommending.NO_WORDS


async def test_a_feed_entry_is_put_on_the_desk(make_app, desk, filled, opened, until, monkeypatch):
    with desk.database.writing() as db:
        entry = {"arxiv_id": "2512.00001", "title": "Image [x] pixel camera scene"}
        entry["abstract"] = "convolution segmentation detection image pixel"
        db.table("feed_entries").insert({**entry, "seen_at": "2025-12-02T00:00:00Z"})
    app = make_app()
    fetched = []
    async with app.run_test() as pilot:
        screen = await opened(app, pilot)
        shown = screen.query_one(RecommendedList)
        monkeypatch.setattr(screen, "post_message", fetched.append)
        at = [item.status for item in shown.items].index("feed")
        shown.announce_opened(shown.items[at])
        screen.open(RecommendedList.Opened(shown.items[at]))
        assert Fetch(("2512.00001",)) in fetched
        monkeypatch.undo()


async def test_a_failure_is_told_in_its_place(make_app, desk, filled, until):
    app = make_app()
    async with app.run_test() as pilot:
        screen = RecommendedScreen(desk, tag="gone")
        await app.push_screen(screen)
        await until(pilot, lambda: "has the tag 'gone'" in words(screen, "#nothing"), PATIENCE_S)
        assert screen.has_class("-empty")


async def test_who_comes_back_finds_the_answer_still_on_its_way(
    make_app, desk, filled, until, monkeypatch
):
    asked, come = [], asyncio.Event()

    async def slowly(desk, question, progress):
        asked.append(question)
        progress("Reading the words of 24 papers …")
        await come.wait()
        return recommending.recommend(desk, limit=question.limit)

    monkeypatch.setattr(recommended, "ask", slowly)
    app = make_app()
    async with app.run_test() as pilot:
        screen, shown = RecommendedScreen(desk), []
        resumed = screen.resumed
        monkeypatch.setattr(screen, "resumed", lambda: shown.append(resumed()))
        await app.push_screen(screen)
        await until(pilot, lambda: "Reading the words of 24 papers" in about(screen))
        assert "Go on with something else meanwhile" in words(screen, "#nothing")
        left = app.current_mode
        await pilot.press("f8")
        await until(pilot, lambda: app.screen is not screen)
        await app.switch_mode(left)
        await until(pilot, lambda: app.screen is screen and len(shown) == 2)
        come.set()
        await answered(pilot, screen, until)
        assert len(asked) == 1
        assert topics(screen)[:5] == ["2001"] * 5


@pytest.mark.slow
async def test_ranked_by_the_other_process(make_app, filled, opened, other_process, until):
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot)
        assert topics(screen)[:5] == ["2001"] * 5
        await pilot.press("end", "m")
        await until(pilot, lambda: "Like " in about(screen), PATIENCE_S)
        assert topics(screen)[:7] == ["2002"] * 7
        await pilot.press("r", "escape", "escape")
        await until(pilot, lambda: app.screen is not screen)
