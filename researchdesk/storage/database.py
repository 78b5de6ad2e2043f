"""The desk's database file: opened, checked, migrated after a backup, one connection a thread.

sqlite-utils takes longer to load than a search takes: it is loaded where it is first asked for.
"""

import contextlib
import importlib
import sqlite3
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from researchdesk.domain.clock import Clock, utc_now
from researchdesk.errors import BadInputError, BusyError
from researchdesk.files import sync
from researchdesk.storage import copies, steps
from researchdesk.storage.connecting import BUSY_MS, connect, has_log, unreadable, unwritable
from researchdesk.storage.connecting import damage_told as damage_told

if TYPE_CHECKING:
    from sqlite_utils import Database as Database

_LOCK_TIMEOUT_S = 60.0
_AT_ONCE_MS = 50
_HURRIED_MS = 3_000
_MIGRATIONS = "researchdesk.storage.migrations"
_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table'"
_APPLIED = "SELECT name FROM _sqlite_migrations WHERE migration_set = ?"


class DeskDatabase:
    """``desk.db`` in a desk folder. Safe to share between threads: each gets its own connection.

    Raises BadInputError where the file is no desk, or was written by a newer researchdesk; then
    nothing is changed.
    """

    def __init__(self, folder: Path, clock: Clock = utc_now) -> None:
        self.path = folder / "desk.db"
        self._local = threading.local()
        self._connections: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._guard = threading.Lock()
        try:
            if not folder.is_dir():
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                sync(folder.parent)
            self._refuse_lost(folder)
            if not self._is_current():
                self._migrate(folder, clock)
            self.raw.execute("SELECT 1 FROM papers LIMIT 1")
        except OSError as error:
            raise BadInputError(
                f"The desk folder {folder} cannot be used: {error.strerror or error}",
                "Choose another with --desk, or mend its permissions.",
            ) from error
        except sqlite3.DatabaseError as error:
            self.close()
            raise unreadable(self.path, error) from error

    @property
    def raw(self) -> sqlite3.Connection:
        """This thread's connection, as the standard library has it; for hot paths that read."""
        found: sqlite3.Connection | None = getattr(self._local, "raw", None)
        if found is None:
            found, self._local.frozen = connect(self.path)
            self._local.raw = found
            with self._guard:
                self._connections.append((threading.current_thread(), found))
        return found

    @property
    def connection(self) -> "Database":
        """This thread's connection, with foreign keys on."""
        found: Database | None = getattr(self._local, "database", None)
        if found is None:
            make = importlib.import_module("sqlite_utils").Database
            found = make(self.raw, execute_plugins=False)  # to look for them takes 20 ms
            self._local.database = found
        return found

    def _thaw(self) -> None:
        """Where this thread can only read, see whether it can write by now. Raises DeskError."""
        if not (self.raw and self._local.frozen):
            return
        self._local.__dict__.clear()
        try:
            frozen = self.raw is None or self._local.frozen
        except sqlite3.OperationalError as error:
            raise unwritable(self.path, error) from error
        if frozen:
            raise unwritable(self.path)

    @contextlib.contextmanager
    def writing(self) -> Iterator["Database"]:
        """A transaction that holds the right to write from its beginning; all of it or nothing.

        Another writer is waited for. Raises DeskError where the database cannot be written: the
        desk is then as it was.
        """
        self._thaw()
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
            raise unwritable(self.path, error) from error
        except sqlite3.DatabaseError as error:
            if (told := damage_told(error)) is None:
                raise
            with contextlib.suppress(sqlite3.DatabaseError):
                database.rollback()
            raise told from error

    @contextlib.contextmanager
    def writing_at_once(self) -> Iterator["Database"]:
        """As ``writing``, for what is written at each key: without waiting for the disk.

        A kill of the program loses nothing of it, a loss of power may lose what was not followed
        by ``writing`` or ``flush``. Raises BusyError where another writer is not done in a
        twentieth second.
        """
        raw = self.raw
        if raw.in_transaction:
            with self.writing() as database:
                yield database
            return
        raw.execute(f"PRAGMA busy_timeout={_AT_ONCE_MS}")
        raw.execute("PRAGMA synchronous=NORMAL")
        try:
            with self.writing() as database:
                yield database
        finally:
            raw.execute("PRAGMA synchronous=FULL")
            self._be_patient()

    @contextlib.contextmanager
    def hurried(self) -> Iterator[None]:
        """Inside, this thread waits 3 s at most for another writer: what wants to write then raises
        BusyError. For a screen, which stands still meanwhile."""
        self._local.hurries = getattr(self._local, "hurries", 0) + 1
        try:
            self._be_patient()
            yield
        finally:
            self._local.hurries = max(0, getattr(self._local, "hurries", 1) - 1)
            self._be_patient()

    def _be_patient(self) -> None:
        """Have this thread's connection, where it has one, wait as long as it is to wait now."""
        wait = _HURRIED_MS if getattr(self._local, "hurries", 0) else BUSY_MS
        raw: sqlite3.Connection | None = getattr(self._local, "raw", None)
        if raw is not None:
            with contextlib.suppress(sqlite3.Error):
                raw.execute(f"PRAGMA busy_timeout={wait}")

    def flush(self) -> None:
        """Have what was written at once outlive a loss of power, by any thread; waits for the disk.

        The log has it all; what is in the database itself was waited for.
        https://www.sqlite.org/pragma.html#pragma_synchronous
        """
        sync(self.path.with_name("desk.db-wal"))

    def close(self) -> None:
        """Close this thread's connection, and those of threads that ended.

        One of a thread that lives may be in use, and closing it under a query ends the process: it
        is let go, and closes itself when nothing holds it any more.
        """
        with self._guard:
            for thread, raw in self._connections:
                if thread is threading.current_thread() or not thread.is_alive():
                    raw.close()
            self._connections.clear()
        self._local = threading.local()

    def backup(self, folder: Path, moment: datetime) -> Path:
        """A whole copy of the database in ``folder``, named by the moment."""
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"desk-{moment:%Y%m%dT%H%M%S%f}.db"
        while target.exists():  # the clock went back to that very moment
            moment += timedelta(microseconds=1)
            target = folder / f"desk-{moment:%Y%m%dT%H%M%S%f}.db"
        part = target.with_suffix(".part")
        copies.copy_out(self.path, part, lambda done, total: None)
        part.rename(target)
        sync(folder)
        return target

    def _refuse_lost(self, folder: Path) -> None:
        """A desk that has backups and no database lost it: no new one is begun in its place."""
        there = self.path.exists() and self.path.stat().st_size
        if not there and any((folder / "backups").glob("*.db")):
            what = "is empty" if self.path.exists() else "is not there"
            raise BadInputError(
                f"{self.path} {what}, but backups of it are. Nothing was changed.",
                "Put one back: researchdesk restore lists them. To begin anew, move "
                f"{folder / 'backups'} away.",
            )

    def _is_current(self) -> bool:
        """Whether there is nothing to migrate; looks without writing."""
        if not self.path.exists() or self.path.stat().st_size == 0:
            return False
        untouched = not has_log(self.path)
        mode = "mode=ro&immutable=1" if untouched else "mode=ro"
        raw = sqlite3.connect(f"{self.path.absolute().as_uri()}?{mode}", uri=True)
        with contextlib.closing(raw):
            tables = {row[0] for row in raw.execute(_TABLES)}
            known = "_sqlite_migrations" in tables
            names = {row[0] for row in raw.execute(_APPLIED, (steps.SET,))} if known else set()
            # the table of the steps comes before the first step, which may not have come
            if not names and tables - {"_sqlite_migrations"}:
                raise sqlite3.DatabaseError("it holds tables of another program")
        _refuse_newer(self.path, names)
        return names == known_steps()

    def _migrate(self, folder: Path, clock: Clock) -> None:
        locks, utils = map(importlib.import_module, ("filelock", "sqlite_utils"))
        migrations = importlib.import_module(_MIGRATIONS).desk_migrations
        try:
            with locks.FileLock(folder / "desk.lock", timeout=_LOCK_TIMEOUT_S):
                if self._is_current():
                    return
                if self.path.exists() and self.path.stat().st_size:
                    self.backup(folder / "backups", clock())
                with contextlib.closing(connect(self.path)[0]) as connection:
                    connection.execute("PRAGMA journal_mode=WAL")
                    migrations.apply(utils.Database(connection))
        except locks.Timeout as error:
            raise BusyError(
                f"Another process is migrating the desk {folder}.", "Try again in a minute."
            ) from error


def known_steps() -> set[str]:
    """The names of all steps of the schema that this program knows: those of the migrations where
    they are loaded, else their list."""
    loaded = sys.modules.get(_MIGRATIONS)
    if loaded is None:
        return set(steps.STEPS)
    with contextlib.closing(importlib.import_module("sqlite_utils").Database(memory=True)) as none:
        return {step.name for step in loaded.desk_migrations.pending(none)}


def __getattr__(name: str) -> object:
    """``Database``, for those who name it in what they take."""
    if name == "Database":
        return importlib.import_module("sqlite_utils").Database
    raise AttributeError(name)


def _refuse_newer(path: Path, names: set[str]) -> None:
    unknown = sorted(names - known_steps())
    if unknown:
        raise BadInputError(
            f"The desk {path.parent} was written by a newer researchdesk ({unknown[-1]}). "
            "Nothing was changed.",
            "Upgrade researchdesk, or choose another desk with --desk.",
        )
