"""Clones of papers' code, in rows. Folders are kept relative to the desk's."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.code import Clone


def put(db: Database, root: Path, clone: Clone) -> None:
    """File a clone, or its newer commit."""
    row = {
        "paper_id": clone.paper_id,
        "url": clone.url,
        "folder": clone.folder.relative_to(root).as_posix(),
        "commit_id": clone.commit,
        "cloned_at": stamp(clone.cloned_at),
    }
    known = db.query(
        "SELECT id FROM clones WHERE paper_id = ? AND url = ?", [clone.paper_id, clone.url]
    )
    if found := next(iter(known), None):
        db.table("clones").update(found["id"], row)
    else:
        db.table("clones").insert(row)


def of_paper(db: Database, root: Path, paper_id: int) -> list[Clone]:
    """The clones of a paper, the oldest first."""
    found = db.table("clones").rows_where("paper_id = ?", [paper_id], order_by="id")
    return [_clone(root, row) for row in found]


def remove(db: Database, paper_id: int, url: str) -> None:
    """Forget a clone."""
    db.execute("DELETE FROM clones WHERE paper_id = ? AND url = ?", [paper_id, url])


def _clone(root: Path, row: Mapping[str, Any]) -> Clone:
    return Clone(
        paper_id=row["paper_id"],
        url=row["url"],
        folder=root / row["folder"],
        commit=row["commit_id"],
        cloned_at=parse_stamp(row["cloned_at"]),
    )
