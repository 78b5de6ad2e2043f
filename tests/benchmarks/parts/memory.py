"""What an open desk holds of the memory, beside an empty Textual app."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from parts import places
from parts.rows import Place, Row

LIMIT_MB = 250.0
_HELD = """
import sys
from pathlib import Path

def held():
    names = ("Rss:", "Pss:")
    try:
        lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    except OSError:
        import resource
        return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss} 0"
    found = {line.split()[0]: line.split()[1] for line in lines[1:]}
    return " ".join(found[name] for name in names)
"""
_EMPTY = (
    _HELD
    + """
from textual.app import App
class Empty(App):
    def on_mount(self):
        self.set_timer(1, self.end)
    def end(self):
        self.exit(held())
print(Empty().run(headless=True))
"""
)
_OURS = (
    _HELD
    + """
import asyncio
from researchdesk.config import Settings
from researchdesk.services.desk import open_desk
from researchdesk.tui.app import ResearchDeskApp, collect_seldom
root = Path(sys.argv[1])
desk = open_desk(Settings(desk=root, state=root / "state", offline=True))
app = ResearchDeskApp(desk)

async def visit():
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause(2)
        first = held()
        for number in range(1, 9):
            app.simulate_key(f"f{number}")
            await pilot.pause(1.5)
        print(first, held())
asyncio.run(visit())
desk.close()
"""
)


def memory(place: Place) -> Iterator[Row]:
    """Once open, and after each screen was shown; PSS counts what is shared by its share."""
    empty = _asked(_EMPTY)[1]
    counts = (10_000,) if place.quick else (10_000, 100_000)
    desks = {"empty desk": places.begun(place)}
    desks |= {f"{count:,} papers": places.papers(place, count) for count in counts}
    for words, root in desks.items():
        rss, pss, rss_after, pss_after = _asked(_OURS, root)
        note = f"RSS {rss:.0f} MB"
        beside = "an empty Textual app"
        yield Row(f"memory, {words}, open", pss, "MB", beside, empty, LIMIT_MB, pss, note)
        note = f"RSS {rss_after:.0f} MB"
        name = f"memory, {words}, all screens"
        yield Row(name, pss_after, "MB", beside, empty, LIMIT_MB, pss_after, note)


def _asked(script: str, *words: Path) -> list[float]:
    """Megabytes."""
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, words)], capture_output=True, text=True, check=True
    )
    return [int(number) / 1024 for number in done.stdout.splitlines()[-1].split()]
