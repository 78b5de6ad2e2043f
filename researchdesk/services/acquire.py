"""Papers put on the desk, from arXiv or from a file; and arXiv searched."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from researchdesk.document.extraction import extract
from researchdesk.domain.documents import Document
from researchdesk.domain.identifiers import ArxivId, folder_name, parse_arxiv_id
from researchdesk.domain.papers import Metadata, Paper, PaperVersion
from researchdesk.domain.queries import FindPage, FindQuery
from researchdesk.domain.text import one_line
from researchdesk.domain.version_marks import OWN_FILES, version_words
from researchdesk.errors import BadInputError, DeskError, SourceError
from researchdesk.files import copy_in, path_of
from researchdesk.services.desk import Desk
from researchdesk.services.desk_files import sha256
from researchdesk.services.documents import keep_document
from researchdesk.services.library import file_metadata, restore_paper
from researchdesk.services.shipped import shipped_metadata
from researchdesk.sources.arxiv import ArxivSource
from researchdesk.sources.failures import StatusError
from researchdesk.storage import papers
from researchdesk.storage.database import Database

Progress = Callable[[str, int, int | None], None]
"""What is being done, bytes so far, bytes in all (None: unknown)."""

Match = Callable[[Metadata], Paper | None]
_ASKED_AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Added:
    """``already``: this version and its PDF were there. ``fetched``: its PDF came just now.

    ``back``: it had been removed from the desk, and was put back. ``unasked``: its words are not
    arXiv's, who was not reached.
    """

    paper: Paper
    version: int
    already: bool
    fetched: bool
    warning: str = ""
    back: bool = False
    unasked: bool = False


def add(
    desk: Desk,
    text: str,
    progress: Progress | None = None,
    *,
    with_pdf: bool = True,
    replace: bool = False,
    known: Match | None = None,
) -> Added:
    """Put a paper on the desk: an arXiv id in any form, an address, or the path of a PDF.

    ``replace``: a file of one's own takes the place of the PDF at hand, which goes to the backups.
    ``known`` gives the paper of the desk that a file without arXiv's stamp is of, or None; the
    file then joins it as another record's, never as a version of arXiv's.

    Raises UsageProblemError, SourceError, NotOnDeskError (arXiv has no such paper) or
    BadInputError (no PDF); the desk is then as it was.
    """
    path, before = _file_named(text), _removed(desk)
    if path is not None:
        return _told_back(_add_file(desk, path, progress, replace, known), before)
    if (
        one_line(text).lower().endswith(".pdf")
        and "://" not in text
        and "arxiv.org" not in text.lower()
    ):
        raise BadInputError(f"There is no file {text}.", "Look at the path.")
    return _told_back(_add_arxiv(desk, parse_arxiv_id(text), progress, with_pdf), before)


def find(desk: Desk, query: FindQuery, progress: Progress | None = None) -> FindPage:
    """Ask arXiv's search. Raises SourceError, and UsageProblemError for an empty question."""
    return _source(desk).find(query, progress)


def _removed(desk: Desk) -> frozenset[int]:
    return frozenset(papers.removed(desk.database.connection))


def _told_back(result: Added, removed: frozenset[int]) -> Added:
    return replace(result, back=result.paper.id in removed)


def _source(desk: Desk) -> ArxivSource:
    return ArxivSource(desk.settings, desk.clock)


def _add_arxiv(desk: Desk, wanted: ArxivId, progress: Progress | None, with_pdf: bool) -> Added:
    db = desk.database.connection
    known = papers.find(db, arxiv_id=wanted.base)
    if known and wanted.version and _holds(desk, known, wanted.version):
        restore_paper(desk, known)
        known = _with_html(desk, known, wanted.version, progress)
        return Added(known, wanted.version, already=True, fetched=False)
    metadata, warning = _metadata(desk, wanted, known, progress)
    version = metadata.version
    if known and _holds(desk, known, version):
        known = _with_html(desk, file_metadata(desk, metadata), version, progress)
        return Added(known, version, True, False, warning)
    if not with_pdf or warning:
        return Added(file_metadata(desk, metadata), version, known is not None, False, warning)
    target = desk.settings.papers / folder_name(wanted.base) / f"v{version}.pdf"
    exact = ArxivId(wanted.base, version)
    digest = _source(desk).download_pdf(exact, target, progress)
    with desk.database.writing() as db:
        paper = file_metadata(desk, metadata)
        _file(desk, db, paper, version, target, digest)
        paper = papers.by_id(db, paper.id)
    paper = _with_html(desk, paper, version, progress)
    return Added(paper, version, already=False, fetched=True)


def _with_html(desk: Desk, paper: Paper, version: int, progress: Progress | None) -> Paper:
    """The paper with arXiv's HTML of this version, where there is one; the PDF does without.

    arXiv is asked at most once a day. That it cannot be asked is no failure of what was wanted.
    """
    held = paper.held(version)
    base = paper.metadata.arxiv_id
    if version > OWN_FILES or desk.settings.offline:
        return paper
    if held is None or base is None or not _due(desk, held):
        return paper
    target = desk.settings.papers / folder_name(base) / f"v{version}.html"
    try:
        digest = _source(desk).download_html(ArxivId(base, version), target, progress)
    except StatusError:
        digest = None
    except DeskError:
        return paper
    html = target.relative_to(desk.root).as_posix() if digest else ""
    known = replace(held, html=html, html_sha256=digest or "", html_asked_at=desk.clock())
    with desk.database.writing() as db:
        papers.set_html(db, paper.id, known)
        return papers.by_id(db, paper.id)


def _due(desk: Desk, held: PaperVersion) -> bool:
    """Whether arXiv is to be asked for the HTML: it is not there, nor was it asked for lately."""
    if held.html and (desk.root / held.html).is_file():
        return False
    return held.html_asked_at is None or desk.clock() - held.html_asked_at > _ASKED_AGAIN


def _metadata(
    desk: Desk, wanted: ArxivId, known: Paper | None, progress: Progress | None
) -> tuple[Metadata, str]:
    """arXiv's words; where the user forbids the network those at hand, with a warning."""
    try:
        return _source(desk).metadata(wanted, progress), ""
    except SourceError as error:
        held = known.metadata if known else shipped_metadata(wanted.base)
        fits = held is not None and wanted.version in (None, held.version)
        if held is None or not fits or not desk.settings.offline:
            raise
        return held, f"{error.message} The metadata at hand was used, without the PDF."


def _holds(desk: Desk, paper: Paper, version: int) -> bool:
    held = paper.pdf_of(version)
    return bool(held) and (desk.root / held).is_file()


def _file(desk: Desk, db: Database, paper: Paper, version: int, target: Path, digest: str) -> None:
    held = PaperVersion(
        version,
        target.relative_to(desk.root).as_posix(),
        digest,
        target.stat().st_size,
        desk.clock(),
    )
    papers.set_version(db, paper.id, held)


def _file_named(text: str) -> Path | None:
    """The file of this name; None where there is none, or none can have such a name."""
    try:
        path = path_of(text)
        return path if path.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _add_file(
    desk: Desk, path: Path, progress: Progress | None, replacing: bool, known: Match | None
) -> Added:
    if progress:
        progress(f"reading {path.name}", 0, None)
    document = extract(path)
    digest = sha256(path)
    same = papers.find(desk.database.connection, sha256=digest)
    if same is not None:
        return _known_file(desk, path, same, document, digest)
    metadata, warning = _words_of_file(desk, path, document, progress)
    with desk.database.writing() as db:
        same = known(metadata) if known and metadata.arxiv_id is None else None
        if same is not None:
            restore_paper(desk, same)
            metadata = replace(metadata, version=own_version(same))
        paper = same or file_metadata(desk, metadata)
        target = desk.settings.papers / folder_name(paper.name) / f"v{metadata.version}.pdf"
        if _holds(desk, paper, metadata.version):
            if not replacing:
                return Added(paper, metadata.version, True, False, _stays(paper, metadata, path))
            aside = f"{target.parent.name}-{digest[:12]}-before.pdf"
            copy_in(target, desk.root / "backups" / aside)
        copy_in(path, target)
        _file(desk, db, paper, metadata.version, target, digest)
    keep_document(desk, digest, document)
    paper = papers.by_id(desk.database.connection, paper.id)
    if not warning:
        paper = _with_html(desk, paper, metadata.version, progress)
    told = document.problem or warning
    return Added(paper, metadata.version, False, True, told, unasked=bool(warning))


def _known_file(desk: Desk, path: Path, paper: Paper, document: Document, digest: str) -> Added:
    """The paper whose PDF this is, byte for byte; one that was lost from the disk comes back."""
    restore_paper(desk, paper)
    version = next(item.version for item in paper.versions if item.sha256 == digest)
    if _holds(desk, paper, version):
        return Added(paper, version, already=True, fetched=False)
    target = desk.settings.papers / folder_name(paper.name) / f"v{version}.pdf"
    copy_in(path, target)
    with desk.database.writing() as db:
        _file(desk, db, paper, version, target, digest)
        paper = papers.by_id(db, paper.id)
    keep_document(desk, digest, document)
    return Added(paper, version, False, True, document.problem)


def own_version(paper: Paper) -> int:
    """What a file without arXiv's stamp is counted as. Of a paper of arXiv's nobody knows which
    version it is, so it is another record's: a publisher's, or the person's own."""
    return paper.version if paper.metadata.arxiv_id is None else OWN_FILES + 1


def _stays(paper: Paper, metadata: Metadata, path: Path) -> str:
    which = version_words(metadata.version)
    return (
        f"The desk has another PDF of {paper.name} ({which}); it stays, and "
        f"{path.name} was left aside. To put yours in its place: "
        f"researchdesk add --replace {path.name}"
    )


def _words_of_file(
    desk: Desk, path: Path, document: Document, progress: Progress | None
) -> tuple[Metadata, str]:
    """The stamp's paper as arXiv tells it; else what the file itself says."""
    own = Metadata(
        title=one_line(document.title) or one_line(path.stem),
        authors=document.authors,
        abstract=document.abstract,
    )
    if not document.stamp:
        return own, ""
    stamp = parse_arxiv_id(document.stamp)
    version = stamp.version or 1
    try:
        return _source(desk).metadata(stamp, progress), ""
    except DeskError as error:
        shipped = shipped_metadata(stamp.base)
        if shipped and shipped.version == version:
            return shipped, ""
        known = papers.find(desk.database.connection, arxiv_id=stamp.base)
        told = known.metadata if known and known.metadata.published is None else own
        words = replace(told, arxiv_id=stamp.base, version=version)
        return words, f"{error.message} The title was taken from the PDF."
