"""The index over the library's words, brought up to date.

A trigger cannot do it: each row that a trigger writes ends what FTS5 holds in memory, and a segment
for each paper made the import of 10,000 take eighteen seconds. So triggers keep the rows of what
changed in ``library_stale``, and the index takes them all in one statement: two seconds.
"""

import sqlite3

COLUMNS = ("title", "authors", "abstract", "notes", "claims", "names", "cats")
"""Of ``library_fts``, which has a row for each paper."""

HEADS = ("title", "authors", "names", "cats")
"""Of ``heads_fts``: what is short, so that it is asked first."""

_OUT = "DELETE FROM {table} WHERE rowid IN (SELECT id FROM library_stale)"
_TAKE = """INSERT INTO {table}(rowid, {names}) SELECT id, {names} FROM library_words
    WHERE id IN (SELECT id FROM library_stale) ORDER BY id"""


def is_stale(db: sqlite3.Connection) -> bool:
    """Whether papers changed that the index does not know of."""
    return db.execute("SELECT 1 FROM library_stale LIMIT 1").fetchone() is not None


def refresh(db: sqlite3.Connection) -> None:
    """Bring the index up to date, as a part of the transaction that is open."""
    if not is_stale(db):
        return
    for table, columns in (("library_fts", COLUMNS), ("heads_fts", HEADS)):
        db.execute(_OUT.format(table=table))
        db.execute(_TAKE.format(table=table, names=", ".join(columns)))
    db.execute("DELETE FROM library_stale")


def rebuild(db: sqlite3.Connection) -> None:
    """Make the indexes anew from what is on the desk."""
    db.execute("INSERT INTO fulltext_fts(fulltext_fts) VALUES ('rebuild')")
    db.execute("DELETE FROM library_fts")
    db.execute("DELETE FROM heads_fts")
    db.execute("INSERT INTO library_stale SELECT id FROM papers WHERE true ON CONFLICT DO NOTHING")
    refresh(db)
