"""Whether the database is whole: its pages, what its rows point at, its search indexes."""

import sqlite3

_ROWS_TOLD = 5
_NO_VERDICT = ("SQLITE_READONLY", "SQLITE_FULL", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN")


def damage(raw: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong with pages, indexes and constraints; ``[]`` where all is well."""
    said = [str(row[0]) for row in raw.execute(f"PRAGMA integrity_check({_ROWS_TOLD})")]
    return [] if said == ["ok"] else said


def dangling(raw: sqlite3.Connection) -> dict[str, int]:
    """How many rows of each table point at a row that is not there."""
    found: dict[str, int] = {}
    for table, *_ in raw.execute("PRAGMA foreign_key_check"):
        found[table] = found.get(table, 0) + 1
    return found


def search_indexes(raw: sqlite3.Connection) -> list[str]:
    """The names of the full-text indexes."""
    sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%USING FTS5%'"
    return sorted(name for (name,) in raw.execute(sql))


def differs(raw: sqlite3.Connection, index: str) -> bool:
    """Whether a full-text index is not what its table's texts give.

    Raises sqlite3.OperationalError where nothing can be written, and it cannot be looked at.
    https://www.sqlite.org/fts5.html#the_integrity_check_command
    """
    raw.execute("SAVEPOINT looked")
    try:
        raw.execute(f'INSERT INTO "{index}"("{index}", rank) VALUES (\'integrity-check\', 1)')  # noqa: S608
    except sqlite3.DatabaseError as error:
        if (getattr(error, "sqlite_errorname", "") or "").startswith(_NO_VERDICT):
            raise
        return True
    finally:
        raw.execute("ROLLBACK TO looked")
        raw.execute("RELEASE looked")
    return False


def rebuild(raw: sqlite3.Connection, index: str) -> None:
    """Make a full-text index anew. Raises sqlite3.OperationalError where it keeps no texts."""
    raw.execute(f'INSERT INTO "{index}"("{index}") VALUES (\'rebuild\')')  # noqa: S608
