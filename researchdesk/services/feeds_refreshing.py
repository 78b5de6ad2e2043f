"""The sources of what is followed asked again, politely; what came is ranked."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from filelock import FileLock, Timeout

from researchdesk.domain.feed_reports import FeedOutcome, FeedReport
from researchdesk.domain.feeds import Announced, FeedKind
from researchdesk.errors import BadInputError, BusyError, DeskError, offline
from researchdesk.services import feeds, recommending_apart
from researchdesk.services.desk import Desk
from researchdesk.services.feed_sources import Brought, Sources
from researchdesk.sources.progress import Progress, silent
from researchdesk.storage import feed_entries
from researchdesk.storage import feeds as rows
from researchdesk.storage.feed_entries import Wanted

_PATIENCE_S = 900.0
_KEPT_REPLACEMENTS = timedelta(days=14)
_QUERIES = {FeedKind.AUTHOR, FeedKind.SEARCH}
_EXPLAINED = 300
"""Entries of which the words that speak for them are kept, the best first."""


def refresh(desk: Desk, progress: Progress | None = None, *, daily: bool = False) -> FeedReport:
    """Ask for all that is followed, as far as the answer can have changed, and rank what waits.

    ``daily``: addresses other than arXiv's are asked once a day, not once an hour. What one source
    brought is kept where another fails. A second refresh waits for the first, and finds nothing
    left to ask. Raises SourceError where the desk is offline, BusyError where the other one does
    not end.
    """
    if desk.settings.offline:
        raise offline("nothing was asked")
    with _alone(desk):
        return _refresh(desk, progress or silent, daily)


def rank(desk: Desk) -> bool:
    """Rank all that waits; False where the desk says nothing yet, and nothing is ranked."""
    db = desk.database.connection
    found = feed_entries.rankable(db, Wanted(desk.today(), every=True))
    if not found:
        return False
    texts = {entry[0]: entry[1:] for entry in found}
    scored = recommending_apart.score_new(desk, list(texts.values()), _EXPLAINED)
    told: dict[int, float | None] = dict.fromkeys(texts)
    speaks: dict[int, list[str]] = {}
    if scored is not None:
        numbers = list(texts)
        told.update(zip(numbers, scored.scores, strict=True))
        for place, (for_it, _) in scored.words.items():
            speaks[numbers[place]] = [word.text for word in for_it]
    with desk.database.writing() as writable:
        feed_entries.set_scores(writable, told, speaks)
    return scored is not None


@contextmanager
def _alone(desk: Desk) -> Iterator[None]:
    """One refresh of this desk at a time."""
    lock = FileLock(desk.root / "feeds.lock", timeout=_PATIENCE_S)
    try:
        lock.acquire()
    except Timeout as error:
        raise BusyError(
            "Another researchdesk has been asking for feeds for a quarter of an hour. "
            "Nothing was asked.",
            "Wait for the other one, or end it.",
        ) from error
    except OSError as error:
        raise BadInputError(
            f"The desk {desk.root} cannot be written: {error.strerror or error}. "
            "Nothing was asked.",
            "Mend its permissions, or choose another with --desk.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def _refresh(desk: Desk, progress: Progress, daily: bool) -> FeedReport:
    followed = feeds.feeds(desk)
    due = feeds.due(desk, daily=daily)
    sources = Sources(desk, progress)
    outcomes: dict[int, FeedOutcome] = {
        feed.id: FeedOutcome(feed, asked=False, words="nothing can have changed since it was asked")
        for feed in followed
        if feed not in due
    }
    came: list[int] = []
    in_categories = [feed for feed in due if feed.kind is FeedKind.CATEGORY]
    for brought in sources.categories(in_categories):
        outcomes[brought.feed.id] = _keep(desk, brought, came)
    for feed in due:
        if feed.kind in _QUERIES:
            outcomes[feed.id] = _keep(desk, sources.query(feed), came)
        elif feed.kind is FeedKind.ADDRESS:
            outcomes[feed.id] = _keep(desk, sources.address(feed), came)
    with desk.database.writing() as db:
        feed_entries.forget_replacements(db, desk.clock() - _KEPT_REPLACEMENTS)
    progress("ranking what is new", 0, None)
    try:
        ranked = rank(desk)
    except DeskError:
        # what came is kept already, and is shown by its date
        ranked = False
    return FeedReport(tuple(outcomes[feed.id] for feed in followed), tuple(came), ranked)


def _keep(desk: Desk, brought: Brought, came: list[int]) -> FeedOutcome:
    """Keep what came of a feed; the numbers of what was not known go to ``came``."""
    feed, error, taken = brought.feed, brought.error, set[int]()
    with desk.database.writing() as db:
        for told in brought.papers:
            number = feed_entries.take(db, told, (feed.id,), desk.clock())
            if number is not None:
                taken.add(number)
        feed_entries.bring(db, brought.known, feed.id)
        if error is not None:
            rows.failed(db, feed.id, error.message)
        else:
            rows.checked(
                db,
                feed.id,
                desk.clock(),
                announced_on=brought.day,
                title=brought.title,
                etag=brought.etag,
            )
    shown = feed_entries.waiting_of(desk.database.connection, Wanted(desk.today()), taken)
    came += shown
    counts = Counter(shown.values())
    return FeedOutcome(
        feed,
        new=counts[Announced.NEW],
        cross=counts[Announced.CROSS],
        replaced=counts[Announced.REPLACE] + counts[Announced.REPLACE_CROSS],
        left_out=brought.left_out,
        words=brought.words,
        problem=error.message if error else "",
        hint=error.hint if error else "",
    )
