"""From a keystroke to the paint, in each screen of a full desk; beside a key in an empty app."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from time import perf_counter

from textual.app import App, ComposeResult
from textual.widgets import Input

from parts import furnishing, places
from parts.painting import Pressed, painted_app, press, quiet
from parts.rows import Place, Row
from parts.walks import WALKS, Walk, typed
from researchdesk.services import documents
from researchdesk.services.desk import Desk
from researchdesk.tui.app import ResearchDeskApp, collect_seldom
from researchdesk.tui.messages import OpenPaper
from researchdesk.tui.screens.reader import ReaderScreen

LIMIT_MS = 50.0
"""Of the 95th percentile."""
SIZE = (120, 40)
_EMPTY = typed("nothing but a field to type in")


class EmptyApp(App[None]):
    """One field."""

    def compose(self) -> ComposeResult:
        yield Input()


def keystrokes(place: Place) -> Iterator[Row]:
    """A row for each walk. One whose screen never came, or that painted nothing, is not held."""
    collect_seldom()
    desk = places.full(place)
    try:
        plain = asyncio.run(_plain())
        found = asyncio.run(_all(desk, place))
    finally:
        desk.close()
    yield _row("keys: an empty app", plain, plain)
    for name, pressed in found.items():
        yield _row(f"keys: {name}", pressed, plain)


def _row(name: str, pressed: Pressed | str, plain: Pressed) -> Row:
    if isinstance(pressed, str):
        return Row(name, float("nan"), "ms", limit=LIMIT_MS, judged=float("inf"), note=pressed)
    high = 1000 * pressed.high()
    note = (
        f"p95 {high:.0f}, worst {1000 * max(pressed.clock):.0f}; processor p95 "
        f"{1000 * pressed.high('cpu'):.0f} ms"
    )
    limit = None if pressed is plain else LIMIT_MS
    middle, base = 1000 * pressed.median, 1000 * plain.median
    return Row(name, middle, "ms", "a field of Textual's", base, limit, high, note)


async def _plain() -> Pressed:
    app = EmptyApp()
    async with painted_app(app, SIZE):
        await quiet()
        return await press(app, _EMPTY)


async def _all(desk: Desk, place: Place) -> Mapping[str, Pressed | str]:
    documents.forget()
    app, found = ResearchDeskApp(desk), dict[str, Pressed | str]()
    paper = furnishing.paper_of(desk).name
    async with painted_app(app, SIZE):
        await quiet()
        app.post_message(OpenPaper(paper, 1))
        while not (isinstance(app.screen, ReaderScreen) and app.screen.material):
            await asyncio.sleep(0.01)
        for walk in WALKS:
            found[walk.name] = await _walked(app, walk)
    return found


async def _walked(app: ResearchDeskApp, walk: Walk) -> Pressed | str:
    await _to(app, walk)
    if type(app.screen).__name__ != walk.screen:
        return f"{type(app.screen).__name__} came in place of {walk.screen}"
    pressed = await press(app, walk.keys)
    await _home(app)
    if len(pressed.clock) < len(walk.keys) / 2:
        return f"{pressed.lost} of {len(walk.keys)} keys painted nothing"
    return pressed


async def _to(app: ResearchDeskApp, walk: Walk) -> None:
    mode, *rest = walk.go
    for key in (mode, mode, *rest):
        app.simulate_key(key)
        await quiet()
    if make := furnishing.PUSHED.get(walk.screen):
        await app.push_screen(make(app.desk))
    await _until(lambda: type(app.screen).__name__ == walk.screen)
    await _until(lambda: not getattr(app.screen, "busy", False))
    await asyncio.sleep(walk.settle_s)
    await quiet()


async def _home(app: ResearchDeskApp) -> None:
    while len(app.screen_stack) > 1:
        await app.pop_screen()
    app.simulate_key("escape")
    await quiet()


async def _until(holds: Callable[[], bool], patience: float = 8.0) -> None:
    start = perf_counter()
    while not holds() and perf_counter() - start < patience:
        await asyncio.sleep(0.01)
