"""One file beside the runs that keeps what a list tells of each.

It is a cache: it may be deleted at any time, and one that is broken or another program's is thrown
away. Where it cannot be read or written, nothing is kept, and nobody hears of it.
"""

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.run_rows import RunChoice, RunRow
from researchdesk.domain.runs import RunState
from researchdesk.domain.verdicts import Verdict

INDEX = ".index.db"
_FORMAT, _OURS = 1, 0x52445258
_WAIT_S = 2.0
_OF_THE_PLACE = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_PERM,
}  # fmt: skip
_TABLE = """
    CREATE TABLE runs (
        id TEXT PRIMARY KEY, inode, written, size, settled, recipe, digest, arxiv_id, state,
        started, ended, quick, verdict, done, failed, planned, device, engine, plan
    ) WITHOUT ROWID
"""
_HEADS = "CREATE INDEX heads ON runs (settled, id, inode, written, size)"
_PUT = "INSERT OR REPLACE INTO runs VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
_OF_IDS = "SELECT * FROM runs WHERE id IN (SELECT value FROM json_each(?))"
_OF_CHOICE = """
    SELECT id FROM runs WHERE (:arxiv_id IS NULL OR arxiv_id = :arxiv_id)
    AND (:recipe IS NULL OR recipe = :recipe) AND (:state IS NULL OR state = :state)
"""

T = TypeVar("T")


class Seen(NamedTuple):
    """How a run's folder was when it was read: ``inode`` is the folder's, ``written`` (in ns) and
    ``size`` (in bytes, -1 where there is none) are its events'. A ``settled`` run has come to its
    end, after which nothing is written to it."""

    inode: int
    written: int
    size: int
    settled: bool


class IndexFile:
    """The file. Any number of processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / INDEX

    def count(self) -> int:
        """How many runs are kept."""
        found = self._do(lambda db: db.execute("SELECT count(*) FROM runs").fetchone())
        return int(found[0]) if found else 0

    def settled(self) -> dict[str, int]:
        """The inode of the folder of each run that has come to its end, by its id."""
        asked = "SELECT id, inode FROM runs WHERE settled = 1"
        return self._do(lambda db: dict(db.execute(asked).fetchall())) or {}

    def unsettled(self) -> list[str]:
        """The ids of the others that are kept."""
        asked = "SELECT id FROM runs WHERE settled = 0"
        return [row[0] for row in self._do(lambda db: db.execute(asked).fetchall()) or []]

    def times(self) -> list[tuple[str, int, int, int]]:
        """Of each run that has come to its end its id, its folder's inode, and when its events were
        written (in ns) and their size (in bytes)."""
        asked = "SELECT id, inode, written, size FROM runs WHERE settled = 1"
        return self._do(lambda db: db.execute(asked).fetchall()) or []

    def rows(self, ids: Sequence[str]) -> dict[str, tuple[Seen, RunRow]]:
        """What is kept of these runs, by their ids."""

        asked = json.dumps(ids)
        found = self._do(lambda db: db.execute(_OF_IDS, (asked,)).fetchall())
        told = map(_told, found or [])
        return {row.id: (seen, row) for seen, row in filter(None, told)}

    def ids(self, choice: RunChoice) -> list[str]:
        """The ids of the runs that were of this choice when they were read."""
        asked = {
            "arxiv_id": choice.arxiv_id,
            "recipe": choice.recipe,
            "state": choice.state and choice.state.value,
        }
        found = self._do(lambda db: db.execute(_OF_CHOICE, asked).fetchall())
        return [row[0] for row in found or []]

    def labels(self) -> list[tuple[str, str, str]]:
        """The id, recipe and paper of each run that is kept."""
        asked = "SELECT id, recipe, arxiv_id FROM runs"
        return self._do(lambda db: db.execute(asked).fetchall()) or []

    def keep(self, found: Iterable[tuple[Seen, RunRow]], gone: Iterable[str] = ()) -> None:
        """Keep these in place of what is kept of them, and nothing of those that are gone."""
        values = [_values(seen, row) for seen, row in found]
        lost = [(name,) for name in gone]
        if not values and not lost:
            return

        def write(db: sqlite3.Connection) -> None:
            db.execute("BEGIN IMMEDIATE")
            db.executemany("DELETE FROM runs WHERE id = ?", lost)
            db.executemany(_PUT, values)
            db.execute("COMMIT")

        self._do(write, begins=True)

    def _do(self, work: Callable[[sqlite3.Connection], T], begins: bool = False) -> T | None:
        """What the work gives; tried once more with a new file where this one is no good.

        None where there is no file, and it ``begins`` none.
        """
        if not begins and not self._path.exists():
            return None
        for attempt in range(2):
            try:
                with self._opened() as db:
                    return work(db)
            except sqlite3.DatabaseError as error:
                if _is_of_the_place(error):
                    return None
            if attempt == 0:
                self._throw_away()
        return None

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._path, timeout=_WAIT_S, isolation_level=None)
        with contextlib.closing(db):
            db.execute("PRAGMA synchronous=OFF")
            if _marks(db) != (_OURS, _FORMAT):
                _begin(db)
            yield db

    def _throw_away(self) -> None:
        for path in (self._path, self._path.with_name(f"{INDEX}-journal")):
            with contextlib.suppress(OSError):
                path.unlink()


def _is_of_the_place(error: sqlite3.DatabaseError) -> bool:
    """Whether the file may be sound, and can only not be read or written now."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _OF_THE_PLACE


def _marks(db: sqlite3.Connection) -> tuple[int, int]:
    names = "application_id", "user_version"
    ours, version = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in names)
    return ours, version


def _begin(db: sqlite3.Connection) -> None:
    """Make a new file; one that has something in it is another program's, or an older one of ours.

    Raises sqlite3.DatabaseError then.
    """
    db.execute("BEGIN IMMEDIATE")
    if _marks(db) == (_OURS, _FORMAT):  # another process was quicker
        db.execute("COMMIT")
        return
    if db.execute("SELECT 1 FROM sqlite_schema").fetchone() is not None:
        raise sqlite3.DatabaseError("it holds something else")
    db.execute(_TABLE)
    db.execute(_HEADS)
    db.execute(f"PRAGMA application_id = {_OURS}")
    db.execute(f"PRAGMA user_version = {_FORMAT}")
    db.execute("COMMIT")


def _values(seen: Seen, row: RunRow) -> tuple[Any, ...]:
    return (
        row.id,
        *seen,
        row.recipe,
        row.recipe_digest,
        row.arxiv_id,
        row.state.value,
        stamp(row.started_at),
        stamp(row.ended_at) if row.ended_at else None,
        row.quick,
        row.verdict.value if row.verdict else None,
        row.done,
        row.failed,
        row.planned,
        row.device,
        row.engine,
        row.plan,
    )


def _told(values: tuple[Any, ...]) -> tuple[Seen, RunRow] | None:
    """What was kept of a run; None where that makes no sense, as after a newer program."""
    run_id, inode, written, size, settled, *rest = values
    recipe, digest, arxiv_id, state, started, ended, quick, verdict, *counts = rest
    try:
        row = RunRow(
            run_id,
            recipe,
            digest,
            arxiv_id,
            RunState(state),
            parse_stamp(started),
            parse_stamp(ended) if ended else None,
            bool(quick),
            Verdict(verdict) if verdict else None,
            *counts,
        )
    except (ValueError, TypeError):
        return None
    return Seen(inode, written, size, bool(settled)), row
