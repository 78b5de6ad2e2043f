"""What asks for a look: reviews that are due, what came back from being parked or put off, and
papers of one's own that were finished."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from researchdesk.domain.clock import local_day
from researchdesk.domain.ideas import Idea, IdeaState
from researchdesk.domain.investigations import Investigation, InvestigationState
from researchdesk.domain.reviews import DueReview, Returned, due_since
from researchdesk.domain.stories import Story
from researchdesk.domain.surprises import Surprise
from researchdesk.domain.text import one_line
from researchdesk.services.desk import Desk
from researchdesk.services.ideas import list_ideas
from researchdesk.services.investigation_records import list_investigations
from researchdesk.services.surprises import come_back
from researchdesk.storage import reviews, stories

_TOLD_FOR = timedelta(days=14)
"""How long Home leads on from a paper that was celebrated."""


def reviews_due(desk: Desk, today: date) -> list[DueReview]:
    """The reviews that are due on this day, the longest due first.

    Of open investigations, and of ideas being investigated that none of these belongs to. A review
    of an idea is one of its investigations, too.
    """
    db = desk.database.connection
    last = reviews.last_happened(db, reviews.REVIEW)
    begun = reviews.last_happened(db, reviews.STATE)
    open_ones = [
        item for item in list_investigations(desk) if item.state is InvestigationState.OPEN
    ]
    covered = {item.of for item in open_ones}
    ideas = [
        idea
        for idea in list_ideas(desk)
        if idea.state is IdeaState.INVESTIGATED and idea.ref not in covered
    ]
    found = []
    followed: list[Idea | Investigation] = [*open_ones, *ideas]
    for item in followed:
        refs = (item.ref,) if isinstance(item, Idea) else (item.ref, item.of)
        reviewed = [last[ref] for ref in refs if ref in last]
        due = due_of(item, begun.get(item.ref), max(reviewed, default=None), today)
        if due is not None:
            title = one_line(item.text if isinstance(item, Idea) else item.title)
            found.append(DueReview(item.ref, title, *due))
    return sorted(found, key=lambda item: (item.since, item.ref))


def back_today(
    desk: Desk, today: date, surprises: Sequence[Surprise] | None = None
) -> list[Returned]:
    """What was parked or put off to this day or before, the longest first: ideas, investigations,
    and of ``surprises`` (those that want a look today, where none are given).

    An idea that came back with its investigation stands for itself in that.
    """
    back = [item for item in list_investigations(desk, every=True) if item.is_back(today)]
    of = {item.of for item in back}
    found = [_returned(item, item.title) for item in back]
    found += [
        _returned(idea, idea.text)
        for idea in list_ideas(desk, every=True)
        if idea.is_back(today) and idea.ref not in of
    ]
    found += [
        _returned(item, item.text)
        for item in (come_back(desk, today) if surprises is None else surprises)
        if item.again_on is not None and item.again_on <= today
    ]
    return sorted(found, key=lambda item: (item.again_on, item.ref))


def finished_to_tell(desk: Desk) -> list[Story]:
    """Finished papers that Home tells of, the last first: those not celebrated yet, and those
    that were in the last two weeks."""
    since = desk.clock() - _TOLD_FOR
    found = stories.finished(desk.database.connection)
    return [one for one in found if one.celebrated_at is None or one.celebrated_at >= since]


def _returned(item: Idea | Investigation | Surprise, title: str) -> Returned:
    return Returned(item.ref, one_line(title), item.again_on or date.min, item.why)


def due_of(
    item: Idea | Investigation, begun: datetime | None, reviewed: datetime | None, today: date
) -> tuple[date, str] | None:
    """Since when a review of it is due, and why; None where it is not. ``begun`` is when it came
    into its state: what is taken up again begins anew."""
    since = local_day(max(item.created_at, begun or item.created_at))
    return due_since(since, local_day(item.touched_at), reviewed and local_day(reviewed), today)
