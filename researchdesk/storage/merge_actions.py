"""Merges among the changes of the library, and the record that the other paper leaves."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import stamp
from researchdesk.domain.papers import Paper
from researchdesk.storage import merging, rows

at = stamp
_MERGES = "json_extract(undo, '$.steps[0].do') = 'unmerge' AND undone_at IS NULL"


def last(db: Database) -> tuple[int, str] | None:
    """Number and words of the last merge that was not taken back."""
    return _found(db, f"{_MERGES} ORDER BY id DESC", [])


def get(db: Database, number: int) -> tuple[int, str] | None:
    """Number and words of this merge, where it was not taken back."""
    return _found(db, f"{_MERGES} AND id = ?", [number])


def step(db: Database, number: int) -> dict[str, Any]:
    """What takes a merge back."""
    undo = db.table("library_actions").get(number)["undo"]
    found: dict[str, Any] = json.loads(undo)["steps"][0]
    return found


def set_undone(db: Database, number: int, moment: datetime) -> None:
    db.table("library_actions").update(number, {"undone_at": stamp(moment)})


def keep_record(db: Database, paper: Paper, moment: datetime) -> Iterator[merging.Change]:
    """Keep what the paper said of itself as a record, where it has none of its own."""
    if next(db.table("records").rows_where("paper_id = ?", [paper.id], limit=1), None):
        return
    words = paper.metadata
    fields = {
        "title": words.title,
        "author": " and ".join(words.authors),
        "year": str(words.year or ""),
        "venue": words.venue,
        "journal_ref": words.journal_ref,
        "doi": words.doi,
        "eprint": words.arxiv_id or "",
    }
    row = {
        "paper_id": paper.id,
        "source": "merged",
        "arxiv_id": words.arxiv_id or "",
        "doi": words.doi,
        "fields": json.dumps({k: v for k, v in fields.items() if v}, ensure_ascii=False),
        "added_at": stamp(moment),
    }
    yield merging.made("records", rows.insert(db, "records", row))


def _found(db: Database, where: str, values: list[int]) -> tuple[int, str] | None:
    found = db.table("library_actions").rows_where(where, values, select="id, what", limit=1)
    return next(((row["id"], row["what"]) for row in found), None)
