"""Sweeps: started, gone on with, extended, shown without the test, looked at and counted."""

import math
import threading
from dataclasses import replace

import pytest
from support.sweep_maker import EXPERIMENT, ID, NAME, Made, spec, swept_recipe, write_sweep

from researchdesk.domain.runs import Event, RunState
from researchdesk.domain.sweeps import Budget, TrialState
from researchdesk.errors import (
    BadInputError,
    BusyError,
    DeskError,
    NotOnDeskError,
    UsageProblemError,
)
from researchdesk.harness.locks import FileLock
from researchdesk.harness.sweeps.history import LOOKED
from researchdesk.services import sweep_confirming, sweep_drafts, sweep_testing, sweeps
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import recipe_for
from researchdesk.services.report_again import remarks
from researchdesk.services.runs import store_of as run_store_of
from researchdesk.services.sweep_store import store_of
from researchdesk.services.sweeps import SweepHow, SweepOptions

NOISY = """
def measure(run):
    lr = run.settings["lr"]
    return {"valid_score": lr + run.seed, "test_score": lr + 2 * run.seed, "other": 1.0}
"""
HOW = SweepHow(jobs=1, trust=True)


@pytest.mark.slow
def test_a_sweep_is_interrupted_gone_on_with_finished_and_extended(desk: Desk) -> None:
    swept_recipe(desk)
    recipe, wanted = sweeps.made(desk, ID, SweepOptions(metric="valid_score", trials=3))
    cancel, seen = threading.Event(), list[Event]()

    def hear(event: Event) -> None:
        seen.append(event)
        if event.kind == "seed_finished":
            cancel.set()

    begun = sweeps.start_sweep(desk, recipe, wanted, HOW, "cpu", hear, cancel)
    assert (begun.exit_code, begun.page.state) == (130, RunState.INTERRUPTED)
    assert 1 <= begun.page.spent.trials < 3
    assert seen[0].data["budget"] == {"trials": 3}
    more = replace(wanted, budget=Budget(trials=5))
    with pytest.raises(UsageProblemError, match="smaller budget") as refused:
        sweeps.start_sweep(desk, recipe, more, HOW, "cpu")
    assert refused.value.hint.endswith(f"sweep extend {begun.page.id} --trials 5")
    other = replace(wanted, budget=Budget(hours=1.0))
    with pytest.raises(UsageProblemError, match="smaller budget") as refused:
        sweeps.start_sweep(desk, recipe, other, HOW, "cpu")
    assert refused.value.hint.endswith("--trials 6"), "hours are no limit of it, and cannot be"
    less = replace(wanted, budget=Budget(trials=2))
    with pytest.raises(UsageProblemError, match="larger budget"):
        sweeps.start_sweep(desk, recipe, less, HOW, "cpu")

    done = sweeps.start_sweep(desk, recipe, wanted, HOW, "cpu")
    assert (done.exit_code, done.page.id) == (0, begun.page.id)
    assert done.page.state is RunState.FINISHED
    first = [trial.settings for trial in done.page.trials]
    assert [trial.state for trial in done.page.trials] == [TrialState.FINISHED] * 3
    assert done.page.best == max(done.page.trials, key=lambda trial: trial.settings["lr"])
    assert done.page.environment["engine"] == "local"

    again = sweeps.start_sweep(desk, recipe, wanted, HOW, "cpu")
    assert again.exit_code == 0
    assert "finished already" in again.notes[0]
    with pytest.raises(UsageProblemError, match="came to its end"):
        sweeps.resume_sweep(desk, begun.page.id, HOW)
    larger = sweeps.extend_sweep(desk, begun.page.id, SweepOptions(trials=5), HOW)
    assert larger.page.budget == Budget(trials=5)
    assert [trial.settings for trial in larger.page.trials[:3]] == first
    assert len(larger.page.trials) == 5


@pytest.mark.slow
def test_a_metric_that_is_not_measured_ends_the_sweep_at_its_first_trial(desk: Desk) -> None:
    swept_recipe(desk)
    options = SweepOptions(metric="valid_accuracy", trials=50)
    with pytest.raises(DeskError, match="measured no valid_accuracy") as told:
        sweeps.start_sweep(desk, *sweeps.made(desk, ID, options), HOW, "cpu")
    assert "test_score, train_score, valid_score" in told.value.message
    assert told.value.exit_code == 6
    (head,) = sweeps.sweep_heads(desk)
    assert (head.state, head.best) == (RunState.INTERRUPTED, None)
    assert head.ended < 5


@pytest.mark.slow
def test_the_chosen_trial_is_measured_anew_with_fresh_seeds(desk: Desk) -> None:
    swept_recipe(desk, NOISY)
    sweep_id = write_sweep(desk, [Made(lr=0.02, value=0.1), Made(lr=0.03, value=0.9)])
    found = sweep_confirming.confirm_sweep(desk, sweep_id, 3, HOW)
    assert (found.exit_code, found.trial.number, found.of) == (0, 1, 2)
    assert found.report.run.state is RunState.FINISHED
    assert found.report.recipe.arms[0].settings == {"lr": 0.03, "steps": 2}
    assert [task.seed for task in found.report.run.tasks] == [1, 2, 3], "not the sweep's own, 0"
    config = run_store_of(desk).config(found.report.run.id)
    assert any("did without 0." in line for line in remarks(found.report, config))
    valid, test, _ = found.rows
    told = (valid.metric, valid.n, valid.kept_back, valid.in_sweep)
    assert told == ("valid_score", 3, False, 0.9)
    assert valid.mean == pytest.approx(0.03 + 2)
    assert valid.sd == pytest.approx(1)
    assert valid.interval is not None
    assert valid.interval.high - valid.mean == pytest.approx(4.303 / 3**0.5, rel=1e-3)
    assert (test.metric, test.kept_back, test.in_sweep) == ("test_score", True, 0.123456)
    assert found.looks.trials == (1,)
    again = sweep_confirming.confirm_sweep(desk, sweep_id, 3, HOW)
    assert again.report.run.id == found.report.run.id
    assert again.rows == found.rows
    assert sweeps.sweep_page(desk, sweep_id).looks.count == 2


@pytest.mark.slow
def test_a_fresh_seed_without_a_finite_number_is_not_left_out(desk: Desk) -> None:
    swept_recipe(desk, NOISY.replace("+ 2 * run.seed", "+ (2 if run.seed > 1 else float('nan'))"))
    sweep_id = write_sweep(desk, [Made(lr=0.03, value=0.9)])
    found = sweep_confirming.confirm_sweep(desk, sweep_id, 3, HOW)
    valid, test, other = found.rows
    assert (found.exit_code, test.n, test.not_finite, test.interval) == (6, 3, 1, None)
    assert math.isnan(test.mean)
    assert (valid.mean, valid.not_finite, other.mean) == (pytest.approx(2.03), 0, 1.0)


@pytest.mark.slow
def test_a_look_is_counted_before_a_fresh_seed_has_ended(desk: Desk) -> None:
    swept_recipe(desk, NOISY)
    sweep_id = write_sweep(desk, [Made(lr=0.03, value=0.9)])
    cancel, counts = threading.Event(), list[int]()

    def hear(event: Event) -> None:
        if event.seed is not None:
            counts.append(sweeps.sweep_page(desk, sweep_id).looks.count)
            cancel.set()

    sweep_confirming.confirm_sweep(desk, sweep_id, 3, HOW, hear, cancel)
    assert set(counts) == {1}, "what was interrupted is shown by `runs show` all the same"
    assert sweeps.sweep_page(desk, sweep_id).looks.count == 1


def test_the_test_is_shown_nowhere_but_on_asking_and_each_look_is_counted(desk: Desk) -> None:
    sweep_id = write_sweep(desk, [Made(value=0.1), Made(value=0.9), Made(value=0.4, end="stopped")])
    page = sweeps.sweep_page(desk, sweep_id)
    assert page.best is not None
    assert (page.best.number, page.ranked, page.looks.words) == (1, (1, 0, 2), "")
    assert "0.123456" not in repr(page)
    look = sweep_testing.look_at_test(desk, sweep_id)
    assert (look.trial.number, look.test) == (1, {"test_score": 0.123456})
    assert look.looks.words == "The test was looked at once."
    sweep_testing.look_at_test(desk, sweep_id)
    store_of(desk).note(sweep_id, LOOKED, {"trial": 0})  # as after a sweep that went on
    looks = sweeps.sweep_page(desk, sweep_id).looks
    assert (looks.count, looks.trials) == (3, (1, 0))
    assert "too good" in looks.words
    head = sweeps.sweep_head(desk, sweep_id)
    assert (head.looks, head.looked_trials, head.state) == (3, 2, RunState.FINISHED)


def test_nothing_to_look_at_is_no_look(desk: Desk) -> None:
    sweep_id = write_sweep(desk, [Made(end="failed"), Made(end="", value=None)], end="")
    with pytest.raises(DeskError, match=r"come to its end") as told:
        sweep_testing.look_at_test(desk, sweep_id)
    assert told.value.exit_code == 6
    with pytest.raises(DeskError, match="No trial"):
        sweep_confirming.confirm_sweep(desk, sweep_id)
    page = sweeps.sweep_page(desk, sweep_id)
    assert (page.looks.count, page.best, page.state) == (0, None, RunState.CRASHED)
    assert page.failures == {"ValueError: it broke": 1}
    assert page.states[TrialState.CANCELLED] == 1
    only = write_sweep(desk, [Made(metrics={"train_score": 1.0})])
    with pytest.raises(DeskError, match="nothing that is kept back"):
        sweep_testing.look_at_test(desk, only)


def test_what_may_be_tests_is_warned_of(desk: Desk) -> None:
    sweep_id = write_sweep(desk, [Made()])
    assert sweeps.sweep_page(desk, sweep_id).warning == ""
    file = desk.settings.sweeps / sweep_id / "config.toml"
    text = file.read_text("utf-8")
    for metric, words in (("score", "chosen by the test"), ("train_score", "trained on")):
        file.write_text(text.replace("valid_score", metric), "utf-8")
        assert words in sweeps.sweep_page(desk, sweep_id).warning


def test_a_budget_is_made_larger_only(desk: Desk) -> None:
    sweep_id = write_sweep(desk, [Made(), Made(), Made()])

    def refused(**more: float) -> str:
        with pytest.raises(UsageProblemError) as told:
            sweeps.extend_sweep(desk, sweep_id, SweepOptions(**more), HOW)  # type: ignore[arg-type]
        return told.value.message

    assert "How much larger" in refused()
    assert "3, and 2 is not more" in refused(trials=2)
    assert "no limit of hours by the clock" in refused(hours=2.0)
    assert "the budget which the sweep has" in refused(trials=3)


def test_a_larger_budget_that_the_sweep_cannot_go_on_with_is_not_kept(desk: Desk) -> None:
    """No trial of a process holds a GPU on the processor."""
    sweep_id = write_sweep(desk, [Made()], budget="gpu_hours = 1", device="cpu")
    for _ in range(2):
        with pytest.raises(UsageProblemError, match="GPU-hours alone"):
            sweeps.extend_sweep(desk, sweep_id, SweepOptions(gpu_hours=2.0), HOW)
    assert sweeps.sweep_page(desk, sweep_id).budget == Budget(gpu_hours=1.0)


def test_one_under_way_is_left_alone(desk: Desk) -> None:
    sweep_id = write_sweep(desk, [Made()], end="")
    with pytest.raises(NotOnDeskError, match="not under way"):
        sweeps.cancel_sweep(desk, sweep_id)
    lock = FileLock(desk.settings.sweeps / sweep_id / "lock")
    assert lock.acquire()
    recipe = recipe_for(desk, ID)
    for attempt in (
        lambda: sweeps.resume_sweep(desk, sweep_id, HOW),
        lambda: sweeps.extend_sweep(desk, sweep_id, SweepOptions(trials=9), HOW),
        lambda: sweeps.remove_sweep(desk, sweep_id),
        lambda: sweeps.start_sweep(desk, recipe, spec('name = "x"\n'), HOW, "auto"),
    ):
        with pytest.raises(BusyError, match="under way"):
            attempt()
    sweeps.cancel_sweep(desk, sweep_id)
    assert (desk.settings.sweeps / sweep_id / "cancel").exists()
    lock.release()
    sweeps.remove_sweep(desk, sweep_id)
    assert sweeps.sweep_heads(desk) == []


def test_ids_may_be_shortened(desk: Desk) -> None:
    ids = [write_sweep(desk, [Made()]), write_sweep(desk, [Made()])]
    assert sweeps.full_sweep_id(desk, ids[1][:-1]) == ids[1]
    assert sweeps.full_sweep_id(desk, f"sweep:{ids[0]}") == ids[0]
    assert sweeps.full_sweep_id(desk, "nothing") == "nothing"
    with pytest.raises(NotOnDeskError, match="2 sweeps begin"):
        sweeps.full_sweep_id(desk, "2026")
    with pytest.raises(NotOnDeskError, match="no sweep"):
        sweeps.sweep_page(desk, "../runs")


def test_what_is_to_be_swept_is_made_of_a_file_or_of_ranges(desk: Desk, tmp_path) -> None:
    swept_recipe(desk)
    recipe, wanted = sweeps.made(desk, NAME, SweepOptions(metric="valid_loss", hours=1.0))
    assert (recipe.arxiv_id, wanted.better, wanted.budget) == (ID, "lower", Budget(hours=1.0))
    assert [one.name for one in wanted.space] == ["lr"]
    for options, words in (
        (SweepOptions(), "By which metric"),
        (SweepOptions(metric="valid_thing"), "Is a higher valid_thing better"),
        (SweepOptions(metric="valid_loss", arm="other"), "no arm 'other'"),
    ):
        with pytest.raises(UsageProblemError, match=words) as told:
            sweeps.made(desk, ID, options)
        before, _, _ = told.value.hint.partition("In a terminal")
        assert "--" not in before, "the app says it too"
    file = tmp_path / "mine.toml"
    file.write_text(sweep_drafts.draft(desk, recipe), "utf-8")
    _, drafted = sweeps.made(desk, str(file), SweepOptions(metric="valid_score", trials=7, seed=4))
    assert (drafted.name, drafted.arm, drafted.seed) == ("mine", "ours", 4)
    assert drafted.budget == Budget(trials=7)
    file.write_text(file.read_text("utf-8").replace("[space.lr]", "[space.rl]"), "utf-8")
    with pytest.raises(BadInputError, match="no setting 'rl'"):
        sweeps.made(desk, str(file), SweepOptions())


@pytest.mark.parametrize("of_class", [False, True])
def test_a_draft_names_only_a_metric_that_is_known_to_be_measured(
    desk: Desk, tmp_path, of_class: bool
) -> None:
    swept_recipe(desk, EXPERIMENT.replace("valid_score", "some_loss"))
    file, recipe = tmp_path / "mine.toml", recipe_for(desk, ID)
    text = sweep_drafts.draft(desk, recipe)
    assert 'metric = ""\n' in text
    assert "no metric whose name says validation is known" in text
    assert "#   some_loss is named in its experiment.py." in text
    assert "#   test_score is what a claim is about." in text
    file.write_text(text, "utf-8")
    with pytest.raises(BadInputError) as told:
        sweeps.made(desk, str(file), SweepOptions())
    line = text.splitlines().index('metric = ""') + 1
    assert f"mine.toml:{line}: metric: is missing: write the name of a metric" in told.value.message
    assert 'better: is missing: say "higher" or "lower"' in told.value.message
    if of_class:
        own = "from researchdesk.harness.training.experiment import Experiment, Split\n"
        own += "class Ours(Experiment):\n    task = 'regression'\n"
        own += "    def data(self, run):\n        return Split(a, b, valid=c)\n"
    else:
        own = EXPERIMENT
    (recipe.folder / "experiment.py").write_text(own, "utf-8")
    text = sweep_drafts.draft(desk, recipe_for(desk, ID))
    expected = ("valid_mse", "lower") if of_class else ("valid_score", "higher")
    assert f'metric = "{expected[0]}"\nbetter = "{expected[1]}"' in text
