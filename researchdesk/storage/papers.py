"""Papers and their versions, in rows."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.papers import Metadata, Paper, PaperVersion
from researchdesk.storage import rows


def insert(db: Database, key: str, metadata: Metadata, moment: datetime) -> Paper:
    """File a paper that is not there; ``key`` must be free (see ``free_key``)."""
    row = {"key": key, "added_at": stamp(moment), **_row_of(metadata)}
    return by_id(db, rows.insert(db, "papers", row))


def update(db: Database, paper_id: int, metadata: Metadata) -> Paper:
    """Write newer words of a source; a removed paper comes back."""
    db.table("papers").update(paper_id, {**_row_of(metadata), "removed_at": None})
    return by_id(db, paper_id)


def by_id(db: Database, paper_id: int) -> Paper:
    """The paper of this row. Raises sqlite_utils NotFoundError."""
    return _paper(db, db.table("papers").get(paper_id))


def find(db: Database, *, arxiv_id: str = "", key: str = "", sha256: str = "") -> Paper | None:
    """The paper of this base id, key or file, removed ones too; None where there is none."""
    where, value = (
        ("arxiv_id = ?", arxiv_id)
        if arxiv_id
        else ("key = ? COLLATE NOCASE", key)
        if key
        else ("id = (SELECT paper_id FROM versions WHERE sha256 = ?)", sha256)
    )
    for row in db.table("papers").rows_where(where, [value], limit=1):
        return _paper(db, row)
    return None


def is_removed(db: Database, paper_id: int) -> bool:
    return bool(db.table("papers").get(paper_id)["removed_at"])


def all_papers(db: Database) -> list[Paper]:
    """Every paper that was not removed, the last added first."""
    versions: dict[int, list[PaperVersion]] = {}
    for row in db.table("versions").rows_where(order_by="paper_id, version"):
        versions.setdefault(row["paper_id"], []).append(_version(row))
    found = db.table("papers").rows_where("removed_at IS NULL", order_by="added_at DESC, id DESC")
    return [_from_row(row, versions.get(row["id"], [])) for row in found]


def count(db: Database) -> int:
    return int(db.table("papers").count_where("removed_at IS NULL"))


def free_key(db: Database, wanted: str) -> str:
    """``wanted``, or with the first letter or number behind it that no paper has."""
    sql = "SELECT key FROM papers WHERE key LIKE ?"
    taken: set[str] = {row["key"].lower() for row in db.query(sql, [f"{wanted}%"])}
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


def _paper(db: Database, row: Mapping[str, Any]) -> Paper:
    found = db.table("versions").rows_where("paper_id = ?", [row["id"]], order_by="version")
    return _from_row(row, [_version(version) for version in found])


def _from_row(row: Mapping[str, Any], versions: Sequence[PaperVersion]) -> Paper:
    metadata = Metadata(
        title=row["title"],
        authors=tuple(json.loads(row["authors"])),
        abstract=row["abstract"],
        categories=tuple(json.loads(row["categories"])),
        published=parse_stamp(row["published"]) if row["published"] else None,
        updated=parse_stamp(row["updated"]) if row["updated"] else None,
        arxiv_id=row["arxiv_id"],
        version=row["version"],
        doi=row["doi"],
        journal_ref=row["journal_ref"],
        comment=row["comment"],
    )
    return Paper(row["id"], row["key"], metadata, parse_stamp(row["added_at"]), tuple(versions))


def _version(row: Mapping[str, Any]) -> PaperVersion:
    return PaperVersion(
        version=row["version"],
        pdf=row["pdf"],
        sha256=row["sha256"],
        size=row["size"],
        fetched_at=parse_stamp(row["fetched_at"]) if row["fetched_at"] else None,
        html=row["html"],
        html_sha256=row["html_sha256"],
        html_asked_at=parse_stamp(row["html_asked_at"]) if row["html_asked_at"] else None,
    )


def _row_of(metadata: Metadata) -> dict[str, Any]:
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
    }
