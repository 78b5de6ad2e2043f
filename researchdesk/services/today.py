"""What waits today: papers that were finished, what was put off to now or parked until now, what is
half done, runs that ended, what changed about papers, reviews that are due, surprises."""

from dataclasses import dataclass
from datetime import date, timedelta

from researchdesk.domain.merging import Proposal
from researchdesk.domain.news import NewsItem
from researchdesk.domain.reviews import DueReview, Returned
from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.domain.stories import Story
from researchdesk.domain.surprises import Surprise
from researchdesk.services.desk import Desk
from researchdesk.services.feeds import count_waiting
from researchdesk.services.merging import count_proposals, proposals
from researchdesk.services.news import count_unseen, unseen
from researchdesk.services.reading import Due, due, half_done
from researchdesk.services.run_summaries import newest_written
from researchdesk.services.surprises import come_back
from researchdesk.services.waiting import back_today, finished_to_tell, reviews_due

_FRESH = timedelta(days=7)
_LOOKED_AT = 12
_NEWS, _PAIRS = 30, 5


@dataclass(frozen=True, slots=True)
class Today:
    """``ended_runs`` are those that ended in the last seven days, the last first. ``surprises``
    are the open ones that want a look, eight at most; those put off to now stand in ``back``.

    ``news`` are the last that were not seen, thirty at most of ``unseen``; ``proposals`` the first
    pairs of papers that may be one, five at most of ``pairs``. ``new`` is how many entries of the
    feeds wait for a decision. ``finished`` are papers of one's own to be celebrated, or
    gone on from.
    """

    due: tuple[Due, ...] = ()
    half_done: tuple[Due, ...] = ()
    ended_runs: tuple[RunSummary, ...] = ()
    surprises: tuple[Surprise, ...] = ()
    back: tuple[Returned, ...] = ()
    reviews: tuple[DueReview, ...] = ()
    news: tuple[NewsItem, ...] = ()
    unseen: int = 0
    proposals: tuple[Proposal, ...] = ()
    pairs: int = 0
    new: int = 0
    finished: tuple[Story, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (
            self.due
            or self.half_done
            or self.ended_runs
            or self.surprises
            or self.back
            or self.reviews
            or self.news
            or self.proposals
            or self.new
            or self.finished
        )


def today(desk: Desk, on: date | None = None) -> Today:
    """What waits on the desk; ``on`` is the day that things were put off to, else the present."""
    day = on or desk.today()
    waiting = due(desk, on)
    taken = {item.paper.id for item in waiting}
    surprises = come_back(desk, day)
    back = back_today(desk, day, surprises)
    returned = {item.ref for item in back}
    return Today(
        due=tuple(waiting),
        half_done=tuple(item for item in half_done(desk) if item.paper.id not in taken),
        ended_runs=ended_runs(desk),
        surprises=tuple(item for item in surprises if item.ref not in returned),
        back=tuple(back),
        reviews=tuple(reviews_due(desk, day)),
        news=tuple(unseen(desk, _NEWS)),
        unseen=count_unseen(desk),
        proposals=tuple(proposals(desk, _PAIRS)),
        pairs=count_proposals(desk),
        new=count_waiting(desk),
        finished=tuple(finished_to_tell(desk)),
    )


def ended_runs(desk: Desk) -> tuple[RunSummary, ...]:
    """The runs that ended in the last seven days, the last first.

    Only the runs written to last are read, and those that did not change only once.
    """
    since = desk.clock() - _FRESH
    written = newest_written(desk, _LOOKED_AT)
    over = [(run, run.ended_at) for run in written if run.state is not RunState.RUNNING]
    fresh = [(run, ended) for run, ended in over if ended is not None and ended >= since]
    return tuple(run for run, _ in sorted(fresh, key=lambda item: item[1], reverse=True))
