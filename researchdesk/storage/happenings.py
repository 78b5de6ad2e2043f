"""What happened to the things of the loop, in rows that are only added to."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.happenings import Happening
from researchdesk.storage import rows


def insert(db: Database, happening: Happening) -> None:
    row = {
        "of": happening.of,
        "what": happening.what,
        "said": happening.said,
        "why": happening.why,
        "until": happening.until.isoformat() if happening.until else None,
        "at": stamp(happening.at),
    }
    rows.insert(db, "happenings", row)


def of(db: Database, ref: str, what: str = "") -> list[Happening]:
    """What happened to the thing of this ref, oldest first; of one sort only, where ``what``."""
    where = """"of" = :ref AND (:what = '' OR what = :what)"""
    found = db.table("happenings").rows_where(where, {"ref": ref, "what": what}, order_by="id")
    return [_happening(row) for row in found]


def _happening(row: Mapping[str, Any]) -> Happening:
    return Happening(
        of=row["of"],
        what=row["what"],
        said=row["said"],
        at=parse_stamp(row["at"]),
        why=row["why"],
        until=date.fromisoformat(row["until"]) if row["until"] else None,
    )
