"""arXiv asked what became of the desk's papers: newer versions, withdrawals, publication.

The papers are asked about a hundred at a time by their ids; the history of one (OAI-PMH) only where
it has a newer version or sounds withdrawn, or where one asks for it, and out of a list of what
changed where that is fewer requests. What came is kept at once, so a sync that breaks off goes on
where it was: papers asked about today are not asked about again.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from researchdesk.domain.identifiers import ArxivId
from researchdesk.domain.news import NewsItem
from researchdesk.domain.papers import Metadata
from researchdesk.domain.syncing import Known, Withdrawal
from researchdesk.errors import DeskError, SourceError, UsageProblemError, offline
from researchdesk.services import library, withdrawals
from researchdesk.services.desk import Desk
from researchdesk.services.sync_filing import file_answer
from researchdesk.services.sync_lists import Lists, Wanted
from researchdesk.sources import failures
from researchdesk.sources.arxiv import ArxivSource
from researchdesk.sources.cache import AskedAnew
from researchdesk.sources.oai import OaiSource
from researchdesk.sources.progress import Progress, Sleep, silent
from researchdesk.storage import news, papers, synced

AT_ONCE = 100
_PATIENCE = 2
_REFUSED = 403


@dataclass(frozen=True, slots=True)
class SyncReport:
    """``asked`` papers were answered for, ``skipped`` had been today, ``left`` were not come to.

    ``missing`` are the names that arXiv does not have. ``problems`` say what could not be found
    out; it is asked again next time. ``error`` is what ended the sync, or None.
    """

    asked: int = 0
    skipped: int = 0
    left: int = 0
    news: tuple[NewsItem, ...] = ()
    missing: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    error: DeskError | None = None


@dataclass
class _Work:
    """A sync under way."""

    desk: Desk
    arxiv: ArxivSource
    oai: OaiSource
    lists: Lists
    progress: Progress
    deep: bool
    asked: int = 0
    told: list[int] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    failed_in_turn: int = 0
    error: DeskError | None = None

    def failed(self, error: SourceError, what: str) -> None:
        """Keep a failure; the second in turn, or a refusal, ends the sync."""
        self.failed_in_turn += 1
        refused = isinstance(error, failures.StatusError) and error.status == _REFUSED
        self.problems.append(f"{what}: {error.message}")
        if refused or self.failed_in_turn >= _PATIENCE:
            self.error = error


def sync(
    desk: Desk,
    progress: Progress = silent,
    *,
    refs: Sequence[str] = (),
    deep: bool = False,
    sleep: Sleep = time.sleep,
) -> SyncReport:
    """Ask arXiv about the papers of ``refs``, else about all that were not asked about today.

    ``deep`` asks for the history of each one too: one request a paper. Raises SourceError where the
    desk is offline, NotOnDeskError and UsageProblemError for refs that are no papers of arXiv's;
    what fails later stands in the report, and what came before it is kept.
    """
    if desk.settings.offline:
        raise offline("arXiv was not asked")
    wanted = _named(desk, refs) if refs else _due(desk)
    skipped = 0 if refs else synced.count_of_arxiv(desk.database.connection) - len(wanted)
    cache = AskedAnew(desk.settings.cache / "queries", desk.clock)
    oai = OaiSource(desk.settings, desk.clock, sleep)
    arxiv = ArxivSource(desk.settings, desk.clock, sleep, cache)
    work = _Work(desk, arxiv, oai, Lists(oai, progress), progress, deep)
    if deep:
        _list_changes(work, _with_histories(desk, wanted))
    for first in range(0, len(wanted), AT_ONCE):
        batch = wanted[first : first + AT_ONCE]
        last = first + len(batch)
        progress(f"asking arXiv about papers {first + 1} to {last} of {len(wanted)}", 0, None)
        if work.error is not None:
            break
        _ask(work, batch)
    return _report(work, len(wanted), skipped)


def _with_histories(desk: Desk, wanted: Sequence[tuple[int, str]]) -> list[Wanted]:
    """Those whose history was kept, and is wanted again."""
    db, ids = desk.database.connection, [number for number, _ in wanted]
    held, found = synced.histories(db, ids), papers.by_ids(db, ids)
    return [
        Wanted(base, found[number].metadata.categories, *held[number])
        for number, base in wanted
        if number in held
    ]


def _list_changes(work: _Work, wanted: Sequence[Wanted]) -> None:
    try:
        work.lists.ask(wanted)
    except SourceError as error:
        work.failed(error, "what changed on arXiv is not known")


def _report(work: _Work, wanted: int, skipped: int) -> SyncReport:
    found = {item.id: item for item in news.unseen(work.desk.database.connection)}
    return SyncReport(
        asked=work.asked,
        skipped=skipped,
        left=wanted - work.asked,
        news=tuple(found[one] for one in work.told if one in found),
        missing=tuple(work.missing),
        problems=tuple(work.problems),
        error=work.error,
    )


def _named(desk: Desk, refs: Sequence[str]) -> list[tuple[int, str]]:
    found: dict[int, str] = {}
    for ref in refs:
        paper = library.get_paper(desk, ref)
        if paper.metadata.arxiv_id is None:
            raise UsageProblemError(
                f"{paper.name} has no arXiv id: arXiv cannot be asked about it. Nothing was asked.",
                "Name papers of arXiv's, or none to ask about all.",
            )
        found[paper.id] = paper.metadata.arxiv_id
    return list(found.items())


def _due(desk: Desk) -> list[tuple[int, str]]:
    midnight = desk.clock().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    return synced.due(desk.database.connection, midnight)


def _ask(work: _Work, batch: Sequence[tuple[int, str]]) -> None:
    """Ask about a batch, and keep what is said."""
    try:
        words = _words(work, [base for _, base in batch])
    except SourceError as error:
        work.failed(error, f"{len(batch)} papers from {batch[0][1]} on")
        return
    work.failed_in_turn = 0
    gone = [(number, base) for number, base in batch if base not in words]
    with work.desk.database.writing() as db:
        synced.set_asked(db, [number for number, _ in gone], work.desk.clock())
        known = {item.id: item for item in synced.known(db, [number for number, _ in batch])}
        later = []
        for number, base in batch:
            item, said = known.get(number), words.get(base)
            if said and item and _wants_a_look(work, item, said):
                later.append((item, said))
            elif said:
                _keep(work, db, item, said, withdrawals.Found(_before(item) if item else None))
    work.missing += [base for _, base in gone]
    work.asked += len(gone)
    if not work.deep:
        looks = [
            Wanted(said.arxiv_id or "", said.categories, item.asked_at)
            for item, said in later
            if item.asked_at is not None
        ]
        _list_changes(work, looks)
    for item, said in later:
        if work.error is None:
            _look(work, item, said)


def _words(work: _Work, bases: list[str]) -> dict[str, Metadata]:
    """What arXiv says of each; asked once more where it says nothing of any."""
    ids = [ArxivId(base) for base in bases]
    found = work.arxiv.metadata_many(ids, work.progress)
    if not found:
        found = work.arxiv.metadata_many(ids, work.progress)
    if not found and len(ids) > 1:
        raise SourceError(
            "arXiv sent an empty page where papers should be.", "Try again in a few minutes."
        )
    return found


def _wants_a_look(work: _Work, item: Known, words: Metadata) -> bool:
    """Whether it may have been withdrawn, and that was not looked into for this version yet: a
    newer version came, or its words sound so."""
    if work.deep:
        return True
    came = item.told and words.version > item.newest
    return item.latest != words.version and (came or withdrawals.sounds_withdrawn(words))


def _look(work: _Work, item: Known, words: Metadata) -> None:
    try:
        found = withdrawals.look_into(
            work.oai,
            words,
            work.progress,
            deep=work.deep,
            listed=work.lists.history_of(words.arxiv_id or ""),
        )
    except SourceError as error:
        work.failed(error, f"whether {words.arxiv_id} was withdrawn is not known")
        return
    work.failed_in_turn = 0
    with work.desk.database.writing() as db:
        # while arXiv was asked, a person may have begun to read, or have taken the paper away
        now = next(iter(synced.known(db, [item.id])), None)
        _keep(work, db, now, words, found)


def _keep(
    work: _Work, db: Database, item: Known | None, words: Metadata, found: withdrawals.Found
) -> None:
    """Keep what was said of a paper, as the desk has it now; nothing where it is not on it."""
    moment: datetime = work.desk.clock()
    if item is not None:
        work.told += file_answer(db, item, words, found, moment)
    work.asked += 1


def _before(item: Known) -> Withdrawal | None:
    """The withdrawal that is known, which holds until a newer version comes."""
    return None if item.withdrawn is None else Withdrawal(item.withdrawn, item.withdrawn_why)
