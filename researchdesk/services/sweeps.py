"""Sweeps: many settings tried, one chosen on validation, everything kept."""

from researchdesk.harness.sweeps.store import busy
from researchdesk.services.desk import Desk
from researchdesk.services.sweep_away import cancel_sweep as cancel_sweep
from researchdesk.services.sweep_away import gather_sweep as gather_sweep
from researchdesk.services.sweep_heads import SweepHead as SweepHead
from researchdesk.services.sweep_heads import sweep_head as sweep_head
from researchdesk.services.sweep_heads import sweep_heads as sweep_heads
from researchdesk.services.sweep_making import SweepOptions as SweepOptions
from researchdesk.services.sweep_making import made as made
from researchdesk.services.sweep_pages import Looks as Looks
from researchdesk.services.sweep_pages import Spent as Spent
from researchdesk.services.sweep_pages import SweepPage as SweepPage
from researchdesk.services.sweep_reading import sweep_page as sweep_page
from researchdesk.services.sweep_running import INTERRUPTED as INTERRUPTED
from researchdesk.services.sweep_running import SweepHow as SweepHow
from researchdesk.services.sweep_running import SweepRun as SweepRun
from researchdesk.services.sweep_running import extend_sweep as extend_sweep
from researchdesk.services.sweep_running import resume_sweep as resume_sweep
from researchdesk.services.sweep_running import start_sweep as start_sweep
from researchdesk.services.sweep_store import full_sweep_id as full_sweep_id
from researchdesk.services.sweep_store import store_of


def remove_sweep(desk: Desk, sweep_id: str) -> None:
    """Remove a sweep for good. Raises NotOnDeskError, and BusyError where it is under way."""
    store = store_of(desk)
    if store.is_under_way(sweep_id):
        raise busy(sweep_id)
    store.remove(sweep_id)
