"""Runs as their folders tell them, each read once for as long as nothing is written there."""

from collections.abc import Iterator
from pathlib import Path

from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.errors import DeskError
from researchdesk.harness.open_run import EVENTS
from researchdesk.services.desk import Desk
from researchdesk.services.recent import Recent
from researchdesk.services.runs import get_run, store_of

_KEPT = 512

_summaries = Recent[RunSummary](_KEPT)


def summary(desk: Desk, run_id: str) -> RunSummary:
    """The run, read anew only where it was written to since. Raises NotOnDeskError.

    One under way is asked after each time: its process may have ended without a word.
    """
    path = desk.settings.runs / run_id
    try:
        told = (path / EVENTS).stat()
    except (OSError, ValueError):
        return get_run(desk, run_id)
    return _read(desk, path, (told.st_mtime_ns, told.st_size))


def newest_written(desk: Desk, limit: int, arxiv_id: str = "") -> Iterator[RunSummary]:
    """The runs written to last, the last first, all or those of one paper (its base id); those that
    cannot be read are left out."""
    newest = store_of(desk).index.written(arxiv_id)
    for _, _, run_id in newest[:limit]:
        try:
            yield summary(desk, run_id)
        except DeskError:
            continue


def _read(desk: Desk, path: Path, stamp: tuple[int, int]) -> RunSummary:
    run = _summaries.get((path, stamp), lambda: get_run(desk, path.name))
    return get_run(desk, path.name) if run.state is RunState.RUNNING else run
