"""Smart lists in rows. Read through the standard library's sqlite3."""

import sqlite3
from collections.abc import Mapping

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.smart_lists import SmartList

State = Mapping[str, str]
_ALL = "SELECT name, query, created_at FROM smart_lists"


class NotAsItWasError(Exception):
    """A list is no longer as it was said to be; the text says how."""


def all_lists(db: sqlite3.Connection) -> list[SmartList]:
    """By name."""
    return [_list(row) for row in db.execute(f"{_ALL} ORDER BY name COLLATE NOCASE")]


def find(db: sqlite3.Connection, name: str) -> SmartList | None:
    """The one of this name, in any case."""
    row = db.execute(f"{_ALL} WHERE name = ?", (name,)).fetchone()
    return _list(row) if row else None


def state(item: SmartList) -> State:
    """A smart list as a step of undo keeps it."""
    return {"name": item.name, "query": item.query, "at": stamp(item.created_at)}


def change(db: sqlite3.Connection, now: State | None, to: State | None) -> None:
    """Let a list that is as ``now`` says be as ``to`` says; None is one that is not there.

    Raises NotAsItWasError where it is otherwise; nothing is changed then.
    """
    if now is not None:
        there = find(db, now["name"])
        if there is None or (there.name, there.query) != (now["name"], now["query"]):
            raise NotAsItWasError(f"the smart list {now['name']} is no longer as it was")
    renamed = to is not None and (now is None or now["name"].casefold() != to["name"].casefold())
    if to is not None and renamed and find(db, to["name"]) is not None:
        raise NotAsItWasError(f"there is another smart list {to['name']} by now")
    if now is not None:
        db.execute("DELETE FROM smart_lists WHERE name = ?", (now["name"],))
    if to is not None:
        sql = "INSERT INTO smart_lists (name, query, created_at) VALUES (?, ?, ?)"
        db.execute(sql, (to["name"], to["query"], to["at"]))


def _list(row: tuple[str, str, str]) -> SmartList:
    return SmartList(row[0], row[1], parse_stamp(row[2]))
