"""Full texts of papers, one of each, in rows. Read through the standard library's sqlite3."""

import sqlite3
from collections.abc import Sequence

_MISSING = """
    SELECT DISTINCT papers.id FROM papers JOIN versions ON versions.paper_id = papers.id
    WHERE (versions.pdf != '' OR versions.html != '') AND removed_at IS NULL
    AND versions.version = papers.version
    AND papers.id NOT IN (SELECT paper_id FROM fulltexts) ORDER BY papers.id DESC
"""


def is_newer(db: sqlite3.Connection, paper_id: int, version: int, source: str) -> bool:
    """Whether this text is one to keep: of a version at least as new as the one that is kept, and
    read from other files."""
    sql = "SELECT version, source FROM fulltexts WHERE paper_id = ?"
    row = db.execute(sql, (paper_id,)).fetchone()
    return row is None or (version >= row[0] and (version, source) != row)


def has(db: sqlite3.Connection, paper_id: int) -> bool:
    """Whether the text of this paper is known."""
    sql = "SELECT 1 FROM fulltexts WHERE paper_id = ?"
    return db.execute(sql, (paper_id,)).fetchone() is not None


def put(
    db: sqlite3.Connection, paper_id: int, version: int, source: str, pages: Sequence[str]
) -> None:
    """Keep a text in place of the one that was there. Pages have no form feed in them."""
    db.execute("DELETE FROM fulltexts WHERE paper_id = ?", (paper_id,))
    sql = "INSERT INTO fulltexts (paper_id, version, source, pages) VALUES (?, ?, ?, ?)"
    db.execute(sql, (paper_id, version, source, "\f".join(pages)))


def of_file(db: sqlite3.Connection, digest: str) -> list[tuple[int, int]]:
    """The papers and versions whose PDF has this SHA-256."""
    sql = "SELECT paper_id, version FROM versions WHERE sha256 = ? AND sha256 != ''"
    return db.execute(sql, (digest,)).fetchall()


def missing(db: sqlite3.Connection) -> list[int]:
    """Papers of which the desk has a file and no text, the last added first."""
    return [row[0] for row in db.execute(_MISSING)]
