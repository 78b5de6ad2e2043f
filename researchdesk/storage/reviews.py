"""What reviews look back on, read from the rows of the things themselves."""

from datetime import datetime

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp

REVIEW, STATE = "review", "state"


def last_happened(db: Database, what: str, of: str = "") -> dict[str, datetime]:
    """When something of this sort happened last to each thing, or to the one of ref ``of``."""
    sql = (
        'SELECT "of", MAX(at) AS at FROM happenings'
        ' WHERE what = :what AND (:of = \'\' OR "of" = :of) GROUP BY "of"'
    )
    return {row["of"]: parse_stamp(row["at"]) for row in db.query(sql, {"what": what, "of": of})}


def answered_at(db: Database, investigation_id: int) -> list[datetime]:
    """When an answer to a step of the investigation was written, oldest first."""
    found = db.table("investigation_answers").rows_where(
        "investigation_id = ?", [investigation_id], order_by="id"
    )
    return [parse_stamp(row["saved_at"]) for row in found]
