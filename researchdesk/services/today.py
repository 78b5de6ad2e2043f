"""What waits today: reading put off to now, passes half done, runs that ended, surprises."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.domain.surprises import Surprise
from researchdesk.errors import DeskError
from researchdesk.services.desk import Desk
from researchdesk.services.reading import Due, due, half_done
from researchdesk.services.recent import Recent
from researchdesk.services.runs import get_run
from researchdesk.services.surprises import list_surprises

_FRESH = timedelta(days=7)
_LOOKED_AT = 12
_EVENTS = "events.jsonl"

_summaries = Recent[RunSummary](2 * _LOOKED_AT)


@dataclass(frozen=True, slots=True)
class Today:
    """``ended_runs`` are those that ended in the last seven days, the last first."""

    due: tuple[Due, ...]
    half_done: tuple[Due, ...]
    ended_runs: tuple[RunSummary, ...]
    surprises: tuple[Surprise, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.due or self.half_done or self.ended_runs or self.surprises)


def today(desk: Desk, on: date | None = None) -> Today:
    """What waits on the desk; ``on`` is the day that reading was put off to, else the present."""
    waiting = due(desk, on)
    taken = {item.paper.id for item in waiting}
    return Today(
        due=tuple(waiting),
        half_done=tuple(item for item in half_done(desk) if item.paper.id not in taken),
        ended_runs=ended_runs(desk),
        surprises=tuple(list_surprises(desk)),
    )


def ended_runs(desk: Desk) -> tuple[RunSummary, ...]:
    """The runs that ended in the last seven days, the last first.

    Only the runs written to last are read, and those that did not change only once.
    """
    since = desk.clock() - _FRESH
    found = [(run, run.ended_at) for run in _last_written(desk) if run.ended_at is not None]
    fresh = [(run, ended) for run, ended in found if ended >= since]
    return tuple(run for run, _ in sorted(fresh, key=lambda item: item[1], reverse=True))


def _last_written(desk: Desk) -> list[RunSummary]:
    written = []
    folder = desk.settings.runs
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            told = (path / _EVENTS).stat()
        except OSError:
            continue
        written.append((told.st_mtime_ns, told.st_size, path))
    newest = sorted(written, reverse=True)[:_LOOKED_AT]
    runs = [_summary(desk, path, (moment, size)) for moment, size, path in newest]
    return [run for run in runs if run is not None and run.state is not RunState.RUNNING]


def _summary(desk: Desk, path: Path, stamp: tuple[int, int]) -> RunSummary | None:
    """The run as its folder tells it. One under way is asked after anew each time: its process may
    have ended without a word."""
    key = (path, stamp)
    try:
        run = _summaries.get(key, lambda: get_run(desk, path.name))
        return get_run(desk, path.name) if run.state is RunState.RUNNING else run
    except DeskError:
        return None
