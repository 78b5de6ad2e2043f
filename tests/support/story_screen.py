"""The storyline's screen, opened by keys as a person does it."""

from textual.widgets import Input, Static, TextArea

from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.screens.story import StoryScreen


async def shown(app, pilot, until):
    """The screen with its list."""
    await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
    await pilot.press("f6")
    await until(pilot, lambda: isinstance(app.screen, StoryScreen))
    return app.screen


async def begun(app, pilot, until, title="Why it fails"):
    """A new story of this title, to be written in."""
    screen = await shown(app, pilot, until)
    await pilot.press("a", *title, "enter")
    await until(pilot, lambda: app.screen is screen and screen.text.has_focus)
    return screen


async def opened(app, pilot, until):
    """The first story, to be written in, with what is told of its links."""
    screen = await shown(app, pilot, until)
    await until(pilot, lambda: screen.story)
    await pilot.press("enter")
    await until(pilot, lambda: screen.text.has_focus)
    await until(pilot, lambda: set(screen.margin.refs) <= set(screen.told))
    return screen


def words(screen, name):
    """What a line of the screen says."""
    return str(screen.query_one(name, Static).content)


async def at_rest(app, pilot):
    """Nothing is read any more, no cursor blinks, and the screen has come to rest."""
    for field in (*app.screen.query(Input), *app.screen.query(TextArea)):
        field.cursor_blink = False
    await app.workers.wait_for_complete()
    await _still(app, pilot)


async def _still(app, pilot):
    """Wait until the screen looks the same four times in a row, a tenth of a second apart."""
    looks = []
    for _ in range(100):
        looks.append(app.export_screenshot(simplify=True))
        if len(looks) > 3 and len(set(looks[-4:])) == 1:
            return
        await pilot.pause(0.1)
    raise AssertionError("the screen does not come to rest")
