"""Runs as their folders tell them, each read once for as long as nothing is written there."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.errors import DeskError
from researchdesk.harness.history import read_arxiv_id
from researchdesk.harness.open_run import CONFIG, EVENTS
from researchdesk.services.desk import Desk
from researchdesk.services.recent import Recent
from researchdesk.services.runs import get_run

_KEPT = 512

_summaries = Recent[RunSummary](_KEPT)
_papers = Recent[str](8 * _KEPT)


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
    written = []
    folder = desk.settings.runs
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            told = (path / EVENTS).stat()
        except OSError:
            continue
        written.append((told.st_mtime_ns, told.st_size, path))
    newest = sorted(written, reverse=True)
    wanted = (one for one in newest if not arxiv_id or _paper_of(one[2]) == arxiv_id)
    for moment, size, path in islice(wanted, limit):
        try:
            yield _read(desk, path, (moment, size))
        except DeskError:
            continue


def _paper_of(path: Path) -> str:
    """The base id of the paper that a run is of, which never changes; ``""`` for none."""
    try:
        return _papers.get(path, lambda: read_arxiv_id(path / CONFIG))
    except DeskError:
        return ""


def _read(desk: Desk, path: Path, stamp: tuple[int, int]) -> RunSummary:
    run = _summaries.get((path, stamp), lambda: get_run(desk, path.name))
    return get_run(desk, path.name) if run.state is RunState.RUNNING else run
