"""Draws the README's pictures anew: real screens over a desk made for the purpose.

``python tests/screenshots/make.py [FOLDER]``; takes the time of one AMSGrad run.
"""

import asyncio
import os
import re
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.made_paper import ABSTRACT, AUTHORS, write_paper

from researchdesk.config import Settings
from researchdesk.domain.reading import NoteKind
from researchdesk.services import acquire, library, notes, reading, reproduction
from researchdesk.services.desk import Desk, open_desk
from researchdesk.storage import papers
from researchdesk.tui.app import ResearchDeskApp

SIZE = (160, 44)
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Fonts that a picture would fetch from elsewhere."""
WAYS = {
    "home": ("f1",),
    "library": ("f2",),
    "reader": ("enter",),
    "figures": ("F", "down"),
    "claims": ("F", "c"),
    "bench": ("escape", "f4"),
}
"""The keys from each picture's screen to the next one's."""
MOMENT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def make_desk(folder: Path) -> Desk:
    """A desk with three papers, a pass under way, notes, and a finished run."""
    settings = Settings(desk=folder / "desk", state=folder / "state", offline=True)
    desk = open_desk(settings, lambda: MOMENT)
    library.seed_bundled(desk)
    pdf = write_paper(folder / "warmth.pdf", stamp="")
    paper = acquire.add(desk, str(pdf)).paper
    with desk.database.writing() as db:
        words = replace(
            paper.metadata,
            authors=tuple(AUTHORS.split(", ")),
            categories=("cs.LG",),
            abstract=ABSTRACT,
        )
        paper = papers.update(db, paper.id, words)
    item = reading.start_pass(desk, paper, 1)
    notes.add_note(
        desk,
        paper,
        1,
        "Ten seeds for each setting; **most papers** give one.",
        page=1,
        quote="over ten seeds",
        step="abstract",
    )
    notes.add_note(
        desk,
        paper,
        1,
        "Would a larger beta2 do the same?",
        page=1,
        quote="initialised from the first hundred gradients",
        kind=NoteKind.QUESTION,
        step="abstract",
    )
    reading.set_step(desk, item, 1)
    adam = library.get_paper(desk, "1904.09237")
    reading.start_pass(desk, adam, 1)
    reading.finish_pass(desk, adam, 1, "run it")
    reproduction.reproduce(desk, "1904.09237")
    return desk


async def draw(desk: Desk, folder: Path) -> None:
    app = ResearchDeskApp(desk)
    async with app.run_test(size=SIZE) as pilot:
        for name, keys in WAYS.items():
            await pilot.press(*keys)
            await pilot.pause(3)
            drawn = FONTS.sub("", app.export_screenshot(title="researchdesk"))
            (folder / f"{name}.svg").write_text(drawn, "utf-8")


def main() -> None:
    os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    os.environ.pop("NO_COLOR", None)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    with tempfile.TemporaryDirectory() as scratch:
        desk = make_desk(Path(scratch))
        asyncio.run(draw(desk, folder))
        desk.close()


if __name__ == "__main__":
    main()
