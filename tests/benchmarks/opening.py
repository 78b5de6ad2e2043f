"""How fast a long paper opens, once it was taken apart: ``python tests/benchmarks/opening.py``.

Measures a paper of 87 pages that is made here, and the longest of ``../shared/corpus`` where that
is. What keys in the reader take is told by ``all.py``. Ends with 1 where a limit is not kept.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pymupdf

from researchdesk.config import Settings
from researchdesk.domain.papers import Paper
from researchdesk.services import acquire, documents
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.reading import plan_of, workflow_of

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "pdf"
PAGES = 87
OPENING = 0.5
STEP = 0.05
_REPEATS = 7
_SENTENCE = (
    "The estimate of the second moment is poor in the first steps, and what is divided by a poor "
    "estimate is a step of the wrong length. "
)


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: its median and its worst in seconds; ``limit`` None where none is set."""

    what: str
    median: float
    worst: float
    limit: float | None = None

    @property
    def kept(self) -> bool:
        return self.limit is None or self.worst <= self.limit


def made_paper(path: Path, pages: int = PAGES) -> Path:
    """A paper of many pages: numbered sections, paragraphs, captions, references at the end."""
    with pymupdf.open() as document:
        for number in range(1, pages + 1):
            page = document.new_page()
            top = 72.0
            if number == 1:
                page.insert_text((90, top), "A Long Study of Warmup", fontsize=18, fontname="tibo")
                top += 40
            if number % 4 == 1 and number < pages - 3:
                title = "Abstract" if number == 1 else f"{number // 4} Part {number // 4}"
                page.insert_text((90, top), title, fontsize=13, fontname="tibo")
                top += 16
            if number == pages - 3:
                page.insert_text((90, top), "References", fontsize=13, fontname="tibo")
                top += 16
            for at in range(9):
                text = f"({number}.{at}) " + _SENTENCE * 3
                if at == 5 and number % 6 == 0:
                    text = f"Figure {number // 6}: Loss against steps for schedule {number}."
                if number >= pages - 3:
                    text = f"[{9 * (number - pages + 3) + at + 1}] A. Author. On warmup. 2020."
                box = pymupdf.Rect(90, top, 520, 780)
                left = page.insert_textbox(box, text, fontsize=10.5, fontname="tiro")
                top += box.height - left + 8
        document.save(path)
    return path


def timed(what: str, work: Callable[[], object], limit: float | None = None) -> Row:
    """Does the work several times."""
    taken = []
    for _ in range(_REPEATS):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return Row(what, statistics.median(taken), max(taken), limit)


def opening_rows(desk: Desk, paper: Paper) -> Iterator[Row]:
    """From the desk's cache to the first page's blocks; from memory; each step's passage."""

    def first_page() -> object:
        documents.forget()
        return [block for block in documents.document_of(desk, paper).blocks if block.page <= 1]

    yield timed("first page, from the cache", first_page, OPENING)
    yield timed("first page, from memory", lambda: documents.document_of(desk, paper), STEP)
    workflow = workflow_of(desk, paper)
    steps = [step for number in (1, 2, 3) for step in plan_of(workflow, number).steps]
    found = [
        timed(step.title, lambda step=step: documents.passage(desk, paper, step)) for step in steps
    ]
    slowest = max(found, key=lambda row: row.median)
    yield Row(f"slowest step: {slowest.what}", slowest.median, slowest.worst, STEP)
    yield timed("claims, from memory", lambda: documents.candidates_of(desk, paper), STEP)


def measure(file: Path) -> list[Row]:
    """Add the paper to a desk of its own, and open it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(desk=Path(folder) / "desk", state=Path(folder) / "state", offline=True)
        desk = open_desk(settings)
        begun = time.perf_counter()
        paper = acquire.add(desk, str(file)).paper
        taken = time.perf_counter() - begun
        begun = time.perf_counter()
        documents.candidates_of(desk, paper)
        tables = time.perf_counter() - begun
        rows = [
            Row("added and taken apart (once)", taken, taken),
            Row("tables and claims (once)", tables, tables),
            *opening_rows(desk, paper),
        ]
        desk.close()
    return rows


def longest(folder: Path) -> Path | None:
    """The PDF of the corpus with the most pages."""

    def pages(path: Path) -> int:
        with pymupdf.open(path) as document:
            return len(document)

    return max(folder.glob("*.pdf"), key=pages, default=None)


def main() -> int:
    """Prints the table; 1 where a limit is not kept."""
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        files = [made_paper(Path(folder) / "made.pdf"), longest(CORPUS)]
        for file in filter(None, files):
            with pymupdf.open(file) as document:
                print(f"\n{file.name}, {len(document)} pages ({os.cpu_count()} cores)")
            print(f"{'':44}{'median':>10}{'worst':>10}{'limit':>10}")
            for row in measure(file):
                limit = "" if row.limit is None else f"{1000 * row.limit:7.0f} ms"
                mark = "" if row.kept else "  too slow"
                times = f"{1000 * row.median:7.1f} ms{1000 * row.worst:7.1f} ms"
                print(f"{row.what:44}{times}{limit:>10}{mark}")
                kept = kept and row.kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
