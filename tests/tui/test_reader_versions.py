"""A newer version that another program put on the desk, while the reader shows an older one."""

from dataclasses import replace

from researchdesk.services import library, reading
from researchdesk.tui.screens.reader import ReaderScreen


async def test_a_note_begins_the_pass_over_the_version_that_is_shown(make_app, paper, desk, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.position)
        reader = app.screen
        library.file_metadata(desk, replace(paper.metadata, version=3, title="Newer"))
        await pilot.press("n", *"odd", "ctrl+s")
        await until(pilot, lambda: app.screen is reader and reader.position.item)
        position = reader.position
        assert (position.paper.version, position.paper.title) == (2, paper.title)
        await pilot.press("x", *"dull", "ctrl+s")
        await until(pilot, lambda: reading.passes_of(desk, paper)[0].ended_at)
    assert [(item.version, item.why) for item in reading.passes_of(desk, paper)] == [(2, "dull")]
