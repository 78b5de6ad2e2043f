"""The desk examined: its folder, database, files, backups, settings, programs, and the network.

Nothing is changed by looking; what can be mended is mended only by ``repair``.
"""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from researchdesk.config import Settings
from researchdesk.domain.clock import Clock, local_day
from researchdesk.domain.health import Check, Health, note, ok, problem
from researchdesk.domain.sizes import megabytes
from researchdesk.errors import BadInputError, DeskError
from researchdesk.services import desk_files
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.keeping import backups
from researchdesk.services.privacy import (
    can_be_closed,
    close_settings,
    open_settings,
    way_to_close,
)
from researchdesk.services.surroundings import settings_check, sources_check, versions_check
from researchdesk.services.synced_folders import keeper_of
from researchdesk.sources.progress import Progress
from researchdesk.storage import search_index, soundness

_LITTLE_ROOM = 500e6
_LONG_LOG = 64e6
_STALE = timedelta(days=30)
_PUT_BACK = "Put a backup back: researchdesk restore"
_KEEP_ONE = "Keep a backup."
_MOVE_ASIDE = (
    "There is no backup. Move desk.db and the files beside it aside, and keep them: a new \
desk is begun then, and the PDFs and runs stay."
)


@dataclass(frozen=True, slots=True)
class Examination:
    """``deep`` reads every file again, ``network`` asks the sources whether they answer.
    ``settings_problems`` is what is known to be wrong with the settings."""

    settings: Settings
    clock: Clock
    progress: Progress
    deep: bool = False
    network: bool = True
    settings_problems: Sequence[Check] = ()


def examine(asked: Examination) -> list[Check]:
    """Everything that was looked at, in order; a desk that cannot be opened is one finding."""
    checks = [*_folder(asked.settings)]
    if said := open_settings():
        mend = "take it from them" if can_be_closed() else ""
        checks.append(problem("own key", said, way_to_close(), mend))
    if not (asked.settings.desk / "desk.db").is_file():
        checks.append(note("database", "There is no desk here yet.", "The first command makes it."))
    else:
        checks += _opened(asked)
    said_of_settings = asked.settings_problems or [settings_check(asked.settings)]
    checks += [_backups(asked, _is_damaged(checks)), *said_of_settings, versions_check()]
    if asked.network:
        asked.progress("asking the sources", 0, None)
        checks += sources_check(asked.settings, asked.clock)
    return checks


def repair(asked: Examination) -> list[str]:
    """Mend what can be mended; gives what was done, in words."""
    desk = open_desk(asked.settings, asked.clock)
    with contextlib.closing(desk):
        done = [words for step in _REPAIRS if (words := step(desk))]
    return [*done, words] if (words := close_settings()) else done


def _folder(settings: Settings) -> Iterator[Check]:
    folder = settings.desk
    if not folder.is_dir():
        yield note("folder", f"{folder} is not there yet.", "The first command makes it.")
        return
    if not os.access(folder, os.W_OK):
        yield problem("folder", f"{folder} cannot be written.", "Mend its permissions.")
    elif (free := shutil.disk_usage(folder).free) < _LITTLE_ROOM:
        yield problem("folder", f"{folder} has {free / 1e6:,.0f} MB left.", "Make room.")
    else:
        yield ok("folder", f"{folder}, {free / 1e9:,.0f} GB free")
    if keeper := keeper_of(folder):
        yield problem(
            "synced folder",
            f"The desk lies in a folder of {keeper}. Two machines that write it tear it.",
            "Move it out, choose it with --desk, and let only its backups folder be copied.",
        )


def _opened(asked: Examination) -> Iterator[Check]:
    try:
        desk = open_desk(asked.settings, asked.clock)
    except DeskError as error:
        yield problem("database", error.message, error.hint)
        return
    with contextlib.closing(desk):
        checks = list(_database(asked, desk))
        yield from checks
        if not _is_damaged(checks):
            yield from _files(asked, desk)


def _database(asked: Examination, desk: Desk) -> Iterator[Check]:
    raw = desk.database.connection.conn
    asked.progress("reading the whole database", 0, None)
    try:
        damage = soundness.damage(raw)
    except sqlite3.DatabaseError as error:
        damage = [str(error)]
    if damage:
        yield problem(
            "database",
            f"The database is damaged: {'; '.join(damage)}",
            _PUT_BACK if backups(asked.settings) else _MOVE_ASIDE,
        )
        return
    size = desk.database.path.stat().st_size
    yield ok("database", f"{megabytes(size)}, whole")
    if dangling := soundness.dangling(raw):
        told = ", ".join(f"{count} of {table}" for table, count in sorted(dangling.items()))
        yield problem("database", f"Rows point at what is not there: {told}.", _KEEP_ONE)
    asked.progress("comparing the search indexes", 0, None)
    try:
        bad = _bad_indexes(desk)
    except DeskError as error:
        yield note("search", f"It could not be looked at: {error.message}", error.hint)
    else:
        yield _indexes(bad, len(soundness.search_indexes(raw)))
    log = desk.database.path.with_name("desk.db-wal")
    if log.exists() and log.stat().st_size > _LONG_LOG:
        yield note(
            "database",
            f"Its log has grown to {log.stat().st_size / 1e6:,.0f} MB.",
            "A program that reads for long holds it up.",
            "write it into the database",
        )


def _files(asked: Examination, desk: Desk) -> Iterator[Check]:
    held = desk_files.held_files(desk)
    if missing := desk_files.missing(desk):
        yield problem(
            "files",
            f"{len(missing)} of {len(held)} files are not there, as {missing[0].path}.",
            "Put them back, or mend and fetch them again with: researchdesk add ID",
            "forget them, so that they can be fetched again",
        )
    else:
        yield ok("files", f"{len(held)} files of papers, all there")
    if asked.deep and (changed := desk_files.changed(desk, asked.progress)):
        told = f"{len(changed)} files are not what was filed, as {changed[0].path}."
        yield problem("files", told, "Fetch them again: researchdesk add --replace FILE")
    if orphans := desk_files.orphans(desk):
        yield note(
            "files",
            f"{len(orphans)} files belong to no paper, as {_inside(desk, orphans[0])}.",
            "",
            "move them below backups/",
        )
    if left := desk_files.leftovers(desk.root, desk.clock()):
        yield note("files", f"{len(left)} leftovers of broken-off copies.", "", "delete them")


def _is_damaged(checks: Sequence[Check]) -> bool:
    return any(
        check.name == "database" and check.health is Health.PROBLEM and check.hint != _KEEP_ONE
        for check in checks
    )


def _backups(asked: Examination, damaged: bool) -> Check:
    found = backups(asked.settings)
    if damaged:
        told = (
            f"{len(found)}, the newest of {local_day(found[0].at)}" if found else "There is none."
        )
        return note("backups", told)
    if not found:
        return note("backups", "There is no backup.", "Make one: researchdesk backup")
    age = asked.clock() - found[0].at
    told = f"{len(found)}, the newest of {local_day(found[0].at)}"
    if age > _STALE:
        return note("backups", told, "Make a new one: researchdesk backup")
    return ok("backups", told)


def _indexes(bad: list[str], count: int) -> Check:
    if bad:
        told = ", ".join(bad)
        return problem("search", f"The search index is not right: {told}.", "", "make it anew")
    return ok("search", f"{count} indexes, as their texts are")


def _bad_indexes(desk: Desk) -> list[str]:
    """One after the other, so that nobody who writes waits for all of them."""
    bad = []
    for name in soundness.search_indexes(desk.database.connection.conn):
        with desk.database.writing() as db:
            if soundness.differs(db.conn, name):
                bad.append(name)
    return bad


def _mend_indexes(desk: Desk) -> str:
    bad = _bad_indexes(desk)
    with desk.database.writing() as db:
        try:
            for name in bad:
                soundness.rebuild(db.conn, name)
            if bad:
                search_index.rebuild(db.conn)
        except sqlite3.OperationalError as error:
            raise BadInputError(
                f"The search could not be made anew: {error}. Nothing was changed.", _PUT_BACK
            ) from error
    return f"search: made anew: {', '.join(bad)}" if bad else ""


def _mend_missing(desk: Desk) -> str:
    items = desk_files.missing(desk)
    with desk.database.writing() as db:
        desk_files.forget(db, items)
    return f"files: {len(items)} that were not there are forgotten" if items else ""


def _mend_orphans(desk: Desk) -> str:
    found = desk_files.orphans(desk)
    return f"files: {len(found)} moved to {desk_files.set_aside(desk, found)}" if found else ""


def _mend_leftovers(desk: Desk) -> str:
    found = desk_files.leftovers(desk.root, desk.clock())
    desk_files.remove(found)
    return f"files: {len(found)} leftovers deleted" if found else ""


def _mend_log(desk: Desk) -> str:
    log = desk.database.path.with_name("desk.db-wal")
    if not log.exists() or log.stat().st_size <= _LONG_LOG:
        return ""
    desk.database.connection.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return "database: its log was written into it"


_REPAIRS: tuple[Callable[[Desk], str], ...] = (
    _mend_indexes,
    _mend_missing,
    _mend_orphans,
    _mend_leftovers,
    _mend_log,
)


def worst(checks: list[Check]) -> Health:
    """The worst that was found."""
    order = [Health.OK, Health.NOTE, Health.PROBLEM]
    return max((item.health for item in checks), key=order.index, default=Health.OK)


def _inside(desk: Desk, path: Path) -> str:
    return path.relative_to(desk.root).as_posix()
