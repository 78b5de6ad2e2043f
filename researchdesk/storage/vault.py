"""What an export of many papers asks of the desk, each in one statement for all of them."""

from collections import defaultdict
from collections.abc import Mapping

from sqlite_utils import Database

_NAMES = "SELECT id, key, arxiv_id, title, merged_into, removed_at FROM papers ORDER BY id"
_CLAIMS = "SELECT slug, paper_id FROM claims WHERE removed_at IS NULL"
_NOTES = "SELECT id, paper_id FROM notes WHERE deleted_at IS NULL"
_TAGS = "SELECT paper_id, tag FROM paper_tags ORDER BY paper_id, tag"


def paper_names(db: Database) -> dict[str, int]:
    """Every base id and key, case-folded too, with the row of the paper that it leads to: of one
    that became part of another, that other. Those off the desk's lists lack."""
    rows = {row["id"]: row for row in db.query(_NAMES)}
    found: dict[str, int] = {}
    for row in rows.values():
        kept = row
        while kept["merged_into"]:
            kept = rows[kept["merged_into"]]
        if kept["removed_at"]:
            continue
        for name in (row["key"], row["arxiv_id"]):
            if name:
                found.setdefault(name, kept["id"])
                found.setdefault(name.casefold(), kept["id"])
    return found


def own_names(db: Database) -> dict[int, tuple[str, str]]:
    """What a person calls each paper that is on the desk's lists, and its title, by its row, in
    their order."""
    return {
        row["id"]: (row["arxiv_id"] or row["key"], row["title"])
        for row in db.query(_NAMES)
        if not row["removed_at"]
    }


def claim_papers(db: Database) -> dict[str, int]:
    """The row of the paper of each claim, by its slug."""
    return {row["slug"]: row["paper_id"] for row in db.query(_CLAIMS)}


def note_papers(db: Database) -> dict[int, int]:
    """The row of the paper of each note."""
    return {row["id"]: row["paper_id"] for row in db.query(_NOTES)}


def tags(db: Database) -> Mapping[int, list[str]]:
    """The tags of every paper, by its row."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in db.query(_TAGS):
        found[row["paper_id"]].append(row["tag"])
    return found
