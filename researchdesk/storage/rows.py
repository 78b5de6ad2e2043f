"""Small tools over sqlite-utils that every aggregate uses."""

from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database


def insert(db: Database, table: str, row: Mapping[str, Any]) -> int:
    """Insert ``row`` and give its integer key."""
    key = db.table(table).insert(dict(row)).last_pk
    if not isinstance(key, int):
        raise TypeError(f"{table} has no integer key")
    return key
