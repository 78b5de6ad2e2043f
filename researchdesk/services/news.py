"""What changed about the desk's papers: told once, kept until a person has seen it."""

from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from researchdesk.domain.news import NewsItem as NewsItem
from researchdesk.domain.news import NewsKind as NewsKind
from researchdesk.services.desk import Desk
from researchdesk.storage import news


def tell(
    db: Database, paper_id: int, kind: NewsKind, text: str, version: int | None, moment: datetime
) -> int:
    """Keep a piece of news of a paper, within the caller's transaction; gives its number."""
    return news.insert(db, paper_id, kind, text, version, moment)


def unseen(desk: Desk, limit: int = -1) -> list[NewsItem]:
    """What was not seen yet, the last first; at most ``limit`` where it is not negative."""
    return news.unseen(desk.database.connection, limit)


def count_unseen(desk: Desk) -> int:
    return news.count_unseen(desk.database.connection)


def see(desk: Desk, ids: Iterable[int]) -> list[int]:
    """Mark as seen; gives the numbers of those that were not seen before, for ``unsee``."""
    with desk.database.writing() as db:
        return news.set_seen(db, ids, desk.clock())


def see_all(desk: Desk) -> list[int]:
    """Mark all as seen; gives the numbers of those that were not seen before, for ``unsee``."""
    return see(desk, [item.id for item in unseen(desk)])


def unsee(desk: Desk, ids: Iterable[int]) -> list[int]:
    """Take ``see`` back."""
    with desk.database.writing() as db:
        return news.set_seen(db, ids, None)
