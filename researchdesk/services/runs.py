"""The runs of a desk: told, stopped, removed; without judging, which takes scipy."""

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator

from researchdesk.domain.beginnings import one_that_begins
from researchdesk.domain.run_rows import EVERY, RunChoice, RunRow, RunsListed
from researchdesk.domain.runs import Event, RunState, RunSummary
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.harness.run_folders import folders_in
from researchdesk.harness.run_index import Tell as Tell
from researchdesk.harness.store import RunStore
from researchdesk.services.desk import Desk

_BEGINNING = re.compile(r"(run:)?(\d{8}(-[\w.-]*)?)")


def store_of(desk: Desk) -> RunStore:
    """The desk's folder of runs."""
    return RunStore(desk.settings.runs, desk.clock)


def runs(desk: Desk, arxiv_id: str | None = None) -> list[RunSummary]:
    """The desk's runs read whole, newest first, all or those of one paper (its base id).

    That takes the longer the more they are; ``listed`` does not.
    """
    store = store_of(desk)
    if arxiv_id is None:
        return store.all()
    return list(whole(desk, store.index.newest(RunChoice(arxiv_id)).rows))


def whole(desk: Desk, rows: Iterable[RunRow]) -> Iterator[RunSummary]:
    """These runs, read whole; those that are gone or cannot be read are left out."""
    store = store_of(desk)
    for row in rows:
        with contextlib.suppress(NotOnDeskError, BadInputError):
            yield store.get(row.id)


def listed(
    desk: Desk, choice: RunChoice = EVERY, limit: int | None = None, tell: Tell | None = None
) -> RunsListed:
    """The newest runs of the choice in short, all or ``limit`` of them.

    ``tell`` hears how far it is where runs are read for the first time and that takes long.
    """
    return store_of(desk).index.newest(choice, limit, tell)


def listed_by_recipe(desk: Desk, most: int, tell: Tell | None = None) -> dict[str, RunsListed]:
    """The newest runs of each recipe in short, ``most`` of each; the recipe of the newest run
    first. ``tell`` as in ``listed``."""
    return store_of(desk).index.of_each_recipe(most, tell)


def get_run(desk: Desk, run_id: str) -> RunSummary:
    """One run. Raises NotOnDeskError."""
    return store_of(desk).get(run_id)


def full_id(desk: Desk, text: str) -> str:
    """The id of the one run whose id begins so, the whole day at least; ``text`` as it is where
    there is none, or it is no beginning of an id. Raises NotOnDeskError, which names them, where
    several begin so."""
    match = _BEGINNING.fullmatch(text)
    if match is None:
        return text
    known = (name for name, _ in folders_in(desk.settings.runs))
    return one_that_begins("runs", match[2], known) or text


def papers_run(desk: Desk) -> set[str]:
    """The base ids of the papers that something was run of."""
    return store_of(desk).index.papers()


def told_once(on_note: Callable[[str], None] | None) -> Tell | None:
    """Says in one sentence, and once, that runs are read for the first time and that takes long."""
    said: list[str] = []

    def tell(done: int, total: int) -> None:
        if on_note is not None and not said:
            said.append(f"Reading the {total:,} runs of the desk once, to find one to go on with …")
            on_note(said[0])

    return tell if on_note is not None else None


def remove_run(desk: Desk, run_id: str) -> None:
    """Remove a run for good. Raises NotOnDeskError, and BusyError where it is under way."""
    store_of(desk).remove(run_id)


def events_of(desk: Desk, run_id: str, after: int = 0) -> list[Event]:
    """The run's events, oldest first, without the first ``after`` of them."""
    return store_of(desk).events(run_id)[after:]


def cancel_run(desk: Desk, run_id: str) -> None:
    """Ask the process that has the run under way to stop it. Raises NotOnDeskError if none has."""
    store = store_of(desk)
    state = store.get(run_id).state
    if state is not RunState.RUNNING:
        raise NotOnDeskError(
            f"The run {run_id} is not under way, so there is nothing to stop. Nothing was changed.",
            next_step("runs", run_id, state),
        )
    store.ask_to_stop(run_id)


def next_step(noun: str, name: str, state: RunState) -> str:
    """What can be done with a run or a sweep that nobody has under way."""
    removed = f"emove it: researchdesk {noun} rm {name}"
    if not state.can_go_on:
        return f"It came to its end. R{removed}"
    return f"Go on with it: researchdesk {noun} resume {name}. Or r{removed}"
