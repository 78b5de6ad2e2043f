"""How long the reader takes for a step and a scroll on a long paper, in a table.

    python tests/benchmarks/reader_speed.py [pages]

A document of that many pages (87) is made, and the keys are pressed by a pilot in an 80x24 and a
200x60 terminal. A time is from the key to the screen that was drawn after it: the median and the
worst on the clock, the median of the processor, and how often a redraw of an empty screen of that
size would fit into it, measured in the same run. Ends with 1 where a median of the processor's time
is over its limit, or the first page's.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from researchdesk.config import Settings
from researchdesk.domain.documents import Block, BlockKind, Document, Section, SectionKind
from researchdesk.domain.papers import Metadata, PaperVersion
from researchdesk.services import documents, library, notes
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.documents import keep_document
from researchdesk.storage import papers
from researchdesk.tui.app import ResearchDeskApp, collect_seldom
from researchdesk.tui.messages import OpenPaper
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.reader import ReaderScreen

_LIMIT_S = 0.05
_OPENING_S = 0.5
_REDRAWS = 30
_DIGEST = "1" * 64
_REF = "2501.00002"
_WORDS = "Sentence {} is as long as those of a paper are, with a number such as 28.4 in it. "
_KEYS = {
    "a line": ["down"] * 40,
    "a screen": ["pagedown"] * 40,
    "to the end and back": ["end", "home"] * 10,
    "a sentence marked": ["v", *["down"] * 20, "escape"],
    "to the questions": ["right", "left"] * 10,
    "a pass": ["3", "1", "2"] * 4,
    "a step": ["1", *["right", "right", "right", "right", "left", "left", "left", "left"] * 3],
    "the whole text": ["W", "escape"] * 5,
}
_NO_LIMIT = {"a pass"}


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds on the clock, and of the processor."""

    clock: float
    cpu: float


class Plain(App[None]):
    """A screen with nothing on it."""

    def compose(self) -> ComposeResult:
        yield Static("")

    CSS = "Static { width: 1fr; height: 1fr; }"


def main(pages: int) -> int:
    """Prints the table; 1 where a limit is not kept."""
    collect_seldom()
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(desk=Path(folder) / "desk", state=Path(folder) / "state", offline=True)
        desk = open_desk(settings, clock=lambda: datetime(2026, 3, 14, tzinfo=UTC))
        _fill(desk, pages)
        for size in ((80, 24), (200, 60)):
            kept = asyncio.run(_measure(desk, size, pages)) and kept
        desk.close()
    return 0 if kept else 1


async def _measure(desk: Desk, size: tuple[int, int], pages: int) -> bool:
    plain = await _redraw(size)
    print(f"\n{size[0]}x{size[1]}, {pages} pages; an empty screen: {1000 * plain:.1f} ms")
    print(f"  {'':<22}{'median':>10}{'worst':>10}{'cpu':>10}{'ratio':>8}")
    kept = _tell("opened, from the disk", [await _open(desk, size)], plain, _OPENING_S)
    app = ResearchDeskApp(desk, _REF, 2)
    app.animation_level = "none"
    async with app.run_test(size=size) as pilot:
        while not (isinstance(app.screen, ReaderScreen) and app.screen.material):
            await pilot.pause(0.01)
        for name, keys in _KEYS.items():
            times = []
            for key in keys:
                times.append(await _press(app, key))
                await pilot.pause(0.02)
            limit = None if name in _NO_LIMIT else _LIMIT_S
            kept = _tell(name, times, plain, limit) and kept
    return kept


async def _redraw(size: tuple[int, int]) -> float:
    """Seconds of the processor for a redraw of an empty screen."""
    app, times = Plain(), []
    async with app.run_test(size=size) as pilot:
        for _ in range(_REDRAWS):
            start = process_time()
            app.query_one(Static).refresh(layout=True)
            await _drawn(app.screen)
            times.append(process_time() - start)
            await pilot.pause(0.01)
    return median(times)


async def _open(desk: Desk, size: tuple[int, int]) -> Taken:
    """From the app's first screen to the paper's first page, its text not in memory."""
    app = ResearchDeskApp(desk)
    app.animation_level = "none"
    documents.forget()
    async with app.run_test(size=size) as pilot:
        while not isinstance(app.screen, DeskScreen):
            await pilot.pause(0.01)
        await pilot.pause(0.5)

        def open_paper() -> None:
            app.post_message(OpenPaper(_REF, 2))

        def opened() -> bool:
            return isinstance(app.screen, ReaderScreen) and app.screen.material is not None

        return await _timed(app, open_paper, opened)


async def _press(app: ResearchDeskApp, key: str) -> Taken:
    """What it takes until the key had its effect and the screen was drawn."""
    screen = app.screen
    assert isinstance(screen, ReaderScreen)
    before = _state(screen)

    def press() -> None:
        app.simulate_key(key)

    return await _timed(app, press, lambda: _state(screen) != before)


async def _timed(app: App[None], begin: Callable[[], None], done: Callable[[], bool]) -> Taken:
    start, cpu = perf_counter(), process_time()
    begin()
    while not done() and perf_counter() - start < 5:
        await asyncio.sleep(0.0005)
    await _drawn(app.screen)
    return Taken(perf_counter() - start, process_time() - cpu)


async def _drawn(screen: Screen[object]) -> None:
    drawn = asyncio.Event()
    screen.call_after_refresh(drawn.set)
    await drawn.wait()


def _state(screen: ReaderScreen) -> tuple[object, ...]:
    at = screen.position
    place = (at.plan.number, at.step, screen.at_home) if at and screen.material else None
    return place, screen.text.spot, screen.text.taken()


def _tell(name: str, times: Sequence[Taken], plain: float, limit: float | None) -> bool:
    """A line of the table; whether the limit was kept."""
    clock, cpu = [item.clock for item in times], median(item.cpu for item in times)
    kept = limit is None or cpu <= limit
    print(
        f"  {name:<22}{1000 * median(clock):7.1f} ms{1000 * max(clock):7.1f} ms{1000 * cpu:7.1f} ms"
        f"{cpu / plain:8.1f}{'' if kept else '  too slow'}"
    )
    return kept


def _fill(desk: Desk, pages: int) -> None:
    blocks: list[Block] = [Block(1, "1 Introduction", 1)]
    for page in range(1, pages + 1):
        for part in range(5):
            numbers = range(100 * page + 10 * part, 100 * page + 10 * part + 7)
            blocks.append(Block(page, "".join(_WORDS.format(number) for number in numbers)))
        blocks.append(Block(page, f"Figure {page}: A caption.", kind=BlockKind.CAPTION))
    blocks += [Block(pages, "2 Conclusion", 1), Block(pages, _WORDS.format(0))]
    last = len(blocks)
    sections = (
        Section("1 Introduction", 1, SectionKind.INTRODUCTION, 1, 0, last - 2),
        Section("2 Conclusion", 1, SectionKind.CONCLUSION, pages, last - 2, last),
    )
    keep_document(desk, _DIGEST, Document("Long", pages, tuple(blocks), sections, ()))
    filed = library.file_metadata(
        desk,
        Metadata(title="A long paper", authors=("Ada Example",), abstract="", arxiv_id=_REF),
    )
    path = desk.root / "papers" / _REF / "v1.pdf"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"%PDF-1.7")
    held = PaperVersion(1, str(path.relative_to(desk.root)), _DIGEST, 8, desk.clock())
    papers.set_version(desk.database.connection, filed.id, held)
    paper = library.get_paper(desk, _REF)
    for page in range(1, 21):
        notes.add_note(desk, paper, 2, "noted", quote=_WORDS.format(100 * page).strip(), page=page)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 87))
