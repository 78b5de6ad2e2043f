"""Whole copies of a desk's database, made while others write, and looked at before they count."""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from researchdesk.errors import BadInputError
from researchdesk.storage.connecting import connect

_PAGES_AT_ONCE = 2048
"""8 MiB, written to the disk before the next: a whole copy at once would hold up writers who wait
for the same disk."""

OnPages = Callable[[int, int], None]


def copy_out(source: Path, target: Path, on_pages: OnPages) -> dict[str, int]:
    """Write what ``source`` holds now to ``target`` with SQLite's online backup; gives how many
    rows each table has.

    Others go on writing; what they write from now on is not in the copy. ``on_pages`` is told how
    many pages are done, of how many. Raises sqlite3.Error, OSError.
    https://www.sqlite.org/backup.html
    """
    with (
        contextlib.closing(connect(source)[0]) as held,
        contextlib.closing(sqlite3.connect(target)) as copy,
        target.open("rb") as written,
    ):
        held.isolation_level = None
        # a transaction that is open keeps the backup at this moment, and from beginning again
        held.execute("BEGIN")
        counts = rows_of(held)

        def stepped(_: int, left: int, total: int) -> None:
            os.fsync(written.fileno())
            on_pages(total - left, total)

        copy.execute("PRAGMA synchronous=OFF")
        held.backup(copy, pages=_PAGES_AT_ONCE, progress=stepped, sleep=0)
        held.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode=DELETE")
    with target.open("rb") as written:
        os.fsync(written.fileno())
    return counts


def rows_of(raw: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has, those of search indexes left out."""
    names = [
        name
        for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        if not name.startswith("sqlite_") and "_fts" not in name
    ]
    return {
        name: raw.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608
        for name in names
    }


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A database to be read only; where it has no log beside it, none is made."""
    log = path.with_name(f"{path.name}-wal")
    mode = "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1"
    raw = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)
    with contextlib.closing(raw):
        yield raw


def held_elsewhere(path: Path) -> bool:
    """Whether another connection, of this process or another, has the database open.

    Who has read from a database with a log keeps a shared lock on it until it is closed, so that a
    lock for oneself alone cannot be had. Of a file that SQLite cannot read this cannot be told.
    https://www.sqlite.org/pragma.html#pragma_locking_mode
    """
    if not path.is_file():
        return False
    with contextlib.closing(sqlite3.connect(path, timeout=0)) as raw:
        raw.execute("PRAGMA locking_mode=EXCLUSIVE")
        try:
            raw.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            return "locked" in str(error)
        except sqlite3.DatabaseError:
            return False
        raw.execute("ROLLBACK")
    return False


def looked_at(path: Path, *, thorough: bool = False) -> dict[str, int]:
    """How many rows each table of a copy has; it is checked whether SQLite can read all of it.

    ``thorough`` compares the indexes with the tables, too. Raises BadInputError where the file is
    damaged, or no desk.
    """
    try:
        with opened(path) as raw:
            check = "integrity_check" if thorough else "quick_check"
            said = [row[0] for row in raw.execute(f"PRAGMA {check}(3)")]
            counts = rows_of(raw)
    except (sqlite3.Error, OSError) as error:
        raise BadInputError(
            f"{path} cannot be read as a database: {error}.",
            "Take another file: researchdesk backup --list shows the backups there are.",
        ) from error
    if said != ["ok"]:
        raise BadInputError(
            f"{path} is damaged: {'; '.join(said)}.",
            "Take another copy: researchdesk backup --list shows those there are.",
        )
    if "papers" not in counts:
        raise BadInputError(
            f"{path} is a database, and no desk.",
            "Take another file: researchdesk backup --list shows the backups there are.",
        )
    return counts


def steps_of(path: Path) -> set[str]:
    """The names of the steps of the schema that a copy has. Raises sqlite3.Error."""
    with opened(path) as raw:
        sql = "SELECT name FROM _sqlite_migrations WHERE migration_set = 'researchdesk'"
        return {name for (name,) in raw.execute(sql)}
