"""Surprises that another program changes while they are shown."""

from datetime import timedelta

import pytest
from textual.widgets import Input, OptionList, TextArea

from researchdesk.domain.surprises import SurpriseState
from researchdesk.services import explaining, surprises
from researchdesk.services.surprises import add_surprise, case_of, get_surprise
from researchdesk.tui.dialogs.choice import ChoiceDialog
from researchdesk.tui.dialogs.explanation import ExplanationDialog
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.screens.surprises import SurprisesScreen

DROPPED, EXPLAINED = SurpriseState.DROPPED, SurpriseState.EXPLAINED


@pytest.fixture
def odd(desk):
    return add_surprise(desk, "warmup hurts", "it helps", "it hurts").id


async def shown(app, pilot, until):
    await until(pilot, lambda: app.screen_stack)
    await pilot.press("f5")
    await until(pilot, lambda: isinstance(app.screen, SurprisesScreen) and app.screen.case)


async def choose(app, pilot, until, key, name, then):
    """Press the key, choose this of what is shown, and wait for this dialog."""
    await pilot.press(key)
    await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
    options = app.screen.query_one("#choices", OptionList)
    options.highlighted = options.get_option_index(name)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, then))


async def answer(app, pilot, until, key, name, words):
    """As ``choose``, and answer the question that follows."""
    await choose(app, pilot, until, key, name, QuestionDialog)
    app.screen.query_one("#answer", Input).value = words
    await pilot.press("enter")


def told(app):
    return "\n".join(item.message for item in app._notifications)


async def test_undo_takes_back_no_state_that_another_gave_it(make_app, desk, odd, until):
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until)
        explaining.explain(desk, odd, "a bug")
        await answer(app, pilot, until, "r", "dropped", "known")
        await until(pilot, lambda: get_surprise(desk, odd).state is DROPPED)
        surprises.resolve(desk, odd, EXPLAINED, by="A")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "was changed since" in told(app))
        assert get_surprise(desk, odd).state is EXPLAINED


async def test_undone_again_at_once_it_is_nobody_elses(make_app, desk, odd, until):
    for days in (7, 8, 9):
        surprises.put_off(desk, odd, desk.today() + timedelta(days))
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until)
        for _ in range(2):
            app.screen.action_undo()
        assert get_surprise(desk, odd).again_on == desk.today() + timedelta(7)
        assert "was changed since" not in told(app)


async def test_what_another_did_meanwhile_is_not_gone_over_nor_taken_back(
    make_app, desk, odd, until
):
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until)
        await choose(app, pilot, until, "r", "put off", QuestionDialog)
        surprises.resolve(desk, odd, DROPPED, "known")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query_one("#problem").has_class("-shown"))
        surprises.undo_last(desk, odd)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, SurprisesScreen))
        await choose(app, pilot, until, "r", "dropped", QuestionDialog)
        surprises.resolve(desk, odd, DROPPED, "known")
        await pilot.press(*"known", "enter")
        await until(pilot, lambda: "It was so already" in told(app))
        await until(pilot, lambda: app.screen.marked is None)
        await until(pilot, lambda: not app.screen.query_one("#detail-text").visible)
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert get_surprise(desk, odd).state is DROPPED


async def test_an_explanation_only_read_is_not_begun_and_one_begun_goes_over_nothing(
    make_app, desk, odd, until
):
    explaining.explain(desk, odd, "a bug", "gone with r12")
    app = make_app()
    async with app.run_test() as pilot:
        await shown(app, pilot, until)

        async def opened():
            await choose(app, pilot, until, "x", "change A", ExplanationDialog)
            return app.screen.query_one("#text", TextArea), app.screen.query_one("#predicts")

        await opened()
        await pilot.press("escape")
        explaining.change_explanation(desk, odd, "A", "a bug in r11")
        await until(pilot, lambda: isinstance(app.screen, SurprisesScreen))
        text, predicts = await opened()
        assert (text.text, app.screen.heading()) == ("a bug in r11", "Explanation A")
        predicts.text = "gone with r13"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, SurprisesScreen))
        explaining.change_explanation(desk, odd, "A", "a bug in r10")
        text, predicts = await opened()
        assert app.screen.heading() == "Explanation A, begun and not kept"
        assert (text.text, predicts.text) == ("a bug in r10", "gone with r13")
        explaining.change_explanation(desk, odd, "A", "a bug in r9")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SurprisesScreen))
        (now,) = case_of(desk, odd).explanations
        assert (now.text, now.predicts) == ("a bug in r9", "gone with r13")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: case_of(desk, odd).explanations[0].predicts == "gone with r12")
        assert case_of(desk, odd).explanations[0].text == "a bug in r9"
