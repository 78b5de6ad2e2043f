"""Rows of the library's list, a page at a time."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import date, datetime

from researchdesk.domain.clock import parse_stamp
from researchdesk.domain.library_rows import LibraryRow
from researchdesk.domain.papers import Metadata, Paper, PaperVersion
from researchdesk.storage import put_off

_ROWS = """
    SELECT p.id, p.key, p.arxiv_id, p.title, p.authors, p.year, p.venue, p.journal_ref,
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
_ID_OF = "SELECT COALESCE(merged_into, id) FROM papers"
_PAPERS = """SELECT p.* FROM json_each(?) AS wanted CROSS JOIN papers AS p ON p.id = wanted.value
    ORDER BY wanted.key"""
_VERSIONS = """SELECT * FROM versions WHERE paper_id IN (SELECT value FROM json_each(?))
    ORDER BY paper_id, version"""
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


def paper_called(db: sqlite3.Connection, base: str, key: str) -> Paper | None:
    """The paper of this arXiv id, or (where ``base`` is empty) of this key."""
    where, value = ("arxiv_id = ?", base) if base else ("key = ? COLLATE NOCASE", key)
    found = [row[0] for row in db.execute(f"{_ID_OF} WHERE {where}", (value,))]
    return papers_of(db, found)[0] if found else None


def titles_of(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, str]:
    """The titles of these papers."""
    return dict(db.execute(_TITLES, (json.dumps(list(ids)),)).fetchall())


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
