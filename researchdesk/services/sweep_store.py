"""The desk's folder of sweeps."""

from researchdesk.domain.sweeps import SweepSummary
from researchdesk.errors import NotOnDeskError
from researchdesk.harness.sweeps.history import read_sweep
from researchdesk.harness.sweeps.store import SweepStore
from researchdesk.services.desk import Desk

_NAMED = 5


def store_of(desk: Desk) -> SweepStore:
    """The desk's folder of sweeps."""
    return SweepStore(desk.settings.sweeps, desk.clock)


def full_sweep_id(desk: Desk, text: str) -> str:
    """The id of the one sweep whose id begins so; ``text`` as it is where there is none. Raises
    NotOnDeskError, which names them, where several begin so."""
    begun = text.removeprefix("sweep:")
    known = store_of(desk).ids()
    found = sorted(name for name in known if name.startswith(begun)) if begun else []
    if begun in found or not found:
        return begun
    if len(found) == 1:
        return found[0]
    named = ", ".join(found[:_NAMED]) + (f" and {len(found) - _NAMED} more" * (len(found) > _NAMED))
    raise NotOnDeskError(f"{len(found)} sweeps begin with {begun}.", f"Name one: {named}")


def read_one(desk: Desk, sweep_id: str) -> SweepSummary:
    """A sweep, with all that was measured. Raises NotOnDeskError, BadInputError where its folder
    cannot be read."""
    store = store_of(desk)
    return read_sweep(store.folder_of(sweep_id), store.is_under_way(sweep_id))
