"""A sweep that is looked at while it grows: as if it were read anew each time."""

from dataclasses import replace

import pytest
from support.sweep_maker import ID, Made, spec, swept_recipe, write_sweep

from researchdesk.domain.budget_curves import Against
from researchdesk.domain.runs import RunState, Task
from researchdesk.domain.seeding import TRIAL
from researchdesk.errors import NotOnDeskError
from researchdesk.harness.history import RunConfig
from researchdesk.harness.open_run import CONFIG, EVENTS
from researchdesk.harness.sweeps.spec import spec_toml
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import recipe_for
from researchdesk.services.sweep_heads import sweep_head
from researchdesk.services.sweep_reading import sweep_page
from researchdesk.services.sweep_store import store_of
from researchdesk.services.sweep_watching import SweepWatch, trial_curve


def test_each_look_says_what_reading_anew_would(desk: Desk) -> None:
    swept_recipe(desk)
    recipe, wanted = recipe_for(desk, ID), spec()
    config = RunConfig(recipe.name, recipe.digest, ID, False, False, (), sweep=spec_toml(wanted))
    run = store_of(desk).begin(recipe, config, lambda event: None, lambda: None)
    watch = SweepWatch(desk, run.id)
    first = watch.look()
    assert first is not None
    assert (first.page.state, first.rows) == (RunState.RUNNING, ())
    with pytest.raises(NotOnDeskError):
        list(watch.curves())
    run.record("run_started", data={"run": run.id})
    values = {0: 0.3, 1: 0.5}
    for number, value in values.items():
        task = Task("ours", number, TRIAL)
        run.record("trial_submitted", data={"key": str(number)})
        run.record("seed_started", task, {"settings": {"lr": 0.02}})
        for step in (1, 2):
            run.record("metric", task, {"step": step, "name": "valid_score", "value": value * step})
        run.record("seed_finished", task, {"metrics": {"valid_score": value}, "seconds": 2.0})
        run.record("trial_over", data={"key": str(number)})
        sight = watch.look()
        assert sight is not None
        assert sight.page == sweep_page(desk, run.id)
        assert sight.page.spent.trials == number + 1
        assert watch.look() is None
    with (run.folder / EVENTS).open("ab") as file:  # torn, as another process writes it
        file.write(b'{"kind": "seed_started", "at')
    assert watch.look() is None
    assert [curve.against for curve in watch.curves()] == [Against.TRIALS, Against.TIME]
    assert trial_curve(desk, run.id, "valid_score", 1) == [(1, 0.5), (2, 1.0)]
    assert trial_curve(desk, run.id, "valid_score", 7) == []
    run.close()
    ended = watch.look()
    assert ended is not None
    assert ended.page.state is RunState.CRASHED


def test_the_engine_of_the_latest_stretch_is_seen_while_it_goes_on(desk: Desk) -> None:
    sweep_id = write_sweep(desk, [Made()], end="run_interrupted")
    watch = SweepWatch(desk, sweep_id)
    first = watch.look()
    assert first is not None
    assert first.page.engine == "local"
    run = store_of(desk).reopen(sweep_id, lambda event: None)
    (run.folder / CONFIG).write_text(replace(run.config, engine="mine").to_toml(), "utf-8")
    run.record("run_resumed", data={"run": run.id, "engine": "mine"})
    sight = watch.look()
    assert sight is not None
    assert (sight.page.state, sight.page.engine) == (RunState.RUNNING, "mine")
    assert sweep_page(desk, sweep_id).engine == sweep_head(desk, sweep_id).engine == "mine"
    run.close()


def test_the_rows_are_the_best_first_and_at_the_end_what_has_no_value(desk: Desk) -> None:
    made = [Made(0.01, None, "failed"), Made(0.02, 0.3), Made(0.03, 0.9, "stopped"),
            Made(0.04, 0.5, retries=("killed",)), Made(0.05, None, "")]  # fmt: skip
    sight = SweepWatch(desk, write_sweep(desk, made)).look()
    assert sight is not None
    assert [trial.number for trial in sight.rows] == [3, 1, 2, 0, 4]
    assert sight.retried == 1
    assert all("test_score" not in trial.metrics for trial in sight.rows)
