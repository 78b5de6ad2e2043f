"""What the things that a story links said when that was last seen, in rows."""

from collections.abc import Mapping
from datetime import datetime

from sqlite_utils import Database

from researchdesk.domain.clock import stamp


def said(db: Database, story_id: int) -> dict[str, str]:
    """What each known ref of a story said."""
    found = db.table("story_evidence").rows_where("story_id = ?", [story_id])
    return {row["ref"]: row["said"] for row in found}


def keep(db: Database, story_id: int, told: Mapping[str, str], moment: datetime) -> None:
    """Keep what each ref says, in the place of what it said."""
    at = stamp(moment)
    db.table("story_evidence").upsert_all(
        [{"story_id": story_id, "ref": ref, "said": said, "seen_at": at}
         for ref, said in told.items()],
        pk=("story_id", "ref"),
    )  # fmt: skip
