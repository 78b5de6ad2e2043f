"""Announced papers put on a desk without any source."""

from collections.abc import Sequence
from datetime import UTC, datetime

from researchdesk.domain.feeds import Announced, Announcement, Feed, FeedKind
from researchdesk.domain.papers import Metadata
from researchdesk.services import feeds
from researchdesk.services.desk import Desk
from researchdesk.storage import feed_entries
from researchdesk.storage import feeds as rows

ABSTRACT = (
    "We study [b]attention[/b] in sparse networks, and why it fails. Sparse attention attends to "
    "few tokens; ours learns which. On translation it gains 1.2 BLEU at half the cost, and on "
    "long documents it stays where dense models lose. We release code."
)


def followed(desk: Desk, what: str = "cs.LG", kind: FeedKind = FeedKind.CATEGORY) -> Feed:
    """A feed that was asked just now."""
    feed = feeds.follow(desk, kind, what)
    with desk.database.writing() as db:
        rows.checked(db, feed.id, desk.clock(), announced_on=desk.today())
    return feed


def announce(
    desk: Desk,
    feed: Feed,
    *titles: str,
    first: int = 1,
    kind: Announced = Announced.NEW,
    scores: Sequence[float] = (),
    speaks: Sequence[str] = (),
) -> list[str]:
    """Papers 2603.00001 and so on, the first of them the best; gives their ids."""
    ids = []
    with desk.database.writing() as db:
        for number, title in enumerate(titles, start=first):
            arxiv_id = f"2603.{number:05}"
            words = Metadata(
                title=title,
                authors=("Ada Lovelace", "Charles Babbage", "Grace [Hopper]"),
                abstract=ABSTRACT,
                categories=("cs.LG", "stat.ML"),
                published=datetime(2026, 3, 13, 23 - number % 20, tzinfo=UTC),
                arxiv_id=arxiv_id,
                version=1 if kind is Announced.NEW else 2,
            )
            told = Announcement(arxiv_id, kind, words)
            entry = feed_entries.take(db, told, (feed.id,), desk.clock())
            if scores and entry is not None:
                score = scores[number - first]
                feed_entries.set_scores(db, {entry: score}, {entry: speaks})
            ids.append(arxiv_id)
    return ids
