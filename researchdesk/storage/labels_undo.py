"""Changes of the library, kept with the steps that take them back: they outlive the program."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.labels import Change
from researchdesk.storage import labels, labels_steps, rows
from researchdesk.storage.labels_steps import StaleError as StaleError
from researchdesk.storage.labels_steps import Step as Step
from researchdesk.storage.labels_steps import packed as packed
from researchdesk.storage.labels_steps import unpacked as unpacked

_KEPT = 500
_MANY = 20
"""A change of more papers is a big one."""
_BIG = json.dumps(labels_steps.BIG)
_CHANGES = """
    SELECT id, what, json_extract(undo, '$.count'), at, undone_at, EXISTS (
        SELECT 1 FROM json_each(undo, '$.steps')
        WHERE json_extract(value, '$.do') IN (SELECT value FROM json_each(?))
    ) FROM library_actions
"""


def record(db: Database, what: str, count: int, steps: Sequence[Step], moment: datetime) -> Change:
    """Keep a change that was just made; the oldest of many are forgotten."""
    undo = _json({"count": count, "steps": steps})
    row = {"what": what, "undo": undo, "at": stamp(moment)}
    number = rows.insert(db, "library_actions", row)
    db.conn.execute("DELETE FROM library_actions WHERE id <= ?", (number - _KEPT,))
    return Change(number, what, count, moment)


def changes(db: Database, limit: int) -> list[Change]:
    """The last changes, the newest first, those that were taken back too."""
    found = labels.fetch(db, f"{_CHANGES} ORDER BY id DESC LIMIT ?", _BIG, limit)
    return [_change(row) for row in found]


def last(db: Database) -> int | None:
    """The number of the last change that was not taken back."""
    sql = "SELECT MAX(id) FROM library_actions WHERE undone_at IS NULL"
    found = labels.fetch(db, sql)[0][0]
    return None if found is None else int(found)


def last_undone(db: Database) -> int | None:
    """The number of the change that was taken back last, where none was made since."""
    sql = """
        SELECT id FROM library_actions WHERE undone_at IS NOT NULL
            AND json_extract(undo, '$.top') = (SELECT MAX(id) FROM library_actions)
        ORDER BY undone_at DESC, id LIMIT 1
    """
    return next((int(row[0]) for row in labels.fetch(db, sql)), None)


def get(db: Database, number: int) -> Change | None:
    found = labels.fetch(db, f"{_CHANGES} WHERE id = ?", _BIG, number)
    return next((_change(row) for row in found), None)


def take_back(db: Database, number: int, moment: datetime) -> None:
    """Do the steps that take a change back. Raises StaleError; then the caller rolls back."""
    kept = _kept(db, number)
    steps = kept.get("steps")
    redo = labels_steps.do(db, [{}] if steps is None else steps, moment)
    kept["top"] = labels.fetch(db, "SELECT MAX(id) FROM library_actions")[0][0]
    if redo is not None:
        kept["redo"] = redo
    _write(db, number, kept, stamp(moment))


def can_redo(db: Database, number: int) -> bool:
    """Whether a change that was taken back can be made again: imports and merges cannot."""
    return "redo" in _kept(db, number)


def redo(db: Database, number: int, moment: datetime) -> None:
    """Make a change again that was taken back. Raises StaleError; then the caller rolls back."""
    kept = _kept(db, number)
    kept["steps"] = labels_steps.do(db, kept.pop("redo"), moment)
    _write(db, number, kept, None)


def _change(row: tuple[Any, ...]) -> Change:
    number, what, count, at, undone, big = row
    end = parse_stamp(undone) if undone else None
    return Change(number, what, count or 0, parse_stamp(at), end, bool(big) or (count or 0) > _MANY)


def _kept(db: Database, number: int) -> dict[str, Any]:
    sql = "SELECT undo FROM library_actions WHERE id = ?"
    found: dict[str, Any] = json.loads(labels.fetch(db, sql, number)[0][0])
    return found


def _write(db: Database, number: int, kept: dict[str, Any], undone: str | None) -> None:
    sql = "UPDATE library_actions SET undo = ?, undone_at = ? WHERE id = ?"
    db.conn.execute(sql, (_json(kept), undone, number))


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
