"""A ranking that fails hides nothing of what came."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from support.feed_server import FeedServer, Told

from researchdesk.domain.feeds import FeedKind
from researchdesk.errors import DeskError
from researchdesk.services import feeds, recommending_apart
from researchdesk.services.desk import open_desk
from researchdesk.services.feeds_refreshing import refresh

NOW = datetime(2026, 4, 14, 14, tzinfo=UTC)


def test_what_came_is_told_though_it_could_not_be_ranked(settings, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise DeskError("The ranking ended without an answer.")

    monkeypatch.setattr(recommending_apart, "score_new", fail)
    with FeedServer() as server:
        desk = open_desk(replace(settings, arxiv_url=server.url, rss_url=server.url), lambda: NOW)
        feeds.follow(desk, FeedKind.CATEGORY, "cs.LG")
        day = datetime(2026, 4, 14, tzinfo=ZoneInfo("America/New_York"))
        server.announce(day, Told("2604.00001v1", "One"), Told("2604.00002v1", "Two"))
        report = refresh(desk)
        assert not report.ranked
        assert len(report.came) == 2
        assert {entry.title for entry in feeds.waiting(desk)} == {"One", "Two"}
        desk.close()
