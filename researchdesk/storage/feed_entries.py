"""The papers that feeds announced, in rows: a first announcement of each, and newer versions."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.feeds import (
    Announced,
    Announcement,
    EntryState,
    FeedEntry,
    FeedKind,
    feed_name,
)
from researchdesk.domain.papers import Metadata
from researchdesk.storage import rows

_COLUMNS = """
    e.*, p.version AS at_hand, p.removed_at AS taken_off,
    (SELECT json_group_array(feed_id) FROM feed_sources s WHERE s.entry_id = e.id) AS brought_by
"""
_FROM = "feed_entries e LEFT JOIN papers p ON p.arxiv_id = e.arxiv_id"
_WAITS = """
    (e.state = 'new' OR (e.state = 'later' AND e.again_on <= :today))
    AND CASE WHEN e.announced IN ('new', 'cross')
        THEN p.id IS NULL OR (p.removed_at IS NOT NULL AND p.merged_into IS NULL)
        ELSE :every OR (p.id IS NOT NULL AND p.removed_at IS NULL AND p.version < e.version) END
    AND (:feed IS NULL OR e.id IN (SELECT entry_id FROM feed_sources WHERE feed_id = :feed))
    AND (:since IS NULL OR e.seen_at >= :since)
"""
_BEST_FIRST = "ORDER BY e.score IS NULL, e.score DESC, e.published DESC, e.id DESC"
_OLD_REPLACEMENTS = """
    DELETE FROM feed_entries WHERE announced IN ('replace', 'replace-cross') AND state = 'new'
    AND seen_at < ? AND arxiv_id NOT IN (SELECT arxiv_id FROM papers WHERE arxiv_id IS NOT NULL)
    AND id NOT IN (SELECT entry_id FROM feed_decisions)
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the waiting entries: of one feed, seen first at ``since`` or later, the newer
    versions of papers that are not on the desk too (``every``)."""

    today: date
    feed: int | None = None
    since: datetime | None = None
    every: bool = False

    @property
    def values(self) -> dict[str, Any]:
        return {
            "today": self.today.isoformat(),
            "feed": self.feed,
            "since": stamp(self.since) if self.since else None,
            "every": int(self.every),
        }


def take(db: Database, told: Announcement, feeds: Iterable[int], moment: datetime) -> int | None:
    """Keep an announcement; gives its number where it was not known, None where it was.

    A first announcement beats a cross-listing. An entry about which nothing was decided takes the
    words of a newer version.
    """
    entry_id, new = (_replacement if told.announced.is_replacement else _first)(db, told, moment)
    db.conn.executemany(
        "INSERT OR IGNORE INTO feed_sources (entry_id, feed_id)"
        " SELECT ?, id FROM feeds WHERE id = ?",
        [(entry_id, feed) for feed in feeds],
    )
    return entry_id if new else None


def bring(db: Database, arxiv_ids: Sequence[str], feed: int) -> None:
    """This feed names these papers too, as far as they were announced."""
    db.execute(
        "INSERT OR IGNORE INTO feed_sources (entry_id, feed_id)"
        " SELECT e.id, f.id FROM feed_entries e, feeds f WHERE f.id = ?"
        " AND e.arxiv_id IN (SELECT value FROM json_each(?))",
        [feed, json.dumps(list(arxiv_ids))],
    )


def known(db: Database, arxiv_ids: Sequence[str]) -> set[str]:
    """Those of these papers that were announced before, or are on the desk."""
    sql = """
        SELECT arxiv_id FROM feed_entries
        WHERE announced IN ('new', 'cross') AND arxiv_id IN (SELECT value FROM json_each(:ids))
        UNION SELECT arxiv_id FROM papers WHERE arxiv_id IN (SELECT value FROM json_each(:ids))
    """
    return {row[0] for row in db.conn.execute(sql, {"ids": json.dumps(list(arxiv_ids))})}


def waiting(db: Database, wanted: Wanted, limit: int = -1) -> list[FeedEntry]:
    """Those that wait for a decision, best first."""
    sql = f"SELECT {_COLUMNS} FROM {_FROM} WHERE {_WAITS} {_BEST_FIRST} LIMIT :limit"  # noqa: S608
    names = _feed_names(db)
    return [_entry(row, names) for row in db.query(sql, {**wanted.values, "limit": limit})]


def count(db: Database, wanted: Wanted) -> int:
    sql = f"SELECT count(*) FROM {_FROM} WHERE {_WAITS}"  # noqa: S608
    return int(db.conn.execute(sql, wanted.values).fetchone()[0])


def count_by_feed(db: Database, wanted: Wanted) -> dict[int, int]:
    """How many of those that wait each feed brought."""
    found = f"SELECT e.id FROM {_FROM} WHERE {_WAITS}"  # noqa: S608
    sql = "SELECT feed_id, count(*) FROM feed_sources"
    sql += f" WHERE entry_id IN ({found}) GROUP BY feed_id"
    return dict(db.conn.execute(sql, wanted.values).fetchall())


def waiting_of(db: Database, wanted: Wanted, ids: Collection[int]) -> dict[int, Announced]:
    """Those of these entries that wait, and how they were announced."""
    sql = f"SELECT e.id, e.announced FROM {_FROM} WHERE {_WAITS}"  # noqa: S608
    sql += " AND e.id IN (SELECT value FROM json_each(:ids))"
    found = db.conn.execute(sql, {**wanted.values, "ids": json.dumps(sorted(ids))})
    return {row[0]: Announced(row[1]) for row in found}


def put_off(db: Database, today: date) -> int:
    """How many wait for a later day."""
    sql = "SELECT count(*) FROM feed_entries WHERE state = 'later' AND again_on > ?"
    return int(db.conn.execute(sql, [today.isoformat()]).fetchone()[0])


def get(db: Database, entry_id: int) -> FeedEntry | None:
    return _one(db, "e.id = ?", entry_id)


def latest_of(db: Database, arxiv_id: str) -> FeedEntry | None:
    """The paper's entry: one that nothing was decided about before others, then the newest."""
    return _one(db, "e.arxiv_id = ? ORDER BY e.state != 'new', e.version DESC, e.id", arxiv_id)


def rankable(db: Database, wanted: Wanted) -> list[tuple[int, str, tuple[str, ...], str]]:
    """Number, title, authors and abstract of all that wait."""
    sql = f"SELECT e.id, e.title, e.authors, e.abstract FROM {_FROM} WHERE {_WAITS}"  # noqa: S608
    found = db.conn.execute(sql, wanted.values)
    return [(row[0], row[1], tuple(json.loads(row[2])), row[3]) for row in found]


def set_scores(
    db: Database,
    scores: Mapping[int, float | None],
    speaks: Mapping[int, Sequence[str]],
) -> None:
    """Rank entries; ``speaks`` are the words that speak for them."""
    given = [
        (score, json.dumps(list(speaks.get(entry_id, ())), ensure_ascii=False), entry_id)
        for entry_id, score in scores.items()
    ]
    db.conn.executemany("UPDATE feed_entries SET score = ?, speaks = ? WHERE id = ?", given)


def forget_replacements(db: Database, before: datetime) -> None:
    """Newer versions of papers that are not on the desk, seen before this moment, go."""
    db.execute(_OLD_REPLACEMENTS, [stamp(before)])


def _first(db: Database, told: Announcement, moment: datetime) -> tuple[int, bool]:
    sql = "SELECT id, announced, version, state FROM feed_entries"
    sql += " WHERE arxiv_id = ? AND announced IN ('new', 'cross')"
    row = db.conn.execute(sql, [told.arxiv_id]).fetchone()
    if row is None:
        return rows.insert(db, "feed_entries", _row_of(told, moment)), True
    number, announced, version, state = row
    if told.announced is Announced.NEW and announced == Announced.CROSS.value:
        db.execute("UPDATE feed_entries SET announced = 'new' WHERE id = ?", [number])
    if state == EntryState.NEW.value and told.words.version > version:
        _rewrite(db, number, told)
    return number, False


def _replacement(db: Database, told: Announcement, moment: datetime) -> tuple[int, bool]:
    """A newer version; an undecided announcement of the paper takes its words."""
    undecided = "SELECT id FROM feed_entries WHERE arxiv_id = ? AND announced IN ('new', 'cross')"
    undecided += " AND state = 'new' AND version < ?"
    for (number,) in db.conn.execute(undecided, [told.arxiv_id, told.words.version]).fetchall():
        _rewrite(db, number, told)
    replaces = "announced IN ('replace', 'replace-cross')"
    sql = f"SELECT id FROM feed_entries WHERE arxiv_id = ? AND version = ? AND {replaces}"  # noqa: S608
    row = db.conn.execute(sql, [told.arxiv_id, told.words.version]).fetchone()
    if row is not None:
        return row[0], False
    number = rows.insert(db, "feed_entries", _row_of(told, moment))
    older = f"DELETE FROM feed_entries WHERE arxiv_id = ? AND version < ? AND {replaces}"  # noqa: S608
    older += " AND state = 'new' AND id NOT IN (SELECT entry_id FROM feed_decisions)"
    db.execute(older, [told.arxiv_id, told.words.version])
    return number, True


def _rewrite(db: Database, number: int, told: Announcement) -> None:
    row = _words_row(told.words)
    if told.announced.is_replacement:
        del row["published"]
    db.table("feed_entries").update(number, row)


def _one(db: Database, where: str, value: object) -> FeedEntry | None:
    sql = f"SELECT {_COLUMNS} FROM {_FROM} WHERE {where} LIMIT 1"  # noqa: S608
    for row in db.query(sql, [value]):
        return _entry(row, _feed_names(db))
    return None


def _feed_names(db: Database) -> dict[int, str]:
    from_rows = db.conn.execute("SELECT id, kind, what, title FROM feeds").fetchall()
    return {row[0]: feed_name(FeedKind(row[1]), row[2], row[3]) for row in from_rows}


def _row_of(told: Announcement, moment: datetime) -> dict[str, Any]:
    return {
        "arxiv_id": told.arxiv_id,
        "announced": told.announced.value,
        "seen_at": stamp(moment),
        **_words_row(told.words),
    }


def _words_row(words: Metadata) -> dict[str, Any]:
    return {
        "version": words.version,
        "title": words.title,
        "authors": json.dumps(words.authors, ensure_ascii=False),
        "abstract": words.abstract,
        "categories": json.dumps(words.categories),
        "doi": words.doi,
        "journal_ref": words.journal_ref,
        "published": stamp(words.published) if words.published else None,
    }


def _entry(row: Mapping[str, Any], names: Mapping[int, str]) -> FeedEntry:
    words = Metadata(
        title=row["title"],
        authors=tuple(json.loads(row["authors"])),
        abstract=row["abstract"],
        categories=tuple(json.loads(row["categories"])),
        published=parse_stamp(row["published"]) if row["published"] else None,
        arxiv_id=row["arxiv_id"],
        version=row["version"],
        doi=row["doi"],
        journal_ref=row["journal_ref"],
    )
    return FeedEntry(
        id=row["id"],
        arxiv_id=row["arxiv_id"],
        announced=Announced(row["announced"]),
        words=words,
        seen_at=parse_stamp(row["seen_at"]),
        state=EntryState(row["state"]),
        why=row["why"],
        decided_at=parse_stamp(row["decided_at"]) if row["decided_at"] else None,
        again_on=date.fromisoformat(row["again_on"]) if row["again_on"] else None,
        score=row["score"],
        speaks=tuple(json.loads(row["speaks"])),
        before=None if row["taken_off"] else row["at_hand"],
        feeds=tuple(names[number] for number in json.loads(row["brought_by"]) if number in names),
    )
