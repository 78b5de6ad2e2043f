"""What was done for an investigation or an idea, and what that took."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from researchdesk.domain.clock import local_day
from researchdesk.domain.ideas import Idea
from researchdesk.domain.investigations import Experiment, Investigation, OutcomeKind
from researchdesk.domain.reviews import Progress, Spent, WorkLeft
from researchdesk.errors import DeskError
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_records import experiments_of
from researchdesk.services.run_summaries import summary
from researchdesk.storage import reviews

_DECIDED = (OutcomeKind.HELD, OutcomeKind.REFUTED)
_TOLD = 5


@dataclass(frozen=True, slots=True)
class Work:
    """All that was done: the investigations of a thing with their experiments, the moments at which
    a step was answered, and those at which anything was done: an experiment, a run, an answer."""

    begun_at: datetime
    experiments: tuple[Experiment, ...]
    answered: tuple[datetime, ...]
    moments: tuple[datetime, ...]


def work_on(desk: Desk, begun_at: datetime, investigations: Sequence[Investigation]) -> Work:
    """Reads the desk: what was done in these investigations of a thing that was begun then."""
    db = desk.database.connection
    experiments = [one for item in investigations for one in experiments_of(desk, item.id)]
    answered = [at for item in investigations for at in reviews.answered_at(db, item.id)]
    moments: list[datetime] = []
    for one in experiments:
        moments.append(one.created_at)
        moments += [version.stated_at for version in one.versions]
        moments += [run.linked_at for run in one.runs]
    begun = min([begun_at, *(item.created_at for item in investigations)])
    return Work(begun, tuple(experiments), tuple(answered), (*moments, *answered))


def progress_since(work: Work, since: datetime) -> Progress:
    """What is new since then. A hypothesis was decided when its last run came; how many of those
    were written after the result is counted apart."""
    decided = [one for one in work.experiments if one.outcome.kind in _DECIDED]
    fresh = [one for one in decided if any(run.linked_at > since for run in one.runs)]
    kinds = [one.outcome.kind for one in fresh]
    runs = {
        run.run_id for one in work.experiments for run in one.runs if run.linked_at > since
    }  # fmt: skip
    return Progress(
        experiments_added=sum(one.created_at > since for one in work.experiments),
        runs_linked=len(runs),
        held=kinds.count(OutcomeKind.HELD),
        refuted=kinds.count(OutcomeKind.REFUTED),
        late=sum(one.is_late for one in fresh),
        answers_written=sum(at > since for at in work.answered),
        outcomes=tuple(f"{one.name} {one.label}: {one.outcome.words}" for one in fresh[-_TOLD:]),
    )


def spent_on(desk: Desk, work: Work) -> Spent:
    """Days, days with something done on them, and the seconds of every seed that was trained."""
    days = max(0, (desk.clock() - work.begun_at).days)
    seconds = 0.0
    linked = {(run.run_id, run.arm) for one in work.experiments for run in one.runs}
    for run_id in sorted({run_id for run_id, _ in linked}):
        with suppress(DeskError):
            found = summary(desk, run_id).results
            seconds += sum(seed.seconds for seed in found if (run_id, seed.task.arm) in linked)
    return Spent(days, len(_days(work.moments)), seconds)


def left_of(idea: Idea | None, work: Work, active_days: int) -> WorkLeft:
    """The idea's own estimates beside what was worked; no idea, no estimates."""
    not_run = sum(not one.is_run() for one in work.experiments)
    if idea is None:
        return WorkLeft(None, None, None, not_run)
    days = None if idea.work_days is None else idea.work_days - active_days
    return WorkLeft(idea.impact, idea.work_days, days, not_run)


def _days(moments: Iterable[datetime]) -> set[date]:
    return {local_day(moment) for moment in moments}
