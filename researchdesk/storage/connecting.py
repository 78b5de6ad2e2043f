"""How a desk's database is opened, also where nothing can be written; what is said where it is not.

A database with a log wants two files beside it. Where they cannot be made, for the disk is full or
may not be written, a database whose log is empty is read as it is.
https://www.sqlite.org/wal.html#read_only_databases
"""

import importlib
import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from researchdesk.errors import BadInputError, BusyError, DeskError

BUSY_MS = 30_000
_SHUT = ("SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_FULL")
_FULL_BYTES = 1_000_000


def connect(path: Path) -> tuple[sqlite3.Connection, bool]:
    """A connection, and whether nothing can be written through it, nor is seen that another writes
    from now on. Raises sqlite3.Error."""
    try:
        return _ready(sqlite3.connect(path, timeout=BUSY_MS / 1000, check_same_thread=False)), False
    except sqlite3.OperationalError as error:
        if not path.exists() or not error.sqlite_errorname.startswith(_SHUT):
            raise
        if has_log(path):
            return _as_it_is(path, "mode=ro"), True
        return _as_it_is(path, "mode=ro&immutable=1"), True


def has_log(path: Path) -> bool:
    """Whether something of a database stands only in the log beside it."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _as_it_is(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{mode}"
    return _ready(sqlite3.connect(uri, uri=True, check_same_thread=False))


def _ready(raw: sqlite3.Connection) -> sqlite3.Connection:
    try:
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
    except sqlite3.Error:
        raw.close()
        raise
    return raw


def damage_told(error: BaseException | None) -> BadInputError | None:
    """What to say where this tells of a damaged database; None of any other error."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if not name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return None
    return BadInputError(
        f"The desk's database is damaged: {error}. Nothing was changed by this.",
        "Write nothing more to it. researchdesk doctor tells more; researchdesk restore lists the "
        "backups, and puts one back.",
    )


def unreadable(path: Path, error: sqlite3.DatabaseError) -> DeskError:
    """What to say where a desk's database cannot be opened."""
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return BadInputError(
            f"The desk {path.parent} is locked by another program.",
            "Close the program that holds it, then try again.",
        )
    if isinstance(error, sqlite3.OperationalError) and (why := _shut(path.parent)):
        log = "Its last changes are in the log beside it. " if has_log(path) else ""
        return DeskError(
            f"The desk {path.parent} cannot be opened, for {why[0]}. {log}Nothing was changed.",
            why[1],
        )
    return BadInputError(
        f"{path} is not a desk that can be read: {error}. Nothing was changed.",
        "Put back a copy from its backups folder, or choose another desk with --desk.",
    )


def unwritable(path: Path, error: sqlite3.OperationalError | None = None) -> DeskError:
    """What to say where a desk's database cannot be written."""
    if "locked" in str(error):
        return BusyError(
            f"The desk {path.parent} is being written by another program. Nothing was changed.",
            "Try again when it is done.",
        )
    if why := _shut(path.parent, str(error)):
        return DeskError(
            f"The desk {path.parent} could not be written, for {why[0]}. It is as it was.", why[1]
        )
    told = f": {error}" if error else ""
    return DeskError(
        f"The desk {path.parent} could not be written{told}. It is as it was.",
        "Is the disk full, or the folder read-only?",
    )


def _shut(folder: Path, said: str = "") -> tuple[str, str] | None:
    """Why nothing can be written in a folder, and what to do; None where that is not known."""
    with suppress(OSError):
        free = importlib.import_module("shutil").disk_usage(folder).free
        if "full" in said or free < _FULL_BYTES:
            return "its disk is full", "Make room, then try again."
        read_only = bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
        if read_only or not os.access(folder, os.W_OK):
            words = "Make it writable, or copy the folder and open the copy with --desk."
            return "it is read-only", words
    return None
