"""The desk's database file: opened, checked, migrated after a backup, one connection a thread."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlite_utils import Database as Database

from researchdesk.domain.clock import Clock, utc_now
from researchdesk.errors import BadInputError, BusyError, DeskError
from researchdesk.storage.migrations import desk_migrations

_LOCK_TIMEOUT_S = 60.0


class DeskDatabase:
    """``desk.db`` in a desk folder. Safe to share between threads: each gets its own connection.

    Raises BadInputError where the file is no desk, or was written by a newer researchdesk; then
    nothing is changed.
    """

    def __init__(self, folder: Path, clock: Clock = utc_now) -> None:
        self.path = folder / "desk.db"
        self._local = threading.local()
        self._connections: list[Database] = []
        self._guard = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not self._is_current():
                self._migrate(folder, clock)
            self.connection.execute("SELECT 1 FROM papers LIMIT 1")
        except OSError as error:
            raise BadInputError(
                f"The desk folder {folder} cannot be used: {error.strerror or error}",
                "Choose another with --desk, or mend its permissions.",
            ) from error
        except sqlite3.DatabaseError as error:
            self.close()
            raise _unreadable(self.path, error) from error

    @property
    def connection(self) -> Database:
        """This thread's connection, with foreign keys on."""
        found: Database | None = getattr(self._local, "database", None)
        if found is None:
            found = _connect(self.path)
            self._local.database = found
            with self._guard:
                self._connections.append(found)
        return found

    @contextlib.contextmanager
    def writing(self) -> Iterator[Database]:
        """A transaction that holds the right to write from its beginning; all of it or nothing.

        Another writer is waited for. Raises DeskError where the database cannot be written: the
        desk is then as it was.
        """
        database = self.connection
        try:
            if database.conn.in_transaction:
                with database.atomic():
                    yield database
                return
            database.conn.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.rollback()
                raise
            database.conn.execute("COMMIT")
        except sqlite3.OperationalError as error:
            database.rollback()
            raise _unwritable(self.path, error) from error

    def close(self) -> None:
        """Close every thread's connection."""
        with self._guard:
            for database in self._connections:
                database.close()
            self._connections.clear()
        self._local = threading.local()

    def backup(self, folder: Path, moment: datetime) -> Path:
        """A whole copy of the database in ``folder``, named by the moment."""
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"desk-{moment:%Y%m%dT%H%M%S%f}.db"
        part = target.with_suffix(".part")
        with (
            contextlib.closing(sqlite3.connect(self.path)) as source,
            contextlib.closing(sqlite3.connect(part)) as copy,
        ):
            source.backup(copy)
        part.rename(target)
        return target

    def _is_current(self) -> bool:
        """Whether there is nothing to migrate; looks without writing."""
        if not self.path.exists() or self.path.stat().st_size == 0:
            return False
        untouched = not self.path.with_name("desk.db-wal").exists()
        mode = "mode=ro&immutable=1" if untouched else "mode=ro"
        raw = sqlite3.connect(f"{self.path.absolute().as_uri()}?{mode}", uri=True)
        with contextlib.closing(raw):
            names = {migration.name for migration in desk_migrations.applied(Database(raw))}
            if not names and Database(raw).table_names():
                raise sqlite3.DatabaseError("it holds tables of another program")
        _refuse_newer(self.path, names)
        return names == _known_names()

    def _migrate(self, folder: Path, clock: Clock) -> None:
        try:
            with FileLock(folder / "desk.lock", timeout=_LOCK_TIMEOUT_S):
                if self._is_current():
                    return
                if self.path.exists() and self.path.stat().st_size:
                    self.backup(folder / "backups", clock())
                with contextlib.closing(_connect(self.path).conn) as connection:
                    connection.execute("PRAGMA journal_mode=WAL")
                    desk_migrations.apply(Database(connection))
        except Timeout as error:
            raise BusyError(
                f"Another process is migrating the desk {folder}.", "Try again in a minute."
            ) from error


def _connect(path: Path) -> Database:
    raw = sqlite3.connect(path, timeout=30.0, check_same_thread=False)
    raw.execute("PRAGMA foreign_keys=ON")
    raw.execute("PRAGMA synchronous=FULL")
    return Database(raw)


def _known_names() -> set[str]:
    memory = Database(memory=True)
    names = {migration.name for migration in desk_migrations.pending(memory)}
    memory.close()
    return names


def _refuse_newer(path: Path, names: set[str]) -> None:
    unknown = sorted(names - _known_names())
    if unknown:
        raise BadInputError(
            f"The desk {path.parent} was written by a newer researchdesk ({unknown[-1]}). "
            "Nothing was changed.",
            "Upgrade researchdesk, or choose another desk with --desk.",
        )


def _unreadable(path: Path, error: sqlite3.DatabaseError) -> BadInputError:
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return BadInputError(
            f"The desk {path.parent} is locked by another program.",
            "Close the program that holds it, then try again.",
        )
    return BadInputError(
        f"{path} is not a desk that can be read: {error}. Nothing was changed.",
        "Put back a copy from its backups folder, or choose another desk with --desk.",
    )


def _unwritable(path: Path, error: sqlite3.OperationalError) -> DeskError:
    if "locked" in str(error):
        return BusyError(
            f"The desk {path.parent} is being written by another program. Nothing was changed.",
            "Try again when it is done.",
        )
    return DeskError(
        f"The desk {path.parent} could not be written: {error}. It is as it was.",
        "Is the disk full, or the folder read-only?",
    )
