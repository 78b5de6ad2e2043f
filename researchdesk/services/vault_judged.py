"""Verdicts for a vault, judged once and kept in the desk's cache.

To judge loads scipy and reads every recipe, which an export with nothing new should not wait for.
What is kept counts for as long as neither a run nor the code that judges it changed.
"""

import hashlib
import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from researchdesk import harness
from researchdesk.domain.investigations import Experiment, Outcome
from researchdesk.domain.runs import RunState
from researchdesk.domain.verdicts import ClaimResult
from researchdesk.harness.open_run import EVENTS
from researchdesk.services import parse_cache
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_records import experiments_of
from researchdesk.services.run_summaries import summary

_JUDGES = ("judging/*.py", "statistics/*.py", "comparison.py", "variance.py")
_BESIDE = ("reports.py", "experiment_results.py", "experiment_claims.py", "experiment_likeness.py")


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run says of each claim, and what to know of how it came about."""

    claims: tuple[ClaimResult, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Outcomes:
    items: tuple[Outcome, ...]


def judged_run(desk: Desk, run_id: str) -> Judged:
    """The run's verdicts by its own copy of the recipe. Raises NotOnDeskError, BadInputError."""

    def make() -> Judged:
        report = importlib.import_module("researchdesk.services.reports").report_of(desk, run_id)
        return Judged(report.claims, report.notes)

    if summary(desk, run_id).state is RunState.RUNNING:
        return make()
    name = f"judged-{_digest(_stamps(desk, [run_id]))}"
    return parse_cache.kept(desk, name, Judged, make)


def judged_experiments(desk: Desk, number: int) -> Sequence[Experiment]:
    """The experiments of an investigation with their outcomes. Raises NotOnDeskError."""
    found = experiments_of(desk, number, judge=False)
    runs = sorted({run.run_id for one in found for run in one.runs})
    if not runs:
        return experiments_of(desk, number) if any(one.versions for one in found) else found

    def make() -> _Outcomes:
        return _Outcomes(tuple(one.outcome for one in experiments_of(desk, number)))

    name = f"outcomes-{_digest([repr(found), *_stamps(desk, runs)])}"
    kept = parse_cache.kept(desk, name, _Outcomes, make).items
    return [replace(one, outcome=outcome) for one, outcome in zip(found, kept, strict=True)]


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
