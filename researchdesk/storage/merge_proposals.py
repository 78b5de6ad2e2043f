"""Proposals that two papers are one, and what hangs on a paper, in rows."""

from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.merging import Belongings

_OPEN = """
    SELECT paper_id, other_id, why, at FROM merge_proposals
    JOIN papers a ON a.id = paper_id JOIN papers b ON b.id = other_id
    WHERE state = 'proposed' AND a.removed_at IS NULL AND b.removed_at IS NULL
    ORDER BY at, paper_id, other_id
"""
_HANGS_ON = """
    SELECT
        (SELECT COUNT(*) FROM versions WHERE paper_id = :id AND (pdf != '' OR html != '')),
        (SELECT COUNT(*) FROM passes WHERE paper_id = :id),
        (SELECT COUNT(*) FROM notes WHERE paper_id = :id AND deleted_at IS NULL),
        (SELECT COUNT(*) FROM claims WHERE paper_id = :id AND removed_at IS NULL)
"""


def still_open(db: Database) -> list[tuple[int, int, str, datetime]]:
    """Pairs that wait for a decision, with the reason, the oldest first."""
    return [(a, b, why, parse_stamp(at)) for a, b, why, at in db.execute(_OPEN).fetchall()]


def decided(db: Database) -> set[tuple[int, int]]:
    """Pairs about which there is a row, open ones too, as the papers they are part of now."""
    pairs = db.execute("SELECT paper_id, other_id FROM merge_proposals").fetchall()
    part_of = dict(
        db.execute("SELECT id, merged_into FROM papers WHERE merged_into IS NOT NULL").fetchall()
    )
    return {_ordered(_root(part_of, a), _root(part_of, b)) for a, b in pairs}


def insert(db: Database, pairs: Iterable[tuple[int, int, str]], moment: datetime) -> None:
    sql = "INSERT OR IGNORE INTO merge_proposals (paper_id, other_id, why, at) VALUES (?, ?, ?, ?)"
    db.conn.executemany(sql, [(*_ordered(a, b), why, stamp(moment)) for a, b, why in pairs])


def state(db: Database, one: int, other: int) -> str:
    """``proposed``, ``merged``, ``refused``, or ``""`` where nothing is known of the pair."""
    sql = "SELECT state FROM merge_proposals WHERE paper_id = ? AND other_id = ?"
    found = db.execute(sql, _ordered(one, other)).fetchone()
    return str(found[0]) if found else ""


def set_state(db: Database, one: int, other: int, to: str, moment: datetime) -> None:
    """Say what was decided; the pair need not have been proposed."""
    insert(db, [(one, other, "named by hand")], moment)
    settled = None if to == "proposed" else stamp(moment)
    sql = "UPDATE merge_proposals SET state = ?, settled_at = ? WHERE paper_id = ? AND other_id = ?"
    db.conn.execute(sql, (to, settled, *_ordered(one, other)))


def belongings(db: Database, paper_id: int) -> Belongings:
    """What hangs on a paper."""
    files, passes, notes, claims = db.execute(_HANGS_ON, {"id": paper_id}).fetchone()
    tags = db.execute("SELECT tag FROM paper_tags WHERE paper_id = ? ORDER BY tag", [paper_id])
    sql = "SELECT collection FROM collection_papers WHERE paper_id = ? ORDER BY collection"
    shelves = db.execute(sql, [paper_id])
    return Belongings(
        files,
        passes,
        notes,
        claims,
        tags=tuple(row[0] for row in tags.fetchall()),
        collections=tuple(row[0] for row in shelves.fetchall()),
    )


def _ordered(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _root(part_of: dict[int, int], paper_id: int) -> int:
    while paper_id in part_of:
        paper_id = part_of[paper_id]
    return paper_id
