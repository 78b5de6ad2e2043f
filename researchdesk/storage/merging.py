"""Two rows of papers made one, and two again: every row that is changed is kept as it was.

Whatever refers to ``papers`` moves, also tables that came after this was written: they are asked
for. What the kept paper has already (a tag, a collection) stays where it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import stamp
from researchdesk.domain.version_marks import OWN_FILES

Change = dict[str, Any]
"""``t`` a table, ``at`` the row's key now, ``was`` and ``now`` of what was changed; one that has
``made`` was inserted."""

_VERSIONED = ("versions", "passes", "notes", "claims")
_STAY = ("papers", "merge_proposals", "fulltexts")
REFS = (
    ("surprises", "on"),
    ("surprise_evidence", "ref"),
    ("ideas", "of"),
    ("investigations", "of"),
    ("watch_reports", "on"),
    ("story_evidence", "ref"),
)
"""Tables and columns that name papers."""


class NotAsItWasError(Exception):
    """Things changed since so that a merge cannot be taken back; the text says how."""


def move(db: Database, other: int, kept: int, offset: int) -> Iterator[Change]:
    """Give all that belongs to ``other`` to ``kept``, its versions counted from ``offset`` on."""
    for table, column in references(db):
        for row in _rows(db, table, f'"{column}" = ?', [other]):
            now: dict[str, Any] = {column: kept}
            if offset and table in _VERSIONED:
                now["version"] = row["version"] + offset
            yield from _changed(db, table, row, now)


def shift(db: Database, paper_id: int, offset: int) -> Iterator[Change]:
    """Count a paper's own versions from ``offset`` on, to make room for those of arXiv's."""
    for table in _VERSIONED:
        for row in _rows(db, table, "paper_id = ?", [paper_id]):
            yield from _changed(db, table, row, {"version": row["version"] + offset})


def room_above(db: Database, paper_id: int) -> int:
    """The first number of versions, in thousands, that nothing of the paper has."""
    highest = 0
    for table in _VERSIONED:
        sql = f'SELECT MAX(version) FROM "{table}" WHERE paper_id = ?'  # noqa: S608
        highest = max(highest, db.execute(sql, [paper_id]).fetchone()[0] or 0)
    return (highest // OWN_FILES + 1) * OWN_FILES


def count_versioned(db: Database, paper_id: int, until: int | None = None) -> int:
    """How much hangs on versions of the paper: files, passes, notes, claims; with ``until`` on
    those up to it."""
    where = "paper_id = ? AND version <= COALESCE(?, version)"
    return sum(db.table(table).count_where(where, [paper_id, until]) for table in _VERSIONED)


def rename(db: Database, names: Sequence[str], to: str) -> Iterator[Change]:
    """Let every ref that says one of ``names`` say ``to``."""
    others = sorted({name.casefold() for name in names} - {to.casefold()})
    if not others:
        return
    marks = ", ".join("?" for _ in others)
    for table, column in REFS:
        for row in _rows(db, table, f'lower("{column}") IN ({marks})', others):
            yield from _changed(db, table, row, {column: to})


def write(db: Database, paper_id: int, columns: Mapping[str, Any]) -> Iterator[Change]:
    """Change the paper's own row, column by column: each is taken back by itself."""
    row = dict(db.table("papers").get(paper_id))
    for name, value in columns.items():
        if row[name] != value:
            yield from _changed(db, "papers", row, {name: value})


def settle(db: Database, pair: tuple[int, int], state: str, moment: datetime) -> Iterator[Change]:
    """Say of a proposal, where there is one, what became of it."""
    for row in _rows(db, "merge_proposals", "paper_id = ? AND other_id = ?", sorted(pair)):
        yield from _changed(
            db, "merge_proposals", row, {"state": state, "settled_at": stamp(moment)}
        )


def made(table: str, number: int) -> Change:
    """That a row was inserted."""
    return {"t": table, "at": {"id": number}, "made": True}


def take_back(db: Database, step: Mapping[str, Any]) -> None:
    """Undo the changes of a merge, the last first; what was changed again since stays.

    Raises NotAsItWasError where the papers are no longer one, or the kept one became part of a
    third; nothing is changed then.
    """
    found = _rows(db, "papers", "id IN (?, ?)", [step["kept"], step["other"]])
    if len(found) < 2:
        raise NotAsItWasError("one of the two is no longer there")
    kept, other = sorted(found, key=lambda row: row["id"] != step["kept"])
    if other["merged_into"] != kept["id"]:
        raise NotAsItWasError("they are two again already")
    if kept["merged_into"]:
        raise NotAsItWasError("the kept one became part of another paper since")
    revert(db, step["changes"])
    _index_again(db, kept["id"])


def revert(db: Database, changes: Sequence[Change]) -> None:
    """Undo changes, the last first; what was changed again since stays."""
    for change in reversed(changes):
        _undo(db, change)


def references(db: Database) -> list[tuple[str, str]]:
    """Table and column of all that refers to papers, and moves with them."""
    names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [
        (name, row[3])
        for name in sorted(names)
        if name not in _STAY
        for row in db.execute(f'PRAGMA foreign_key_list("{name}")').fetchall()
        if row[2] == "papers"
    ]


def _undo(db: Database, change: Change) -> None:
    at = _where(change["at"])
    if change.get("made"):
        sql = f'DELETE FROM "{change["t"]}" WHERE {at}'  # noqa: S608
        db.conn.execute(sql, list(change["at"].values()))
        return
    sets = ", ".join(f'"{name}" = ?' for name in change["was"])
    sql = (
        f'UPDATE OR IGNORE "{change["t"]}" SET {sets}'  # noqa: S608
        f" WHERE {at} AND {_where(change['now'])}"
    )
    values = [*change["was"].values(), *change["at"].values(), *change["now"].values()]
    db.conn.execute(sql, values)


def _index_again(db: Database, paper_id: int) -> None:
    """Have the search index read the paper anew: it follows what comes, not what goes."""
    removed = db.table("papers").get(paper_id)["removed_at"]
    for value in ("" if removed is None else None, removed):
        db.conn.execute("UPDATE papers SET removed_at = ? WHERE id = ?", (value, paper_id))


def _changed(
    db: Database, table: str, row: Mapping[str, Any], now: dict[str, Any]
) -> Iterator[Change]:
    """Write ``now`` to a row; nothing is given where another row has its place."""
    at = {name: row[name] for name in _key(db, table)}
    sets = ", ".join(f'"{name}" = ?' for name in now)
    sql = f'UPDATE OR IGNORE "{table}" SET {sets} WHERE {_where(at)}'  # noqa: S608
    if db.conn.execute(sql, [*now.values(), *at.values()]).rowcount:
        was = {name: row[name] for name in now}
        then = {name: now.get(name, value) for name, value in at.items()}
        yield {"t": table, "at": then, "was": was, "now": now}


def _where(values: Mapping[str, Any]) -> str:
    return " AND ".join(f'"{name}" IS ?' for name in values)


def _rows(db: Database, table: str, where: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    sql = f'SELECT rowid AS rowid, * FROM "{table}" WHERE {where}'  # noqa: S608
    if "rowid" not in _key(db, table):
        sql = sql.replace("rowid AS rowid, ", "", 1)
    return [dict(row) for row in db.query(sql, list(values))]


def _key(db: Database, table: str) -> tuple[str, ...]:
    """The columns that tell a table's rows apart: they stay the same where it is written anew."""
    found = db.execute(f'PRAGMA table_info("{table}")').fetchall()
    return tuple(row[1] for row in sorted(found, key=lambda row: row[5]) if row[5]) or ("rowid",)
