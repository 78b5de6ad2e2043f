"""Papers whole, many at a time: as ``library_pages`` has what a list shows of them."""

import json
import sqlite3
from collections.abc import Sequence

from researchdesk.domain.papers import Paper, PaperVersion
from researchdesk.storage.paper_rows import paper_of_row, version_of_row

_ID_OF = "SELECT COALESCE(merged_into, id) FROM papers"
_PAPERS = """SELECT p.* FROM json_each(?) AS wanted CROSS JOIN papers AS p ON p.id = wanted.value
    ORDER BY wanted.key"""
_VERSIONS = """SELECT * FROM versions WHERE paper_id IN (SELECT value FROM json_each(?))
    ORDER BY paper_id, version"""


def paper_called(db: sqlite3.Connection, base: str, key: str) -> Paper | None:
    """The paper of this arXiv id, or (where ``base`` is empty) of this key."""
    where, value = ("arxiv_id = ?", base) if base else ("key = ? COLLATE NOCASE", key)
    found = [row[0] for row in db.execute(f"{_ID_OF} WHERE {where}", (value,))]
    return papers_of(db, found)[0] if found else None


def papers_of(db: sqlite3.Connection, ids: Sequence[int]) -> list[Paper]:
    """All that is kept of these papers, in this order: two statements, however many they are."""
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    wanted = json.dumps(list(ids))
    versions: dict[int, list[PaperVersion]] = {}
    for row in cursor.execute(_VERSIONS, (wanted,)):
        versions.setdefault(row["paper_id"], []).append(version_of_row(row))
    found = cursor.execute(_PAPERS, (wanted,)).fetchall()
    return [paper_of_row(row, versions.get(row["id"], [])) for row in found]
