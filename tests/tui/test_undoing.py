"""What was done on a screen, taken back."""

import pytest
from textual.widgets import TextArea

from researchdesk.errors import BusyError, NotOnDeskError
from researchdesk.services.ideas import add_idea, get_idea
from researchdesk.tui.dialogs.idea import IdeaDialog
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
