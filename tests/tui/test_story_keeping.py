"""Storylines in the app: nothing typed is lost, and nothing that another program writes."""

import pytest
from support.story_screen import opened, words
from textual.widgets import TextArea

from researchdesk.errors import BusyError
from researchdesk.services import stories


@pytest.fixture(autouse=True)
def story(desk):
    """One story without a draft."""
    stories.new_story(desk, "Why it fails")


def only(desk, slug="why-it-fails"):
    (draft,) = stories.drafts(desk, slug)
    return draft


async def test_it_says_so_while_the_desk_cannot_be_written_and_writes_when_it_can(
    make_app, desk, until, monkeypatch
):
    monkeypatch.setattr("researchdesk.tui.screens.story_keeping._AGAIN", 0.1)
    monkeypatch.setattr("researchdesk.tui.screens.story_keeping._IDLE", 60.0)
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot, until)
        write = stories.autosave

        def refuse(*_, **__):
            raise BusyError("The desk is being written by another program.", "Wait.")

        monkeypatch.setattr(stories, "autosave", refuse)
        await pilot.press(*"lost?")
        assert "not written down yet" in words(screen, "#story-line")
        await until(pilot, lambda: list(app._notifications))
        assert "another program" in screen.unsaved()
        assert screen.unsaved() == "", "a person who insists may end"
        monkeypatch.setattr(stories, "autosave", write)
        await until(pilot, lambda: "kept" in words(screen, "#story-line"))
        assert only(desk).text == "lost?"


async def test_what_another_program_wrote_meanwhile_is_shown_and_can_be_undone(
    make_app, desk, until
):
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press(*"mine", "f2")
        await until(pilot, lambda: app.screen is not screen)
        stories.save_draft(desk, "why-it-fails", "theirs")
        await pilot.press("f6")
        await until(pilot, lambda: screen.text.text.strip() == "theirs")
        screen.text.focus()
        await pilot.press("ctrl+z")
        await until(pilot, lambda: only(desk).text == "mine")


async def test_who_writes_at_the_end_goes_on_at_the_end_of_what_another_program_wrote(
    make_app, desk, until, monkeypatch
):
    monkeypatch.setattr("researchdesk.tui.screens.story_keeping._LOOK", 0.05)
    monkeypatch.setattr("researchdesk.tui.screens.story_keeping._IDLE", 0.05)
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press(*"ours")
        await until(pilot, lambda: stories.drafts(desk, "why-it-fails"))
        await until(pilot, lambda: only(desk).text == "ours\n")
        stories.save_draft(desk, "why-it-fails", "their many words\n")
        await until(pilot, lambda: screen.text.text == "their many words\n")
        await pilot.press(*" too")
        assert only(desk).text.rstrip() == "their many words too"


async def test_the_first_draft_that_another_program_begins_is_shown_and_stays(
    make_app, desk, until
):
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot, until)
        stories.save_draft(desk, "why-it-fails", "theirs\n")
        await pilot.press("escape", "f2")
        await until(pilot, lambda: app.screen is not screen)
        assert only(desk).text == "theirs\n"
        assert screen.text.text == "theirs\n"


async def test_who_began_a_new_paragraph_writes_it_where_another_program_wrote_above(
    make_app, desk, until, monkeypatch
):
    monkeypatch.setattr("researchdesk.tui.screens.story_keeping._LOOK", 0.05)
    monkeypatch.setattr("researchdesk.tui.screens.story_keeping._IDLE", 0.05)
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press(*"One.", "enter", "enter")
        await until(pilot, lambda: stories.drafts(desk, "why-it-fails"))
        await until(pilot, lambda: only(desk).text == "One.\n")
        stories.save_draft(desk, "why-it-fails", "# Head\n\nOne.\n")
        await until(pilot, lambda: screen.text.text.startswith("# Head"))
        await pilot.pause(0.3)
        await pilot.press(*"New")
        assert only(desk).text.rstrip() == "# Head\n\nOne.\n\nNew"
        assert len(app._notifications) == 1


async def test_keys_that_are_not_written_down_yet_are_not_replaced_by_another_program(
    make_app, desk, until, monkeypatch
):
    monkeypatch.setattr("researchdesk.tui.screens.story_keeping._LOOK", 0.05)
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press(*"ours", "escape")
        await until(pilot, lambda: only(desk).states == 1)
        with monkeypatch.context() as waiting, screen.prevent(TextArea.Changed):
            waiting.setattr(stories, "autosave", None)
            screen.text.insert(" and more")
            stories.save_draft(desk, "why-it-fails", "theirs\n")
            await pilot.pause(0.3)
            assert screen.text.text == "ours and more"
        screen.keep()
        assert only(desk).text == "ours and more"
        texts = [state.text for state in stories.states(desk, "why-it-fails", 1)]
        assert texts[-1] == "theirs\n"


async def test_what_another_program_wrote_while_ours_was_refused_stays_a_state(
    make_app, desk, until, monkeypatch
):
    monkeypatch.setattr("researchdesk.tui.screens.story_keeping._AGAIN", 60.0)
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press(*"ours", "ctrl+s")
        await until(pilot, lambda: only(desk).states == 1)
        with monkeypatch.context() as refusing:

            def refuse(*_, **__):
                raise BusyError("The desk is being written by another program.", "Wait.")

            refusing.setattr(stories, "autosave", refuse)
            await pilot.press(*" more")
        stories.autosave(desk, "why-it-fails", 1, "theirs")
        screen.open("why-it-fails")
        screen.keep_state()
        assert only(desk).text == "ours more\n"
        texts = [state.text for state in stories.states(desk, "why-it-fails", 1)]
        assert texts == ["ours\n", "theirs\n", "ours more\n"]


async def test_what_another_program_writes_is_shown_and_ours_stays_a_state(
    make_app, desk, until, monkeypatch
):
    monkeypatch.setattr("researchdesk.tui.screens.story_keeping._LOOK", 0.05)
    monkeypatch.setattr("researchdesk.tui.screens.story_keeping._IDLE", 0.05)
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, pilot, until)
        await pilot.press(*"ours")
        await until(pilot, lambda: stories.drafts(desk, "why-it-fails"))
        await until(pilot, lambda: stories.get_draft(desk, "why-it-fails").text == "ours\n")
        stories.save_draft(desk, "why-it-fails", "theirs\n")
        await until(pilot, lambda: app.screen.text.text == "theirs\n")
        await pilot.press("ctrl+s")
        assert stories.get_draft(desk, "why-it-fails").text == "theirs\n"
        states = [state.text for state in stories.states(desk, "why-it-fails", 1)]
        assert "ours\n" in states
        assert states[-1] == "theirs\n"
