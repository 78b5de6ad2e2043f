"""Investigations and the answers to their steps, in rows."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.investigations import Investigation, InvestigationState
from researchdesk.storage import rows


def insert(db: Database, item: Investigation) -> int:
    """Keep a new investigation; gives its number."""
    row = {**_row(item), "created_at": stamp(item.created_at)}
    return rows.insert(db, "investigations", row)


def update(db: Database, item: Investigation) -> None:
    db.table("investigations").update(item.id, _row(item))


def touch(db: Database, number: int, moment: datetime) -> None:
    db.table("investigations").update(number, {"touched_at": stamp(moment)})


def get(db: Database, number: int) -> Investigation:
    """Raises LookupError where there is none of this number."""
    found = list(db.table("investigations").rows_where("id = ?", [number]))
    if not found:
        raise LookupError(number)
    return _investigation(found[0], newest_answers(db, number))


def all_of(db: Database, ref: str = "") -> list[Investigation]:
    """All, or those of what the ref names, the last touched first."""
    answers: dict[int, dict[str, str]] = {}
    for row in db.table("investigation_answers").rows_where(order_by="id"):
        answers.setdefault(row["investigation_id"], {})[row["step"]] = row["text"]
    found = db.table("investigations").rows_where(
        ":ref = '' OR \"of\" = :ref", {"ref": ref}, order_by="touched_at DESC, id DESC"
    )
    return [_investigation(row, answers.get(row["id"], {})) for row in found]


def newest_answers(db: Database, number: int) -> dict[str, str]:
    """The newest answer to each step, by the step's key."""
    found = db.table("investigation_answers").rows_where(
        "investigation_id = ?", [number], order_by="id"
    )
    return {row["step"]: row["text"] for row in found}


def answers(db: Database, number: int, step: str) -> list[tuple[datetime, str]]:
    """Every answer to a step, the oldest first."""
    found = db.table("investigation_answers").rows_where(
        "investigation_id = ? AND step = ?", [number, step], order_by="id"
    )
    return [(parse_stamp(row["saved_at"]), row["text"]) for row in found]


def insert_answer(db: Database, number: int, step: str, text: str, moment: datetime) -> None:
    row = {"investigation_id": number, "step": step, "text": text, "saved_at": stamp(moment)}
    rows.insert(db, "investigation_answers", row)


def _row(item: Investigation) -> dict[str, Any]:
    return {
        "title": item.title,
        "of": item.of,
        "workflow": item.workflow,
        "recipe": item.recipe,
        "state": item.state.value,
        "why": item.why,
        "again_on": item.again_on.isoformat() if item.again_on else None,
        "touched_at": stamp(item.touched_at),
    }


def _investigation(row: Mapping[str, Any], answered: Mapping[str, str]) -> Investigation:
    return Investigation(
        id=row["id"],
        title=row["title"],
        of=row["of"],
        workflow=row["workflow"],
        recipe=row["recipe"],
        state=InvestigationState(row["state"]),
        why=row["why"],
        again_on=date.fromisoformat(row["again_on"]) if row["again_on"] else None,
        created_at=parse_stamp(row["created_at"]),
        touched_at=parse_stamp(row["touched_at"]),
        answers={step: text for step, text in answered.items() if text},
    )


def titles_by_run(db: Database) -> dict[str, str]:
    """Of each run that experiments are linked to, the title of their investigation."""
    query = """
        SELECT r.run_id, i.id, i.title FROM experiment_runs r
        JOIN experiments e ON e.id = r.experiment_id
        JOIN investigations i ON i.id = e.investigation_id
        """
    return {row["run_id"]: f"Investigation {row['id']}: {row['title']}" for row in db.query(query)}
