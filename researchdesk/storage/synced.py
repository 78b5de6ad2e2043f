"""What arXiv was asked about the papers and what it said, in rows."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.identifiers import year_of
from researchdesk.domain.papers import Metadata
from researchdesk.domain.syncing import HistoryRecord, Known, VersionRecord, Withdrawal
from researchdesk.domain.version_marks import OWN_FILES, Standing
from researchdesk.storage import papers

HISTORY = "arxiv-history"
"""The source of records that have a paper's versions."""
_KNOWN = """
    SELECT papers.*, (
        EXISTS (SELECT 1 FROM versions WHERE paper_id = papers.id AND version < :own
                AND (pdf != '' OR html != ''))
        OR EXISTS (SELECT 1 FROM passes WHERE paper_id = papers.id AND version < :own)
        OR EXISTS (SELECT 1 FROM claims WHERE paper_id = papers.id AND version < :own
                   AND removed_at IS NULL)
    ) AS pinned, EXISTS (
        SELECT 1 FROM records WHERE paper_id = papers.id AND source NOT LIKE 'arxiv-%'
    ) AS imported FROM papers
    WHERE removed_at IS NULL AND id IN (SELECT value FROM json_each(:ids))
"""
_STANDINGS = """
    SELECT id, version, latest_version, withdrawn_version, withdrawn_why FROM papers
    WHERE id IN (SELECT value FROM json_each(?))
"""
_DUE = """
    SELECT id, arxiv_id FROM papers
    WHERE removed_at IS NULL AND merged_into IS NULL AND arxiv_id IS NOT NULL
    AND (synced_at IS NULL OR synced_at < ?)
    ORDER BY synced_at IS NOT NULL, synced_at, id
"""
_ALL = """
    SELECT COUNT(*) FROM papers
    WHERE removed_at IS NULL AND merged_into IS NULL AND arxiv_id IS NOT NULL
"""
_ARXIVS = ("updated", "comment")
_PUBLICATION = ("doi", "journal_ref", "venue")
_FILLED = ("abstract", "categories", "authors")


def due(db: Database, before: datetime) -> list[tuple[int, str]]:
    """Row and base id of the papers not asked about since then, those never asked about first."""
    return [(row[0], row[1]) for row in db.execute(_DUE, [stamp(before)]).fetchall()]


def count_of_arxiv(db: Database) -> int:
    """How many papers on the desk are arXiv's."""
    return int(db.execute(_ALL).fetchone()[0])


def known(db: Database, ids: Sequence[int]) -> list[Known]:
    """What the desk has of the papers of these rows that are still on it."""
    values = {"own": OWN_FILES, "ids": json.dumps(list(ids))}
    return [_known(db, row) for row in list(db.query(_KNOWN, values))]


def is_imported(db: Database, paper_id: int) -> bool:
    """Whether a record of another source than arXiv (a bibliography, a merged paper) is beside."""
    sql = "SELECT 1 FROM records WHERE paper_id = ? AND source NOT LIKE 'arxiv-%' LIMIT 1"
    return db.execute(sql, [paper_id]).fetchone() is not None


def fill_in(db: Database, paper_id: int, words: Metadata) -> None:
    """Write arXiv's words where an imported paper has none; its own stay. It is of the version of
    these words then, and comes back to the lists."""
    if words.updated is not None:
        set_words(db, paper_id, words, only_empty=True)
    before, row = db.table("papers").get(paper_id), papers.row_of(words)
    empty = {name: row[name] for name in _PUBLICATION if not before[name] and row[name]}
    db.table("papers").update(paper_id, {**empty, "version": words.version, "removed_at": None})


def set_words(db: Database, paper_id: int, words: Metadata, *, only_empty: bool = False) -> None:
    """Write arXiv's words of the version at hand or, where nothing is pinned, of a newer one.

    ``only_empty`` leaves what a person's own file said of the paper; only arXiv says when a
    version came, and its comment.
    """
    row = papers.row_of(words)
    before = db.table("papers").get(paper_id)
    if only_empty:
        kept = {name: row[name] for name in _FILLED if before[name] in (None, "", "[]")}
        row = {"version": words.version, **kept, **{name: row[name] for name in _ARXIVS}}
        if before["year"] in (None, year_of(before["arxiv_id"])):
            # nobody said another year than the one in the id
            row |= {"year": words.year, "published": papers.row_of(words)["published"]}
    else:
        row = {name: value for name, value in row.items() if name not in _OF_THE_PAPER}
    changed = {name: value for name, value in row.items() if before[name] != value}
    if changed:
        db.table("papers").update(paper_id, changed)


_OF_THE_PAPER = (*_PUBLICATION, "arxiv_id")


def set_published(db: Database, paper_id: int, words: Metadata, venue: str) -> None:
    """Write what is said of the publication; an empty word takes nothing away."""
    row = {"doi": words.doi, "journal_ref": words.journal_ref, "venue": venue}
    if given := {name: value for name, value in row.items() if value}:
        db.table("papers").update(paper_id, given)


def set_state(
    db: Database, paper_id: int, latest: int, withdrawn: Withdrawal | None, moment: datetime
) -> None:
    """Keep the newest version, whether the paper is withdrawn, and that arXiv was asked."""
    row = {
        "latest_version": latest,
        "withdrawn_version": withdrawn.version if withdrawn else None,
        "withdrawn_why": withdrawn.why if withdrawn else "",
        "synced_at": stamp(moment),
    }
    db.table("papers").update(paper_id, row)


def set_asked(db: Database, ids: Sequence[int], moment: datetime) -> None:
    """Keep that arXiv was asked about these, and has nothing of them."""
    sql = "UPDATE papers SET synced_at = ? WHERE id = ?"
    db.conn.executemany(sql, [(stamp(moment), one) for one in ids])


def set_record(
    db: Database,
    paper_id: int,
    source: str,
    moment: datetime,
    *,
    arxiv_id: str,
    doi: str = "",
    kind: str = "",
    fields: Mapping[str, Any],
) -> None:
    """Keep what this source says of the paper, in place of what it said before."""
    row = {
        "paper_id": paper_id,
        "source": source,
        "kind": kind,
        "arxiv_id": arxiv_id,
        "doi": doi,
        "fields": json.dumps(fields, ensure_ascii=False),
        "added_at": stamp(moment),
    }
    where = "paper_id = ? AND source = ?"
    found = db.table("records").rows_where(where, [paper_id, source], select="id", limit=1)
    before = next((one["id"] for one in found), None)
    if before is None:
        db.table("records").insert(row)
    else:
        db.table("records").update(before, row)


def history_fields(history: HistoryRecord) -> dict[str, Any]:
    """The versions of a paper as its record keeps them."""
    versions = [
        {
            "version": one.version,
            "date": one.date.date().isoformat() if one.date else None,
            "size_kb": one.size,
            "files": one.has_files,
        }
        for one in history.versions
    ]
    return {"changed_on": history.changed_on, "versions": versions}


def histories(db: Database, ids: Sequence[int]) -> dict[int, tuple[datetime, HistoryRecord]]:
    """The histories kept of the papers of these rows, and when arXiv said so."""
    asked = [HISTORY, json.dumps(list(ids))]
    where = "source = ? AND paper_id IN (SELECT value FROM json_each(?))"
    return {
        row["paper_id"]: (parse_stamp(row["added_at"]), _history(row))
        for row in db.table("records").rows_where(where, asked)
    }


def _history(row: Mapping[str, Any]) -> HistoryRecord:
    fields = json.loads(row["fields"])
    versions = [
        VersionRecord(
            one["version"],
            datetime.fromisoformat(one["date"]) if one["date"] else None,
            one["size_kb"],
            "" if one["files"] else "I",
        )
        for one in fields["versions"]
    ]
    return HistoryRecord(row["arxiv_id"], fields["changed_on"], versions=tuple(versions))


def standings(db: Database, ids: Sequence[int]) -> dict[int, Standing]:
    """What is known of the versions of the papers of these rows."""
    found = db.execute(_STANDINGS, [json.dumps(list(ids))]).fetchall()
    return {
        number: Standing(max(version, latest or 0), withdrawn, why)
        for number, version, latest, withdrawn, why in found
    }


def _known(db: Database, row: Mapping[str, Any]) -> Known:
    paper = papers.by_id(db, row["id"])
    return Known(
        id=paper.id,
        metadata=paper.metadata,
        latest=row["latest_version"],
        withdrawn=row["withdrawn_version"],
        withdrawn_why=row["withdrawn_why"],
        pinned=bool(row["pinned"]),
        imported=bool(row["imported"]),
        asked_at=parse_stamp(row["synced_at"]) if row["synced_at"] else None,
    )
