"""From what was noticed to the paper that it is about, by the standard library's sqlite3."""

import sqlite3

from researchdesk.domain.identifiers import parse_arxiv_id
from researchdesk.errors import UsageProblemError

_SURPRISES = """
    SELECT "on", text || ' ' || expected || ' ' || observed FROM surprises
    WHERE "on" != '' AND id IN (SELECT rowid FROM surprises_fts WHERE surprises_fts MATCH ?)
    ORDER BY id DESC LIMIT ?
"""
_PAPER = {
    "claim": "SELECT paper_id FROM claims WHERE slug = ? AND removed_at IS NULL",
    "note": "SELECT paper_id FROM notes WHERE id = ? AND deleted_at IS NULL",
}
_NAMED = """
    SELECT COALESCE(merged_into, id) FROM papers WHERE arxiv_id = ?
    UNION ALL SELECT COALESCE(merged_into, id) FROM papers WHERE key = ? COLLATE NOCASE
"""


def surprises(db: sqlite3.Connection, expression: str, limit: int) -> list[tuple[str, str]]:
    """What the surprises that match are on, and their words; the last noticed first."""
    return db.execute(_SURPRISES, (expression, limit)).fetchall() if expression else []


def paper_of(db: sqlite3.Connection, ref: str) -> int | None:
    """The row of the paper that a ref is about; None where it is about none."""
    kind, _, target = ref.partition(":")
    if kind in _PAPER:
        row = db.execute(_PAPER[kind], (target,)).fetchone()
    else:
        row = db.execute(_NAMED, (_base(ref), ref)).fetchone()
    return row[0] if row else None


def _base(ref: str) -> str:
    try:
        return parse_arxiv_id(ref).base
    except UsageProblemError:
        return ""
