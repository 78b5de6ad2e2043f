"""Libraries of other programs brought in: one transaction, and a report of what stayed out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from researchdesk.domain.bibliography import Reading
from researchdesk.domain.labels import Change, label_name, papers
from researchdesk.errors import BadInputError
from researchdesk.services.desk import Desk
from researchdesk.services.import_matching import Known
from researchdesk.services.import_writing import Joined, Writing
from researchdesk.sources.libraries import read_library
from researchdesk.storage import labels_undo, search_index

Progress = Callable[[str, int, int | None], None]
"""What is being done, how many are done, how many there are (None: unknown)."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What did not come in, or came in mended: where it stands, and why."""

    where: str
    line: int
    why: str

    @property
    def place(self) -> str:
        return f"{self.where}:{self.line}" if self.line else self.where


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do.

    ``added`` are the keys of new papers; ``joined`` entries that became a second record of a paper;
    ``disputed`` are entries whose key is that of another paper, which ``why`` names: theirs is
    called ``paper``. ``updated`` are records of an earlier import that say something else now,
    ``already`` entries that were there as they are. ``mended`` came in though something was wrong.
    ``made`` are the collections that came to be, ``starred`` and ``prioritized`` count the papers
    that got stars and a priority. ``aside`` counts comments, which stay in their files. ``change``
    is what undo takes back; None for nothing.
    """

    entries: int
    added: tuple[str, ...] = ()
    joined: tuple[Joined, ...] = ()
    disputed: tuple[Joined, ...] = ()
    updated: tuple[Joined, ...] = ()
    already: int = 0
    left_out: tuple[LeftOut, ...] = ()
    mended: tuple[LeftOut, ...] = ()
    made: tuple[str, ...] = ()
    starred: int = 0
    prioritized: int = 0
    aside: int = 0
    change: Change | None = None
    files: tuple[tuple[int, str, Path], ...] = ()
    """The files that entries name: paper, path, and the file the entry is from."""


@dataclass(slots=True)
class _Read:
    """The files as read, each with its entries."""

    files: list[tuple[Path, Reading]] = field(default_factory=list)

    def told(self, which: str) -> tuple[LeftOut, ...]:
        return tuple(
            LeftOut(str(path), problem.line, problem.why)
            for path, reading in self.files
            for problem in getattr(reading, which)
        )


class _OnlyLookingError(Exception):
    """Ends the transaction of a dry run: nothing of it stays."""


def import_library(
    desk: Desk,
    paths: Sequence[Path],
    *,
    dry_run: bool = False,
    strict: bool = False,
    tags: Sequence[str] = (),
    collection: str = "",
    progress: Progress | None = None,
) -> ImportReport:
    """Bring the entries of files in: all in one transaction, which ``labels.undo`` takes back.

    An entry that is about a paper of the desk (arXiv id, DOI, or title, author and year alike)
    becomes a record beside it; it fills in what the paper does not say, and changes nothing else.

    Raises BadInputError where a file cannot be read at all, or with ``strict`` where anything in
    one is wrong; UsageProblemError for a tag or collection that cannot be. Nothing is changed then.
    """
    tags = [label_name(tag) for tag in tags]
    collection = label_name(collection, "collection") if collection else ""
    read = _read(paths, progress)
    if strict:
        _refuse_faults((*read.told("left_out"), *read.told("mended")))
    report: list[ImportReport] = []
    try:
        with desk.database.writing() as db:
            writing = Writing(db, Known(db), desk.clock(), tags, collection)
            _write(writing, read, progress)
            change = None if dry_run else _kept(writing)
            report.append(_report(writing, read, change))
            if dry_run:
                raise _OnlyLookingError
            if progress:
                progress("making it all findable", 0, None)
            search_index.refresh(db.conn)
    except _OnlyLookingError:
        pass
    return report[0]


def _read(paths: Sequence[Path], progress: Progress | None) -> _Read:
    """The files in their order; abbreviations of one are known in those behind it."""
    read, abbreviations = _Read(), dict[str, str]()
    for path in paths:
        if progress:
            progress(f"reading {path.name}", 0, None)
        reading = read_library(path, abbreviations)
        abbreviations |= reading.abbreviations
        read.files.append((path, reading))
    return read


def _write(writing: Writing, read: _Read, progress: Progress | None) -> None:
    total = sum(len(reading.entries) for _, reading in read.files)
    done = 0
    writing.known.expect(entry.key for _, reading in read.files for entry in reading.entries)
    for path, reading in read.files:
        for entry in reading.entries:
            writing.take(path, entry)
            done += 1
            if progress and done % 100 == 0:
                progress("importing", done, total)


def _kept(writing: Writing) -> Change | None:
    """The change as undo knows it; None where nothing was changed."""
    step = writing.undo_step()
    if step is None:
        return None
    what = _told(writing)
    return labels_undo.record(writing.db, what, writing.changed, [step], writing.moment)


def _told(writing: Writing) -> str:
    """An import in the numbers in which its report tells it."""
    added, joined, updated = map(len, (writing.added, writing.joined, writing.replaced))
    said = [f"{papers(added)} imported"] if added else []
    said += [f"{joined:,} joined to papers"] if joined else []
    said += [f"{updated:,} updated"] if updated else []
    told = ", ".join(said) or f"{papers(writing.changed)} brought back"
    return told if added else f"import: {told}"


def _report(writing: Writing, read: _Read, change: Change | None) -> ImportReport:
    return ImportReport(
        entries=sum(len(reading.entries) for _, reading in read.files),
        added=tuple(writing.added.values()),
        joined=tuple(writing.joined),
        disputed=tuple(writing.disputed),
        updated=tuple(writing.updated),
        already=writing.already,
        left_out=read.told("left_out"),
        mended=read.told("mended"),
        made=tuple(writing.made),
        starred=len(writing.marked.get("stars", ())),
        prioritized=len(writing.marked.get("priority", ())),
        aside=sum(reading.aside for _, reading in read.files),
        change=change,
        files=tuple(writing.files),
    )


def _refuse_faults(faults: Sequence[LeftOut]) -> None:
    if faults:
        told = "; ".join(f"{fault.place}: {fault.why}" for fault in faults[:5])
        more = f"; and {len(faults) - 5} more" if len(faults) > 5 else ""
        raise BadInputError(
            f"{told}{more}. Nothing was changed.",
            "Mend the file, or import without --strict: what is sound comes in.",
        )
