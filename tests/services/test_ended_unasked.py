"""Trials that came to their end at an engine while nobody asked."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from support.away_runs import ends_there, run_at, sweep_at
from support.faketime import FakeTime
from support.sweep_maker import Made, write_sweep

from researchdesk.domain.runs import RunState
from researchdesk.domain.sampling import Sampler
from researchdesk.domain.seeding import HYPER
from researchdesk.domain.sweeps import TrialState
from researchdesk.errors import DeskError
from researchdesk.harness.open_run import EVENTS
from researchdesk.services import sweeps
from researchdesk.services.away import call_off, gather
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.runs import get_run, store_of
from researchdesk.services.sweep_confirming import confirm_sweep
from researchdesk.services.sweep_store import read_one
from researchdesk.services.sweep_store import store_of as sweep_store_of

ENGINES = {"mine": {"kind": "slurm", "launcher": "local"}}


@pytest.fixture
def away(desk: Desk) -> Iterator[Desk]:
    """A desk with an engine whose trials are files that a test writes."""
    opened = open_desk(replace(desk.settings, engines=ENGINES), desk.clock)
    yield opened
    opened.close()


def test_a_trial_that_ended_before_its_sweep_was_called_off_keeps_what_it_ran_with(
    away: Desk,
) -> None:
    sweep_id = sweep_at(away, "mine")
    ends_there(away, sweep_id, valid_score=0.2)
    assert sweeps.cancel_sweep(away, sweep_id)
    sweep = read_one(away, sweep_id)
    (trial,) = sweep.trials
    assert (trial.state, trial.value) == (TrialState.FINISHED, 0.2)
    usual = {"lr": 0.05, "steps": 2}
    assert trial.settings == Sampler(sweep.spec, usual).settings(0)


def test_a_varied_seed_that_ended_before_its_run_was_called_off_keeps_what_it_ran_with(
    away: Desk,
) -> None:
    run_id = run_at(away, "mine", HYPER)
    ends_there(away, run_id, test_score=0.5)
    assert call_off(away, run_id)
    (started,) = (one for one in store_of(away).events(run_id) if one.kind == "seed_started")
    assert 0.01 <= started.data["settings"]["lr"] <= 0.1


def test_hours_until_a_sweep_is_called_off_are_not_counted_where_nobody_followed_it(
    away: Desk, fake_time: FakeTime
) -> None:
    sweep_id = sweep_at(away, "mine")
    events = away.settings.sweeps / sweep_id / EVENTS
    events.write_text(events.read_text("utf-8").replace("run_detached", "engine_back"), "utf-8")
    fake_time.advance(hours=10)
    assert sweeps.cancel_sweep(away, sweep_id)
    assert read_one(away, sweep_id).seconds == 0


def test_a_look_gathers_what_ended_and_hands_no_other_trial_over(away: Desk) -> None:
    sweep_id = sweep_at(away, "mine")
    ends_there(away, sweep_id, valid_score=0.2)
    assert sweeps.gather_sweep(away, sweep_id) == ""
    page = sweeps.sweep_page(away, sweep_id)
    assert (page.state, page.spent.trials, page.at_engine) == (RunState.INTERRUPTED, 1, 0)
    kinds = [one.kind for one in sweep_store_of(away).events(sweep_id)]
    assert kinds.count("trial_submitted") == 1


def test_a_look_at_a_run_whose_last_seed_ended_finds_it_finished(away: Desk) -> None:
    run_id = run_at(away, "mine")
    ends_there(away, run_id, test_score=0.5)
    assert gather(away, run_id) == ""
    assert get_run(away, run_id).state is RunState.FINISHED


def test_a_chosen_trial_of_unknown_settings_is_not_confirmed(desk: Desk) -> None:
    sweep_id = write_sweep(desk, [Made(lr=None)])
    with pytest.raises(DeskError, match="settings were not written"):
        confirm_sweep(desk, sweep_id, 1, sweeps.SweepHow(trust=True))
