"""Explanations of surprises and the evidence about them, in rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.surprises import Evidence, Explanation, Side
from researchdesk.storage import rows

_WORDS = ("letter", "text", "predicts", "refuted_by", "ruled_out")


def insert(db: Database, explanation: Explanation) -> Explanation:
    """Keep a new explanation; its ``id`` is not looked at."""
    row = {
        "surprise_id": explanation.surprise_id,
        "stated_at": stamp(explanation.stated_at),
        **{name: getattr(explanation, name) for name in _WORDS},
    }
    return get(db, rows.insert(db, "explanations", row))


def get(db: Database, explanation_id: int) -> Explanation:
    return _explanation(db.table("explanations").get(explanation_id))


def update(db: Database, explanation: Explanation) -> None:
    words = {name: getattr(explanation, name) for name in _WORDS}
    db.table("explanations").update(explanation.id, words)


def explanations(db: Database, surprise_id: int) -> tuple[Explanation, ...]:
    """Those of a surprise, by their letters."""
    found = db.table("explanations").rows_where("surprise_id = ?", [surprise_id], order_by="id")
    return tuple(_explanation(row) for row in found)


def file_evidence(db: Database, evidence: Evidence) -> Evidence:
    """Keep new evidence; its ``id`` is not looked at."""
    row = {
        "surprise_id": evidence.surprise_id,
        "about": evidence.about,
        "side": evidence.side.value,
        "ref": evidence.ref,
        "words": evidence.words,
        "filed_at": stamp(evidence.filed_at),
    }
    key = rows.insert(db, "surprise_evidence", row)
    return _evidence(db.table("surprise_evidence").get(key))


def set_withdrawn(db: Database, evidence_id: int, moment: datetime | None) -> None:
    changed = {"withdrawn_at": stamp(moment) if moment else None}
    db.table("surprise_evidence").update(evidence_id, changed)


def evidence(db: Database, surprise_id: int) -> tuple[Evidence, ...]:
    """All that was ever filed about a surprise, oldest first."""
    found = db.table("surprise_evidence").rows_where(
        "surprise_id = ?", [surprise_id], order_by="id"
    )
    return tuple(_evidence(row) for row in found)


def _explanation(row: Mapping[str, Any]) -> Explanation:
    return Explanation(
        id=row["id"],
        surprise_id=row["surprise_id"],
        stated_at=parse_stamp(row["stated_at"]),
        **{name: row[name] for name in _WORDS},
    )


def _evidence(row: Mapping[str, Any]) -> Evidence:
    withdrawn = row["withdrawn_at"]
    return Evidence(
        id=row["id"],
        surprise_id=row["surprise_id"],
        about=row["about"],
        side=Side(row["side"]),
        ref=row["ref"],
        words=row["words"],
        filed_at=parse_stamp(row["filed_at"]),
        withdrawn_at=parse_stamp(withdrawn) if withdrawn else None,
    )
