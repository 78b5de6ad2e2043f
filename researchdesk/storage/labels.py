"""Tags, collections, stars and priorities in rows; each for any number of papers at once.

What writes gives back what it really changed, so that it can be taken back.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.labels import Collection

Mark = Literal["stars", "priority"]
Member = tuple[int, int, str]
"""A paper in a collection: its row, its place from 1, why it is there."""
_KNOWN = "SELECT id FROM papers WHERE id IN (SELECT value FROM json_each(?))"
_ON_DESK = f"{_KNOWN} AND removed_at IS NULL"
_MERGED = f"{_KNOWN} AND merged_into IS NOT NULL"
_REMOVE = "UPDATE papers SET removed_at = ? WHERE id IN (SELECT value FROM json_each(?))"
_MARKS: dict[Mark, str] = {
    "stars": "SELECT stars, id FROM papers WHERE id IN (SELECT value FROM json_each(?))",
    "priority": "SELECT priority, id FROM papers WHERE id IN (SELECT value FROM json_each(?))",
}
_SET_MARK: dict[Mark, str] = {
    "stars": "UPDATE papers SET stars = ? WHERE id IN (SELECT value FROM json_each(?))",
    "priority": "UPDATE papers SET priority = ? WHERE id IN (SELECT value FROM json_each(?))",
}


def fetch(db: Database, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    return db.conn.execute(sql, values).fetchall()


def numbers(db: Database, sql: str, *values: Any) -> list[int]:
    """The first column of a query."""
    return [row[0] for row in db.conn.execute(sql, values)]


def known(db: Database, ids: Sequence[int]) -> list[int]:
    """Those of ``ids`` that are papers, each once, in the order given."""
    rows = set(numbers(db, _KNOWN, json.dumps(ids)))
    return [one for one in dict.fromkeys(ids) if one in rows]


def spelled(db: Database, tag: str) -> str:
    """The tag as the desk spells it already, else as it is."""
    return next(
        (row[0] for row in fetch(db, "SELECT tag FROM paper_tags WHERE tag = ? LIMIT 1", tag)), tag
    )


def add_tag(db: Database, tag: str, ids: Sequence[int]) -> list[int]:
    """Tag the papers; gives those that did not have it."""
    had = set(_having(db, tag, ids))
    new = [one for one in ids if one not in had]
    rows = ((tag, one) for one in sorted(new))
    db.conn.executemany("INSERT INTO paper_tags(tag, paper_id) VALUES (?, ?)", rows)
    return new


def add_tag_to(db: Database, tag: str, paper_id: int) -> bool:
    """Tag one paper; whether it did not have the tag."""
    sql = "INSERT OR IGNORE INTO paper_tags(tag, paper_id) VALUES (?, ?)"
    return bool(db.conn.execute(sql, (tag, paper_id)).rowcount)


def take_tag(db: Database, tag: str, ids: Sequence[int]) -> list[int]:
    """Take the tag off the papers; gives those that had it."""
    had = _having(db, tag, ids)
    rows = ((tag, one) for one in had)
    db.conn.executemany("DELETE FROM paper_tags WHERE tag = ? AND paper_id = ?", rows)
    return had


def tagged(db: Database, tag: str) -> list[int]:
    """Every paper that has the tag, removed ones too."""
    return numbers(db, "SELECT paper_id FROM paper_tags WHERE tag = ? ORDER BY paper_id", tag)


def tags_of(db: Database, paper_id: int) -> list[str]:
    sql = "SELECT tag FROM paper_tags WHERE paper_id = ? ORDER BY tag"
    return [row[0] for row in fetch(db, sql, paper_id)]


def all_tags(db: Database) -> list[tuple[str, int]]:
    """Each tag with how many papers of the desk have it, in the order of the alphabet."""
    sql = """
        SELECT tag, COUNT(*) FROM paper_tags JOIN papers ON papers.id = paper_id
        WHERE removed_at IS NULL AND merged_into IS NULL GROUP BY tag ORDER BY tag
    """
    return [(tag, count) for tag, count in fetch(db, sql)]


def collections(db: Database, name: str = "") -> list[Collection]:
    """The collections in the order of the alphabet; with ``name`` that one."""
    sql = """
        SELECT name, about, created_at, (
            SELECT COUNT(*) FROM collection_papers JOIN papers ON papers.id = paper_id
            WHERE collection = name AND removed_at IS NULL AND merged_into IS NULL
        ) FROM collections WHERE ?1 = '' OR name = ?1 ORDER BY name
    """
    return [
        Collection(found, about, count, parse_stamp(made))
        for found, about, made, count in fetch(db, sql, name)
    ]


def collections_of(db: Database, paper_id: int) -> list[str]:
    sql = "SELECT collection FROM collection_papers WHERE paper_id = ? ORDER BY collection"
    return [row[0] for row in fetch(db, sql, paper_id)]


def create(db: Database, name: str, about: str, moment: datetime) -> None:
    sql = "INSERT INTO collections(name, about, created_at) VALUES (?, ?, ?)"
    db.conn.execute(sql, (name, about, stamp(moment)))


def drop(db: Database, name: str) -> None:
    db.conn.execute("DELETE FROM collections WHERE name = ?", (name,))


def rename(db: Database, old: str, new: str) -> None:
    db.conn.execute("UPDATE collections SET name = ? WHERE name = ?", (new, old))
    # SQLite passes no name on that differs in its capitals only
    sql = "UPDATE collection_papers SET collection = ?1 WHERE collection = ?1"
    db.conn.execute(sql, (new,))


def members(db: Database, name: str) -> list[Member]:
    """All papers of a collection in their order, removed ones too."""
    sql = """
        SELECT paper_id, place, why FROM collection_papers WHERE collection = ?
        ORDER BY place, rowid
    """
    return [(row[0], row[1], row[2]) for row in fetch(db, sql, name)]


def present(db: Database, name: str) -> list[int]:
    """The papers of a collection that are on the desk, in their order."""
    sql = """
        SELECT paper_id FROM collection_papers JOIN papers ON papers.id = paper_id
        WHERE collection = ? AND removed_at IS NULL AND merged_into IS NULL
        ORDER BY place, collection_papers.rowid
    """
    return numbers(db, sql, name)


def all_members(db: Database) -> list[tuple[str, int]]:
    """Collection and paper of all, by collection, in the order of each."""
    sql = """
        SELECT name, paper_id FROM collection_papers JOIN collections ON name = collection
        ORDER BY name, place, collection_papers.rowid
    """
    return [(name, number) for name, number in fetch(db, sql)]


def put_in(db: Database, name: str, rows: Sequence[Member]) -> None:
    """Put papers that are not there into a collection."""
    sql = "INSERT INTO collection_papers(collection, paper_id, place, why) VALUES (?, ?, ?, ?)"
    db.conn.executemany(sql, ((name, *row) for row in rows))


def take_out(db: Database, name: str, ids: Sequence[int]) -> None:
    sql = "DELETE FROM collection_papers WHERE collection = ? AND paper_id = ?"
    db.conn.executemany(sql, ((name, one) for one in ids))


def place(db: Database, name: str, rows: Sequence[tuple[int, int]]) -> None:
    """Set the place of each (paper, place)."""
    sql = "UPDATE collection_papers SET place = ? WHERE collection = ? AND paper_id = ?"
    db.conn.executemany(sql, ((where, name, one) for one, where in rows))


def marks(db: Database, mark: Mark, ids: Sequence[int]) -> dict[int, list[int]]:
    """The papers by the stars, or the priority, that they have."""
    found: dict[int, list[int]] = {}
    for value, one in fetch(db, _MARKS[mark], json.dumps(ids)):
        found.setdefault(value, []).append(one)
    return found


def set_mark(db: Database, mark: Mark, ids: Sequence[int], value: int) -> None:
    db.conn.execute(_SET_MARK[mark], (value, json.dumps(ids)))


def on_desk(db: Database, ids: Sequence[int]) -> list[int]:
    """Those of ``ids`` that were not removed."""
    return numbers(db, _ON_DESK, json.dumps(ids))


def merged(db: Database, ids: Sequence[int]) -> list[int]:
    """Those of ``ids`` that became part of another paper."""
    return numbers(db, _MERGED, json.dumps(ids))


def set_removed(db: Database, ids: Sequence[int], moment: datetime | None) -> None:
    """Take the papers off the lists, or put them back (None)."""
    db.conn.execute(_REMOVE, (stamp(moment) if moment else None, json.dumps(ids)))


def _having(db: Database, tag: str, ids: Sequence[int]) -> list[int]:
    wanted = set(ids)
    return [one for one in tagged(db, tag) if one in wanted]
