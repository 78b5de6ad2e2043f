"""The texts in which a search hit, of the papers of a page."""

import json
import sqlite3
from collections.abc import Sequence

Said = dict[int, list[tuple[str, str]]]
"""Of each paper what it is (``note``, ``claim``) and its text."""

_ABSTRACTS = "SELECT id, abstract FROM papers WHERE id IN (SELECT value FROM json_each(?))"
_SAID = """
    SELECT paper_id, 'note', text, quote FROM notes
        WHERE deleted_at IS NULL AND paper_id IN (SELECT value FROM json_each(?1))
    UNION ALL SELECT paper_id, 'claim', text, quote FROM claims
        WHERE removed_at IS NULL AND paper_id IN (SELECT value FROM json_each(?1))
"""
_PAGES = "SELECT paper_id, pages FROM fulltexts WHERE paper_id IN (SELECT value FROM json_each(?))"


def abstracts(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, str]:
    """The abstract of each paper."""
    return dict(db.execute(_ABSTRACTS, (json.dumps(list(ids)),)).fetchall())


def said(db: sqlite3.Connection, ids: Sequence[int]) -> Said:
    """Notes and claims, with what they quote."""
    found: Said = {}
    for paper, where, text, quote in db.execute(_SAID, (json.dumps(list(ids)),)):
        found.setdefault(paper, []).append((where, f"{text}\n{quote}" if quote else text))
    return found


def pages(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    """The pages of the full text, of those papers that have one; at 0 what stands on no known
    page."""
    found = db.execute(_PAGES, (json.dumps(list(ids)),))
    return {paper: text.split("\f") for paper, text in found}
