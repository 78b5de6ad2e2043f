"""What a list of sweeps tells of each."""

from dataclasses import dataclass
from datetime import datetime

from researchdesk.domain.runs import RunState
from researchdesk.domain.sweeps import Budget, SweepSpec, SweepSummary, TrialState
from researchdesk.domain.trial_choice import chosen
from researchdesk.errors import BadInputError
from researchdesk.harness.sweeps.schedule import OVER
from researchdesk.services.desk import Desk
from researchdesk.services.sweep_store import read_one, store_of


@dataclass(frozen=True, slots=True)
class SweepHead:
    """A sweep in a list. ``ended`` counts the trials that are over, ``failed`` those of them that
    failed; ``best`` is the number of the trial that validation chooses and ``value`` its value;
    ``looks`` how often the test was looked at, ``looked_trials`` at how many different trials."""

    id: str
    spec: SweepSpec
    state: RunState
    engine: str
    started_at: datetime
    ended_at: datetime | None
    budget: Budget
    ended: int
    failed: int
    best: int | None
    value: float | None
    looks: int
    looked_trials: int


def sweep_heads(desk: Desk) -> list[SweepHead]:
    """Every readable sweep, the newest first."""
    found = []
    for sweep_id in store_of(desk).ids():
        try:
            found.append(sweep_head(desk, sweep_id))
        except BadInputError:
            continue
    return found


def sweep_head(desk: Desk, sweep_id: str) -> SweepHead:
    """One sweep. Raises NotOnDeskError, BadInputError where it cannot be read."""
    return head_of(read_one(desk, sweep_id))


def head_of(sweep: SweepSummary) -> SweepHead:
    """What a list tells of a sweep."""
    best = chosen(sweep.spec, sweep.trials)
    states = [trial.state for trial in sweep.trials]
    return SweepHead(
        sweep.id,
        sweep.spec,
        sweep.state,
        sweep.engine,
        sweep.started_at,
        sweep.ended_at,
        sweep.budget,
        sum(map(states.count, OVER)),
        states.count(TrialState.FAILED),
        best.number if best else None,
        best.value if best else None,
        len(sweep.looks),
        len({number for number, _ in sweep.looks}),
    )
