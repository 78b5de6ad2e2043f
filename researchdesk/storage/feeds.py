"""What is followed, in rows, and the decisions about what it brought."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.feeds import EntryState, Feed, FeedEntry, FeedKind
from researchdesk.storage import rows


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that stands; ``filed_paper`` is the paper that it put on the desk."""

    id: int
    entry_id: int
    filed_paper: int | None
    before: Mapping[str, Any]


def add(db: Database, kind: FeedKind, what: str, moment: datetime) -> Feed:
    """Follow something; what is followed already stays as it is."""
    row = {"kind": kind.value, "what": what, "added_at": stamp(moment)}
    db.table("feeds").insert(row, ignore=True)
    return next(feed for feed in all_feeds(db) if (feed.kind, feed.what) == (kind, what))


def drop(db: Database, feed_id: int) -> None:
    """Follow it no longer. What only it brought, and nothing was decided about, goes with it."""
    db.execute("DELETE FROM feeds WHERE id = ?", [feed_id])
    db.execute(
        "DELETE FROM feed_entries WHERE state = 'new'"
        " AND id NOT IN (SELECT entry_id FROM feed_sources)"
        " AND id NOT IN (SELECT entry_id FROM feed_decisions)"
    )


def all_feeds(db: Database) -> list[Feed]:
    """In the order in which they were followed."""
    return [_feed(row) for row in db.table("feeds").rows_where(order_by="id")]


def checked(
    db: Database,
    feed_id: int,
    moment: datetime,
    *,
    announced_on: date | None = None,
    title: str = "",
    etag: str = "",
) -> None:
    """It was read; what is not said of it stays."""
    row: dict[str, Any] = {"checked_at": stamp(moment), "problem": "", "etag": etag}
    if announced_on is not None:
        row["announced_on"] = announced_on.isoformat()
    if title:
        row["title"] = title
    _update(db, feed_id, row)


def failed(db: Database, feed_id: int, problem: str) -> None:
    """It could not be read; it is asked for again next time."""
    _update(db, feed_id, {"problem": problem})


# Decisions


def decide(
    db: Database,
    entry: FeedEntry,
    state: EntryState,
    why: str,
    again_on: date | None,
    moment: datetime,
) -> int:
    """Write a decision, and what stood before it; gives the decision's number."""
    before = {
        "state": entry.state.value,
        "why": entry.why,
        "decided_at": stamp(entry.decided_at) if entry.decided_at else None,
        "again_on": entry.again_on.isoformat() if entry.again_on else None,
    }
    now = {
        "state": state.value,
        "why": why,
        "decided_at": stamp(moment),
        "again_on": again_on.isoformat() if again_on else None,
    }
    db.table("feed_entries").update(entry.id, now)
    row = {
        "entry_id": entry.id,
        "state": state.value,
        "before": json.dumps(before),
        "at": stamp(moment),
    }
    return rows.insert(db, "feed_decisions", row)


def set_filed(db: Database, decision_id: int, paper_id: int) -> None:
    """This decision put the paper on the desk."""
    db.table("feed_decisions").update(decision_id, {"filed_paper": paper_id})


def last_decision(db: Database, entry_id: int | None = None) -> Decision | None:
    """The last one that was not taken back, of all or of this entry."""
    where = "undone_at IS NULL AND (:entry IS NULL OR entry_id = :entry)"
    values = {"entry": entry_id}
    found = db.table("feed_decisions").rows_where(where, values, order_by="id DESC", limit=1)
    for row in found:
        return Decision(row["id"], row["entry_id"], row["filed_paper"], json.loads(row["before"]))
    return None


def take_back(db: Database, decision: Decision, moment: datetime) -> None:
    """The entry is as it was before the decision."""
    db.table("feed_entries").update(decision.entry_id, dict(decision.before))
    db.table("feed_decisions").update(decision.id, {"undone_at": stamp(moment)})


def _update(db: Database, feed_id: int, row: Mapping[str, Any]) -> None:
    """Nothing where it is followed no longer."""
    fields = ", ".join(f"{name} = :{name}" for name in row)
    db.execute(f"UPDATE feeds SET {fields} WHERE id = :feed_id", {**row, "feed_id": feed_id})  # noqa: S608


def _feed(row: Mapping[str, Any]) -> Feed:
    return Feed(
        id=row["id"],
        kind=FeedKind(row["kind"]),
        what=row["what"],
        title=row["title"],
        added_at=parse_stamp(row["added_at"]),
        checked_at=parse_stamp(row["checked_at"]) if row["checked_at"] else None,
        announced_on=date.fromisoformat(row["announced_on"]) if row["announced_on"] else None,
        etag=row["etag"],
        problem=row["problem"],
    )
