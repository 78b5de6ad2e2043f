"""Metadata of the papers whose recipes ship (arXiv metadata is CC0), for use without a network."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from researchdesk import assets
from researchdesk.domain.identifiers import folder_name
from researchdesk.domain.papers import Metadata


def shipped_ids() -> list[str]:
    """Base ids of the papers whose metadata ships."""
    return [tomllib.loads(path.read_text("utf-8"))["arxiv_id"] for path in _files()]


def first_ids() -> list[str]:
    """Base ids of those that a new desk begins with."""
    tables = [tomllib.loads(path.read_text("utf-8")) for path in _files()]
    return [table["arxiv_id"] for table in tables if table.get("on_a_new_desk")]


def shipped_metadata(base: str) -> Metadata | None:
    """The shipped words about a paper, or None."""
    path = _folder() / f"{folder_name(base)}.toml"
    if not path.is_file():
        return None
    table = tomllib.loads(path.read_text("utf-8"))
    return Metadata(
        title=table["title"],
        authors=tuple(table.get("authors", ())),
        abstract=table.get("abstract", "").strip(),
        categories=tuple(table.get("categories", ())),
        published=_moment(table.get("published")),
        updated=_moment(table.get("updated")),
        arxiv_id=table["arxiv_id"],
        version=table.get("version", 1),
        doi=table.get("doi", ""),
        journal_ref=table.get("journal_ref", ""),
        comment=table.get("comment", ""),
    )


def _folder() -> Path:
    return assets.folder("data") / "papers"


def _files() -> list[Path]:
    return sorted(_folder().glob("*.toml"))


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return None
