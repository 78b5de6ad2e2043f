"""Storylines in the app."""

from textual.widgets import OptionList, Static, TextArea

from researchdesk.services import stories
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.screens.story import StoryScreen


async def begun(app, pilot, until, title="Why it fails"):
    await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
    await pilot.press("f6")
    await until(pilot, lambda: isinstance(app.screen, StoryScreen))
    await pilot.press("a", *title, "enter")
    await until(
        pilot, lambda: isinstance(app.screen, StoryScreen) and app.screen.has_class("-writing")
    )


def area(app):
    return app.screen.query_one("#text", TextArea)


async def test_story_is_begun_written_and_kept_on_leaving(make_app, desk, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await begun(app, pilot, until)
        await pilot.press(*"one [/b]")
        assert stories.drafts(desk, "why-it-fails") == []
        await pilot.press("escape")
        await until(pilot, lambda: app.screen.query_one("#stories", OptionList).has_focus)
        (draft,) = stories.drafts(desk, "why-it-fails")
        assert draft.text == "one [/b]\n"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))


async def test_text_is_kept_by_itself_when_one_pauses(make_app, desk, until, monkeypatch):
    monkeypatch.setattr("researchdesk.tui.screens.story._IDLE", 0.05)
    app = make_app()
    async with app.run_test() as pilot:
        await begun(app, pilot, until)
        await pilot.press(*"pause")
        await until(pilot, lambda: stories.drafts(desk, "why-it-fails"))
        await until(pilot, lambda: stories.drafts(desk, "why-it-fails")[-1].text == "pause\n")


async def test_text_is_kept_when_another_screen_is_shown_and_when_the_app_ends(
    make_app, desk, until
):
    app = make_app()
    async with app.run_test() as pilot:
        await begun(app, pilot, until)
        await pilot.press(*"one", "f2")
        await until(pilot, lambda: len(stories.drafts(desk, "why-it-fails")) == 1)
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(app.screen, StoryScreen))
        area(app).focus()
        await pilot.press("end", *"two", "ctrl+q")
        await pilot.pause()
    assert stories.get_story(desk, "why-it-fails").text == "onetwo\n"


async def test_the_line_over_the_text_tells_what_is_kept(make_app, desk, until):
    app = make_app()
    async with app.run_test() as pilot:
        await begun(app, pilot, until)
        line = app.screen.query_one("#story-line", Static)
        await pilot.press(*"one")
        await until(pilot, lambda: "not kept yet" in str(line.content))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "draft 1 is kept" in str(line.content))
        assert not list(app._notifications)


async def test_an_old_draft_is_taken_up_again(make_app, desk, until):
    app = make_app()
    async with app.run_test() as pilot:
        await begun(app, pilot, until)
        await pilot.press(*"first", "ctrl+s")
        area(app).text = "second"
        await pilot.press("ctrl+s", "ctrl+r")
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(app.screen, StoryScreen))
        assert area(app).text.strip() == "first"
        texts = [draft.text for draft in stories.drafts(desk, "why-it-fails")]
        assert texts == ["first\n", "second\n", "first\n"]


async def test_story_is_opened_from_the_list(make_app, desk, until):
    stories.new_story(desk, "Older")
    stories.save_draft(desk, "older", "# Older\n")
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(app.screen, StoryScreen))
        await pilot.click("#stories", offset=(4, 0))
        await until(pilot, lambda: area(app).text == "# Older\n")
