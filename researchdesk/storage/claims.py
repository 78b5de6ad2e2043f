"""Claims that a person took from papers, in rows."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.claims import ClaimRevision, PaperClaim
from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.storage import rows

_NUMBER = re.compile(r"-(\d+)\Z")
_COLUMNS = (
    "version",
    "text",
    "where",
    "quote",
    "page",
    "metric",
    "dataset",
    "value",
    "spread",
    "unit",
)
_SAME = ("paper_id", "version", "where", "value", "spread", "unit", "text")
_TAKEN = """
    SELECT claims.* FROM claims WHERE paper_id = ? AND version = ? AND "where" = ?
    AND value IS ? AND spread IS ? AND unit = ? AND (
        SELECT text FROM claim_revisions WHERE claim_id = claims.id ORDER BY id LIMIT 1
    ) = ? ORDER BY id
"""


def insert(db: Database, stem: str, claim: PaperClaim) -> PaperClaim:
    """Keep a new claim (its ``id`` and ``slug`` are not looked at) under the next free slug.

    A number is used once, also where its claim was removed.
    """
    taken = db.query("SELECT slug FROM claims WHERE paper_id = ?", [claim.paper_id])
    numbers = [int(match[1]) for row in taken if (match := _NUMBER.search(row["slug"]))]
    slug = f"{stem}-{max(numbers, default=0) + 1}"
    row = {
        "slug": slug,
        "paper_id": claim.paper_id,
        "created_at": stamp(claim.created_at),
        **{name: getattr(claim, name) for name in _COLUMNS},
    }
    kept = replace(claim, id=rows.insert(db, "claims", row), slug=slug)
    _revise(db, kept.id, kept.text, kept.created_at)
    return kept


def same(db: Database, claim: PaperClaim) -> PaperClaim | None:
    """The claim that was taken from the same place with the same words, whatever it says now, a
    removed one too; None if there is none.

    A paper that was parsed anew may have the place on another page, or break its lines elsewhere.
    """
    values = [getattr(claim, name) for name in _SAME]
    found = [row for row in db.query(_TAKEN, values) if _bare(row["quote"]) == _bare(claim.quote)]
    return _claim(found[0]) if found else None


def by_slug(db: Database, slug: str) -> PaperClaim | None:
    """The claim of this slug, a removed one too."""
    found = db.table("claims").rows_where("slug = ? COLLATE NOCASE", [slug], limit=1)
    return next((_claim(row) for row in found), None)


def is_removed(db: Database, claim_id: int) -> bool:
    return bool(db.table("claims").get(claim_id)["removed_at"])


def claims(db: Database, paper_id: int | None = None) -> list[PaperClaim]:
    """The claims of a paper (of all) that were not removed, in the order they were taken."""
    where = "removed_at IS NULL" + ("" if paper_id is None else " AND paper_id = ?")
    values = [] if paper_id is None else [paper_id]
    return [_claim(row) for row in db.table("claims").rows_where(where, values, order_by="id")]


def set_removed(db: Database, claim_id: int, moment: datetime | None) -> None:
    db.table("claims").update(claim_id, {"removed_at": stamp(moment) if moment else None})


def set_text(db: Database, claim_id: int, text: str, moment: datetime) -> None:
    """Write a claim's new words; the earlier ones stay among its revisions."""
    with db.atomic():
        db.table("claims").update(claim_id, {"text": text})
        _revise(db, claim_id, text, moment)


def revisions(db: Database, claim_id: int) -> list[ClaimRevision]:
    """What a claim said, oldest first."""
    found = db.table("claim_revisions").rows_where("claim_id = ?", [claim_id], order_by="id")
    return [ClaimRevision(parse_stamp(row["saved_at"]), row["text"]) for row in found]


def _revise(db: Database, claim_id: int, text: str, moment: datetime) -> None:
    row = {"claim_id": claim_id, "text": text, "saved_at": stamp(moment)}
    db.table("claim_revisions").insert(row)


def _bare(quote: str) -> str:
    return "".join(character for character in quote.casefold() if character.isalnum())


def _claim(row: Mapping[str, Any]) -> PaperClaim:
    return PaperClaim(
        id=row["id"],
        slug=row["slug"],
        paper_id=row["paper_id"],
        created_at=parse_stamp(row["created_at"]),
        **{name: row[name] for name in _COLUMNS},
    )
