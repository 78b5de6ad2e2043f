"""What is followed: feeds, what they announce, and what was decided about it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone, tzinfo
from enum import Enum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from researchdesk.domain.identifiers import category_parts
from researchdesk.domain.papers import Metadata

_WEEKEND = (5, 6)
_NOT_YET = timedelta(hours=1)


class FeedKind(Enum):
    """What a feed follows: an arXiv category, an author, a search, an RSS or Atom address."""

    CATEGORY = "category"
    AUTHOR = "author"
    SEARCH = "search"
    ADDRESS = "address"


class Announced(Enum):
    """How arXiv announced a paper: for the first time, in a further category, in a newer version.

    https://info.arxiv.org/help/rss_specifications.html
    """

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"

    @property
    def is_replacement(self) -> bool:
        return self in {Announced.REPLACE, Announced.REPLACE_CROSS}


class EntryState(Enum):
    """What was decided about an entry. NEW: nothing yet."""

    NEW = "new"
    KEPT = "kept"
    LATER = "later"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Feed:
    """One thing that is followed. ``announced_on`` is the last day whose announcements were read
    (of a category); ``problem`` is why it could not be read the last time."""

    id: int
    kind: FeedKind
    what: str
    title: str
    added_at: datetime
    checked_at: datetime | None = None
    announced_on: date | None = None
    etag: str = ""
    problem: str = ""

    @property
    def name(self) -> str:
        """What a person calls it."""
        return feed_name(self.kind, self.what, self.title)


@dataclass(frozen=True, slots=True)
class Announcement:
    """A paper as a source announces it. ``words.version`` is the version announced."""

    arxiv_id: str
    announced: Announced
    words: Metadata


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An announced paper that waits, or about which something was decided.

    ``before`` is the version on the desk that an announced replacement would replace. ``score`` is
    None where nothing on the desk ranks it. ``feeds`` are the names of those that brought it.
    ``speaks`` are the words of it that speak for it.
    """

    id: int
    arxiv_id: str
    announced: Announced
    words: Metadata
    seen_at: datetime
    state: EntryState = EntryState.NEW
    why: str = ""
    decided_at: datetime | None = None
    again_on: date | None = None
    score: float | None = None
    before: int | None = None
    feeds: tuple[str, ...] = field(default=())
    speaks: tuple[str, ...] = field(default=())

    @property
    def title(self) -> str:
        return self.words.title

    @property
    def link(self) -> str:
        """The address of its abstract at arXiv."""
        version = f"v{self.words.version}" if self.announced.is_replacement else ""
        return f"https://arxiv.org/abs/{self.arxiv_id}{version}"

    @property
    def kind_words(self) -> str:
        """How it was announced, for a person."""
        if self.announced.is_replacement:
            before = f"v{self.before} → " if self.before else "by "
            return f"replaced {before}v{self.words.version}"
        return "cross-listed" if self.announced is Announced.CROSS else "new"


def feed_name(kind: FeedKind, what: str, title: str = "") -> str:
    """What a person calls a feed."""
    if kind is FeedKind.AUTHOR:
        return f"author {what}"
    if kind is FeedKind.SEARCH:
        return f"search “{what}”"
    return title or what


def category_named(text: str) -> str:
    """An arXiv category as arXiv spells it. Raises UsageProblemError where it cannot be one."""
    return ".".join(filter(None, category_parts(text.strip())))


def is_in(category: str, followed: str) -> bool:
    """Whether a paper's category is the followed one, or of the followed archive."""
    category, followed = category.casefold(), followed.casefold()
    return category == followed or category.startswith(f"{followed}.")


def eastern_day(moment: datetime) -> date:
    """The day it is at arXiv, which announces at midnight, US Eastern time."""
    return moment.astimezone(_eastern()).date()


def is_due(feed: Feed, now: datetime) -> bool:
    """Whether asking its source again can bring something.

    A category's announcements change at midnight US Eastern, and may come late; so do the answers
    of arXiv's search. Other addresses are asked once an hour at most.
    """
    if feed.checked_at is None or feed.checked_at > now:
        return True
    today = eastern_day(now)
    if feed.kind is FeedKind.ADDRESS:
        return now - feed.checked_at >= _NOT_YET
    if feed.kind is not FeedKind.CATEGORY:
        return eastern_day(feed.checked_at) < today
    if feed.announced_on is not None and feed.announced_on >= today:
        return False
    return now - feed.checked_at >= _NOT_YET


def has_gap(last: date | None, day: date, empty: bool) -> bool:
    """Whether announcements between ``last``, the last day read, and ``day`` were missed.

    The feed shows only the last announcement. Of days of the week Monday to Friday have one;
    ``empty`` where that of ``day`` has none. Where nothing was read yet, an empty day is a gap.
    """
    if last is None:
        return empty
    days = [last + timedelta(days=n) for n in range(1, (day - last).days)]
    return not all(map(is_weekend, days))


def is_weekend(day: date) -> bool:
    """Whether it is a Saturday or a Sunday, on which arXiv never announces."""
    return day.weekday() in _WEEKEND


def why_empty(day: date, skipped: frozenset[str]) -> str:
    """Why a category's feed of ``day`` holds nothing."""
    name = day.strftime("%A")
    if is_weekend(day) or name.casefold() in skipped:
        return f"arXiv announces nothing on a {name}"
    return f"arXiv announced nothing on {day}: it is a holiday there, or the day is not out yet"


def _eastern() -> tzinfo:
    """US Eastern; where the machine knows no time zones, its winter time."""
    try:
        return ZoneInfo("America/New_York")
    except ZoneInfoNotFoundError:
        return timezone(timedelta(hours=-5))
