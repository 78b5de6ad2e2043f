"""The bench, driven by keys: real runs of small recipes, and runs that others do."""

import asyncio
import shutil
from pathlib import Path

import pytest
from support.bench import BenchApp, seen, status, until, workers_of
from support.recipe_maker import ARM, CLAIM, write_recipe

from researchdesk.config import Settings
from researchdesk.domain.runs import RunState
from researchdesk.services import reproduction
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.recipes import recipe_for, trust
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.screens.bench import BenchScreen
from researchdesk.tui.screens.library import LibraryScreen

WIDE = (200, 60)
SMALL = (80, 24)
SLEEPY = """
import time

def measure(run):
    run.log(1, loss=0.5)
    if run.seed:
        time.sleep(120)
    return {"score": 0.5}
"""
FAILS = """
def measure(run):
    if run.seed == 1:
        raise ValueError("it burst [/b] here")
    return {"score": 0.5}
"""


@pytest.fixture
def desk(bare_desk: Desk) -> Desk:
    return bare_desk


async def test_a_run_fills_in_the_claims_and_ends_with_a_verdict(settings: Settings) -> None:
    app = BenchApp(open_desk(settings), "1512.03385v1")
    async with app.run_test(size=(200, 60), notifications=True) as pilot:
        await until(pilot, lambda: seen(app).count("· untested") >= 6)
        await pilot.press("s")
        await until(pilot, lambda: "running" in status(app) or "finished" in status(app))
        await until(pilot, lambda: "finished" in status(app) and "reproduced" in status(app), 60)
        await until(pilot, lambda: seen(app).count("✓ reproduced") >= 7)
        await until(pilot, lambda: "quote checked against" in seen(app))
        text = seen(app)
    assert "6/6 seeds" in text
    assert text.count("✓ reproduced") >= 7
    assert "19,421,274" in text
    assert "quote checked against the paper's text" in text
    assert [run.state for run in reproduction.runs(app.bench.desk)] == [RunState.FINISHED]


async def test_cancel_keeps_finished_seeds_and_resume_goes_on(desk: Desk, bundled: Path) -> None:
    write_recipe(bundled, SLEEPY)
    app = BenchApp(desk)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: "A tiny experiment" in seen(app))
        await pilot.press("s")
        await until(pilot, lambda: "1/3 seeds" in status(app))
        await pilot.press("c")
        await until(pilot, lambda: "interrupted" in status(app))
        (run,) = reproduction.runs(desk)
        assert [result.task.seed for result in run.results] == [0]
        assert workers_of(desk.root) == []
        await until(pilot, lambda: "1 of 3 seeds are kept" in seen(app))
        await pilot.press("r")
        await until(pilot, lambda: "running" in status(app))
        await until(pilot, lambda: "1/3 seeds" in status(app))
        await pilot.press("c")
        await until(pilot, lambda: "interrupted" in status(app))
        assert [run.id] == [again.id for again in reproduction.runs(desk)]


async def test_quitting_ends_the_workers_and_keeps_what_finished(desk: Desk, bundled: Path) -> None:
    write_recipe(bundled, SLEEPY)
    app = BenchApp(desk)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: "A tiny experiment" in seen(app))
        await pilot.press("s")
        await until(pilot, lambda: "1/3 seeds" in status(app))
        assert workers_of(desk.root)
        await pilot.press("ctrl+q")
    for _ in range(1200):
        if reproduction.runs(desk)[0].state is RunState.INTERRUPTED:
            break
        await asyncio.sleep(0.05)
    (run,) = reproduction.runs(desk)
    assert (run.state, len(run.results)) == (RunState.INTERRUPTED, 1)
    assert workers_of(desk.root) == []


async def test_a_run_goes_on_while_another_screen_is_looked_at(settings: Settings) -> None:
    write_recipe(settings.recipes, SLEEPY)
    desk = open_desk(settings)
    trust(desk, recipe_for(desk, "2001.00001"))
    app = ResearchDeskApp(desk)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(app.screen, BenchScreen))
        app.screen.show_paper("2001.00001")
        await until(pilot, lambda: "2001.00001  A tiny" in seen(app))
        await pilot.press("S")
        await until(pilot, lambda: "1/3 seeds" in status(app))
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        assert reproduction.runs(desk)[0].state is RunState.RUNNING
        await pilot.press("f4")
        await until(pilot, lambda: "quick" in status(app))
        await pilot.press("ctrl+q", "y")
    for _ in range(1200):
        (run,) = reproduction.runs(desk)
        if not workers_of(desk.root) and run.state is not RunState.RUNNING:
            break
        await asyncio.sleep(0.05)
    assert (run.state, run.quick, len(run.results)) == (RunState.INTERRUPTED, True, 1)


async def test_code_that_is_not_ours_runs_only_after_yes(desk: Desk) -> None:
    folder = write_recipe(desk.settings.recipes, seeds=1)
    app = BenchApp(desk)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: "A tiny experiment" in seen(app))
        await pilot.press("s")
        await until(pilot, lambda: "Run this code?" in seen(app))
        words = seen(app).replace("\n", "").replace(" ", "").replace("│", "")
        assert "experiment.py,recipe.toml" in words
        assert recipe_for(desk, folder.name).digest in words
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, BenchScreen))
        await until(pilot, lambda: "Nothing was run." in seen(app))
        assert reproduction.runs(desk) == []
        await pilot.press("s")
        await until(pilot, lambda: "Run this code?" in seen(app))
        await pilot.press("y")
        await until(pilot, lambda: "finished" in status(app))
        (run,) = reproduction.runs(desk)
        assert run.state is RunState.FINISHED


async def test_a_failed_seed_is_shown_with_its_error_as_it_is(desk: Desk, bundled: Path) -> None:
    write_recipe(bundled, FAILS)
    app = BenchApp(desk)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: "A tiny experiment" in seen(app))
        await pilot.press("s")
        await until(pilot, lambda: "finished" in status(app))
        await until(pilot, lambda: "✗ ours seed 1 failed" in seen(app))
        await until(pilot, lambda: "it burst [/b] here" in seen(app))
        await until(pilot, lambda: "✗ 1 failed" in status(app))


async def test_text_from_a_recipe_is_never_markup(desk: Desk, bundled: Path) -> None:
    claim = CLAIM.replace("The score is 0.5", "The [b]score[/] [/b] is $x 0.5")
    write_recipe(bundled, toml=ARM + claim + 'quote = "so [link=x]bold[/i]"\n')
    app = BenchApp(desk)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: "[b]score[/] [/b] is $x" in seen(app))
        await until(pilot, lambda: "so [link=x]bold[/i]" in seen(app))
        await until(pilot, lambda: "? quote not checked against the paper's text" in seen(app))


async def test_without_a_recipe_it_says_how_to_begin_one(desk: Desk) -> None:
    app = BenchApp(desk)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: "researchdesk recipe new ID" in seen(app))
        await pilot.press("s", "c", "r", "d", "m", "l", "a", "e")
        write_recipe(desk.settings.recipes)
        await until(pilot, lambda: "A tiny experiment" in seen(app))


async def test_without_a_run_there_is_nothing_to_resume(desk: Desk, bundled: Path) -> None:
    write_recipe(bundled)
    app = BenchApp(desk)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: "No run yet" in status(app))
        await pilot.press("r")
        await until(pilot, lambda: "no run to resume" in seen(app))
        assert reproduction.runs(desk) == []


async def test_a_paper_without_a_recipe_is_told_about(desk: Desk, bundled: Path) -> None:
    write_recipe(bundled)
    app = BenchApp(desk, "1234.56789")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: "There is no recipe for 1234.56789" in seen(app))


async def test_a_recipe_that_is_gone_is_told_and_the_app_goes_on(desk: Desk, bundled: Path) -> None:
    folder = write_recipe(bundled, FAILS)
    app = ResearchDeskApp(desk)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await pilot.press("f4")
        await until(pilot, lambda: "A tiny experiment" in seen(app))
        shutil.rmtree(folder)
        for key in ("v", "K"):
            app.clear_notifications()
            await pilot.press(key)
            await until(pilot, lambda: "There is no recipe" in seen(app))
            assert isinstance(app.screen, BenchScreen)
