"""Searches kept under a name, in rows. Read through the standard library's sqlite3."""

import sqlite3
from datetime import datetime

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.smart_lists import SmartList

_ALL = "SELECT name, query, created_at FROM smart_lists"


def all_lists(db: sqlite3.Connection) -> list[SmartList]:
    """By name."""
    return [_list(row) for row in db.execute(f"{_ALL} ORDER BY name COLLATE NOCASE")]


def find(db: sqlite3.Connection, name: str) -> SmartList | None:
    """The one of this name, in any case."""
    row = db.execute(f"{_ALL} WHERE name = ?", (name,)).fetchone()
    return _list(row) if row else None


def put(db: sqlite3.Connection, name: str, query: str, moment: datetime) -> None:
    """Keep a search; one of this name is written over."""
    sql = """INSERT INTO smart_lists (name, query, created_at) VALUES (?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET query = excluded.query"""
    db.execute(sql, (name, query, stamp(moment)))


def drop(db: sqlite3.Connection, name: str) -> None:
    db.execute("DELETE FROM smart_lists WHERE name = ?", (name,))


def _list(row: tuple[str, str, str]) -> SmartList:
    return SmartList(row[0], row[1], parse_stamp(row[2]))
