"""The screen of sweeps: started, followed, extended, stopped, removed, looked into."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.bench import seen
from support.sweep_maker import EXPERIMENT, ID, NAME, SPEC, Made, spec, swept_recipe, write_sweep
from textual.pilot import Pilot
from textual.widgets import Input, Select, Static

from researchdesk.domain.runs import RunState, Task
from researchdesk.domain.seeding import TRIAL
from researchdesk.harness.history import RunConfig
from researchdesk.harness.sweeps.spec import spec_toml
from researchdesk.services import recipes, sweeps
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import recipe_for
from researchdesk.services.sweep_store import store_of
from researchdesk.services.sweeps import Looks
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog
from researchdesk.tui.dialogs.look_at_test import TestLookDialog
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.dialogs.start_sweep import StartSweepDialog
from researchdesk.tui.screens.bench import BenchScreen
from researchdesk.tui.screens.sweep_runs import SweepKeeper
from researchdesk.tui.screens.sweeps import SweepsScreen
from researchdesk.tui.widgets.setting_scatter import SettingScatter
from researchdesk.tui.widgets.sweep_list import SweepList
from researchdesk.tui.widgets.sweep_plot import SweepPlot
from researchdesk.tui.widgets.sweep_words import looks_line
from researchdesk.tui.widgets.trial_list import TrialList

WIDE, SMALL, TINY = (200, 60), (80, 24), (40, 12)
TRIALS = (
    Made(0.02, 0.5),
    Made(0.05, 0.75, retries=("its process was killed",)),
    Made(0.01, None, "failed"),
    Made(0.03, 0.9, "stopped"),
)
Until = Callable[..., object]
MakeApp = Callable[..., ResearchDeskApp]


def _status(app: ResearchDeskApp, name: str = "state") -> str:
    return str(app.screen.query_one(f"#sweep-{name}", Static).content)


async def _to_sweeps(app: ResearchDeskApp, pilot: Pilot[None], until: Until) -> SweepsScreen:
    """By the keys: to the bench, and from there to the sweeps."""
    await pilot.press("f4")
    await until(pilot, lambda: isinstance(app.screen, BenchScreen) and app.screen.paper_at_hand())
    await pilot.press("h")
    await until(pilot, lambda: isinstance(app.screen, SweepsScreen))
    screen = app.screen
    assert isinstance(screen, SweepsScreen)
    return screen


async def _at(pilot: Pilot[None], until: Until, screen: SweepsScreen, sweep_id: str) -> None:
    await until(pilot, lambda: screen.page is not None and screen.page.id == sweep_id)


@pytest.mark.parametrize("size", [WIDE, TINY], ids=str)
async def test_a_sweep_is_shown_with_its_trials_and_the_keys_lead_through_its_parts(
    desk: Desk, make_app: MakeApp, until: Until, size: tuple[int, int]
) -> None:
    sweep_id = write_sweep(desk, TRIALS, more='name = "[b]lr[/b]"\n')
    app = make_app()
    async with app.run_test(size=size) as pilot:
        screen = await _to_sweeps(app, pilot, until)
        await _at(pilot, until, screen, sweep_id)
        assert "finished  4 of 3 trials" in _status(app)
        assert "trial 1: valid_score 0.75" in _status(app, "best")
        assert "was not looked at" in _status(app, "looks")
        assert "[b]lr[/b]" in seen(app)
        await pilot.press("enter")
        trials = screen.query_one(TrialList)
        await until(pilot, lambda: trials.has_focus)
        assert [trial.number for trial in trials.items] == [1, 0, 3, 2]
        assert "Tried 2 times: its process was killed" in _words(screen)
        assert "0.123456" not in seen(app) + _words(screen)
        await pilot.press("end")
        assert "ValueError: it broke" in _words(screen)
        await pilot.press("i")
        scatter = screen.query_one(SettingScatter)
        await until(pilot, lambda: scatter.has_focus)
        drawn = str(screen.query_one("#scatter-drawn", Static).content)
        assert "lr (log)" in drawn
        assert "●" in drawn
        await pilot.press("i")
        await until(pilot, lambda: screen.query_one(SweepPlot).has_focus)
        await until(pilot, lambda: screen.query_one(SweepPlot).against is not None)
        await pilot.press("tab", "tab")
        await until(pilot, lambda: screen.query_one(SweepList).has_focus)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BenchScreen))


def _through(screen: SweepsScreen) -> bool:
    """Whether it came to its end, the screen says so, and nothing is done with it any more."""
    ended = screen.page is not None and screen.page.state is RunState.FINISHED
    return ended and screen.own is None


def _words(screen: SweepsScreen) -> str:
    return str(screen.query_one("#trial-words", Static).content)


async def test_the_test_is_shown_after_a_yes_only_and_the_look_is_counted(
    desk: Desk, make_app: MakeApp, until: Until
) -> None:
    sweep_id = write_sweep(desk, TRIALS)
    app = make_app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        screen = await _to_sweeps(app, pilot, until)
        await _at(pilot, until, screen, sweep_id)
        await pilot.press("enter", "t")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await until(pilot, lambda: "The test was not looked at yet" in seen(app))
        await pilot.press("n")
        assert sweeps.sweep_page(desk, sweep_id).looks.count == 0
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, TestLookDialog))
        await until(pilot, lambda: "0.1235" in seen(app))
        await pilot.press("escape", "down")
        await until(pilot, lambda: screen.query_one(TrialList).current.number == 0)
        await until(pilot, lambda: "The test was looked at once" in _status(app, "looks"))
        await pilot.press("t")
        await until(pilot, lambda: "Trial 0 is marked, but the test is shown of" in seen(app))
        assert "0.1235" not in seen(app)
        assert sweeps.sweep_page(desk, sweep_id).looks.trials == (1,)
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, TestLookDialog))
        assert screen.query_one(TrialList).current.number == 1
        assert sweeps.sweep_page(desk, sweep_id).looks.trials == (1,)


async def test_another_sweep_begins_at_its_best_trial(
    desk: Desk, make_app: MakeApp, until: Until
) -> None:
    longer = write_sweep(desk, [Made(0.05, n / 40) for n in range(30)])
    newer = write_sweep(desk, [Made(0.05, 0.9), Made(0.02, 0.5)])
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        screen = await _to_sweeps(app, pilot, until)
        screen._want = newer
        await _at(pilot, until, screen, newer)
        trials = screen.query_one(TrialList)
        assert trials.current.number == 0
        screen.query_one(SweepList).put(screen.query_one(SweepList).items, longer)
        await until(pilot, lambda: len(trials) == 30)
        assert trials.current.number == 29
        await pilot.press("enter", "end")
        await until(pilot, lambda: trials.current.number == 0 and trials.has_focus)
        screen._follower.look_soon()
        await pilot.pause(0.6)
        assert trials.current.number == 0


def test_the_count_of_looks_is_shown_beside_a_doubt_about_the_metric(desk: Desk) -> None:
    page = sweeps.sweep_page(desk, write_sweep(desk, TRIALS))
    doubted = replace(page, warning="It may be of the test.")
    assert looks_line(doubted).plain == "It may be of the test."
    often = replace(doubted, looks=Looks(3, (1, 0)))
    assert looks_line(often).plain == (
        "The test was looked at 3 times, at 2 trials. It may be of the test."
    )


async def test_a_sweep_of_a_file_is_started_on_the_engine_that_was_chosen(
    desk: Desk, make_app: MakeApp, until: Until, tmp_path: Path
) -> None:
    swept_recipe(desk)
    recipes.trust(desk, recipe_for(desk, NAME), ("ours",))
    engines = {"spare": {"kind": "local", "at_once": 1}}
    (tmp_path / "[b].toml").write_text(SPEC, "utf-8")
    app = make_app()
    app.desk = replace(desk, settings=replace(desk.settings, engines=engines))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        screen = await _to_sweeps(app, pilot, until)
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, StartSweepDialog))
        app.screen.query_one("#source", Input).value = str(tmp_path / "none.toml")
        await pilot.press("ctrl+s")
        assert "none.toml" in str(app.screen.query_one("#problem", Static).content)
        app.screen.query_one("#source", Input).value = str(tmp_path / "[b].toml")
        app.screen.query_one("#engine", Select).value = "spare"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: screen.page and screen.page.state is RunState.FINISHED, 60)
        assert "on spare  3 of 3 trials" in _status(app)


@pytest.mark.slow
async def test_a_sweep_is_started_from_the_dialog_extended_and_its_curve_written(
    desk: Desk, make_app: MakeApp, until: Until, tmp_path: Path
) -> None:
    swept_recipe(desk)
    app = make_app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        screen = await _to_sweeps(app, pilot, until)
        await until(pilot, lambda: screen.has_class("-empty"))
        await until(pilot, lambda: "No sweep yet" in seen(app))
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, StartSweepDialog))
        app.screen.query_one("#source", Input).value = ID
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "By which metric" in seen(app))
        app.screen.query_one("#metric", Input).value = "valid_score"
        app.screen.query_one("#better").value = "higher"  # type: ignore[attr-defined]
        app.screen.query_one("#trials", Input).value = "2"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await until(pilot, lambda: "Run this code?" in seen(app))
        await pilot.press("y")
        await until(pilot, lambda: _through(screen), 60)
        assert "2 of 2 trials" in _status(app)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, QuestionDialog))
        await pilot.press("backspace", "3", "enter")
        await until(pilot, lambda: "3 of 3 trials" in _status(app) and _through(screen), 60)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, QuestionDialog))
        app.screen.query_one("#answer", Input).value = str(tmp_path / "curve.svg")
        await pilot.press("enter")
        await until(pilot, lambda: (tmp_path / "curve.svg").exists(), 60)
        await until(pilot, lambda: len(screen.query_one(TrialList)) == 3)


async def test_a_sweep_limited_by_hours_is_extended_by_hours(
    desk: Desk, make_app: MakeApp, until: Until
) -> None:
    write_sweep(desk, [Made(), Made()], budget="hours = 1.5")
    app = make_app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        screen = SweepsScreen(desk, SweepKeeper())
        await app.push_screen(screen)
        await until(pilot, lambda: screen.page is not None)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, QuestionDialog))
        assert "1.5 h by the clock" in seen(app)
        answer = app.screen.query_one("#answer", Input)
        assert answer.value == "3 hours"
        for typed, told in (("1 hour", "1.5, and 1 is not"), ("2 days", "is no limit of a sweep")):
            answer.value = typed
            await pilot.press("enter")
            await until(pilot, lambda told=told: told in seen(app))
            assert answer.value == typed


async def test_a_grid_is_counted_by_its_points_and_not_extended_when_all_are_done(
    desk: Desk, make_app: MakeApp, until: Until
) -> None:
    sweep_id = write_sweep(desk, [Made(), Made()], more='search = "grid"\n', points=2)
    app = make_app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = SweepsScreen(desk, SweepKeeper())
        await app.push_screen(screen)
        await until(pilot, lambda: screen.page is not None)
        assert "2 of 2 points" in _status(app)
        day, time = sweep_id.split("-")[:2]
        await until(
            pilot, lambda: f"{day[4:6]}-{day[6:]} {time[:2]}:{time[2:4]} · 2/2" in seen(app)
        )
        await pilot.press("e")
        await until(pilot, lambda: "The grid has 2 points, and all are done." in seen(app))


async def test_a_sweep_of_another_process_is_read_on_and_asked_to_stop(
    desk: Desk, make_app: MakeApp, until: Until
) -> None:
    swept_recipe(desk)
    recipe, wanted = recipe_for(desk, ID), spec()
    config = RunConfig(recipe.name, recipe.digest, ID, False, False, (), sweep=spec_toml(wanted))
    run = store_of(desk).begin(recipe, config, lambda event: None, lambda: None)
    run.record("run_started", data={"run": run.id})
    app = make_app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await _to_sweeps(app, pilot, until)
        await _at(pilot, until, screen, run.id)
        assert "running" in _status(app)
        assert "No trial has begun yet" in seen(app)
        task = Task("ours", 0, TRIAL)
        run.record("seed_started", task, {"settings": {"lr": 0.05}, "node": "node-[7]"})
        await until(pilot, lambda: "▶ running" in seen(app) and "node-[7]" in seen(app))
        for step in (1, 2, 3):
            value = {"step": step, "name": "valid_score", "value": step / 10}
            run.record("metric", task, value)
        run.record("seed_finished", task, {"metrics": {"valid_score": 0.3}, "seconds": 2.0})
        await until(pilot, lambda: "1 of 3 trials" in _status(app))
        await until(pilot, lambda: screen.query_one(SweepPlot).against is not None)
        await pilot.press("d")
        assert store_of(desk).ids() == [run.id]
        await pilot.press("c")
        await until(pilot, run.stop_asked)
        run.record("run_interrupted")
        run.close()
        await until(pilot, lambda: "interrupted" in _status(app))
        assert "r goes on with it" in _status(app, "best")
        await until(pilot, lambda: "▁▅█ 0.1 → 0.3" in _words(screen))


async def test_one_that_came_to_its_end_and_lost_a_trial_is_gone_on_with(
    desk: Desk, make_app: MakeApp, until: Until
) -> None:
    sweep_id = write_sweep(desk, [TRIALS[0], replace(TRIALS[0], end="lost")], end="run_finished")
    app = make_app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        screen = await _to_sweeps(app, pilot, until)
        await _at(pilot, until, screen, sweep_id)
        assert "r hands out again what was lost" in _status(app, "best")
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        assert "Run this code?" in seen(app)


async def test_one_that_was_broken_off_is_gone_on_with_and_removed_after_a_yes(
    desk: Desk, make_app: MakeApp, until: Until
) -> None:
    swept_recipe(desk, EXPERIMENT)
    recipes.trust(desk, recipe_for(desk, NAME), ("ours",))
    sweep_id = write_sweep(desk, TRIALS[:1], end="")
    app = make_app()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        screen = await _to_sweeps(app, pilot, until)
        await _at(pilot, until, screen, sweep_id)
        assert "crashed" in _status(app)
        assert "its process died" in _status(app, "best")
        await pilot.press("r")
        await until(pilot, lambda: "3 of 3 trials" in _status(app) and _through(screen), 60)
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        assert "3 trials and its copy of the recipe" in " ".join(seen(app).split())
        await pilot.press("n")
        assert store_of(desk).ids() == [sweep_id]
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("y")
        await until(pilot, lambda: screen.has_class("-empty"))
        assert store_of(desk).ids() == []
