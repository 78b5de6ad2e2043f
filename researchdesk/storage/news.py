"""News of papers, in rows."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.news import NewsItem, NewsKind
from researchdesk.storage import rows

_NEWS = """
    SELECT news.*, COALESCE(papers.arxiv_id, papers.key) AS name, papers.title FROM news
    JOIN papers ON papers.id = news.paper_id WHERE papers.removed_at IS NULL
"""


def insert(
    db: Database,
    paper_id: int,
    kind: NewsKind,
    text: str,
    version: int | None,
    moment: datetime,
) -> int:
    """Keep a piece of news; gives its number."""
    row = {
        "paper_id": paper_id,
        "kind": kind.value,
        "text": text,
        "version": version,
        "at": stamp(moment),
    }
    return rows.insert(db, "news", row)


def unseen(db: Database, limit: int = -1) -> list[NewsItem]:
    """What was not seen yet of papers on the desk, the last first."""
    sql = f"{_NEWS} AND news.seen_at IS NULL ORDER BY news.at DESC, news.id DESC LIMIT ?"
    return [_item(row) for row in db.query(sql, [limit])]


def count_unseen(db: Database) -> int:
    sql = (
        "SELECT COUNT(*) FROM news JOIN papers ON papers.id = news.paper_id"
        " WHERE papers.removed_at IS NULL AND news.seen_at IS NULL"
    )
    return int(db.execute(sql).fetchone()[0])


def set_seen(db: Database, ids: Iterable[int], moment: datetime | None) -> list[int]:
    """Mark as seen, or as unseen again; gives the numbers of those that this changed."""
    sql = "UPDATE news SET seen_at = ? WHERE id = ? AND (seen_at IS NULL) = ?"
    to = stamp(moment) if moment else None
    return [one for one in ids if db.conn.execute(sql, (to, one, moment is not None)).rowcount]


def supersede(db: Database, paper_id: int, moment: datetime) -> None:
    """What is unseen of a paper's versions is seen: something newer takes its place."""
    sql = (
        "UPDATE news SET seen_at = ? WHERE paper_id = ? AND seen_at IS NULL AND kind != 'published'"
    )
    db.conn.execute(sql, (stamp(moment), paper_id))


def _item(row: Mapping[str, Any]) -> NewsItem:
    return NewsItem(
        id=row["id"],
        paper_id=row["paper_id"],
        name=row["name"],
        title=row["title"],
        kind=NewsKind(row["kind"]),
        text=row["text"],
        version=row["version"],
        at=parse_stamp(row["at"]),
        seen_at=parse_stamp(row["seen_at"]) if row["seen_at"] else None,
    )
