"""Stories and all their drafts, in rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.stories import Draft, Story
from researchdesk.storage import rows

_STORIES = """
    SELECT stories.*, COUNT(drafts.number) AS drafts,
        COALESCE((SELECT text FROM drafts AS d WHERE d.story_id = stories.id
                  ORDER BY number DESC LIMIT 1), '') AS text
    FROM stories LEFT JOIN drafts ON drafts.story_id = stories.id
"""


def insert(db: Database, slug: str, title: str, moment: datetime) -> Story:
    row = {"slug": slug, "title": title, "created_at": stamp(moment)}
    number = rows.insert(db, "stories", row)
    return Story(number, slug, title, moment, 0)


def find(db: Database, slug: str) -> Story | None:
    found = db.query(f"{_STORIES} WHERE slug = ? GROUP BY stories.id", [slug])
    return next((_story(row) for row in found), None)


def all_stories(db: Database) -> list[Story]:
    """The newest first."""
    sql = f"{_STORIES} GROUP BY stories.id ORDER BY created_at DESC, stories.id DESC"
    return [_story(row) for row in db.query(sql)]


def add_draft(db: Database, story_id: int, text: str, moment: datetime) -> None:
    """Keep a new draft behind the ones there are."""
    with db.atomic():
        sql = "SELECT COALESCE(MAX(number), 0) + 1 AS number FROM drafts WHERE story_id = ?"
        number = next(iter(db.query(sql, [story_id])))["number"]
        db.table("drafts").insert(
            {"story_id": story_id, "number": number, "text": text, "saved_at": stamp(moment)}
        )


def drafts(db: Database, story_id: int) -> list[Draft]:
    """The drafts of a story, oldest first."""
    found = db.table("drafts").rows_where("story_id = ?", [story_id], order_by="number")
    return [Draft(row["number"], row["text"], parse_stamp(row["saved_at"])) for row in found]


def _story(row: Mapping[str, Any]) -> Story:
    created = parse_stamp(row["created_at"])
    return Story(row["id"], row["slug"], row["title"], created, row["drafts"], row["text"])
