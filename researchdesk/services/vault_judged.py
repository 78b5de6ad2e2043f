"""Verdicts for a vault, judged once and kept in the desk's cache.

To judge loads scipy and reads every recipe, which an export with nothing new should not wait for.
What is kept counts for as long as neither a run nor the code that judges it changed.
"""

import hashlib
import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from researchdesk import harness
from researchdesk.domain.runs import RunState
from researchdesk.domain.verdicts import ClaimResult
from researchdesk.export.vault.followed import Trial, trial_of
from researchdesk.harness.open_run import EVENTS
from researchdesk.services import parse_cache
from researchdesk.services.desk import Desk
from researchdesk.services.run_summaries import summary
from researchdesk.storage import experiments

_JUDGES = ("judging/*.py", "statistics/*.py", "comparison.py", "variance.py")
_BESIDE = ("reports.py", "experiment_results.py", "experiment_claims.py", "experiment_likeness.py")


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run says of each claim, and what to know of how it came about."""

    claims: tuple[ClaimResult, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Trials:
    items: tuple[Trial, ...]


def judged_run(desk: Desk, run_id: str) -> Judged:
    """The run's verdicts by its own copy of the recipe. Raises NotOnDeskError, BadInputError."""

    def make() -> Judged:
        report = importlib.import_module("researchdesk.services.reports").report_of(desk, run_id)
        return Judged(report.claims, report.notes)

    if summary(desk, run_id).state is RunState.RUNNING:
        return make()
    name = f"judged-{_digest(_stamps(desk, [run_id]))}"
    return parse_cache.kept(desk, name, Judged, make)


def judged_experiments(desk: Desk, number: int) -> tuple[Trial, ...]:
    """The experiments of an investigation with their outcomes. Raises NotOnDeskError.

    Whether a hypothesis came late hangs on every run of its recipe, linked or not.
    """
    stored = experiments.of(desk.database.connection, number)
    if not stored:
        return ()
    folder = desk.settings.runs
    runs = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    def make() -> _Trials:
        records = importlib.import_module("researchdesk.services.experiment_records")
        return _Trials(tuple(map(trial_of, records.experiments_of(desk, number))))

    name = f"trials-{_digest([repr(stored), *_stamps(desk, runs)])}"
    return parse_cache.kept(desk, name, _Trials, make).items


def _stamps(desk: Desk, runs: Iterable[str]) -> list[str]:
    """What tells whether these runs, or what judges them, are as they were."""
    return [_code(), *(f"{run}{_stamp(desk.settings.runs / run / EVENTS)}" for run in runs)]


@cache
def _code() -> str:
    """What tells one state of the code that judges from another."""
    rooms = Path(harness.__file__).parent, Path(__file__).parent
    files = [path for pattern in _JUDGES for path in sorted(rooms[0].glob(pattern))]
    return "".join(map(_stamp, (*files, *(rooms[1] / name for name in _BESIDE))))


def _stamp(path: Path) -> str:
    try:
        told = path.stat()
    except OSError:
        return f"{path.name} gone"
    return f"{path.name} {told.st_mtime_ns} {told.st_size}"


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
