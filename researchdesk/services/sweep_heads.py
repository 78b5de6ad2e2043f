"""What a list of sweeps tells of each."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from researchdesk.domain.clock import parse_stamp
from researchdesk.domain.runs import RunState
from researchdesk.domain.sweeps import Budget, SweepSpec
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.harness.history import moment_of, state_of
from researchdesk.harness.sweeps.spec import read_spec
from researchdesk.harness.sweeps.tally import (
    FAILED,
    FINISHED,
    LOST,
    OPEN,
    STOPPED,
    Tally,
    read_tally,
)
from researchdesk.services.desk import Desk
from researchdesk.services.sweep_store import store_of


@dataclass(frozen=True, slots=True)
class SweepHead:
    """A sweep in a list. ``ended`` counts the trials that are over, ``failed`` those of them that
    failed, ``lost`` those that went with their process or node, and are not over; ``best`` is the
    number of the trial that validation chooses and ``value`` its value; ``looks`` how often the
    test was looked at, ``looked_trials`` at how many different trials."""

    id: str
    spec: SweepSpec
    state: RunState
    engine: str
    started_at: datetime
    ended_at: datetime | None
    budget: Budget
    ended: int
    failed: int
    lost: int
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
        except (BadInputError, NotOnDeskError):
            continue
    return found


def sweep_head(desk: Desk, sweep_id: str) -> SweepHead:
    """One sweep, quick to read however many trials it has. Raises NotOnDeskError, BadInputError
    where it cannot be read."""
    store = store_of(desk)
    folder = store.folder_of(sweep_id)
    config, owned = store.config(sweep_id), store.is_under_way(sweep_id)
    spec = read_spec(config.sweep, Path("sweep.toml"))
    try:
        tally = read_tally(folder, spec)
    except OSError as error:
        raise BadInputError(
            f"The sweep {folder} cannot be read: {error.strerror}.", "Move the sweep's folder away."
        ) from error
    return _head(sweep_id, spec, config.engine, tally, owned=owned)


def _head(sweep_id: str, spec: SweepSpec, engine: str, tally: Tally, *, owned: bool) -> SweepHead:
    count = tally.trials.count
    state = state_of(
        tally.end,
        owned=owned,
        any_result=count(FINISHED) + count(STOPPED) > 0,
        any_there=bool(tally.there),
    )
    going = state in (RunState.RUNNING, RunState.AWAY)
    return SweepHead(
        id=sweep_id,
        spec=spec,
        state=state,
        engine=engine,
        started_at=parse_stamp(tally.started) if tally.started else moment_of(sweep_id),
        ended_at=None if going or not tally.last else parse_stamp(tally.last),
        budget=_budget(spec.budget, tally),
        ended=len(tally.trials) - count(OPEN) - count(LOST),
        failed=count(FAILED),
        lost=count(LOST),
        best=tally.best[1] if tally.best else None,
        value=tally.best[0] if tally.best else None,
        looks=len(tally.looks),
        looked_trials=len(set(tally.looks)),
    )


def _budget(budget: Budget, tally: Tally) -> Budget:
    found = tally.budget
    if found is None:
        return budget
    hours, gpu_hours = found.get("hours", 0.0), found.get("gpu_hours", 0.0)
    return Budget(int(found.get("trials", 0)), hours, gpu_hours)
