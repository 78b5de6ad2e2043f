"""A paper's text, tables and pictures: taken from its files in worker processes, and kept."""

import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from researchdesk.document import extraction
from researchdesk.document.extraction import PARSER_VERSION
from researchdesk.document.html_extraction import HTML_VERSION, extract_html
from researchdesk.document.places import Passage, blocks_at
from researchdesk.domain.claims import ClaimCandidate
from researchdesk.domain.documents import Block, Box, Document, Figure, FigureKind, Table
from researchdesk.domain.papers import Paper, PaperVersion
from researchdesk.domain.workflows import Place, Step
from researchdesk.errors import BadInputError, DeskError, NotOnDeskError
from researchdesk.services import fulltext, parse_cache
from researchdesk.services.desk import Desk
from researchdesk.services.recent import Recent

ONLY_METADATA = "The PDF is not on this desk; this is what arXiv's metadata says."
OnUnkept = Callable[[str], None]
_DPI = (20, 400)
_UNKEPT = "What was found in the paper could not be kept, and is looked for again next time."


@dataclass(frozen=True, slots=True)
class _Tables:
    items: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class _Candidates:
    items: tuple[ClaimCandidate, ...]


_documents = Recent[Document](6)
_passages = Recent[tuple[Document, Passage]](24)
_tables = Recent[_Tables](6)
_candidates = Recent[_Candidates](6)


def document_of(
    desk: Desk, paper: Paper, version: int | None = None, on_unkept: OnUnkept = lambda _: None
) -> Document:
    """The paper's file taken apart; parsed once, then read from memory or the desk's cache.

    Its text is arXiv's HTML where the desk has that, with the pages and boxes of the PDF. What
    could not be kept of it on the desk is told to ``on_unkept``. Safe to call from any thread.
    Raises NotOnDeskError where the desk has no file of this version, BadInputError where what it
    has cannot be read.
    """
    held = _held(desk, paper, version)
    name = _name(held)
    make = partial(_known_to_search, desk, paper, held, name, on_unkept)
    return _documents.get((desk.root, name), make)


def parsed(desk: Desk, paper: Paper, version: int | None = None) -> Document | None:
    """The paper taken apart, where that was done before: nothing is parsed for it. None where not,
    and where the desk has no file of this version."""
    try:
        held = _held(desk, paper, version)
    except NotOnDeskError:
        return None
    for name in dict.fromkeys((_name(held), _name(replace(held, html="")))):
        with suppress(LookupError):
            return _documents.get((desk.root, name), partial(_again, desk, name))
    return None


def forget() -> None:
    """Let go of what is in memory; what the desk's caches have stays."""
    _documents.clear()
    _passages.clear()
    _tables.clear()
    _candidates.clear()


def keep_document(desk: Desk, digest: str, document: Document) -> None:
    """Keep what was parsed of the PDF with this SHA-256, for the search, too."""
    name = f"{digest}-{PARSER_VERSION}"
    parse_cache.keep(desk, name, document)
    fulltext.keep_text_of_file(desk, digest, name, document)


def passage(desk: Desk, paper: Paper, step: Step) -> Passage:
    """What a step looks at. Without a file: title and abstract as the metadata has them."""
    try:
        document = document_of(desk, paper)
    except NotOnDeskError:
        return _from_metadata(paper, step)
    # the document is kept beside its passage, so that no other one gets its identity
    key = (id(document), step.places)
    return _passages.get(key, lambda: (document, blocks_at(document, step.places)))[1]


def tables_of(desk: Desk, paper: Paper, version: int | None = None) -> tuple[Table, ...]:
    """The tables with their cells, in the paper's order; slow the first time, then kept.

    Raises what ``document_of`` raises.
    """
    held = _held(desk, paper, version)
    document = document_of(desk, paper, version)
    name = f"{_name(held)}-tables"

    def make() -> _Tables:
        return _Tables(_find_tables(desk, held, document))

    return _tables.get((desk.root, name), lambda: parse_cache.kept(desk, name, _Tables, make)).items


def candidates_of(desk: Desk, paper: Paper) -> tuple[ClaimCandidate, ...]:
    """Printed numbers that may be claims, the likeliest first; slow the first time, then kept.

    Raises what ``document_of`` raises.
    """
    held = _held(desk, paper, None)
    document = document_of(desk, paper)
    name = f"{_name(held)}-candidates"

    def make() -> _Candidates:
        from researchdesk.document.claims.finding import find_candidates  # noqa: PLC0415 - slow

        return _Candidates(find_candidates(document, tables_of(desk, paper)))

    kept = partial(parse_cache.kept, desk, name, _Candidates, make)
    return _candidates.get((desk.root, name), kept).items


def picture(
    desk: Desk,
    paper: Paper,
    page: int,
    box: Box | None = None,
    dpi: int = 110,
) -> Path:
    """A PNG of a page (from 1), or of a box on it, in the desk's cache.

    Raises NotOnDeskError where there is no PDF, BadInputError where it cannot be drawn.
    """
    return _draw(desk, paper, [(page, box)], dpi)[0]


def pictures(
    desk: Desk,
    paper: Paper,
    figures: Sequence[Figure | Table],
    dpi: int = 110,
) -> list[Path | None]:
    """A PNG for each figure, drawn by one worker: its box, or its page where no box is known;
    None for a figure whose page is not known. Raises as ``picture`` does."""
    known = [figure for figure in figures if figure.page > 0]
    if not known:
        return [None] * len(figures)
    drawn = iter(_draw(desk, paper, [(item.page, item.box) for item in known], dpi))
    return [next(drawn) if figure.page > 0 else None for figure in figures]


def _draw(
    desk: Desk,
    paper: Paper,
    places: Sequence[tuple[int, Box | None]],
    dpi: int,
) -> list[Path]:
    held = _held(desk, paper, None)
    if not held.pdf:
        raise _no_file(paper, held.version)
    dpi = max(_DPI[0], min(dpi, _DPI[1]))
    folder = desk.settings.cache / "pictures"
    targets = [folder / _picture_name(held.sha256, page, box, dpi) for page, box in places]
    missing = [at for at, target in enumerate(targets) if not target.is_file()]
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        wishes = [extraction.PictureWish(*places[at], dpi) for at in missing]
        with tempfile.TemporaryDirectory(prefix=".drawing-", dir=folder) as aside:
            drawn = extraction.render(desk.root / held.pdf, wishes, Path(aside))
            for at, path in zip(missing, drawn, strict=True):
                path.replace(targets[at])
    return targets


def _picture_name(digest: str, page: int, box: Box | None, dpi: int) -> str:
    place = "_".join(f"{number:.0f}" for number in box) if box else "whole"
    return f"{digest[:40]}-{page}-{place}-{dpi}.png"


def _held(desk: Desk, paper: Paper, version: int | None) -> PaperVersion:
    """What the desk has of this version; what is gone from the disk counts as not there.

    Raises NotOnDeskError where there is nothing.
    """
    version = version or paper.version
    held = paper.held(version) or PaperVersion(version)
    if held.pdf and not (desk.root / held.pdf).is_file():
        held = replace(held, pdf="", sha256="")
    if held.html and not (desk.root / held.html).is_file():
        held = replace(held, html="", html_sha256="")
    if not held.pdf and not held.html:
        raise _no_file(paper, version)
    return held


def _no_file(paper: Paper, version: int) -> NotOnDeskError:
    wanted = f"{paper.arxiv.base}v{version}" if paper.arxiv else "FILE.pdf"
    return NotOnDeskError(
        f"The PDF of {paper.name} (version {version}) is not on this desk.",
        f"Fetch it with: researchdesk add {wanted}",
    )


def _name(held: PaperVersion) -> str:
    """The name under which what was parsed of these files is kept."""
    if not held.html:
        return f"{held.sha256}-{PARSER_VERSION}"
    return f"{held.sha256[:32]}-{held.html_sha256[:32]}-{PARSER_VERSION}.{HTML_VERSION}"


def _known_to_search(
    desk: Desk, paper: Paper, held: PaperVersion, name: str, on_unkept: OnUnkept
) -> Document:
    document = _document(desk, held, name)
    from researchdesk.services import reference_index  # noqa: PLC0415 - slow to import

    fulltext.keep_text(desk, paper.id, held.version, name, document)
    try:
        reference_index.note_references(desk, paper, held.version, document)
    except DeskError as error:
        on_unkept(f"{_UNKEPT} {error.message} {error.hint}")
    return document


def _document(desk: Desk, held: PaperVersion, name: str) -> Document:
    if not held.html:
        return _of_pdf(desk, held)
    found = parse_cache.read(desk, name, Document)
    if found is not None:
        return found
    try:
        html = extract_html(desk.root / held.html)
    except BadInputError:
        if not held.pdf:
            raise
        return _of_pdf(desk, held)
    from researchdesk.document.merging import merge  # noqa: PLC0415 - slow to import

    try:
        document = merge(html, _of_pdf(desk, held)) if held.pdf else html
    except BadInputError:
        if html.problem:
            raise
        return html
    parse_cache.keep(desk, name, document)
    return document


def _of_pdf(desk: Desk, held: PaperVersion) -> Document:
    name = f"{held.sha256}-{PARSER_VERSION}"
    return parse_cache.kept(desk, name, Document, lambda: extraction.extract(desk.root / held.pdf))


def _find_tables(desk: Desk, held: PaperVersion, document: Document) -> tuple[Table, ...]:
    """Tables with the cells of the HTML where it has them, else those found on the pages."""
    told = [_table(figure) for figure in document.figures if figure.cells]
    missing = [f for f in document.figures if f.kind is FigureKind.TABLE and not f.cells]
    if document.problem or not held.pdf or (told and not missing):
        return tuple(told)
    drawn = extraction.extract_tables(desk.root / held.pdf, document.figures)
    named = {figure.number for figure in missing}
    more = [table for table in drawn if not told or table.number in named]
    return tuple(sorted((*told, *more), key=lambda table: table.page))


def _table(figure: Figure) -> Table:
    return Table(figure.number, figure.page, figure.cells, figure.caption, figure.box)


def _again(desk: Desk, name: str) -> Document:
    found = parse_cache.read(desk, name, Document)
    if found is None:
        raise LookupError(name)
    return found


def _from_metadata(paper: Paper, step: Step) -> Passage:
    words = paper.metadata
    parts = {
        Place.TITLE: (Block(1, words.title, 1), Block(1, ", ".join(words.authors))),
        Place.ABSTRACT: (Block(1, words.abstract),) if words.abstract else (),
    }
    blocks = tuple(block for place in step.places for block in parts.get(place, ()))
    return Passage(blocks, ONLY_METADATA)
