"""PDFs brought in by the folder, and those that imported entries have."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from researchdesk.document.extraction import extract
from researchdesk.domain.clock import stamp
from researchdesk.domain.identifiers import folder_name, parse_arxiv_id
from researchdesk.domain.labels import Change
from researchdesk.domain.papers import Metadata, Paper, PaperVersion
from researchdesk.domain.version_marks import OWN_FILES
from researchdesk.errors import DeskError, SourceError, UsageProblemError
from researchdesk.files import copy_in, leads_out, path_of
from researchdesk.services import acquire
from researchdesk.services.desk import Desk
from researchdesk.services.desk_files import sha256
from researchdesk.services.documents import keep_document
from researchdesk.services.import_matching import Known
from researchdesk.services.library import paper_of
from researchdesk.sources.libraries import SUFFIXES
from researchdesk.storage import imports, labels_undo, papers

Progress = Callable[[str, int, int | None], None]


@dataclass(slots=True)
class PdfReport:
    """What became of each PDF. ``added`` are names of new papers, ``joined`` of papers that had no
    PDF and have one now; ``warned`` came in though something is wrong with them (a scan, a
    password); ``aside`` are library files in the folders, which are given by their own path."""

    added: list[str] = field(default_factory=list)
    joined: list[tuple[str, str]] = field(default_factory=list)
    already: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)
    warned: list[tuple[str, str]] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    """Every paper that a PDF is of, new or not."""
    change: Change | None = None


def pdfs_in(folder: Path) -> Iterator[Path]:
    """The PDFs of a folder and those below it, in the order of their names. Links to folders, and
    to files outside of it, are not followed; hidden files are passed over."""
    found = []
    for place, names, files in os.walk(folder):
        names[:] = [name for name in names if not name.startswith(".")]
        found += [Path(place, name) for name in files if not name.startswith(".")]
    for path in sorted(found):
        if path.suffix.lower() != ".pdf" or not path.is_file():
            continue
        if not path.is_symlink() or not leads_out(path, folder):
            yield path


def import_pdfs(
    desk: Desk,
    paths: Sequence[Path],
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> PdfReport:
    """Put each PDF on the desk by itself: what fails stays out, and takes nothing with it.

    A file that is held is passed over. One without arXiv's stamp joins the paper of its title and
    first author. Where the network is forbidden, or failed once, its own words are used.
    """
    report = PdfReport()
    known = Known(desk.database.connection)
    fresh: list[int] = []
    try:
        for number, path in enumerate(paths):
            if progress:
                progress(f"reading {path.name}:", number + 1, len(paths))
            if _held(desk, path) is not None:
                report.already += 1
            elif dry_run:
                report.added.append(path.stem)
            elif not _add(desk, path, known, report, fresh):
                desk = replace(desk, settings=replace(desk.settings, offline=True))
    finally:
        if fresh:
            with desk.database.writing() as db:
                what = f"{len(fresh)} {'paper' if len(fresh) == 1 else 'papers'} imported from PDFs"
                now = desk.clock()
                step = {"do": "import", "at": stamp(now), "papers": fresh, "records": []}
                report.change = labels_undo.record(db, what, len(fresh), [step], now)
    return report


def library_files(folder: Path) -> list[Path]:
    """Files of other programs' libraries that lie in a folder itself."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)


def attach(
    desk: Desk,
    wanted: Sequence[tuple[int, str, Path]],
    moment: datetime,
    progress: Progress | None = None,
) -> PdfReport:
    """Copy the PDFs that entries name to the desk, for papers that have none.

    ``wanted`` are a paper's row, the path as the entry has it, and the file the entry is from, by
    whose folder a path may go. ``moment`` is the import's: what takes that back takes the PDFs of
    its papers too. What is not there, or is no PDF, is told and left.
    """
    report = PdfReport()
    for number, (paper_id, named, origin) in enumerate(wanted):
        if not named.lower().endswith(".pdf"):
            continue
        paper = paper_of(desk, paper_id)
        if paper is None or _has_pdf(desk, paper):
            report.already += 1
            continue
        path = _found(named, origin)
        if progress:
            progress("copying PDFs", number + 1, len(wanted))
        if path is None:
            report.left_out.append((named, "there is no such file"))
        elif not _is_pdf(path):
            report.left_out.append((named, "it is no PDF"))
        elif (other := _held(desk, path)) is not None:
            report.left_out.append((named, f"the desk holds it as the PDF of {other.name}"))
        else:
            _keep(desk, paper, path, moment)
            report.joined.append((str(path), paper.name))
    return report


def _add(desk: Desk, path: Path, known: Known, report: PdfReport, fresh: list[int]) -> bool:
    """False where arXiv should have been asked and was not reached."""

    def match(words: Metadata) -> Paper | None:
        found = known.match(words)
        return paper_of(desk, found[0]) if found else None

    newest = papers.newest(desk.database.connection)
    try:
        done = acquire.add(desk, str(path), known=match)
    except DeskError as error:
        report.left_out.append((str(path), error.message))
        return not isinstance(error, SourceError)
    report.ids.append(done.paper.id)
    if done.already:
        if done.warning:
            report.left_out.append((str(path), done.warning))
        else:
            report.already += 1
        return True
    if done.warning:
        report.warned.append((str(path), done.warning))
    if done.paper.id > newest:
        fresh.append(done.paper.id)
        known.add(done.paper.id, done.paper.key, done.paper.metadata)
        report.added.append(done.paper.name)
    else:
        report.joined.append((str(path), done.paper.name))
    return not done.unasked


def _held(desk: Desk, path: Path) -> Paper | None:
    """The paper on the desk whose PDF is this file, byte for byte."""
    try:
        digest = sha256(path)
    except OSError:
        return None
    paper = papers.find(desk.database.connection, sha256=digest)
    on_desk = paper is not None and paper_of(desk, paper.id) is not None
    return paper if paper is not None and on_desk and _has_pdf(desk, paper) else None


def _has_pdf(desk: Desk, paper: Paper) -> bool:
    return any(held.pdf and (desk.root / held.pdf).is_file() for held in paper.versions)


def _found(named: str, origin: Path) -> Path | None:
    """The file that an entry names: as it is, or from the folder of the entry's file."""
    for text in (named, named.replace("\\", "/")):
        try:
            path = path_of(text)
            path = path if path.is_absolute() else origin.parent / path
            if path.is_file():
                return path
        except (OSError, UsageProblemError):
            continue
    return None


def _is_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return b"%PDF-" in file.read(1024)
    except OSError:
        return False


def _keep(desk: Desk, paper: Paper, path: Path, moment: datetime) -> None:
    digest = sha256(path)
    version = _version_of(desk, paper, path, digest)
    target = desk.settings.papers / folder_name(paper.name) / f"v{version}.pdf"
    copy_in(path, target)
    place = target.relative_to(desk.root).as_posix()
    held = PaperVersion(version, place, digest, target.stat().st_size, moment)
    with desk.database.writing() as db:
        papers.set_version(db, paper.id, held)
        if version <= OWN_FILES:
            imports.write(db, paper.id, {"version": version})


def _version_of(desk: Desk, paper: Paper, path: Path, digest: str) -> int:
    """The version that a PDF is of, by arXiv's stamp where that is of the same paper."""
    if paper.metadata.arxiv_id is None:
        return paper.version
    try:
        document = extract(path)
    except DeskError:
        return acquire.own_version(paper)
    keep_document(desk, digest, document)
    told = parse_arxiv_id(document.stamp) if document.stamp else None
    if told is None or told.base != paper.metadata.arxiv_id:
        return acquire.own_version(paper)
    return told.version or paper.metadata.version
