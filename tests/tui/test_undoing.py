"""What was done on a screen, taken back."""

import pytest
from textual.widgets import Input, TextArea

from researchdesk.domain.ideas import IdeaState
from researchdesk.errors import BusyError, NotOnDeskError
from researchdesk.services.ideas import (
    add_idea,
    edit_idea,
    get_idea,
    own_order,
    set_own_order,
    settle_idea,
)
from researchdesk.tui.dialogs.idea import IdeaDialog
from researchdesk.tui.dialogs.settle import SettleDialog
from researchdesk.tui.screens.ideas import IdeasScreen
from researchdesk.tui.undoing import take_back


@pytest.mark.parametrize(("error", "left"), [(BusyError, 2), (NotOnDeskError, 1)])
def test_what_the_desk_refused_is_next_again_unless_it_can_never_be(error, left):
    def refuse():
        raise error("No.")

    done = [("first", list), ("second", refuse)]
    with pytest.raises(error):
        take_back(done)
    assert len(done) == left
    assert take_back([("first", list)]) == "first"


async def test_an_idea_that_was_looked_at_is_not_begun_and_keeps_its_days(make_app, desk, until):
    idea = add_idea(desk, "one\ntwo", work_days=1234.567)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.screen, IdeasScreen) and app.screen.ideas)
        screen = app.screen
        await pilot.press("e", "escape")
        await until(pilot, lambda: app.screen is screen)
        assert not app._notifications
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, IdeaDialog))
        app.screen.query_one("#text", TextArea).text = "three"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is screen)
        assert get_idea(desk, idea.id).work_days == 1234.567
        await pilot.press("ctrl+z")
        await until(pilot, lambda: get_idea(desk, idea.id).text == "one\ntwo")


async def ideas_shown(app, pilot, until):
    await pilot.press("f8")
    await until(pilot, lambda: isinstance(app.screen, IdeasScreen) and app.screen.ideas)
    return app.screen


def told(app):
    return "\n".join(item.message for item in app._notifications)


async def test_an_edit_and_its_undo_go_over_no_change_of_another(make_app, desk, until):
    number = add_idea(desk, "old words", impact=1, work_days=1).id
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await ideas_shown(app, pilot, until)
        edit_idea(desk, number, text="better words", impact=5)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, IdeaDialog))
        assert app.screen.query_one("#text", TextArea).text == "better words"
        app.screen.query_one("#work", Input).value = "3"
        edit_idea(desk, number, text="best words")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is screen)
        now = get_idea(desk, number)
        assert (now.text, now.impact, now.work_days) == ("best words", 5, 3)
        edit_idea(desk, number, fun=2)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: get_idea(desk, number).work_days == 1)
        assert get_idea(desk, number).text == "best words"
        assert get_idea(desk, number).fun == 2
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, SettleDialog))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is screen)
        assert get_idea(desk, number).state is IdeaState.DONE
        settle_idea(desk, number, IdeaState.STOPPED, "refuted")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "was changed since" in told(app))
        assert get_idea(desk, number).why == "refuted"
        await until(pilot, lambda: "refuted" in {idea.why for idea in screen.ideas})


async def test_an_order_that_another_arranged_stays(make_app, desk, until):
    first, second, third = (add_idea(desk, text).id for text in ("one", "two", "three"))
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await ideas_shown(app, pilot, until)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, IdeaDialog))
        app.screen.query_one("#work", Input).value = "3"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("home", "T")
        await until(pilot, lambda: own_order(desk))
        set_own_order(desk, [third, second])
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "Your own order was changed since" in told(app))
        assert [idea.id for idea in screen.ideas] == [third, second, first]
        await pilot.press("ctrl+z")
        await until(pilot, lambda: get_idea(desk, first).work_days is None)
        assert own_order(desk) == [third, second]


async def test_what_was_begun_of_an_idea_is_gone_on_with_beside_what_another_changed(
    make_app, desk, until
):
    number = add_idea(desk, "old words").id
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await ideas_shown(app, pilot, until)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, IdeaDialog))
        app.screen.query_one("#work", Input).value = "3"
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        edit_idea(desk, number, text="better words")
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, IdeaDialog))
        assert "not kept" in app.screen.heading()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is screen)
        assert get_idea(desk, number).text == "better words"
        assert get_idea(desk, number).work_days == 3
