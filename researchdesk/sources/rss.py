"""arXiv's daily announcements, and other feeds by their address, asked for with manners."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

import httpx

from researchdesk.config import Settings
from researchdesk.domain.clock import Clock, utc_now
from researchdesk.domain.feeds import Announced, Announcement, eastern_day
from researchdesk.domain.identifiers import parse_arxiv_id
from researchdesk.domain.papers import Metadata
from researchdesk.domain.text import one_line
from researchdesk.errors import SourceError, UsageProblemError
from researchdesk.sources.body import whole
from researchdesk.sources.failures import StatusError
from researchdesk.sources.http import Fetcher
from researchdesk.sources.progress import Progress, Sleep, silent
from researchdesk.sources.syndication import Item, Syndicated, parse_feed

LARGEST_FEED = 16 * 2**20
_ABSTRACT = re.compile(r"^\s*arXiv:\S+\s+Announce Type:\s*(\S+)\s*(?:Abstract:)?\s*", re.IGNORECASE)
_LOOK = "Look at the address in a browser: it may have moved, or want to be asked seldom."
_UNKNOWN = {400, 404}
_LONGEST_ADDRESS = 2_000
_REFUSED = "feed error"
_KINDS = {kind.value: kind for kind in Announced}


@dataclass(frozen=True, slots=True)
class Announcements:
    """What arXiv announced on ``day`` (US Eastern). ``skip_days`` are names of days without any,
    in small letters."""

    day: date
    skip_days: frozenset[str]
    papers: tuple[Announcement, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """What an address sent; ``feed`` is None where it has not changed since ``etag``."""

    feed: Syndicated | None
    etag: str = ""


class FeedSource:
    """Asks for feeds. Every method raises SourceError where that fails.

    Requests of all processes of this user are paced.
    """

    def __init__(
        self, settings: Settings, clock: Clock = utc_now, sleep: Sleep = time.sleep
    ) -> None:
        self._base = settings.rss_url.rstrip("/")
        self._clock = clock
        self._fetcher = Fetcher(settings, clock, sleep)

    def announced(
        self, categories: Sequence[str], progress: Progress | None = None
    ) -> Announcements:
        """The last announcement of these categories, asked for at once.

        It is empty on weekends and holidays. A category that arXiv does not know is a StatusError
        of 400 or 404.
        """
        url = f"{self._base}/rss/{'+'.join(categories)}"
        (progress or silent)("asking arXiv what it announced", 0, None)
        try:
            body, _ = self._fetch(url, "", progress or silent)
        except StatusError as error:
            if error.status not in _UNKNOWN:
                raise
            raise _unknown(categories, error.status) from error
        feed = parse_feed(body or b"", "arXiv", whole=True)
        if feed.title.casefold().startswith(_REFUSED):
            raise _unknown(categories, 400)
        found = [told for item in feed.items if (told := _announcement(item))]
        if feed.items and not found:
            raise SourceError(
                "arXiv's announcements are of a form that is not known. Nothing was changed.",
                "Is there a newer researchdesk?",
            )
        moment = feed.published
        day = eastern_day(moment or self._clock())
        return Announcements(day, feed.skip_days, tuple(found))

    def at(self, url: str, etag: str = "", progress: Progress | None = None) -> Sent:
        """The feed at this address, unless it is the one that ``etag`` names."""
        (progress or silent)(f"asking {httpx.URL(url).host}", 0, None)
        try:
            body, tag = self._fetch(url, etag, progress or silent)
        except StatusError as error:
            raise StatusError(error.status, error.message, _LOOK) from error
        if body is None:
            return Sent(None, etag)
        return Sent(parse_feed(body, httpx.URL(url).host), tag)

    def _fetch(self, url: str, etag: str, progress: Progress) -> tuple[bytes | None, str]:
        """The body and its tag; None where it has not changed."""

        def headers() -> Mapping[str, str]:
            return {"If-None-Match": etag} if etag else {}

        accept = (200, 304) if etag else (200,)
        return self._fetcher.request(
            url, self._read, accept=accept, headers=headers, progress=progress
        )

    def _read(self, response: httpx.Response) -> tuple[bytes | None, str]:
        if response.status_code == 304:
            return None, ""
        body = whole(response, LARGEST_FEED, self._clock, "a feed")
        tag = response.headers.get("ETag", "")
        return body, tag if tag.isascii() and tag.isprintable() and len(tag) < 200 else ""


def address_of(text: str) -> str:
    """The address of a feed as it is kept. Raises UsageProblemError where it is no web address.

    That of a subreddit becomes the one of its feed.
    """
    text = one_line(text)
    try:
        urlsplit(text)
        url = httpx.URL(text if len(text) <= _LONGEST_ADDRESS else "")
    except (httpx.InvalidURL, ValueError):
        url = httpx.URL("")
    if url.scheme not in {"http", "https"} or not url.host or url.userinfo:
        raise UsageProblemError(
            f"{text!r} is no address of a feed. Nothing is followed.",
            "Addresses begin with https:// (or http://).",
        )
    path = url.path.rstrip("/")
    if url.host.endswith("reddit.com") and re.fullmatch(r"/r/\w+(?:/(?:new|top|hot))?", path):
        url = url.copy_with(path=f"{path}/.rss")
    return str(url.copy_with(fragment=None))


def _unknown(categories: Sequence[str], status: int) -> StatusError:
    return StatusError(
        status,
        f"arXiv knows no announcements of {', '.join(categories)}. Nothing was changed.",
        "Its categories: https://arxiv.org/category_taxonomy",
    )


def _announcement(item: Item) -> Announcement | None:
    """The paper of an item of arXiv's own feed; None where it names none."""
    try:
        identity = parse_arxiv_id(item.identity.rpartition(":")[2] or item.link)
    except UsageProblemError:
        return None
    told = _ABSTRACT.match(item.text)
    kind = _KINDS.get(item.announce_type or (told[1].casefold() if told else ""), Announced.NEW)
    names = ", ".join(item.authors).split(",")
    words = Metadata(
        title=item.title or identity.base,
        authors=tuple(name for text in names if (name := one_line(text))),
        abstract=one_line(item.text[told.end() :] if told else item.text),
        categories=tuple(dict.fromkeys(item.categories)),
        published=item.published,
        arxiv_id=identity.base,
        version=identity.version or 1,
        doi=item.doi,
        journal_ref=item.journal_ref,
    )
    return Announcement(identity.base, kind, words)
