"""Papers whole, many at a time: as ``library_pages`` has what a list shows of them."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from researchdesk.domain.clock import parse_stamp
from researchdesk.domain.papers import Metadata, Paper, PaperVersion

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
        versions.setdefault(row["paper_id"], []).append(_version(row))
    found = cursor.execute(_PAPERS, (wanted,)).fetchall()
    return [_paper(row, versions.get(row["id"], [])) for row in found]


def _paper(row: sqlite3.Row, versions: list[PaperVersion]) -> Paper:
    words = Metadata(
        title=row["title"],
        authors=tuple(json.loads(row["authors"])),
        abstract=row["abstract"],
        categories=tuple(json.loads(row["categories"])),
        published=_moment(row["published"]),
        updated=_moment(row["updated"]),
        arxiv_id=row["arxiv_id"],
        version=row["version"],
        doi=row["doi"],
        journal_ref=row["journal_ref"],
        comment=row["comment"],
        venue=row["venue"],
        stated_year=None if row["published"] else row["year"],
    )
    marks = (row["stars"], row["priority"], row["withdrawn_version"], row["latest_version"])
    return Paper(
        row["id"], row["key"], words, parse_stamp(row["added_at"]), tuple(versions), *marks
    )


def _version(row: sqlite3.Row) -> PaperVersion:
    return PaperVersion(
        version=row["version"],
        pdf=row["pdf"],
        sha256=row["sha256"],
        size=row["size"],
        fetched_at=_moment(row["fetched_at"]),
        html=row["html"],
        html_sha256=row["html_sha256"],
        html_asked_at=_moment(row["html_asked_at"]),
    )


def _moment(text: str | None) -> datetime | None:
    return parse_stamp(text) if text else None
