"""Which papers of a reading list are on the desk, and which of them were read."""

import json
from collections.abc import Iterable

from sqlite_utils import Database

from researchdesk.storage import labels

_ROWS = """
    SELECT id, arxiv_id, lower(doi), comment, merged_into, removed_at IS NOT NULL FROM papers
    WHERE arxiv_id IN (SELECT value FROM json_each(:refs))
    OR (doi != '' AND doi COLLATE NOCASE IN (SELECT value FROM json_each(:refs)))
    OR (arxiv_id IS NULL AND comment IN (SELECT value FROM json_each(:refs)))
"""
_READ = """
    SELECT DISTINCT paper_id FROM passes WHERE state = 'finished'
    AND paper_id IN (SELECT value FROM json_each(?))
"""


def papers_of(db: Database, refs: Iterable[str]) -> dict[str, tuple[int, bool]]:
    """The row of the paper at each arXiv id, DOI or address, and whether it was removed.

    A paper that became part of another gives that one's row.
    """
    wanted = list(refs)
    found: dict[str, tuple[int, bool]] = {}
    rows = db.conn.execute(_ROWS, {"refs": json.dumps(wanted)}).fetchall()
    by_ref: dict[str, tuple[int, bool]] = {}
    for number, arxiv, doi, comment, merged, removed in rows:
        for key in (arxiv, doi, comment):
            if key:
                by_ref[key] = (merged, False) if merged else (number, bool(removed))
    for ref in wanted:
        if (hit := by_ref.get(ref) or by_ref.get(ref.lower())) is not None:
            found[ref] = hit
    return found


def read(db: Database, ids: Iterable[int]) -> set[int]:
    """Those of the papers of which a pass was finished."""
    return set(labels.numbers(db, _READ, json.dumps(list(ids))))


def without_abstract(db: Database, ids: Iterable[int]) -> list[int]:
    """Those of the papers of which no abstract is known."""
    sql = """
        SELECT id FROM papers WHERE abstract = '' AND id IN (SELECT value FROM json_each(?))
    """
    return labels.numbers(db, sql, json.dumps(list(ids)))
