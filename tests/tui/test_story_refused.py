"""What the disk refuses of a storyline stays on the screen until it is written down."""

import pytest
from support.story_screen import opened, words

from researchdesk.errors import DeskError
from researchdesk.services import stories


def full(*_given, **_named):
    raise DeskError("The desk could not be written: no space is left on the disk.")


@pytest.fixture
def told(desk):
    """Two stories with a few words each."""
    for title in ("One", "Two"):
        stories.new_story(desk, title)
        stories.save_draft(desk, title.casefold(), f"{title} is kept.\n")


async def test_nothing_takes_the_place_of_words_that_are_not_written_down(
    make_app, desk, told, until, monkeypatch
):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot, until)
        mine, other = screen.story.slug, ({"one", "two"} - {screen.story.slug}).pop()
        with monkeypatch.context() as refusing:
            refusing.setattr(stories, "autosave", full)
            refusing.setattr(stories, "save_draft", full)
            await pilot.press(*"more")
            await until(pilot, lambda: "not written down" in words(screen, "#story-line"))
            await pilot.press("ctrl+n")
            screen.look_at(other)
            await pilot.press("escape", "down", "up", "down")
            await pilot.pause()
            assert (screen.story.slug, screen.draft) == (mine, 1)
            assert "more" in screen.text.text
            assert "stays open" in [item.message for item in app._notifications][-1]
            assert len(stories.drafts(desk, mine)) == 1
        screen.look_at(other)
        await until(pilot, lambda: screen.story.slug == other)
        assert "more" in stories.get_story(desk, mine).text
