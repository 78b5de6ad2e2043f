"""A person's answers to items of checklists, in rows that are only added to."""

from datetime import datetime

from sqlite_utils import Database

from researchdesk.domain.checklists import OwnAnswer, parse_answer
from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.storage import rows


def insert(db: Database, checklist: str, subject: str, item: str, answer: OwnAnswer) -> None:
    """An answer of None is kept too: it takes the one before it back."""
    row = {
        "checklist": checklist,
        "subject": subject,
        "item": item,
        "answer": answer.answer.value if answer.answer else "",
        "why": answer.why,
        "answered_at": stamp(answer.answered_at),
    }
    rows.insert(db, "checklist_answers", row)


def answers(db: Database, checklist: str, subject: str) -> dict[str, list[OwnAnswer]]:
    """Every answer to each item of a checklist put to this subject, oldest first."""
    found: dict[str, list[OwnAnswer]] = {}
    where = "checklist = ? AND subject = ?"
    for row in db.table("checklist_answers").rows_where(where, [checklist, subject], order_by="id"):
        moment: datetime = parse_stamp(row["answered_at"])
        told = OwnAnswer(parse_answer(row["answer"]), row["why"], moment)
        found.setdefault(row["item"], []).append(told)
    return found
