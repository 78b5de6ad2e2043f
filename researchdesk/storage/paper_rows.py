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
    """A row of ``versions``. A file elsewhere counts as none, as does one whose hash is no hash:
    the desk may have come from anybody, and names files by both."""
    pdf, sha256 = _own(row["pdf"], row["sha256"])
    html, html_sha256 = _own(row["html"], row["html_sha256"])
    return PaperVersion(
        version=row["version"],
        pdf=pdf,
        sha256=sha256,
        size=row["size"],
        fetched_at=_moment(row["fetched_at"]),
        html=html,
        html_sha256=html_sha256,
        html_asked_at=_moment(row["html_asked_at"]),
    )


def is_own_place(place: str) -> bool:
    """Whether a file that ``versions`` names is below the desk's folder."""
    return not place.startswith("/") and ".." not in place.split("/")


def _own(place: str, digest: str) -> tuple[str, str]:
    sound = is_own_place(place) and (digest.isalnum() or not digest)
    return (place, digest) if sound else ("", "")


def _moment(text: str | None) -> datetime | None:
    return parse_stamp(text) if text else None
