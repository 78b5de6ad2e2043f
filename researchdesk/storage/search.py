"""Full-text search over papers and notes."""

import re

from sqlite_utils import Database


def match_expression(words: str) -> str:
    """The words as an FTS5 query in which every word must begin a word of the text.

    Each is quoted, so that ``c++ (`` is words and not syntax; ``""`` where nothing is left.
    """
    tokens = re.findall(r"[^\W_]+", words)
    return " ".join(f'"{token}"*' for token in tokens)


def paper_ids(db: Database, words: str, limit: int) -> list[int]:
    """Rows of papers whose title, authors, abstract or notes match, best first (bm25)."""
    expression = match_expression(words)
    if not expression:
        return []
    sql = """
        SELECT id, MIN(rank) AS best FROM (
            SELECT rowid AS id, rank FROM papers_fts WHERE papers_fts MATCH :words
            UNION ALL
            SELECT notes.paper_id AS id, notes_fts.rank FROM notes_fts
            JOIN notes ON notes.id = notes_fts.rowid
            WHERE notes_fts MATCH :words AND notes.deleted_at IS NULL
        ) WHERE id IN (SELECT id FROM papers WHERE removed_at IS NULL)
        GROUP BY id ORDER BY best, id LIMIT :limit
    """
    return [row["id"] for row in db.query(sql, {"words": expression, "limit": limit})]
