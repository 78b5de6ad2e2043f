"""How long the reader takes for a step and a scroll on a long paper: run it, read the figures.

    python tests/benchmarks/reader_speed.py [pages]

A document of that many pages (87) is made, and the keys are pressed by a pilot in an 80x24 and a
200x60 terminal. A time is from the key to the screen that was drawn after it.
"""

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from researchdesk.config import Settings
from researchdesk.domain.documents import Block, BlockKind, Document, Section, SectionKind
from researchdesk.domain.papers import Metadata, PaperVersion
from researchdesk.services import library, notes
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.documents import keep_document
from researchdesk.storage import papers
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.screens.reader import ReaderScreen

_DIGEST = "1" * 64
_REF = "2501.00002"
_WORDS = "Sentence {} is as long as those of a paper are, with a number such as 28.4 in it. "


def main(pages: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(desk=Path(folder) / "desk", state=Path(folder) / "state", offline=True)
        desk = open_desk(settings, clock=lambda: datetime(2026, 3, 14, tzinfo=UTC))
        _fill(desk, pages)
        for size in ((80, 24), (200, 60)):
            asyncio.run(_measure(desk, size))
        desk.close()


async def _measure(desk: Desk, size: tuple[int, int]) -> None:
    app = ResearchDeskApp(desk, _REF, 2)
    app.animation_level = "none"
    start = perf_counter()
    async with app.run_test(size=size) as pilot:
        while not (isinstance(app.screen, ReaderScreen) and app.screen.material):
            await pilot.pause(0.002)
        print(f"{size[0]}x{size[1]}: opens at its first page in {perf_counter() - start:.2f} s")
        for name, keys in {
            "a line": ["down"] * 40,
            "a screen": ["pagedown"] * 40,
            "to the end and back": ["end", "home"] * 10,
            "a sentence marked": ["v", *["down"] * 20, "escape"],
            "to the questions": ["right", "left"] * 10,
            "to pass 3": ["3"],
            "to the text again": ["right"],
            "a step": ["right", "left"] * 10,
        }.items():
            times = []
            for key in keys:
                times.append(await _press(app, key))
                await pilot.pause(0.02)
            _tell(name, times)


async def _press(app: ResearchDeskApp, key: str) -> float:
    """Seconds until the key had its effect and the screen was drawn."""
    screen = app.screen
    assert isinstance(screen, ReaderScreen)
    before, drawn = _state(screen), asyncio.Event()
    start = perf_counter()
    app.simulate_key(key)
    while _state(screen) == before and perf_counter() - start < 5:
        await asyncio.sleep(0)
    screen.call_after_refresh(drawn.set)
    await drawn.wait()
    return perf_counter() - start


def _state(screen: ReaderScreen) -> tuple[object, ...]:
    at = screen.position
    place = (at.plan.number, at.step) if at and screen.material else None
    return place, screen.text.spot, screen.text.taken()


def _tell(name: str, times: list[float]) -> None:
    middle, worst = 1000 * median(times), 1000 * max(times)
    print(f"  {name:<20} {middle:6.1f} ms at the median, {worst:6.1f} at most")


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
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 87)
