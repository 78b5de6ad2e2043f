"""The runs of a desk: told, stopped, removed; without judging, which takes scipy."""

import re

from researchdesk.domain.runs import Event, RunSummary
from researchdesk.errors import NotOnDeskError
from researchdesk.harness.store import RunStore
from researchdesk.services.desk import Desk

_BEGINNING = re.compile(r"(run:)?(\d{8}(-[\w.-]*)?)")
_NAMED = 5


def store_of(desk: Desk) -> RunStore:
    """The desk's folder of runs."""
    return RunStore(desk.settings.runs, desk.clock)


def runs(desk: Desk, arxiv_id: str | None = None) -> list[RunSummary]:
    """The desk's runs, newest first, all or those of one paper (its base id)."""
    return [run for run in store_of(desk).all() if arxiv_id in (None, run.arxiv_id)]


def get_run(desk: Desk, run_id: str) -> RunSummary:
    """One run. Raises NotOnDeskError."""
    return store_of(desk).get(run_id)


def full_id(desk: Desk, text: str) -> str:
    """The id of the one run whose id begins so; ``text`` as it is where there is none, or it is no
    beginning of an id. Raises NotOnDeskError, which names them, where several begin so."""
    match = _BEGINNING.fullmatch(text)
    if match is None or not desk.settings.runs.is_dir():
        return text
    begun = match[2]
    found = sorted(path.name for path in desk.settings.runs.iterdir() if path.is_dir())
    found = [name for name in found if name.startswith(begun)]
    if begun in found or not found:
        return text
    if len(found) == 1:
        return found[0]
    named = ", ".join(found[:_NAMED]) + (f" and {len(found) - _NAMED} more" * (len(found) > _NAMED))
    raise NotOnDeskError(f"{len(found)} runs begin with {begun}.", f"Name one: {named}")


def remove_run(desk: Desk, run_id: str) -> None:
    """Remove a run for good. Raises NotOnDeskError, and BusyError where it is under way."""
    store_of(desk).remove(run_id)


def events_of(desk: Desk, run_id: str, after: int = 0) -> list[Event]:
    """The run's events, oldest first, without the first ``after`` of them."""
    return store_of(desk).events(run_id)[after:]


def cancel_run(desk: Desk, run_id: str) -> None:
    """Ask the process that has the run under way to stop it. Raises NotOnDeskError if none has."""
    store_of(desk).ask_to_stop(run_id)
