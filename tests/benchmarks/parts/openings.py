"""From a mode's key to its screen with what it is there for, on a full desk."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

from full_desk import REF
from textual.app import App
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widgets import OptionList, Static, TextArea

from parts import places
from parts.keys import SIZE
from parts.rows import Place, Row
from researchdesk.services import documents
from researchdesk.services.desk import Desk
from researchdesk.tui.app import ResearchDeskApp, collect_seldom
from researchdesk.tui.messages import OpenPaper
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.widgets.home_list import HomeList
from researchdesk.tui.widgets.investigation_outline import InvestigationOutline
from researchdesk.tui.widgets.line_list import LineList
from researchdesk.tui.widgets.surprise_list import SurpriseList

LIMIT_MS = 300.0
_PATIENCE_S = 10.0
KEYS = {
    "home": "f1",
    "library": "f2",
    "reader": "",
    "bench": "f4",
    "funny": "f5",
    "story": "f6",
    "tinker": "f7",
    "ideas": "f8",
}


def openings(place: Place) -> Iterator[Row]:
    """The first time in an app that was just begun, and again after other screens: medians."""
    collect_seldom()
    times: dict[tuple[str, str], list[Taken]] = defaultdict(list)
    desk, modes = places.full(place), list(KEYS)
    base = 1000 * asyncio.run(_plain())
    for number in range(2 if place.quick else 6):
        turned = modes if number % 2 else [*modes[1:], *modes[:1]]
        asyncio.run(visit(desk, SIZE, turned, times))
    desk.close()
    for mode in KEYS:
        for what in ("first", "again"):
            if found := times[mode, what]:
                yield _row(f"opened: {mode}, {what}", found, base)


def _row(name: str, found: list["Taken"], base: float) -> Row:
    came = all(item.came for item in found)
    middle = 1000 * median(item.clock for item in found)
    spent = 1000 * median(item.cpu for item in found)
    note = f"processor {spent:.0f} ms" if came else "it never came"
    judged = middle if came else float("inf")
    return Row(name, middle, "ms", "an empty screen", base, LIMIT_MS, judged, note)


class _Empty(Screen[None]):
    def compose(self) -> Iterator[Static]:
        yield Static("shown")


async def _plain() -> float:
    """Seconds, the median, until an empty screen is shown."""
    app, taken = App[None](), list[float]()
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(9):
            start = perf_counter()
            await app.push_screen(_Empty())
            await _drawn(app.screen)
            taken.append(perf_counter() - start)
            app.pop_screen()
            await pilot.pause(0.02)
    return median(taken)


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds on the clock, and of the processor; ``came`` is False where it never did."""

    clock: float
    cpu: float
    came: bool = True


def filled(screen: Screen[object], mode: str) -> bool:
    """Whether the screen of this mode has what it is there for."""
    match mode:
        case "home":
            return screen.query_one(HomeList).numbered(1) is not None and _said(screen)
        case "reader":
            return isinstance(screen, ReaderScreen) and screen.material is not None
        case "story":
            return any(area.text for area in screen.query(TextArea))
        case "library" | "ideas":
            return any(len(items) for items in screen.query(LineList)) and _said(screen)
        case "funny":
            listed = screen.query_one(SurpriseList).current
            return listed is not None and getattr(screen, "case", None) is not None
        case "tinker":
            return screen.query_one(InvestigationOutline).current is not None
        case _:
            return any(items.option_count for items in screen.query(OptionList))


def _said(screen: Screen[object]) -> bool:
    """Whether the side says something of what is marked."""
    sides = screen.query("#detail-text").results(Static)
    return all(str(side.content) for side in sides)


async def opened(app: ResearchDeskApp, mode: str) -> Taken:
    """From the key until the screen has its content and is drawn."""
    start, cpu = perf_counter(), process_time()
    if mode == "reader":
        app.post_message(OpenPaper(REF, 2))
    else:
        app.simulate_key(KEYS[mode])

    def there() -> bool:
        here = app.current_mode == mode and getattr(app.screen, "MODE", "") == mode
        return here and app.screen.is_mounted and filled(app.screen, mode)

    came = await _until(there, start)
    await _drawn(app.screen)
    return Taken(perf_counter() - start, process_time() - cpu, came)


async def _until(holds: Callable[[], bool], start: float) -> bool:
    while perf_counter() - start < _PATIENCE_S:
        try:
            if holds():
                return True
        except NoMatches:
            pass
        await asyncio.sleep(0.01)
    return False


async def _drawn(screen: Screen[object]) -> None:
    drawn = asyncio.Event()
    screen.call_after_refresh(drawn.set)
    await asyncio.wait_for(drawn.wait(), _PATIENCE_S)


async def visit(
    desk: Desk, size: tuple[int, int], modes: list[str], times: dict[tuple[str, str], list[Taken]]
) -> None:
    """One app: each screen for the first time, in this order; then each again.

    Where home comes first, the app begins with a paper, so that home was not opened yet.
    """
    begins_reading = modes[0] == "home"
    app = ResearchDeskApp(desk, REF, 2) if begins_reading else ResearchDeskApp(desk)
    app.animation_level = "none"
    documents.forget()
    async with app.run_test(size=size) as pilot:
        seen = {app.current_mode} | ({"reader", "library"} if begins_reading else set())
        for mode in modes * 2:
            await pilot.pause(0.3)
            if app.current_mode != mode:
                what = "again" if mode in seen else "first"
                times[mode, what].append(await opened(app, mode))
                seen.add(mode)
