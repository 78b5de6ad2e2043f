"""The papers on the desk: listed, found by words, looked up, removed and put back."""

import contextlib
import importlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from researchdesk.domain.identifiers import ArxivId, local_key, parse_arxiv_id
from researchdesk.domain.papers import Metadata, Paper
from researchdesk.domain.reading import ReadingPass, reading_status
from researchdesk.domain.text import clean
from researchdesk.errors import DeskError, NotOnDeskError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.shipped import first_ids, shipped_metadata
from researchdesk.storage import papers, reading, synced


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper with where its reading stands."""

    paper: Paper
    status: str


def list_papers(desk: Desk) -> list[Listed]:
    """Every paper on the desk, the last added first."""
    by_paper: dict[int, list[ReadingPass]] = {}
    for item in reading.passes(desk.database.connection):
        by_paper.setdefault(item.paper_id, []).append(item)
    return [
        Listed(paper, reading_status(by_paper.get(paper.id, [])))
        for paper in papers.all_papers(desk.database.connection)
    ]


def get_paper(desk: Desk, ref: str) -> Paper:
    """The paper of an arXiv id in any form, of a key, or of a key that an export gives it.

    A key of the desk comes before one that was imported. A paper whose metadata ships is put on the
    desk by this. Raises NotOnDeskError.
    """
    return get_papers(desk, [ref])[0]


def get_papers(desk: Desk, refs: Sequence[str]) -> list[Paper]:
    """The papers of these refs in their order: see ``get_paper``. Many are looked up at once."""
    told = [clean(ref) for ref in refs]
    found = {ref: _named(desk, ref) for ref in dict.fromkeys(told)}
    keys = [ref for ref, paper in found.items() if ref and paper is None and not as_arxiv_id(ref)]
    found |= _cited(desk, keys) if keys else {}
    return [found[ref] or _shipped(desk, ref) for ref in told]


def also_claimed(desk: Desk, found: Mapping[str, Paper]) -> dict[str, Paper]:
    """Of these refs with their papers those by which a person can mean another: an entry about that
    came with this key."""
    citation_keys = importlib.import_module("researchdesk.services.citation_keys")
    keys = {ref: paper.id for ref, paper in found.items() if not as_arxiv_id(ref)}
    db = desk.database.connection
    others = citation_keys.other_claims(db, keys) if keys else {}
    return {ref: papers.by_id(db, number) for ref, number in others.items()}


def _named(desk: Desk, ref: str) -> Paper | None:
    db = desk.database.connection
    arxiv_id = as_arxiv_id(ref)
    if not ref:
        return None
    paper = papers.find(db, arxiv_id=arxiv_id.base) if arxiv_id else papers.find(db, key=ref)
    return None if paper is None or papers.is_removed(db, paper.id) else paper


def _shipped(desk: Desk, ref: str) -> Paper:
    db, arxiv_id = desk.database.connection, as_arxiv_id(ref)
    there = arxiv_id is not None and papers.find(db, arxiv_id=arxiv_id.base)
    if arxiv_id and not there and (metadata := shipped_metadata(arxiv_id.base)):
        return file_metadata(desk, metadata)
    raise NotOnDeskError(
        f"There is no paper {ref!r} on this desk.",
        f"Put it there with: researchdesk add {arxiv_id or 'ID-or-PDF'}",
    )


def _cited(desk: Desk, keys: Sequence[str]) -> dict[str, Paper | None]:
    """The papers that are exported under keys which are not theirs on the desk."""
    citation_keys = importlib.import_module("researchdesk.services.citation_keys")
    db = desk.database.connection
    try:
        numbers = citation_keys.papers_cited(db, desk.settings.bibtex_keys, keys)
    except UsageProblemError:  # the pattern of the settings: who exports is told
        return {}
    return {key: papers.by_id(db, number) for key, number in numbers.items()}


def names_of(desk: Desk, paper_ids: Iterable[int]) -> dict[int, str]:
    """What a person calls each of these papers; those that are off the desk's lists lack."""
    return papers.listed_names(desk.database.connection, set(paper_ids))


def paper_named(desk: Desk, target: str) -> Paper | None:
    """The paper on the desk that a link to a paper means; None where there is none."""
    db = desk.database.connection
    paper = papers.find(db, arxiv_id=target) or papers.find(db, key=target)
    return None if paper is None or papers.is_removed(db, paper.id) else paper


def paper_of(desk: Desk, paper_id: int) -> Paper | None:
    """The paper of this row, or that which it became part of; None where it was removed from the
    desk's lists."""
    db = desk.database.connection
    kept = papers.kept_id(db, paper_id)
    return None if papers.is_removed(db, kept) else papers.by_id(db, kept)


def file_metadata(desk: Desk, metadata: Metadata) -> Paper:
    """File a paper, or bring the one with this arXiv id up to date.

    Words about an older version than the one at hand do not replace newer ones, and none replace
    those of a person's own bibliography.
    """
    with desk.database.writing() as db:
        base = metadata.arxiv_id
        known = papers.find(db, arxiv_id=base) if base else None
        if known is None:
            wanted = local_key(metadata.title, metadata.authors, metadata.year)
            key = papers.free_key(db, wanted)
            return papers.insert(db, key, metadata, desk.clock())
        if metadata.version < known.metadata.version and not papers.is_removed(db, known.id):
            return known
        if synced.is_imported(db, known.id):
            synced.fill_in(db, known.id, metadata)
            return papers.by_id(db, known.id)
        return papers.update(db, known.id, metadata)


def restore_paper(desk: Desk, paper: Paper) -> None:
    """Put a paper back that was taken off the desk's lists."""
    with desk.database.writing() as db:
        papers.set_removed(db, paper.id, None)


def status_of(desk: Desk, paper: Paper) -> str:
    """Where the reading of this paper stands, in words."""
    return reading_status(reading.passes(desk.database.connection, paper.id))


def missing_bundled(desk: Desk) -> list[Metadata]:
    """The words of the papers that a new desk begins with and this one never had."""
    db = desk.database.connection
    missing = [base for base in first_ids() if papers.find(db, arxiv_id=base) is None]
    return [words for base in missing if (words := shipped_metadata(base)) is not None]


def seed_bundled(desk: Desk) -> None:
    """File the papers that a new desk begins with; one that the user removed stays removed.

    The others whose recipes ship are filed when they are first asked for.
    """
    for metadata in missing_bundled(desk):
        file_metadata(desk, metadata)


def file_of_run(desk: Desk, base: str) -> None:
    """File the paper that something is run of, where its words ship and the desk never had it; one
    that the user removed stays removed. Nothing is fetched.

    A run does not hang on it: where the desk cannot be written now, the next one files it.
    """
    with contextlib.suppress(DeskError):
        known = papers.find(desk.database.connection, arxiv_id=base) if base else None
        if base and known is None and (words := shipped_metadata(base)) is not None:
            file_metadata(desk, words)


def as_arxiv_id(ref: str) -> ArxivId | None:
    """The arXiv id that ``ref`` is a form of, or None."""
    try:
        return parse_arxiv_id(ref)
    except UsageProblemError:
        return None
