"""A sweep's curve drawn into a file."""

from pathlib import Path

from researchdesk.domain.budget_curves import Against
from researchdesk.services.budget_draws import Asked
from researchdesk.services.budget_figures import picture
from researchdesk.services.budget_sweeps import sweep_curves
from researchdesk.services.desk import Desk
from researchdesk.services.run_figures import write


def draw_curve(desk: Desk, sweep_id: str, against: Against, to: Path) -> None:
    """Draw what the sweep's budget bought into a file, as its name ends.

    Raises NotOnDeskError where no trial has a value, UsageProblemError for another ending or a
    budget that is not known, BadInputError where a file of that name is not ours.
    """
    write(picture(sweep_curves(desk, [sweep_id], Asked(against))), to)
