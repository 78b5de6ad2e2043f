"""Rows of papers and versions as what they are of, whichever statement read them."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from researchdesk.domain.clock import parse_stamp
from researchdesk.domain.papers import Metadata, Paper, PaperVersion

Row = Mapping[str, Any] | sqlite3.Row


def paper_of_row(row: Row, versions: Sequence[PaperVersion]) -> Paper:
    """A row of ``papers`` with its versions, the oldest first."""
    metadata = Metadata(
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
    return Paper(
        row["id"],
        row["key"],
        metadata,
        parse_stamp(row["added_at"]),
        tuple(versions),
        stars=row["stars"],
        priority=row["priority"],
        withdrawn=row["withdrawn_version"],
        latest=row["latest_version"],
    )


def version_of_row(row: Row) -> PaperVersion:
    """A row of ``versions``."""
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
