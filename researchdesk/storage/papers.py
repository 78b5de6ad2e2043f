"""Papers and their versions, in rows."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import stamp
from researchdesk.domain.papers import Metadata, Paper, PaperVersion
from researchdesk.storage import rows
from researchdesk.storage.paper_rows import paper_of_row, version_of_row

_PUBLICATION = ("doi", "journal_ref", "venue")


def insert(db: Database, key: str, metadata: Metadata, moment: datetime) -> Paper:
    """File a paper that is not there; ``key`` must be free (see ``free_key``)."""
    row = {
        "id": next_number(db),
        "key": key,
        "added_at": stamp(moment),
        **row_of(metadata),
    }
    return by_id(db, rows.insert(db, "papers", row))


def next_number(db: Database) -> int:
    """A row number that no paper has or had: what is kept of a deleted one names no other."""
    sql = "SELECT COALESCE(MAX(id), 0) FROM papers"
    (there,), (ever,) = (
        db.conn.execute(text).fetchone() for text in (sql, "SELECT highest FROM paper_numbers")
    )
    return 1 + max(int(there), int(ever))


def delete(db: Database, paper_ids: Collection[int]) -> None:
    """Delete papers with all that belongs to them; their row numbers are not used again."""
    if paper_ids:
        sql = "UPDATE paper_numbers SET highest = MAX(highest, ?)"
        db.conn.execute(sql, (max(paper_ids),))
        sql = "DELETE FROM papers WHERE id IN (SELECT value FROM json_each(?))"
        db.conn.execute(sql, (json.dumps(list(paper_ids)),))


def update(db: Database, paper_id: int, metadata: Metadata) -> Paper:
    """Write newer words of a source; a removed paper comes back.

    Where and under which DOI it was published stays known where the source does not say it.
    """
    row = row_of(metadata)
    for name in _PUBLICATION:
        if not row[name]:
            del row[name]
    db.table("papers").update(paper_id, {**row, "removed_at": None})
    return by_id(db, paper_id)


def by_id(db: Database, paper_id: int) -> Paper:
    """The paper of this row. Raises sqlite_utils NotFoundError."""
    return _paper(db, db.table("papers").get(paper_id))


def by_ids(db: Database, paper_ids: Collection[int]) -> dict[int, Paper]:
    """The papers of these rows, removed ones too, read at once; those that are not there lack."""
    asked = [json.dumps(sorted(set(paper_ids)))]
    within = "IN (SELECT value FROM json_each(?))"
    versions: dict[int, list[PaperVersion]] = {}
    for row in db.table("versions").rows_where(f"paper_id {within}", asked, order_by="version"):
        versions.setdefault(row["paper_id"], []).append(version_of_row(row))
    found = db.table("papers").rows_where(f"id {within}", asked)
    return {row["id"]: paper_of_row(row, versions.get(row["id"], [])) for row in found}


def find(db: Database, *, arxiv_id: str = "", key: str = "", sha256: str = "") -> Paper | None:
    """The paper of this base id, key or file, removed ones too; None where there is none.

    One that became part of another is that other.
    """
    where, value = (
        ("arxiv_id = ?", arxiv_id)
        if arxiv_id
        else ("id = (SELECT id FROM papers WHERE key = ? COLLATE NOCASE)", key)
        if key
        else ("id = (SELECT paper_id FROM versions WHERE sha256 = ?)", sha256)
    )
    for row in db.table("papers").rows_where(where, [value], limit=1):
        return _paper(db, _kept(db, row))
    return None


def kept_id(db: Database, paper_id: int) -> int:
    """The row of the paper that this one became part of; its own where it stands for itself.

    Raises sqlite_utils NotFoundError.
    """
    return int(_kept(db, db.table("papers").get(paper_id))["id"])


def names_of(db: Database, paper_id: int) -> tuple[str, ...]:
    """Every base id and key that leads to the paper, those of papers merged into it too."""
    sql = """
        WITH RECURSIVE part(id) AS (
            SELECT ? UNION SELECT papers.id FROM papers JOIN part ON papers.merged_into = part.id
        )
        SELECT arxiv_id, key FROM papers JOIN part ON papers.id = part.id ORDER BY papers.id
    """
    found = db.execute(sql, [paper_id]).fetchall()
    return tuple(dict.fromkeys(name for row in found for name in row if name))


def listed_names(db: Database, paper_ids: Collection[int]) -> dict[int, str]:
    """What a person calls each of these papers, as ``Paper.name``; those off the lists lack."""
    sql = """
        SELECT id, COALESCE(arxiv_id, key) FROM papers
        WHERE removed_at IS NULL AND id IN (SELECT value FROM json_each(?))
    """
    return dict(db.execute(sql, [json.dumps(sorted(set(paper_ids)))]).fetchall())


def is_removed(db: Database, paper_id: int) -> bool:
    return bool(db.table("papers").get(paper_id)["removed_at"])


def all_papers(db: Database) -> list[Paper]:
    """Every paper that was not removed, the last added first."""
    versions: dict[int, list[PaperVersion]] = {}
    for row in db.table("versions").rows_where(order_by="paper_id, version"):
        versions.setdefault(row["paper_id"], []).append(version_of_row(row))
    found = db.table("papers").rows_where("removed_at IS NULL", order_by="added_at DESC, id DESC")
    return [paper_of_row(row, versions.get(row["id"], [])) for row in found]


def newest(db: Database) -> int:
    """The highest number that a paper has, removed ones too; 0 where there is none."""
    return int(db.conn.execute("SELECT COALESCE(MAX(id), 0) FROM papers").fetchone()[0])


def files_named(db: Database) -> list[tuple[int, int, str, str, str]]:
    """Every file that a version has: the paper's number, the version, the column that names the
    file (``pdf`` or ``html``), its place on the desk, and its SHA-256 or ``""``."""
    return [
        (row["paper_id"], row["version"], column, row[column], row[digest])
        for column, digest in (("pdf", "sha256"), ("html", "html_sha256"))
        for row in db.table("versions").rows_where(f"{column} != ''")
    ]


def free_key(db: Database, wanted: str) -> str:
    """``wanted``, or with the first letter or number behind it that no paper has, nor an entry
    that was imported."""
    sql = "SELECT key FROM papers WHERE key LIKE ? UNION SELECT key FROM records WHERE key LIKE ?"
    taken: set[str] = {row["key"].lower() for row in db.query(sql, [f"{wanted}%"] * 2)}
    suffixes: tuple[str, ...] = (
        "",
        *"abcdefghijklmnopqrstuvwxyz",
        *(str(n) for n in range(1, len(taken) + 2)),
    )
    return next(wanted + end for end in suffixes if (wanted + end).lower() not in taken)


def set_version(db: Database, paper_id: int, version: PaperVersion) -> None:
    """File a version with its PDF, or say more of one; what is known of its HTML stays."""
    row = {
        "paper_id": paper_id,
        "version": version.version,
        "pdf": version.pdf,
        "sha256": version.sha256,
        "size": version.size,
        "fetched_at": stamp(version.fetched_at) if version.fetched_at else None,
    }
    db.table("versions").upsert(row, pk=("paper_id", "version"))


def set_html(db: Database, paper_id: int, version: PaperVersion) -> None:
    """Keep what is known of a version's HTML; what is known of its PDF stays."""
    asked = version.html_asked_at
    row = {
        "paper_id": paper_id,
        "version": version.version,
        "html": version.html,
        "html_sha256": version.html_sha256,
        "html_asked_at": stamp(asked) if asked else None,
    }
    db.table("versions").upsert(row, pk=("paper_id", "version"))


def removed(db: Database) -> list[int]:
    """Row ids of the papers that were taken off the lists."""
    return [row["id"] for row in db.table("papers").rows_where("removed_at IS NOT NULL")]


def set_removed(db: Database, paper_id: int, moment: datetime | None) -> None:
    """Take a paper off the desk's lists, or put it back; its notes stay."""
    db.table("papers").update(paper_id, {"removed_at": stamp(moment) if moment else None})


def _kept(db: Database, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row at the end of the chain of merges, which has no circles."""
    while row["merged_into"]:
        row = db.table("papers").get(row["merged_into"])
    return row


def _paper(db: Database, row: Mapping[str, Any]) -> Paper:
    found = db.table("versions").rows_where("paper_id = ?", [row["id"]], order_by="version")
    return paper_of_row(row, [version_of_row(version) for version in found])


def row_of(metadata: Metadata) -> dict[str, Any]:
    """The columns that a source's words fill."""
    return {
        "arxiv_id": metadata.arxiv_id,
        "version": metadata.version,
        "title": metadata.title,
        "authors": json.dumps(metadata.authors, ensure_ascii=False),
        "abstract": metadata.abstract,
        "categories": json.dumps(metadata.categories),
        "published": stamp(metadata.published) if metadata.published else None,
        "updated": stamp(metadata.updated) if metadata.updated else None,
        "doi": metadata.doi,
        "journal_ref": metadata.journal_ref,
        "comment": metadata.comment,
        "year": metadata.year,
        "venue": metadata.venue,
    }
