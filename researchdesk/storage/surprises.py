"""Surprises, in rows."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.deltas import Delta
from researchdesk.domain.surprises import Surprise, SurpriseState
from researchdesk.storage import rows, search

_ORDER = "noticed_at DESC, id DESC"


def insert(db: Database, surprise: Surprise) -> Surprise:
    """Keep a new surprise; its ``id`` is not looked at."""
    return get(db, rows.insert(db, "surprises", _row_of(surprise)))


def get(db: Database, number: int) -> Surprise:
    """The surprise of this number. Raises LookupError."""
    for row in db.table("surprises").rows_where("id = ?", [number]):
        return _surprise(row)
    raise LookupError(number)


def of_source(db: Database, source: str) -> Surprise | None:
    """The surprise that was taken from this offer."""
    found = db.table("surprises").rows_where("source = ? AND source != ''", [source])
    return next((_surprise(row) for row in found), None)


def all_surprises(db: Database, states: Collection[SurpriseState] = ()) -> list[Surprise]:
    """The last noticed first, of all states or of these."""
    marks = ", ".join("?" for _ in states)
    where = f"state IN ({marks})" if states else None
    found = db.table("surprises").rows_where(where, list(states), order_by=_ORDER)
    return [_surprise(row) for row in found]


def matching(db: Database, words: str) -> frozenset[int]:
    """The numbers of those in whose texts every word begins a word."""
    expression = search.match_expression(words)
    if not expression:
        return frozenset()
    sql = "SELECT rowid FROM surprises_fts WHERE surprises_fts MATCH ?"
    return frozenset(row["rowid"] for row in db.query(sql, [expression]))


def set_state(
    db: Database,
    number: int,
    state: SurpriseState,
    why: str,
    again_on: date | None,
    moment: datetime,
) -> None:
    changed = {
        "state": state.value,
        "why": why,
        "again_on": again_on.isoformat() if again_on else None,
        "touched_at": stamp(moment),
    }
    db.table("surprises").update(number, changed)


def set_apart(db: Database, number: int, text: str, moment: datetime) -> None:
    db.table("surprises").update(number, {"apart": text, "touched_at": stamp(moment)})


def touch(db: Database, number: int, moment: datetime) -> None:
    """Say that something was done about it."""
    db.table("surprises").update(number, {"touched_at": stamp(moment)})


def _row_of(surprise: Surprise) -> dict[str, Any]:
    delta = surprise.delta
    return {
        "text": surprise.text,
        "expected": surprise.expected,
        "observed": surprise.observed,
        "on": surprise.on,
        "noticed_at": stamp(surprise.noticed_at),
        "state": surprise.state.value,
        "why": surprise.why,
        "source": surprise.source,
        "expected_value": delta.expected if delta else None,
        "observed_value": delta.observed if delta else None,
        "spread": delta.spread if delta else None,
        "spread_of": delta.spread_of if delta else "",
        "apart": surprise.apart,
        "again_on": surprise.again_on.isoformat() if surprise.again_on else None,
        "touched_at": stamp(surprise.touched_at),
    }


def _surprise(row: Mapping[str, Any]) -> Surprise:
    values = (row["expected_value"], row["observed_value"])
    known = None not in values
    return Surprise(
        id=row["id"],
        text=row["text"],
        expected=row["expected"],
        observed=row["observed"],
        noticed_at=parse_stamp(row["noticed_at"]),
        on=row["on"],
        state=SurpriseState(row["state"]),
        touched_at=parse_stamp(row["touched_at"] or row["noticed_at"]),
        why=row["why"],
        source=row["source"],
        delta=Delta(*values, row["spread"], row["spread_of"]) if known else None,
        apart=row["apart"],
        again_on=date.fromisoformat(row["again_on"]) if row["again_on"] else None,
    )
