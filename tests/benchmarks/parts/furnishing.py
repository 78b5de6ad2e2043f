"""Something for each screen of a full desk, and the screens that are not gone to by keys alone."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pymupdf
from opening import made_paper
from support.digits_recipe import DIGITS, write_digits
from support.feed_desk import announce, followed
from support.funny_runs import watched
from support.made_sweeps import drawn, write_sweep
from support.origin import Origin
from support.talk_file import TALK
from support.tiny_pdf import tiny_pdf
from textual.screen import Screen

from researchdesk.domain.documents import Block, BlockKind, Document, Section, SectionKind
from researchdesk.domain.papers import Metadata, Paper, PaperVersion
from researchdesk.services import acquire, checking, code, library, looking
from researchdesk.services.desk import Desk
from researchdesk.services.documents import keep_document
from researchdesk.services.library_search import page, parse_query
from researchdesk.services.planning import ReproduceOptions
from researchdesk.services.reproduction import reproduce
from researchdesk.services.runs import listed
from researchdesk.services.talk_files import talk_of
from researchdesk.storage import papers
from researchdesk.tui.screens.changes import ChangesScreen
from researchdesk.tui.screens.code import CodeScreen
from researchdesk.tui.screens.error_analysis import ErrorsScreen
from researchdesk.tui.screens.findings import FindingsScreen
from researchdesk.tui.screens.ladder import LadderScreen
from researchdesk.tui.screens.large_picture import LargePicture, Subject
from researchdesk.tui.screens.rehearsal import RehearsalScreen
from researchdesk.tui.screens.samples import SamplesScreen

PAPER = "A Long Study of Warmup"
"""The title of the paper that has a file."""
TWICE = "2501.00003"
"""The paper of which two versions are on the desk, and a clone of its code."""

PUSHED: Mapping[str, Callable[[Desk], Screen[None]]] = {
    "ChangesScreen": lambda desk: ChangesScreen(desk, TWICE),
    "CodeScreen": lambda desk: CodeScreen(desk, TWICE),
    "ErrorsScreen": lambda desk: ErrorsScreen(desk, _run_of(desk)),
    "FindingsScreen": FindingsScreen,
    "LadderScreen": lambda desk: LadderScreen(desk, DIGITS, "net"),
    "LargePicture": lambda desk: LargePicture(desk, paper_of(desk), Subject("Page 2", 2, None)),
    "RehearsalScreen": lambda desk: RehearsalScreen(desk, talk_of(desk, str(_talk_of(desk)))),
    "SamplesScreen": lambda desk: SamplesScreen(desk, DIGITS),
}
"""By class, those that want a certain run, paper or talk; the others are gone to by keys."""


def paper_of(desk: Desk) -> Paper:
    """The paper that has a file."""
    found = page(desk, parse_query(f'title:"{PAPER}"'), 0, 1).rows[0]
    return library.get_paper(desk, found.name)


def furnish(desk: Desk, folder: Path) -> None:
    """Put on a filled desk a paper with a file, one with two versions and code, news of a feed,
    sweeps, findings, a talk, and a recipe that was looked at, checked and run."""
    file = made_paper(folder / "long.pdf", 40)
    with pymupdf.open(file) as document:
        document.set_metadata({"title": PAPER})
        document.saveIncr()
    acquire.add(desk, str(file))
    feed = followed(desk)
    announce(desk, feed, *(f"New: {number}" for number in range(200)))
    for seed in range(4):
        made = drawn(60, seed)
        write_sweep(desk.settings.sweeps / made.id, made)
    for _ in range(20):
        watched(desk)
    _talk(desk)
    _versions(desk)
    _code(desk, folder)
    _digits(desk)


def _talk(desk: Desk) -> None:
    path = _talk_of(desk)
    path.parent.mkdir(exist_ok=True)
    path.write_text(TALK, "utf-8")


def _talk_of(desk: Desk) -> Path:
    return desk.root / "talks" / "a-talk.md"


def _versions(desk: Desk) -> None:
    paper = library.file_metadata(desk, Metadata("Twice", abstract="x", arxiv_id=TWICE))
    folder = desk.root / "papers" / TWICE
    folder.mkdir(parents=True)
    for version in (1, 2):
        path, digest = folder / f"v{version}.pdf", f"{version:064d}"
        path.write_bytes(tiny_pdf("Twice"))
        held = PaperVersion(version, str(path.relative_to(desk.root)), digest, path.stat().st_size)
        papers.set_version(desk.database.connection, paper.id, held)
        keep_document(desk, digest, _document(version))


def _document(version: int, parts: int = 12) -> Document:
    blocks, sections = list[Block](), list[Section]()
    for part in range(1, parts + 1):
        first, title = len(blocks), f"{part} Part {part}"
        words = f"In part {part} the score is {40 + part * version} % after {part} epochs. " * 6
        blocks += [Block(part, title, 1), Block(part, words, kind=BlockKind.TEXT)]
        sections.append(Section(title, 1, SectionKind.BODY, part, first, len(blocks)))
    return Document("Twice", parts, tuple(blocks), tuple(sections), ())


def _code(desk: Desk, folder: Path) -> None:
    origin = Origin(folder / "origin")
    lines = "".join(f"value_{number} = {number} * warmup  # of many\n" for number in range(2_000))
    origin.commit(a_dot_py=lines.encode(), src__b_dot_py=lines.encode())
    online = replace(desk, settings=replace(desk.settings, offline=False))
    code.clone(online, library.get_paper(desk, TWICE), origin.url, protocols=("file",))


def _digits(desk: Desk) -> None:
    write_digits(desk.settings.recipes)
    looking.look_at_data(desk, DIGITS, "net", trusted=True)
    checking.check(desk, DIGITS, "net", trusted=True)
    report = reproduce(desk, DIGITS, ReproduceOptions(seeds=1, arms=("net",), trust=True))
    looking.errors_of(desk, report.run.id)


def _run_of(desk: Desk) -> str:
    """The newest run of the recipe on digits."""
    return next(row.id for row in listed(desk).rows if row.recipe.startswith(DIGITS))
