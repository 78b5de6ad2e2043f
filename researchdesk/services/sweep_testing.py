"""Looks at the test of a sweep: of the trial that validation chose, and written down."""

from collections.abc import Mapping
from dataclasses import dataclass

from researchdesk.domain.sweeps import Trial
from researchdesk.domain.trial_choice import chosen, is_kept_back
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import DeskError
from researchdesk.harness.events import LOOKED
from researchdesk.services.desk import Desk
from researchdesk.services.sweep_pages import Looks, looks_of, without_test
from researchdesk.services.sweep_store import read_one, store_of


@dataclass(frozen=True, slots=True)
class TestLook:
    """A look at the test of the trial that validation chose. ``trial`` is without its test metrics,
    which ``test`` has. ``looks`` counts this one too."""

    sweep_id: str
    metric: str
    trial: Trial
    test: Mapping[str, float]
    looks: Looks


def look_at_test(desk: Desk, sweep_id: str) -> TestLook:
    """The test metrics of the trial that validation chose, and of no other; written down before
    anything of it is told.

    Raises NotOnDeskError for no such sweep, DeskError (exit code 6) where there is nothing to show,
    which is then not counted.
    """
    sweep = read_one(desk, sweep_id)
    trial = chosen(sweep.spec, sweep.trials)
    if trial is None:
        raise DeskError(
            "No trial has come to its end with a value to choose by; no look was counted.",
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
    return TestLook(sweep_id, sweep.spec.metric, without_test(sweep.spec, trial), test, after)
