"""Looks at the test of a sweep: of one trial, and written down."""

from collections.abc import Mapping
from dataclasses import dataclass

from researchdesk.domain.sweeps import Trial, TrialState
from researchdesk.domain.trial_choice import chosen, is_kept_back
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import DeskError, NotOnDeskError
from researchdesk.harness.sweeps.history import LOOKED
from researchdesk.services.desk import Desk
from researchdesk.services.sweep_pages import Looks, looks_of, without_test
from researchdesk.services.sweep_store import read_one, store_of


@dataclass(frozen=True, slots=True)
class TestLook:
    """A look at the test. ``trial`` is without its test metrics, which ``test`` has; ``chosen``:
    it is the one that validation chose. ``looks`` counts this one too."""

    sweep_id: str
    metric: str
    trial: Trial
    chosen: bool
    test: Mapping[str, float]
    looks: Looks


def look_at_test(desk: Desk, sweep_id: str, number: int | None = None) -> TestLook:
    """The test metrics of the trial that validation chose, or of this one; written down before
    anything of it is told.

    Raises NotOnDeskError for no such sweep or trial, DeskError (exit code 6) where there is nothing
    to show, which is then not counted.
    """
    sweep = read_one(desk, sweep_id)
    best = chosen(sweep.spec, sweep.trials)
    trial = best
    if number is not None:
        trial = next((one for one in sweep.trials if one.number == number), None)
        if trial is None:
            raise NotOnDeskError(
                f"The sweep {sweep_id} has no trial {number}.",
                f"See `researchdesk sweep trials {sweep_id}`.",
            )
    if trial is None or trial.state not in (TrialState.FINISHED, TrialState.STOPPED):
        which = "No trial" if trial is None else f"Trial {trial.number} has not"
        raise DeskError(
            f"{which} has come to its end with a value to choose by."
            if trial is None
            else f"{which} come to its end: there is nothing to look at, and no look was counted.",
            f"See `researchdesk sweep show {sweep_id}`.",
            exit_code=RUN_FAILED,
        )
    test = {name: v for name, v in trial.metrics.items() if is_kept_back(sweep.spec, name)}
    if not test:
        raise DeskError(
            f"Trial {trial.number} of {sweep_id} measured nothing that is kept back; no look was "
            "counted.",
            f"All that it measured: researchdesk sweep trials {sweep_id} --json",
            exit_code=RUN_FAILED,
        )
    store_of(desk).note(sweep_id, LOOKED, {"trial": trial.number})
    after = looks_of(read_one(desk, sweep_id))
    seen = without_test(sweep.spec, trial)
    return TestLook(sweep_id, sweep.spec.metric, seen, trial == best, test, after)
