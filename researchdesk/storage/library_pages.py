"""Rows of the library's list, a page at a time."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import date

from researchdesk.domain.clock import parse_stamp
from researchdesk.domain.library_rows import LibraryRow
from researchdesk.storage import put_off

_ROWS = """
    SELECT p.id, p.key, p.arxiv_id, substr(p.title, 1, 2000) AS title, p.authors, p.year,
        p.venue, p.journal_ref,
        p.categories, p.stars, p.priority, p.withdrawn_version, p.added_at,
        p.version, p.latest_version,
        (SELECT group_concat(tag, char(31)) FROM paper_tags AS t WHERE t.paper_id = p.id) AS tags,
        (SELECT state || ' ' || number FROM passes WHERE passes.paper_id = p.id
            ORDER BY COALESCE(ended_at, started_at) DESC, started_at, id LIMIT 1) AS moved,
        (SELECT MAX(version) FROM passes WHERE passes.paper_id = p.id) AS read_version,
        (SELECT MAX(version) FROM versions WHERE versions.paper_id = p.id AND pdf != '') AS held
    FROM json_each(?) AS wanted CROSS JOIN papers AS p ON p.id = wanted.value
    ORDER BY wanted.key
"""
_TITLES = "SELECT id, title FROM papers WHERE id IN (SELECT value FROM json_each(?))"
_WORDS = {"started": "in pass {}", "finished": "pass {} done", "dropped": "left in pass {}"}


def rows_of(db: sqlite3.Connection, ids: Sequence[int]) -> list[LibraryRow]:
    """The rows of these papers, in this order: two statements, however many they are."""
    wanted = json.dumps(list(ids))
    again = {found[0]: found[1:] for found in db.execute(put_off.SOME, (wanted,))}
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    found = cursor.execute(_ROWS, (wanted,)).fetchall()
    return [_row(row, *again.get(row["id"], ("", None, ""))) for row in found]


def _row(row: sqlite3.Row, again: str, number_then: int | None, why: str) -> LibraryRow:
    state, _, number = (row["moved"] or "").partition(" ")
    categories = json.loads(row["categories"])
    newest = max(row["latest_version"] or 0, row["held"] or 0)
    return LibraryRow(
        id=row["id"],
        key=row["key"],
        name=row["arxiv_id"] or row["key"],
        title=row["title"],
        authors=tuple(json.loads(row["authors"])),
        year=row["year"],
        venue=row["venue"] or row["journal_ref"],
        category=categories[0] if categories else "",
        status=_WORDS[state].format(number) if state else "unread",
        stars=row["stars"],
        priority=row["priority"],
        tags=tuple(sorted(row["tags"].split("\x1f"), key=str.casefold)) if row["tags"] else (),
        again_on=date.fromisoformat(again) if again else None,
        again_pass=number_then,
        again_why=why,
        newer=newest if newest > (row["read_version"] or row["version"]) else None,
        withdrawn=row["withdrawn_version"],
        added=parse_stamp(row["added_at"]),
    )


def titles_of(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, str]:
    """The titles of these papers."""
    return dict(db.execute(_TITLES, (json.dumps(list(ids)),)).fetchall())
