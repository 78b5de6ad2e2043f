"""A backup put in the place of the desk's database, while nobody else uses that."""

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from researchdesk.config import Settings
from researchdesk.domain.clock import Clock
from researchdesk.errors import BadInputError, BusyError
from researchdesk.services.desk import open_desk
from researchdesk.services.keeping import (
    BEFORE,
    FORM,
    Backup,
    DamagedDeskError,
    backup,
    in_bytes,
    room_for,
)
from researchdesk.sources.progress import Progress
from researchdesk.storage import copies
from researchdesk.storage.database import known_steps

_LOCK_S = 60.0


def restore(
    settings: Settings,
    clock: Clock,
    source: Path,
    progress: Progress,
    *,
    force: bool = False,
) -> Backup | None:
    """Put a backup in the place of the desk's database; gives the copy of what was there before,
    None where there was nothing.

    The backup is looked at first; one of an older schema is migrated before it comes to the desk.
    What was there is copied to the desk's backups; where it cannot be read any more it is moved
    there as it is. Papers' files and runs are not touched.

    Who has the desk open would go on with rows that are not there any more, or are others: so
    nobody may, but with ``force``; they see the backup's rows from then on.

    Raises BadInputError where the backup is damaged, no desk, or of a newer researchdesk, and
    BusyError where the desk is open elsewhere; then nothing was changed.
    """
    current = _is_current(source, progress)
    try:
        settings.desk.mkdir(parents=True, exist_ok=True)
        room_for(source, settings.desk)
        with FileLock(settings.desk / "desk.lock", timeout=_LOCK_S):
            held = _refuse_open(settings, force)
            if current:
                return _replace(settings, clock, source, progress, held=held)
            with _migrated(settings, clock, source, progress) as newer:
                return _replace(settings, clock, newer, progress, held=held)
    except Timeout as error:
        raise BusyError(
            f"Another process is changing the desk {settings.desk}. Nothing was changed.",
            "Try again in a minute.",
        ) from error
    except OSError as error:
        raise BadInputError(
            f"Nothing was restored: {error}. The desk is as it was.", "Make room, then try again."
        ) from error


def _is_current(source: Path, progress: Progress) -> bool:
    """Whether a backup has this program's schema; it is looked at whether it is whole."""
    progress("looking at the backup", 0, None)
    copies.looked_at(source, thorough=True)
    steps, known = copies.steps_of(source), known_steps()
    if unknown := sorted(steps - known):
        raise BadInputError(
            f"{source} is of a newer researchdesk ({unknown[-1]}). Nothing was changed.",
            "Upgrade researchdesk first.",
        )
    return steps == known


def _refuse_open(settings: Settings, force: bool) -> bool:
    """Whether another program has the desk open, where that is no reason to stop."""
    held = copies.held_elsewhere(settings.desk / "desk.db")
    if held and not force:
        raise BusyError(
            f"Another program has the desk {settings.desk} open. Nothing was changed.",
            "Close it, then try again; to restore under its feet: --force",
        )
    return held


@contextlib.contextmanager
def _migrated(settings: Settings, clock: Clock, source: Path, progress: Progress) -> Iterator[Path]:
    """A copy of a backup with the schema of this program: nobody sees the desk with an older."""
    progress("bringing the backup up to date", 0, None)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=settings.desk) as name:
        place = replace(settings, desk=Path(name))
        room_for(source, place.desk)
        copies.copy_out(source, place.desk / "desk.db", lambda done, total: None)
        open_desk(place, clock).close()
        yield place.desk / "desk.db"


_Moves = list[tuple[Path, Path]]


def _replace(
    settings: Settings, clock: Clock, source: Path, progress: Progress, *, held: bool
) -> Backup | None:
    """What is there set aside, the backup in its place; gives the copy of what was there."""
    before, moved = _set_aside(settings, clock, progress, held=held)
    try:
        _put_back(source, settings.desk / "desk.db", progress)
    except BaseException:
        _move(moved)
        raise
    return before


def _set_aside(
    settings: Settings, clock: Clock, progress: Progress, *, held: bool
) -> tuple[Backup | None, _Moves]:
    """A copy of what is there. What cannot be read is moved instead, unless it is ``held``: who
    has it open would go on writing where nobody looks. The moves that would bring it back are
    given, too."""
    target = settings.desk / "desk.db"
    if not target.is_file():
        return None, []
    try:
        return backup(settings, clock, progress, newest=10**6, name=BEFORE), []
    except DamagedDeskError as error:
        if held:
            raise BusyError(
                f"{error.message} It can be moved aside only when no program has it open. "
                "Nothing was changed.",
                "Close the program that has it open, then try again.",
            ) from error
        moment, folder = clock(), settings.desk / "backups"
        folder.mkdir(parents=True, exist_ok=True)
        aside = folder / f"damaged-{moment:{FORM}}.db"
        moves = [
            (file, aside.with_name(aside.name + suffix))
            for suffix in ("", "-wal", "-shm")
            if (file := target.with_name(target.name + suffix)).exists()
        ]
        _move(moves)
        return Backup(aside, moment, aside.stat().st_size, {}), [(to, was) for was, to in moves]


def _move(moves: _Moves) -> None:
    for was, to in moves:
        was.replace(to)


def _put_back(source: Path, target: Path, progress: Progress) -> None:
    """In one transaction of the desk's database: who has it open sees the old or the new."""
    try:
        with copies.opened(source) as held, contextlib.closing(_writable(target)) as desk:
            told = in_bytes("putting it back", progress)
            held.backup(
                desk,
                pages=8192,
                sleep=0,
                progress=lambda _, left, total: told(total - left, total),
            )
            desk.execute("PRAGMA journal_mode=WAL")
    except sqlite3.Error as error:
        raise BusyError(
            f"The desk could not be written: {error}. It is as it was.",
            "Close what has it open, then try again.",
        ) from error


def _writable(target: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(target, timeout=30)
    raw.execute("PRAGMA synchronous=FULL")
    # who writes now is waited for here: the copying itself would try for ever
    raw.execute("BEGIN IMMEDIATE")
    raw.execute("ROLLBACK")
    return raw
