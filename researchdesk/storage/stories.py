"""Stories, their drafts and what each draft said at its pauses, in rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.stories import Draft, DraftState, Story
from researchdesk.storage import rows

_STORIES = """
    SELECT stories.*, COALESCE(newest.text, '') AS text,
        COALESCE(newest.title, '') AS draft_title, newest.saved_at AS saved_at,
        (SELECT COUNT(*) FROM drafts WHERE drafts.story_id = stories.id) AS drafts
    FROM stories LEFT JOIN drafts AS newest ON newest.story_id = stories.id AND newest.number =
        (SELECT MAX(number) FROM drafts WHERE drafts.story_id = stories.id)
"""
_DRAFTS = """
    SELECT drafts.*, (SELECT COUNT(*) FROM draft_states AS s
        WHERE s.story_id = drafts.story_id AND s.number = drafts.number) AS states
    FROM drafts WHERE drafts.story_id = :story
"""


def insert(db: Database, slug: str, title: str, moment: datetime) -> Story:
    row = {"slug": slug, "title": title, "created_at": stamp(moment)}
    number = rows.insert(db, "stories", row)
    return Story(number, slug, title, moment, 0)


def find(db: Database, slug: str) -> Story | None:
    found = db.query(f"{_STORIES} WHERE slug = ?", [slug])
    return next((_story(row) for row in found), None)


def all_stories(db: Database) -> list[Story]:
    """The newest first."""
    sql = f"{_STORIES} ORDER BY created_at DESC, stories.id DESC"
    return [_story(row) for row in db.query(sql)]


def finished(db: Database) -> list[Story]:
    """Those that became a paper, the last first."""
    sql = f"{_STORIES} WHERE finished_at IS NOT NULL ORDER BY finished_at DESC, stories.id DESC"
    return [_story(row) for row in db.query(sql)]


def set_finished(db: Database, story_id: int, moment: datetime | None, venue: str) -> None:
    values = {"finished_at": _stamp(moment), "venue": venue}
    db.table("stories").update(story_id, values)


def set_celebrated(db: Database, story_id: int, moment: datetime | None) -> None:
    db.table("stories").update(story_id, {"celebrated_at": _stamp(moment)})


def add_draft(db: Database, story_id: int, title: str, text: str, moment: datetime) -> Draft:
    """Begin a draft behind the ones there are; it has no state yet."""
    sql = "SELECT COALESCE(MAX(number), 0) + 1 AS number FROM drafts WHERE story_id = ?"
    number = next(iter(db.query(sql, [story_id])))["number"]
    at = stamp(moment)
    row = {"story_id": story_id, "number": number, "title": title, "text": text}
    db.table("drafts").insert({**row, "begun_at": at, "saved_at": at})
    return Draft(number, text, moment, title, moment)


def drafts(db: Database, story_id: int) -> list[Draft]:
    """The drafts of a story, oldest first."""
    found = db.query(f"{_DRAFTS} ORDER BY number", {"story": story_id})
    return [_draft(row) for row in found]


def draft(db: Database, story_id: int, number: int) -> Draft | None:
    found = db.query(f"{_DRAFTS} AND number = :number", {"story": story_id, "number": number})
    return next((_draft(row) for row in found), None)


def set_text(db: Database, story_id: int, number: int, text: str, moment: datetime) -> None:
    db.table("drafts").update((story_id, number), {"text": text, "saved_at": stamp(moment)})


def set_title(db: Database, story_id: int, number: int, title: str) -> None:
    db.table("drafts").update((story_id, number), {"title": title})


def write_over(db: Database, slug: str, number: int, texts: tuple[str, str], at: datetime) -> bool:
    """Put the second of ``texts`` where the first stands; False where that stands there not."""
    old, new = texts
    sql = """UPDATE drafts SET text = ?, saved_at = ? WHERE number = ? AND text = ?
        AND story_id = (SELECT id FROM stories WHERE slug = ?)"""
    return db.conn.execute(sql, [new, stamp(at), number, old, slug]).rowcount == 1


def add_state(db: Database, story_id: int, number: int, text: str, moment: datetime) -> None:
    row = {"story_id": story_id, "number": number, "text": text, "saved_at": stamp(moment)}
    rows.insert(db, "draft_states", row)


def states(db: Database, story_id: int, number: int) -> list[DraftState]:
    """What a draft said at its pauses, oldest first."""
    found = db.table("draft_states").rows_where(
        "story_id = ? AND number = ?", [story_id, number], order_by="id"
    )
    return [
        DraftState(place, row["text"], parse_stamp(row["saved_at"]))
        for place, row in enumerate(found, start=1)
    ]


def last_state(db: Database, story_id: int, number: int) -> str | None:
    """The text of a draft's newest state, None where it has none."""
    sql = """SELECT text FROM draft_states WHERE story_id = ? AND number = ?
        ORDER BY id DESC LIMIT 1"""
    return next((row["text"] for row in db.query(sql, [story_id, number])), None)


def _draft(row: Mapping[str, Any]) -> Draft:
    return Draft(
        row["number"],
        row["text"],
        parse_stamp(row["saved_at"]),
        row["title"],
        parse_stamp(row["begun_at"] or row["saved_at"]),
        row["states"],
    )


def _story(row: Mapping[str, Any]) -> Story:
    return Story(
        row["id"],
        row["slug"],
        row["title"],
        parse_stamp(row["created_at"]),
        row["drafts"],
        row["text"],
        row["draft_title"],
        _moment(row["saved_at"]),
        _moment(row["finished_at"]),
        row["venue"],
        _moment(row["celebrated_at"]),
    )


def _moment(text: str | None) -> datetime | None:
    return parse_stamp(text) if text else None


def _stamp(moment: datetime | None) -> str | None:
    return stamp(moment) if moment else None
