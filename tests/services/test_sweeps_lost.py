"""Trials that went with their process or node: no result, no draw, and handed out again."""

from dataclasses import replace

import pytest
from support.sweep_maker import Made, write_sweep

from researchdesk.domain.runs import RunState, Task
from researchdesk.domain.seeding import TRIAL
from researchdesk.domain.sweeps import TrialState
from researchdesk.errors import UsageProblemError
from researchdesk.services import sweeps
from researchdesk.services.budget_curves import curve_of
from researchdesk.services.desk import Desk
from researchdesk.services.sweep_notes import page_notes
from researchdesk.services.sweep_reading import sweep_page
from researchdesk.services.sweep_store import read_one, store_of
from researchdesk.services.sweeps import SweepHow
from researchdesk.tui.widgets.sweep_words import best_line

HOW = SweepHow(jobs=1, trust=True)


@pytest.fixture
def sweep(desk: Desk) -> str:
    """A sweep that came to its end with its trial 1 lost."""
    made = write_sweep(desk, [Made(), Made(end=""), Made(value=0.7)], end="")
    run = store_of(desk).reopen(made, lambda event: None)
    lost = {"error": "The node n1 was lost.\nIt was tried 3 times.", "lost": True}
    run.record("seed_failed", Task("ours", 1, TRIAL), lost)
    run.record("run_finished")
    run.close()
    return made


def test_a_lost_trial_is_no_draw_and_it_is_said_how_it_is_handed_out_again(
    desk: Desk, sweep: str
) -> None:
    page = sweep_page(desk, sweep)
    assert (page.state, page.states[TrialState.LOST], page.spent.trials) == (
        *(RunState.FINISHED, 1),
        2,
    )
    assert not page.failures
    assert f"`sweep curve`; this hands it out again: researchdesk sweep resume {sweep}" in (
        " ".join(page.notes)
    )
    going = replace(read_one(desk, sweep), state=RunState.RUNNING)
    assert "when the sweep is over, this hands it out again" in " ".join(page_notes(going, 0.0))
    assert "hands out again" in best_line(page).plain
    assert "hands out again" not in best_line(replace(page, state=RunState.RUNNING)).plain
    head = sweeps.sweep_head(desk, sweep)
    assert (head.ended, head.failed, head.lost) == (2, 0, 1)
    curve = curve_of(read_one(desk, sweep))
    assert (curve.trials, curve.failed, curve.lost, curve.left_out) == (2, 0, 1, 0)
    assert curve.points[0].best == pytest.approx(0.6), "and not lower for the one that was lost"
    assert "1 trial was lost with its process or node" in " ".join(curve.notes)


@pytest.mark.slow
def test_going_on_with_a_sweep_hands_out_again_what_it_lost(desk: Desk, sweep: str) -> None:
    found = sweeps.resume_sweep(desk, sweep, HOW)
    assert (found.exit_code, found.page.state) == (0, RunState.FINISHED)
    assert [trial.state for trial in found.page.trials] == [TrialState.FINISHED] * 3
    assert found.page.notes == ()
    with pytest.raises(UsageProblemError, match="came to its end"):
        sweeps.resume_sweep(desk, sweep, HOW)
