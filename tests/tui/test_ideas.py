"""The screen of ideas: the backlog, one's own order, settling, reviews."""

from dataclasses import replace
from datetime import timedelta

import pytest
from textual.widgets import Input, Static, TextArea

from researchdesk.domain.ideas import IdeaState
from researchdesk.services.ideas import add_idea, get_idea, list_ideas, own_order, settle_idea
from researchdesk.services.investigations import begin, get_investigation
from researchdesk.tui.dialogs.idea import IdeaDialog
from researchdesk.tui.dialogs.review import ReviewDialog
from researchdesk.tui.dialogs.settle import SettleDialog
from researchdesk.tui.messages import OpenInvestigation
from researchdesk.tui.screens.ideas import IdeasScreen
from researchdesk.tui.widgets.idea_list import IdeaList
from researchdesk.tui.widgets.key_bar import KeyBar


@pytest.fixture
def three(desk):
    """Ideas in the order of their scores: 25, 9, 1."""
    add_idea(desk, "best [b]of all[/b]", impact=5, work_days=1, fun=5, instead="sleep")
    add_idea(desk, "middle", impact=3, work_days=1, fun=3)
    add_idea(desk, "last", impact=1, work_days=1, fun=1)


async def opened(app, until, pilot):
    await pilot.press("f8")
    await until(pilot, lambda: isinstance(app.screen, IdeasScreen) and words(app, "#nothing"))
    await until(pilot, lambda: bool(lines(app)) != app.screen.has_class("-empty"))


def order(desk):
    return [idea.text.split()[0] for idea in list_ideas(desk)]


def lines(app):
    """The list as it is drawn."""
    items = app.screen.query_one(IdeaList)
    return [items.render_line(y).text.rstrip() for y in range(len(items))]


def words(app, name):
    return str(app.screen.query_one(name, Static).content)


async def test_an_empty_backlog_says_what_to_do_and_an_idea_is_kept(make_app, desk, until):
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        assert app.screen.has_class("-empty")
        assert "Press a to keep one" in words(app, "#nothing")
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, IdeaDialog))
        await pilot.press(*"Warm [up]", "tab", *"5", "tab", *"4", "tab", *"2,5")
        await until(pilot, lambda: "Score 8.0" in words(app, "#score"))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, IdeasScreen))
        (kept,) = list_ideas(desk)
        assert (kept.text, kept.impact, kept.fun, kept.work_days) == ("Warm [up]", 5, 4, 2.5)
        assert "●●●●●  ●●●●○" in lines(app)[0]
        assert "8.0" in lines(app)[0]
        assert lines(app)[0].endswith("Warm [up]")
        await until(pilot, lambda: "8.0 = impact 5 × fun 4 / days of work 2.5" in detail(app))


def detail(app):
    return words(app, "#detail-text")


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        (["ctrl+s"], "a few words"),
        ([*"x", "tab", *"6", "ctrl+s"], "Impact goes from 1 to 5"),
        ([*"x", "tab", "tab", "tab", *"0", "ctrl+s"], "above 0"),
        ([*"x", "tab", "tab", "tab", *"nan", "ctrl+s"], "above 0"),
    ],
)
async def test_what_can_not_be_is_said_in_the_dialog(make_app, desk, until, keys, problem):
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, IdeaDialog))
        await pilot.press(*keys)
        await until(pilot, lambda: problem in words(app, "#problem"))
        assert list_ideas(desk) == []


async def test_an_idea_left_half_written_is_there_again(make_app, desk, until):
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, IdeaDialog))
        await pilot.press(*"half", "tab", "9", "escape")
        for _ in range(2):
            await until(pilot, lambda: isinstance(app.screen, IdeasScreen))
            await pilot.press("a")
            await until(pilot, lambda: isinstance(app.screen, IdeaDialog))
            assert app.screen.query_one("#text", TextArea).text == "half"
            assert app.screen.query_one("#impact", Input).value == ""
            await pilot.press("escape")
        assert list_ideas(desk) == []


async def test_a_change_that_is_refused_or_left_keeps_its_words(make_app, desk, until):
    idea = add_idea(desk, "as it was")
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, IdeaDialog))
        app.screen.query_one("#text", TextArea).text = "rewritten"
        app.screen.query_one("#of", Input).value = "hello world"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "hello world" in words(app, "#problem"))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, IdeasScreen))
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, IdeaDialog))
        assert app.screen.query_one("#text", TextArea).text == "rewritten"
        app.screen.query_one("#of", Input).value = ""
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, IdeasScreen))
    assert get_idea(desk, idea.id).text == "rewritten"


async def test_moved_the_idea_keeps_its_place_and_undo_takes_it_back(make_app, desk, three, until):
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        await pilot.press("end", "K")
        await until(pilot, lambda: order(desk) == ["best", "last", "middle"])
        await until(pilot, lambda: "2◆" in lines(app)[1])
        assert app.screen.current.text == "last"
        assert "◆ 2 in your order" in words(app, "#about")
        await pilot.press("J")
        await until(pilot, lambda: order(desk) == ["best", "middle", "last"])
        assert app.screen.current.text == "last"
        await pilot.press("T")
        await until(pilot, lambda: order(desk) == ["last", "best", "middle"])
        await pilot.press("ctrl+z")
        await until(pilot, lambda: order(desk) == ["best", "middle", "last"])
        await pilot.press("o")
        await until(pilot, lambda: own_order(desk) == [])
        await pilot.press("ctrl+z", "ctrl+z")
        await until(pilot, lambda: order(desk) == ["best", "last", "middle"])


async def test_the_first_does_not_move_up_nor_the_last_down(make_app, desk, three, until):
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        await pilot.press("K", "end", "J")
        await pilot.pause()
        assert own_order(desk) == []


async def test_parked_with_its_reason_and_day_and_taken_back(make_app, desk, three, until):
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, SettleDialog))
        await pilot.press("down", "ctrl+s")
        await until(pilot, lambda: "Say why" in words(app, "#problem"))
        await pilot.press(*"no GPU", "tab", *"+9", "enter")
        await until(pilot, lambda: isinstance(app.screen, IdeasScreen))
        parked = get_idea(desk, 1)
        assert (parked.state, parked.why) == (IdeaState.PARKED, "no GPU")
        assert parked.again_on == desk.today() + timedelta(days=9)
        assert "‖" in lines(app)[2]
        assert "‖ 1 parked" in words(app, "#about")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: order(desk) == ["best", "middle", "last"])
        assert get_idea(desk, 1).state is IdeaState.OPEN


async def test_a_day_that_is_past_is_not_taken(make_app, desk, three, until):
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, SettleDialog))
        await pilot.press("down", "enter", *"why", "tab", *"2020-01-01", "ctrl+s")
        await until(pilot, lambda: "no day to come" in words(app, "#problem"))
        assert get_idea(desk, 1).state is IdeaState.OPEN


async def test_closed_ones_are_hidden_until_asked_for_and_opened_again(
    make_app, desk, three, until
):
    settle_idea(desk, 3, IdeaState.STOPPED, "no")
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        assert len(lines(app)) == 2
        await pilot.press("c", "end")
        await until(pilot, lambda: len(lines(app)) == 3)
        await until(pilot, lambda: "stopped: no" in detail(app))
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, SettleDialog))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: get_idea(desk, 3).state is IdeaState.OPEN)


async def test_where_all_are_closed_the_screen_says_so(make_app, desk, until):
    settle_idea(desk, add_idea(desk, "x").id, IdeaState.DONE)
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        assert "1 is closed" in words(app, "#nothing")
        app.screen.look_at(1)
        await until(pilot, lambda: len(lines(app)) == 1)


async def test_a_review_shows_what_it_cost_and_keeps_the_answer(make_app, desk, three, until):
    then = replace(desk, clock=lambda: desk.clock() - timedelta(days=20))
    begin(then, "Does it help?", "idea:1")
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, until, pilot)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, ReviewDialog))
        said = "\n".join(str(item.content) for item in app.screen.query(".said").results(Static))
        for part in (
            "Nothing new",
            "20 days since it was begun",
            "impact 5 of 5; ",
            "sleep",
            "middle (score 9.0)",
        ):
            assert part in said
        await pilot.press("down", "down", "enter", *"refuted", "ctrl+s")
        await until(pilot, lambda: get_idea(desk, 1).state is IdeaState.STOPPED)
        assert get_investigation(desk, 1).why == "refuted"
        await until(pilot, lambda: isinstance(app.screen, IdeasScreen) and len(lines(app)) == 2)


async def test_an_idea_is_edited_by_key_and_by_double_click(make_app, desk, three, until):
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, until, pilot)
        await pilot.click(IdeaList, offset=(40, 1))
        await until(pilot, lambda: app.screen.current.text == "middle")
        assert isinstance(app.screen, IdeasScreen)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, IdeaDialog))
        app.screen.query_one("#impact", Input).value = ""
        await until(pilot, lambda: "Score ~9.0" in words(app, "#score"))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: get_idea(desk, 2).impact is None)
        await until(pilot, lambda: isinstance(app.screen, IdeasScreen))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: get_idea(desk, 2).impact == 3)
        await pilot.double_click(IdeaList, offset=(40, 0))
        await until(pilot, lambda: isinstance(app.screen, IdeaDialog))
        assert app.screen.query_one("#text", TextArea).text == "best [b]of all[/b]"


async def test_an_investigation_of_the_idea_is_asked_for(make_app, desk, three, until):
    asked = []
    app = make_app()

    def heard(message):
        if isinstance(message, OpenInvestigation):
            asked.append(message.of)

    async with app.run_test(message_hook=heard) as pilot:
        await opened(app, until, pilot)
        await pilot.press("down", "v")
        await until(pilot, lambda: "idea:2" in asked)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_it_fits_a_small_and_a_large_terminal(make_app, desk, three, until, size):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await opened(app, until, pilot)
        await pilot.press("T")
        await until(pilot, lambda: "o Score" in app.screen.query_one(KeyBar).text)
        assert "v Investigate" in app.screen.query_one(KeyBar).text
        for line in lines(app):
            assert len(line) <= size[0]
        text = app.screen.query_one("#detail-text").region
        assert text.height > 0
        assert text.width > 30
