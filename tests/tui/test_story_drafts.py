"""Drafts of a storyline: begun anew, read beside, compared, taken up, given a title."""

import pytest
from support.story_screen import begun, opened, words
from textual.widgets import Input, OptionList

from researchdesk.services import stories
from researchdesk.tui.dialogs.choice import ChoiceDialog
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.dialogs.story_drafts import DraftsDialog
from researchdesk.tui.dialogs.story_states import StatesDialog
from researchdesk.tui.screens.story_compare import StoryCompareScreen
from researchdesk.tui.widgets.story_diff import StoryDiff

pytestmark = pytest.mark.slow

_FIRST = "Adam is bad.\n\nIt forgets the large gradients of the past.\n"
_SECOND = "Adam is good.\n\nIt forgets the large gradients, sometimes.\n"


@pytest.fixture
def story(desk):
    """A story with two drafts, of which the second has a title."""
    stories.new_story(desk, "Why")
    stories.save_draft(desk, "why", _FIRST)
    stories.new_draft(desk, "why", "kinder")
    stories.save_draft(desk, "why", _SECOND)
    return stories.get_story(desk, "why")


def texts(desk):
    return [draft.text for draft in stories.drafts(desk, "why")]


def drawn(app):
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


@pytest.mark.parametrize("size", [(120, 40), (200, 60)])
async def test_a_new_draft_begins_empty_with_the_last_one_beside_it(
    make_app, desk, story, until, size
):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press(*"more", "ctrl+n")
        await until(pilot, lambda: screen.draft == 3)
        assert screen.text.text == ""
        assert screen.text.has_focus
        assert screen.before.text.strip() == f"{_SECOND}more"
        assert screen.before.read_only
        assert screen.before.region.x >= screen.text.region.right
        assert screen.before.region.width > 40
        assert "Draft 2: kinder" in words(screen, "#before-line")
        await pilot.press(*"again")
        assert texts(desk) == [_FIRST, f"{_SECOND}more\n", "again"]
        await pilot.press("ctrl+l")
        await until(pilot, lambda: not screen.query_one("#beside").display)
        await pilot.press("ctrl+l")
        await until(pilot, lambda: screen.query_one("#beside").display)
        await pilot.press("!", "tab")
        await until(pilot, lambda: screen.before.has_focus)
        await pilot.press("x", "escape")
        await until(pilot, lambda: screen.text.has_focus)
        assert screen.before.text.strip() == f"{_SECOND}more"
        assert texts(desk)[-1].strip() == "again!"


async def test_in_a_narrow_terminal_one_key_goes_to_the_last_draft_and_back(
    make_app, desk, story, until
):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("ctrl+n", *"new")
        await until(pilot, lambda: screen.draft == 3)
        assert screen.text.region.width > 70
        await pilot.press("ctrl+l")
        await until(pilot, lambda: screen.before.has_focus)
        assert "Adam is good." in drawn(app)
        assert screen.before.region.width > 70
        await pilot.press("ctrl+l", *"er")
        await until(pilot, lambda: screen.text.has_focus)
        assert texts(desk)[-1] == "newer"


async def test_an_empty_draft_is_not_begun_twice(make_app, desk, until):
    app = make_app()
    async with app.run_test() as pilot:
        screen = await begun(app, pilot, until, "Why")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: "empty already" in next(iter(app._notifications)).message)
        await pilot.press(*"one", "ctrl+n", "ctrl+n")
        await until(pilot, lambda: screen.draft == 2)
        assert [draft.number for draft in stories.drafts(desk, "why")] == [1, 2]


async def test_the_drafts_are_listed_and_an_old_one_is_read(make_app, desk, story, until):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(app.screen, DraftsDialog))
        options = app.screen.query_one(OptionList)
        assert [str(option.prompt).split("\n")[0] for option in options.options] == [
            "Draft 2: kinder   2026-03-14 · 9 words",
            "Draft 1   2026-03-14 · 11 words",
        ]
        assert options.highlighted == 1
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen and screen.before.has_focus)
        assert screen.before.text == _FIRST
        assert texts(desk) == [_FIRST, _SECOND]


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_an_old_draft_is_taken_up_as_the_newest_one(make_app, desk, story, until, size):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(app.screen, DraftsDialog))
        await pilot.press("u")
        await until(pilot, lambda: app.screen is screen and screen.draft == 3)
        assert screen.text.text == _FIRST
        assert screen.text.has_focus
        assert texts(desk) == [_FIRST, _SECOND, _FIRST]
        assert stories.get_draft(desk, "why").title == "from draft 1"


async def test_the_draft_beside_is_taken_up_by_one_key(make_app, desk, story, until):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("ctrl+l")
        await until(pilot, lambda: screen.before.text == _FIRST)
        await pilot.press("tab", "u")
        await until(pilot, lambda: texts(desk) == [_FIRST, _SECOND, _FIRST])
        assert not screen.has_class("-beside")


async def test_a_draft_gets_a_title(make_app, desk, story, until):
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(app.screen, DraftsDialog))
        await pilot.press("home", "t")
        await until(pilot, lambda: isinstance(app.screen, QuestionDialog))
        app.screen.query_one(Input).value = "gentler [b]"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DraftsDialog))
        assert "Draft 2: gentler [b]" in str(app.screen.query_one(OptionList).options[0].prompt)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert "draft 2: gentler [b]" in words(screen, "#story-line")
        assert texts(desk) == [_FIRST, _SECOND]


async def test_two_drafts_are_compared_word_by_word(make_app, desk, story, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("ctrl+b")
        await until(pilot, lambda: isinstance(app.screen, StoryCompareScreen))
        diff = app.screen.query_one(StoryDiff)
        await until(pilot, lambda: diff.changes == 2)
        assert words(app.screen, "#pair") == " Draft 1 → Draft 2: kinder"
        await until(pilot, lambda: "[-bad-] {+good+}" in drawn(app))
        assert "gradients [-of the past-]{+, sometimes+}." in drawn(app)
        assert "change 1 of 2" in words(app.screen, "#said")
        for key, at in (("n", 1), ("n", 0), ("p", 1), ("p", 0)):
            await pilot.press(key)
            assert diff.at == at
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)


async def test_any_two_drafts_are_compared(make_app, desk, story, until):
    stories.new_draft(desk, "why")
    stories.save_draft(desk, "why", _FIRST)
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, pilot, until)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(app.screen, DraftsDialog))
        await pilot.press("end", "c")
        await until(pilot, lambda: isinstance(app.screen, StoryCompareScreen))
        compared = app.screen
        await until(pilot, lambda: "say the same" in words(compared, "#said"))
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        await pilot.press("down", "enter")
        await until(pilot, lambda: compared.query_one(StoryDiff).changes == 2)
        assert words(compared, "#pair") == " Draft 1 → Draft 2: kinder"


async def test_what_was_put_in_or_taken_out_over_paragraphs_is_one_change(make_app, desk, until):
    stories.new_story(desk, "Why")
    stories.save_draft(desk, "why", "# One\n\nStays here.\n")
    stories.new_draft(desk, "why")
    stories.save_draft(desk, "why", f"# One\n\nStays here.\n\nNew.\n\n{'Long. ' * 60}\n")
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, until)
        await pilot.press("ctrl+b")
        await until(pilot, lambda: isinstance(app.screen, StoryCompareScreen))
        await until(pilot, lambda: app.screen.query_one(StoryDiff).changes == 1)
        await until(pilot, lambda: "{+New." in drawn(app))
        lines = [line.strip(" █▇▆▅▄▃▂▁") for line in drawn(app).split("\n")]
        assert "{+New." in lines
        assert any(line.endswith("Long.+}") for line in lines)
        assert max(map(len, lines)) <= 80


async def test_with_one_draft_there_is_nothing_to_compare(make_app, desk, until):
    app = make_app()
    async with app.run_test() as pilot:
        screen = await begun(app, pilot, until)
        await pilot.press(*"one", "ctrl+b", "ctrl+l")
        await until(pilot, lambda: list(app._notifications))
        assert app.screen is screen
        assert not screen.has_class("-beside")


async def test_what_a_draft_said_at_its_pauses_is_read_compared_and_taken_up(make_app, desk, until):
    stories.new_story(desk, "Why")
    for text in ("It falls.", "It falls because it is [b]cold[/b].", "It rises."):
        stories.save_draft(desk, "why", text)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(app.screen, DraftsDialog))
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, StatesDialog))
        assert "[-falls because it is [b]cold[/b].-] {+rises.+}" in drawn(app)
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.screen is screen and screen.before.has_focus)
        assert screen.before.text == "It falls because it is [b]cold[/b].\n"
        assert "state 2" in words(screen, "#before-line")
        await pilot.press("ctrl+b")
        await until(pilot, lambda: isinstance(app.screen, StoryCompareScreen))
        await until(pilot, lambda: app.screen.query_one(StoryDiff).changes == 1)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        screen.before.focus()
        await pilot.press("u")
        await until(pilot, lambda: screen.draft == 2)
    assert texts(desk) == ["It rises.\n", "It falls because it is [b]cold[/b].\n"]


async def test_a_draft_that_has_no_state_yet_says_so(make_app, desk, until):
    stories.new_story(desk, "Why")
    stories.autosave(desk, "why", 1, "")
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(app.screen, DraftsDialog))
        await pilot.press("s")
        await until(pilot, lambda: app.screen is screen and list(app._notifications))
        assert "none yet" in [item.message for item in app._notifications][-1]
