"""What is said of a sweep whose rule or limit has nothing to go by."""

from dataclasses import replace

import pytest
from support.made_sweeps import sweep_of
from support.sweep_maker import ID, Made, chosen_by, swept_recipe, write_sweep

from researchdesk.domain.budget_curves import Against
from researchdesk.domain.runs import Event
from researchdesk.domain.sweeps import Budget, MedianRule, SweepSummary, TrialCost
from researchdesk.errors import DeskError
from researchdesk.services import sweeps
from researchdesk.services.budget_curves import curve_of
from researchdesk.services.budget_draws import Asked
from researchdesk.services.desk import Desk
from researchdesk.services.sweep_notes import page_notes
from researchdesk.services.sweep_pages import spent
from researchdesk.services.sweeps import SweepHow, SweepOptions
from researchdesk.tui.widgets.sweep_words import best_line

ONLY_RETURNED = """
def measure(run):
    return {"valid_score": run.settings["lr"], "test_score": 1.0}
"""


def costing(cost: TrialCost) -> SweepSummary:
    made = replace(sweep_of([0.5, 0.6]), budget=Budget(9, gpu_hours=1.0))
    return replace(made, trials=tuple(replace(one, cost=cost) for one in made.trials))


def test_a_limit_of_gpu_hours_that_cannot_bind_and_gpus_that_are_assumed_are_told() -> None:
    (on_cpu,) = page_notes(costing(TrialCost(gpus=0.0)), 0.0)
    assert "hold no GPU" in on_cpu
    assert page_notes(costing(TrialCost(3_600, gpus=1.0)), 0.0) == ()
    before = costing(TrialCost(unsaid=1_800))
    (assumed,) = page_notes(before, 2.0)
    assert "did not write how many GPUs each held: 2 is assumed" in assumed
    assert spent(before, 2.0).gpu_hours == 2.0
    assert page_notes(replace(sweep_of([0.5]), budget=Budget(9)), 0.0) == ()


def test_a_curve_of_gpu_hours_takes_of_each_trial_what_it_held() -> None:
    made = sweep_of([0.5, 0.6, 0.7], seconds=[3_600.0] * 3)
    held = zip(made.trials, (1.0, 4.0, None), strict=True)
    trials = tuple(replace(one, cost=TrialCost(gpus=gpus)) for one, gpus in held)
    found = curve_of(replace(made, trials=trials), Asked(Against.GPU_HOURS), gpus=2.0)
    assert found.points[-1].budget == pytest.approx(1 + 4 + 2)


def test_a_sweep_whose_trials_do_not_measure_its_metric_cannot_go_on(desk: Desk) -> None:
    sweep_id = write_sweep(desk, [Made(), Made(end="")], end="run_interrupted")
    page = sweeps.sweep_page(desk, sweep_id)
    assert (page.can_go_on, page.is_stuck, page.notes) == (True, False, ())
    assert "goes on with it" in best_line(page).plain
    chosen_by(desk, sweep_id, "nope")
    page = sweeps.sweep_page(desk, sweep_id)
    assert (page.can_go_on, page.is_stuck, len(page.trials)) == (False, True, 2)
    assert "cannot go on" in best_line(page).plain
    assert "goes on with it" not in best_line(page).plain
    (note,) = page.notes
    assert note.startswith("Its trials measure no nope,")
    assert "They measured test_score, valid_score." in note
    assert f"`researchdesk sweep rm {sweep_id}`" in note
    events = desk.settings.sweeps / sweep_id / "events.jsonl"
    before, how = events.read_bytes(), SweepHow(jobs=1, trust=True)
    with pytest.raises(DeskError, match="measure no nope") as told:
        sweeps.resume_sweep(desk, sweep_id, how)
    assert (told.value.exit_code, "another metric" in told.value.hint) == (6, True)
    with pytest.raises(DeskError, match="measure no nope"):
        sweeps.extend_sweep(desk, sweep_id, SweepOptions(trials=9), how)
    assert events.read_bytes() == before


@pytest.mark.slow
def test_a_stop_rule_that_nothing_is_logged_for_is_told_of_once(desk: Desk) -> None:
    swept_recipe(desk, ONLY_RETURNED)
    recipe, wanted = sweeps.made(desk, ID, SweepOptions(metric="valid_score", trials=3))
    wanted = replace(wanted, stop=MedianRule(0, 1), width=1)
    heard: list[Event] = []
    how = SweepHow(jobs=2, trust=True)
    done = sweeps.start_sweep(desk, recipe, wanted, how, "cpu", heard.append)
    (note,) = done.page.notes
    assert "run.log(step, valid_score=...)" in note
    more = sweeps.extend_sweep(
        desk, done.page.id, SweepOptions(trials=5), how, on_event=heard.append
    )
    assert (more.page.notes, len(more.page.trials)) == ((note,), 5)
    assert [event.kind for event in heard].count("stop_unused") == 1
    assert {event.data["gpus"] for event in heard if event.kind == "seed_finished"} == {0.0}
