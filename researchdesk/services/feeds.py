"""What is followed, what waits to be looked at, and what is decided about it."""

import importlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from researchdesk.domain.clock import local_day
from researchdesk.domain.feeds import (
    EntryState,
    Feed,
    FeedEntry,
    FeedKind,
    category_named,
    eastern_day,
    is_due,
    is_weekend,
    why_empty,
)
from researchdesk.domain.queries import FindQuery
from researchdesk.domain.text import clean, one_line
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import library
from researchdesk.services.arxiv_categories import check_category
from researchdesk.services.desk import Desk
from researchdesk.storage import feed_entries, merge_proposals, papers
from researchdesk.storage import feeds as rows
from researchdesk.storage.feed_entries import Wanted

_MANY = 100


def follow(desk: Desk, kind: FeedKind, what: str) -> Feed:
    """Follow a category, an author, a search, or an RSS or Atom address.

    What is followed already stays as it is. Raises UsageProblemError for what cannot be followed.
    """
    what = _spelled(desk, kind, what)
    with desk.database.writing() as db:
        return rows.add(db, kind, what, desk.clock())


def follow_all(desk: Desk, wanted: Sequence[tuple[FeedKind, str]]) -> list[Feed]:
    """Follow all of them or, where one cannot be followed, none. Raises as ``follow``."""
    with desk.database.writing():
        return [follow(desk, kind, what) for kind, what in wanted]


def unfollow(desk: Desk, ref: str) -> Feed:
    """Follow a feed no longer: its number, or what it follows.

    What only it brought goes, unless something was decided about it. Raises NotOnDeskError.
    """
    feed = feed_named(desk, ref)
    with desk.database.writing() as db:
        rows.drop(db, feed.id)
    return feed


def feeds(desk: Desk) -> list[Feed]:
    """All that is followed, in the order in which it was."""
    return rows.all_feeds(desk.database.connection)


def due(desk: Desk, *, daily: bool = False) -> list[Feed]:
    """The feeds whose sources can say something new since they were asked.

    ``daily``: addresses other than arXiv's only where they were not asked today.
    """
    now, today = desk.clock(), desk.today()
    return [
        feed
        for feed in feeds(desk)
        if is_due(feed, now)
        and not (
            daily
            and feed.kind is FeedKind.ADDRESS
            and feed.checked_at is not None
            and local_day(feed.checked_at) == today
        )
    ]


def feed_named(desk: Desk, ref: str) -> Feed:
    """The feed of this number, name, or of what it follows. Raises NotOnDeskError."""
    wanted = one_line(ref).casefold()
    for feed in feeds(desk):
        if wanted in {str(feed.id), feed.what.casefold(), feed.name.casefold()}:
            return feed
    raise NotOnDeskError(
        f"Nothing is followed that is called {ref!r}.", "All that is: researchdesk feed list"
    )


def waiting(
    desk: Desk,
    *,
    limit: int | None = _MANY,
    feed: Feed | None = None,
    since: datetime | None = None,
    every: bool = False,
) -> list[FeedEntry]:
    """The papers that wait to be looked at, best first: new ones, those put off to this day or
    before, and newer versions of papers on the desk (with ``every`` of all papers).

    ``since``: only what was seen first then or later. ``limit`` None: all.
    """
    if limit is not None and limit < 1:
        raise UsageProblemError(
            "--limit must be at least 1.", "Leave --limit out, or give a larger number."
        )
    wanted = Wanted(desk.today(), feed.id if feed else None, since, every)
    return feed_entries.waiting(
        desk.database.connection, wanted, limit=-1 if limit is None else limit
    )


def count_waiting(desk: Desk) -> int:
    """How many papers wait to be looked at."""
    return feed_entries.count(desk.database.connection, Wanted(desk.today()))


def waiting_by_feed(desk: Desk) -> dict[int, int]:
    """How many papers wait that the feed of each number brought."""
    return feed_entries.count_by_feed(desk.database.connection, Wanted(desk.today()))


def count_put_off(desk: Desk) -> int:
    """How many papers were put off to a day to come."""
    return feed_entries.put_off(desk.database.connection, desk.today())


def quiet_day(desk: Desk) -> str:
    """Why categories bring nothing today, or ``""``: there are no announcements on weekends."""
    day = eastern_day(desk.clock())
    followed = any(feed.kind is FeedKind.CATEGORY for feed in feeds(desk))
    return why_empty(day, frozenset()) if followed and is_weekend(day) else ""


def entry_of(desk: Desk, ref: str | int) -> FeedEntry:
    """The entry of this number, or of a paper's arXiv id in any form. Raises NotOnDeskError."""
    db = desk.database.connection
    found = None
    if isinstance(ref, int) or ref.strip().isdecimal():
        found = feed_entries.get(db, int(ref)) if int(ref) < 2**63 else None
    elif arxiv_id := library.as_arxiv_id(clean(ref)):
        found = feed_entries.latest_of(db, arxiv_id.base)
    if found is None:
        raise NotOnDeskError(
            f"No feed brought a paper {ref!r}.", "Those that wait: researchdesk feed"
        )
    return found


def decide(
    desk: Desk,
    entry_id: int,
    state: EntryState,
    why: str = "",
    again_on: date | None = None,
    tags: Sequence[str] = (),
) -> FeedEntry:
    """Keep a paper (it is put on the desk, with ``tags``), put it off, or have it no more.

    Put off, it comes again ``again_on``, else tomorrow. Of a newer version of a paper on the desk
    only the decision is kept: fetching it is another thing. Raises NotOnDeskError, and
    UsageProblemError for a day that is not to come.
    """
    if state is EntryState.NEW:
        raise ValueError("a decision is taken back by undo_decision")
    if state is EntryState.LATER:
        again_on = again_on or desk.today() + timedelta(days=1)
        if again_on <= desk.today():
            raise UsageProblemError(f"{again_on} is no day to come.", "Give a later one.")
    with desk.database.writing() as db:
        entry = entry_of(desk, entry_id)
        later = again_on if state is EntryState.LATER else None
        decision = rows.decide(db, entry, state, one_line(why), later, desk.clock())
        if state is EntryState.KEPT:
            _file(desk, entry, decision, tags)
        return entry_of(desk, entry_id)


def undo_decision(desk: Desk, entry_id: int | None = None) -> FeedEntry | None:
    """Take the last decision back, of all or about this entry; gives the entry, None where there
    is none.

    A paper that it put on the desk goes from there, unless it was worked on since: one with passes,
    notes or claims stays (``before`` of its entry is the version at hand).
    """
    with desk.database.writing() as db:
        decision = rows.last_decision(db, entry_id)
        if decision is None:
            return None
        rows.take_back(db, decision, desk.clock())
        filed = decision.filed_paper
        if filed is not None:
            there = merge_proposals.belongings(db, filed)
            if not (there.passes or there.notes or there.claims):
                papers.set_removed(db, filed, desk.clock())
        return entry_of(desk, decision.entry_id)


def _file(desk: Desk, entry: FeedEntry, decision: int, tags: Sequence[str]) -> None:
    """Put a paper on the desk that is not there."""
    db = desk.database.connection
    known = papers.find(db, arxiv_id=entry.arxiv_id)
    there = known is not None and not papers.is_removed(db, known.id)
    paper = known if there and known else library.file_metadata(desk, entry.words)
    if not there:
        rows.set_filed(db, decision, paper.id)
    if tags:
        importlib.import_module("researchdesk.services.labels").tag(desk, [paper.id], tags)


def _spelled(desk: Desk, kind: FeedKind, what: str) -> str:
    """What is followed, as it is kept."""
    if kind is FeedKind.CATEGORY:
        name = category_named(what)
        check_category(what.strip())
        return name
    if kind is FeedKind.ADDRESS:
        address: str = importlib.import_module("researchdesk.sources.rss").address_of(what)
        return address
    what = one_line(what)
    query = FindQuery(author=what) if kind is FeedKind.AUTHOR else FindQuery(words=what)
    importlib.import_module("researchdesk.sources.query").expression(query, desk.today())
    return what
