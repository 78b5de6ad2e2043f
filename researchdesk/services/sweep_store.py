"""The desk's folder of sweeps."""

from researchdesk.domain.beginnings import one_that_begins
from researchdesk.domain.sweeps import SweepSummary
from researchdesk.harness.sweeps.history import read_sweep
from researchdesk.harness.sweeps.store import SweepStore
from researchdesk.services.desk import Desk


def store_of(desk: Desk) -> SweepStore:
    """The desk's folder of sweeps."""
    return SweepStore(desk.settings.sweeps, desk.clock)


def full_sweep_id(desk: Desk, text: str) -> str:
    """The id of the one sweep whose id begins so; ``text`` as it is where there is none. Raises
    NotOnDeskError, which names them, where several begin so."""
    begun = text.removeprefix("sweep:")
    return begun and (one_that_begins("sweeps", begun, store_of(desk).ids()) or begun)


def read_one(desk: Desk, sweep_id: str) -> SweepSummary:
    """A sweep, with all that was measured. Raises NotOnDeskError, BadInputError where its folder
    cannot be read."""
    store = store_of(desk)
    return read_sweep(store.folder_of(sweep_id), store.is_under_way(sweep_id))
