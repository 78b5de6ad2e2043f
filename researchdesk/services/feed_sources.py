"""What each kind of feed brings, asked of its source."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby

from researchdesk.domain.feeds import (
    Announced,
    Announcement,
    Feed,
    FeedKind,
    eastern_day,
    has_gap,
    is_in,
    is_weekend,
    why_empty,
)
from researchdesk.domain.papers import Metadata
from researchdesk.domain.queries import FindQuery
from researchdesk.errors import DeskError
from researchdesk.services.desk import Desk
from researchdesk.sources.arxiv import ArxivSource
from researchdesk.sources.failures import StatusError
from researchdesk.sources.progress import Progress, silent
from researchdesk.sources.rss import Announcements, FeedSource
from researchdesk.sources.syndication import arxiv_ids
from researchdesk.storage import feed_entries

_MOST = 2000
_MOST_NAMED = 500
_UNKNOWN = {400, 404}
_TOO_MUCH = {403, 429, 503}
_BEFORE_ANNOUNCED = timedelta(days=4)
"""From a Thursday's deadline to its announcement, over a weekend with a holiday."""
_HELD = timedelta(days=14)
_FIRST_LOOK = {FeedKind.AUTHOR: timedelta(days=180), FeedKind.SEARCH: timedelta(days=30)}
_A_LOOK = 100


@dataclass(frozen=True, slots=True)
class Brought:
    """What asking for a feed brought. ``day`` is what it is read up to, where that moved on.

    ``known`` are the papers it names that need not be asked for."""

    feed: Feed
    papers: tuple[Announcement, ...] = ()
    known: tuple[str, ...] = ()
    day: date | None = None
    title: str = ""
    etag: str = ""
    left_out: int = 0
    words: str = ""
    error: DeskError | None = field(default=None)


class Sources:
    """arXiv's announcements, its search, and other feeds, for one refresh."""

    def __init__(self, desk: Desk, progress: Progress | None = None) -> None:
        self._desk = desk
        self._progress = progress or silent
        self._feeds = FeedSource(desk.settings, desk.clock)
        self._arxiv = ArxivSource(desk.settings, desk.clock)
        self._refusal: DeskError | None = None

    def categories(self, feeds: Sequence[Feed]) -> list[Brought]:
        """The last announcement of all of them, in one request, and what was missed before it.

        Where arXiv does not know one of several, or cuts what it sends, each is asked for alone.
        """
        if not feeds:
            return []
        if self._refusal:
            return [Brought(feed, error=self._refusal) for feed in feeds]
        try:
            told = self._feeds.announced([feed.what for feed in feeds], self._progress)
        except DeskError as error:
            if len(feeds) > 1 and isinstance(error, StatusError) and error.status in _UNKNOWN:
                return self._one_by_one(feeds)
            return [self._failed(feed, error) for feed in feeds]
        if len(feeds) > 1 and len(told.papers) >= _MOST:
            return self._one_by_one(feeds)
        return self._with_missed([_announced_to(feed, told, feeds) for feed in feeds], told)

    def _one_by_one(self, feeds: Sequence[Feed]) -> list[Brought]:
        return [found for feed in feeds for found in self.categories([feed])]

    def _failed(self, feed: Feed, error: DeskError) -> Brought:
        """It could not be read. Where arXiv wants to be left alone it is asked nothing more."""
        if isinstance(error, StatusError) and error.status in _TOO_MUCH:
            self._refusal = error
        return Brought(feed, error=error)

    def query(self, feed: Feed) -> Brought:
        """The newest papers of an author, or that a search finds, since the last time."""
        if self._refusal:
            return Brought(feed, error=self._refusal)
        today = eastern_day(self._desk.clock())
        back = _HELD if feed.checked_at else _FIRST_LOOK[feed.kind]
        since = eastern_day(feed.checked_at or self._desk.clock()) - back
        asked = FindQuery(since=since, until=today, newest=True, limit=_A_LOOK)
        if feed.kind is FeedKind.AUTHOR:
            asked = replace(asked, author=feed.what)
        else:
            asked = replace(asked, words=feed.what)
        self._progress(f"asking arXiv for {feed.name}", 0, None)
        try:
            page = self._arxiv.find(asked, self._progress)
        except DeskError as error:
            return self._failed(feed, error)
        words = _more(page.total, len(page.papers))
        return Brought(feed, tuple(map(_first_told, page.papers)), words=words)

    def address(self, feed: Feed) -> Brought:
        """The papers of arXiv that the entries of a feed link to."""
        try:
            sent = self._feeds.at(feed.what, feed.etag, self._progress)
        except DeskError as error:
            return Brought(feed, error=error)
        if sent.feed is None:
            return Brought(feed, etag=sent.etag, words="not changed since")
        named = [arxiv_ids(item.link, item.text, item.title) for item in sent.feed.items]
        bases = list({one.base: one for ids in named for one in ids}.values())[:_MOST_NAMED]
        known = feed_entries.known(self._desk.database.connection, [one.base for one in bases])
        asked = [replace(one, version=None) for one in bases if one.base not in known]
        try:
            if asked and self._refusal:
                return Brought(feed, error=self._refusal)
            found = self._arxiv.metadata_many(asked, self._progress) if asked else {}
        except DeskError as error:
            return self._failed(feed, error)
        return Brought(
            feed,
            tuple(_first_told(words) for words in found.values()),
            known=tuple(known),
            title=sent.feed.title,
            etag=sent.etag,
            left_out=sum(not ids for ids in named),
            words="the feed is damaged; what could be read was" if sent.feed.damaged else "",
        )

    def _with_missed(self, brought: list[Brought], told: Announcements) -> list[Brought]:
        """With the papers of the announcements between the last one read and this."""
        empty = not told.papers
        done: list[Brought] = []
        for last, group in groupby(brought, key=lambda item: item.feed.announced_on):
            items = list(group)
            if has_gap(last, told.day, empty):
                done += self._missed(items, last, told.day)
            else:
                done += items
        return done

    def _missed(self, items: list[Brought], last: date | None, day: date) -> list[Brought]:
        since = (last or day) - _BEFORE_ANNOUNCED
        names = tuple(item.feed.what for item in items)
        asked = FindQuery(categories=names, since=since, until=day, newest=True, limit=_MOST)
        self._progress("asking arXiv for what was missed", 0, None)
        try:
            page = self._arxiv.find(asked, self._progress)
        except DeskError as error:
            failed = self._failed(items[0].feed, error).error
            return [replace(item, day=None, error=failed) for item in items]
        missed = f"filled up since {last}" if last else "the last days were asked for instead"
        words = "; ".join(filter(None, (missed, _more(page.total, len(page.papers)))))
        return [
            replace(
                item,
                papers=(*item.papers, *_listed_in(page.papers, item.feed.what)),
                words="; ".join(filter(None, (item.words, words))),
            )
            for item in items
        ]


def _announced_to(feed: Feed, told: Announcements, feeds: Sequence[Feed]) -> Brought:
    """What of an announcement for several feeds is this one's."""
    day = max(_read_up_to(told), feed.announced_on or date.min)
    if not told.papers:
        return Brought(feed, day=day, words=why_empty(told.day, told.skip_days))
    others = [item.what for item in feeds if item is not feed]
    mine = tuple(
        paper
        for paper in told.papers
        if _listed(paper, [feed.what]) or (feed is feeds[0] and not _listed(paper, others))
    )
    return Brought(feed, mine, day=day)


def _listed(paper: Announcement, categories: Sequence[str]) -> bool:
    return any(is_in(name, item) for name in paper.words.categories for item in categories)


def _read_up_to(told: Announcements) -> date:
    """The day of the announcement; where it is empty though it might come yet, the day before."""
    skipped = told.day.strftime("%A").casefold() in told.skip_days
    if told.papers or skipped or is_weekend(told.day):
        return told.day
    return told.day - timedelta(days=1)


def _listed_in(papers: Sequence[Metadata], category: str) -> list[Announcement]:
    """The papers in this category: new there, or cross-listed where another is their first."""
    return [
        Announcement(
            words.arxiv_id or "",
            Announced.NEW if is_in(words.categories[0], category) else Announced.CROSS,
            words,
        )
        for words in papers
        if words.arxiv_id and any(is_in(name, category) for name in words.categories)
    ]


def _first_told(words: Metadata) -> Announcement:
    return Announcement(words.arxiv_id or "", Announced.NEW, words)


def _more(total: int, here: int) -> str:
    return f"there are {total:,}; the newest {here:,} were taken" if total > here else ""
