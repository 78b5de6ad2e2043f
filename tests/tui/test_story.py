"""Storylines in the app: begun, written, kept."""

import pytest
from support.story_screen import begun, opened, shown, words
from textual.widgets import OptionList

from researchdesk.services import stories
from researchdesk.tui.screens.library import LibraryScreen


def only(desk, slug="why-it-fails"):
    (draft,) = stories.drafts(desk, slug)
    return draft


async def test_every_key_is_on_disk_at_once_and_a_state_is_kept_on_leaving(make_app, desk, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await begun(app, pilot, until)
        assert stories.drafts(desk, "why-it-fails") == []
        for typed, key in (("o", "o"), ("on", "n"), ("o", "backspace"), ("on", "ctrl+z")):
            await pilot.press(key)
            assert only(desk).text == typed
        await pilot.press(*"e [/b]")
        assert (only(desk).text, only(desk).states) == ("one [/b]", 0)
        await pilot.press("escape")
        await until(pilot, lambda: screen.query_one("#stories", OptionList).has_focus)
        assert (only(desk).text, only(desk).states) == ("one [/b]\n", 1)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))


async def test_a_state_is_kept_when_one_pauses(make_app, desk, until, monkeypatch):
    monkeypatch.setattr("researchdesk.tui.screens.story_keeping._IDLE", 0.05)
    app = make_app()
    async with app.run_test() as pilot:
        await begun(app, pilot, until)
        await pilot.press(*"pause")
        await until(pilot, lambda: only(desk).states)
        await until(pilot, lambda: stories.states(desk, "why-it-fails", 1)[-1].text == "pause\n")
        await pilot.press(*" on")
        assert only(desk).text.rstrip() == "pause on"


async def test_a_text_with_a_sign_that_is_not_seen_is_nobody_elses(
    make_app, desk, until, monkeypatch
):
    monkeypatch.setattr("researchdesk.tui.screens.story_keeping._LOOK", 0.05)
    app = make_app()
    async with app.run_test() as pilot:
        screen = await begun(app, pilot, until)
        screen.text.insert("copied\u200b text")
        await until(pilot, lambda: stories.drafts(desk, "why-it-fails"))
        screen.keep_state()
        await pilot.pause(0.3)
        assert not [notice.title for notice in app._notifications]
        assert screen.text.text == "copied\u200b text"
        screen.text.insert(" on")
        await until(pilot, lambda: only(desk).text.endswith("on"))
        assert only(desk).states == 1


async def test_text_is_kept_when_another_screen_is_shown_and_when_the_app_ends(
    make_app, desk, until
):
    app = make_app()
    async with app.run_test() as pilot:
        screen = await begun(app, pilot, until)
        await pilot.press(*"one", "f2")
        await until(pilot, lambda: only(desk).states == 1)
        await pilot.press("f6")
        await until(pilot, lambda: app.screen is screen)
        screen.text.focus()
        await pilot.press("end", *"two", "ctrl+q")
        await pilot.pause()
    assert stories.get_story(desk, "why-it-fails").text == "onetwo\n"
    assert only(desk).states == 2


async def test_the_heading_tells_what_is_written_and_what_the_first_line_is_for(
    make_app, desk, until
):
    app = make_app()
    async with app.run_test() as pilot:
        screen = await begun(app, pilot, until)
        assert "draft 1 · 0 words · empty" in words(screen, "#story-line")
        assert "The first line is the red thread" in words(screen, "#red-thread")
        await pilot.press(*"It forgets.")
        await until(pilot, lambda: words(screen, "#red-thread") == " Red thread: It forgets.")
        assert "2 words" in words(screen, "#story-line")
        assert words(screen, "#story-line").endswith("kept")


async def test_what_the_rules_have_against_the_red_thread_stands_before_it(
    make_app, desk, until, monkeypatch
):
    monkeypatch.setattr("researchdesk.tui.screens.story_asking._THINKING", 0.05)
    stories.new_story(desk, "Two")
    stories.save_draft(desk, "two", "It forgets. It also sleeps.\n\n## Problem\n\nWords.\n")
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot, until)
        await until(pilot, lambda: words(screen, "#red-thread").startswith(" ! "))
        assert "2 sentences" in words(screen, "#red-thread")
        assert f"{len(screen.lacking)} missing" in words(screen, "#story-line")


async def test_keys_that_lead_to_other_screens_do_so_in_the_text_too(make_app, desk, until):
    app = make_app()
    async with app.run_test() as pilot:
        screen = await begun(app, pilot, until)
        await pilot.press(*"kept", "f7")
        await until(pilot, lambda: app.screen is not screen)
        await pilot.press("f6")
        await until(pilot, lambda: app.screen is screen)
        assert screen.text.selected_text == ""
        assert only(desk).text.strip() == "kept"


async def test_stories_are_looked_at_in_the_list_and_opened_with_the_mouse(make_app, desk, until):
    for title in ("Older", "Newer"):
        stories.new_story(desk, title)
        stories.save_draft(desk, title.lower(), f"# {title}\n")
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        screen = await shown(app, pilot, until)
        await until(pilot, lambda: screen.text.text == "# Newer\n")
        await pilot.press("down")
        await until(pilot, lambda: screen.text.text == "# Older\n")
        assert not screen.text.has_focus
        await pilot.click("#stories", offset=(4, 0))
        await until(pilot, lambda: screen.text.text == "# Newer\n" and screen.text.has_focus)
    assert [draft.states for draft in stories.drafts(desk, "older")] == [1]


async def test_text_goes_through_the_persons_own_editor(make_app, desk, until, monkeypatch):
    monkeypatch.setattr(
        "researchdesk.tui.screens.story_asking.edit_text", lambda _, text: f"{text} and more\n"
    )
    app = make_app()
    async with app.run_test() as pilot:
        await begun(app, pilot, until)
        await pilot.press(*"one", "ctrl+o")
        await until(pilot, lambda: only(desk).text == "one and more\n")
        texts = [state.text for state in stories.states(desk, "why-it-fails", 1)]
        assert texts == ["one\n", "one and more\n"]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_the_way_out_leads_from_the_text_to_the_list_and_to_the_library(
    make_app, desk, until, size
):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        screen = await begun(app, pilot, until)
        assert screen.text.region.width > 20
        await pilot.press("escape")
        await until(pilot, lambda: screen.query_one("#stories").has_focus)
        assert screen.query_one("#stories").region.width >= 32
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
