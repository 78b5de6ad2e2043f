"""Surprises, in rows."""

from datetime import datetime

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.surprises import Surprise
from researchdesk.storage import rows


def insert(
    db: Database, text: str, expected: str, observed: str, on: str, moment: datetime
) -> Surprise:
    row = {
        "text": text,
        "expected": expected,
        "observed": observed,
        "on": on,
        "noticed_at": stamp(moment),
    }
    number = rows.insert(db, "surprises", row)
    return Surprise(number, text, expected, observed, moment, on)


def all_surprises(db: Database) -> list[Surprise]:
    """The last noticed first."""
    return [
        Surprise(
            row["id"],
            row["text"],
            row["expected"],
            row["observed"],
            parse_stamp(row["noticed_at"]),
            row["on"],
        )
        for row in db.table("surprises").rows_where(order_by="noticed_at DESC, id DESC")
    ]
