"""What the runs of experiments are like now."""

from dataclasses import replace

from researchdesk.domain.investigations import LinkedRun
from researchdesk.domain.seeding import ALL
from researchdesk.errors import DeskError
from researchdesk.services.desk import Desk
from researchdesk.services.run_summaries import summary


def as_run(desk: Desk, linked: LinkedRun) -> LinkedRun:
    """The run as its folder tells it now; without a state where it is gone."""
    try:
        run = summary(desk, linked.run_id)
    except DeskError:
        return linked
    return replace(
        linked,
        state=run.state,
        quick=run.quick,
        done=sum(1 for one in run.results if one.task.arm == linked.arm and counts(one.task.vary)),
        planned=sum(1 for task in run.tasks if task.arm == linked.arm and counts(task.vary)),
    )


def counts(vary: str) -> bool:
    """Whether a seed is for the result, and not to vary one source of randomness."""
    return vary in ("", ALL)
