"""How long every screen takes to open on a desk after years of work.

    python tests/benchmarks/desk.py [--keep DIR] [--runs N] [--screens home,ideas]

The desk of ``full_desk.py`` is made, and the keys are pressed by a pilot in an 80x24 and a 200x60
terminal. A time is from the key to the first screen with its content, drawn: the first time in an
app that was just begun, and again after other screens; the median and the worst of several, and the
median of the processor. Ends with 1 where a median is over the limit, or a screen never comes.

``--keep`` makes the desk in DIR, or takes the one that was made there before; ``--runs`` is how
many apps are begun (6).
"""

import argparse
import asyncio
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from full_desk import NOW, REF, fill
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widgets import OptionList, Static, TextArea

from researchdesk.config import Settings
from researchdesk.services import documents
from researchdesk.services.desk import Desk, open_desk
from researchdesk.tui.app import ResearchDeskApp, collect_seldom
from researchdesk.tui.messages import OpenPaper
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.widgets.home_list import HomeList
from researchdesk.tui.widgets.investigation_outline import InvestigationOutline
from researchdesk.tui.widgets.line_list import LineList
from researchdesk.tui.widgets.surprise_list import SurpriseList

LIMIT_S = 0.3
_PATIENCE_S = 10.0
_SIZES = ((80, 24), (200, 60))
_KEYS = {
    "home": "f1",
    "library": "f2",
    "reader": "",
    "bench": "f4",
    "funny": "f5",
    "story": "f6",
    "tinker": "f7",
    "ideas": "f8",
}


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
        app.simulate_key(_KEYS[mode])

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


def told(times: dict[tuple[str, str], list[Taken]]) -> bool:
    """Print the table; whether the limit was kept."""
    kept = True
    print(f"{'':18}{'median':>10}{'worst':>10}{'cpu':>10}{'of':>5}")
    for mode in _KEYS:
        for what in ("first", "again"):
            found = times[mode, what]
            if not found:
                continue
            middle = median(item.clock for item in found)
            good = middle <= LIMIT_S and all(item.came for item in found)
            kept = kept and good
            word = "" if good else "  too slow" if found[0].came else "  never came"
            numbers = (middle, max(item.clock for item in found), median(i.cpu for i in found))
            cells = "".join(f"{1000 * number:7.0f} ms" for number in numbers)
            print(f"{mode:10}{what:8}{cells}{len(found):5}{word}")
    return kept


def main() -> int:
    """Prints the tables; 1 where the limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--runs", type=int, default=6)
    parser.add_argument("--screens", default=",".join(_KEYS))
    given = parser.parse_args()
    modes = [mode for mode in given.screens.split(",") if mode in _KEYS]
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        root = given.keep or Path(folder)
        settings = Settings(desk=root / "desk", state=root / "state", offline=True)
        made = (root / "made").exists()
        desk = open_desk(settings, clock=lambda: NOW)
        if not made:
            fill(desk, lambda what: print(f"making {what}", file=sys.stderr))
            (root / "made").touch()
        collect_seldom()
        for size in _SIZES:
            times: dict[tuple[str, str], list[Taken]] = defaultdict(list)
            for number in range(given.runs):
                turned = modes if number % 2 else [*modes[1:], *modes[:1]]
                asyncio.run(visit(desk, size, turned, times))
            print(f"\n{size[0]}x{size[1]}, limit {1000 * LIMIT_S:.0f} ms")
            kept = told(times) and kept
        desk.close()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
