"""The bench: what is asked before a run, two runs compared, the arms as a table."""

from pathlib import Path

import pytest
from support.bench import BenchApp, begun, finish, measure, seen, status, until
from support.recipe_maker import CLAIM, write_recipe
from textual.widgets import Input, Select, SelectionList

from researchdesk.domain.runs import RunState
from researchdesk.services import reproduction
from researchdesk.services.desk import Desk
from researchdesk.tui.dialogs.start_run import StartDialog
from researchdesk.tui.screens.arms_table import TableScreen
from researchdesk.tui.screens.run_comparison import CompareScreen

ARMS = """
[[arms]]
name = "ours"
[arms.settings]
steps = 4

[[arms]]
name = "shorter"
kind = "ablation"
parent = "ours"
[arms.settings]
steps = 2
"""
DRAWS = """
import torch

def measure(run):
    noise = torch.rand((), generator=run.generator("init")).item()
    return {"score": 0.5 + noise / 100 + run.settings["steps"] / 1000}
"""


@pytest.fixture
def desk(bare_desk: Desk) -> Desk:
    return bare_desk


async def test_a_run_is_started_with_a_choice_of_arms_seeds_and_source(
    desk: Desk, bundled: Path
) -> None:
    file = write_recipe(bundled, DRAWS, toml=ARMS + CLAIM) / "recipe.toml"
    file.write_text('varies = ["init"]\n' + file.read_text("utf-8"), "utf-8")
    app = BenchApp(desk)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "A tiny experiment" in seen(app))
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, StartDialog))
        screen = app.screen
        screen.query_one("#seeds", Input).value = "none"
        await pilot.press("ctrl+s")
        assert "whole numbers" in seen(app)
        screen.query_one("#seeds", Input).value = "2"
        screen.query_one("#vary", Select).value = "init"
        screen.query_one("#arms", SelectionList).deselect("shorter")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "finished" in status(app), 60)
    (run,) = reproduction.runs(desk)
    wanted = {("ours", seed, vary) for seed in (0, 1) for vary in ("init", "all")}
    assert {(task.arm, task.seed, task.vary) for task in run.tasks} == wanted


async def test_two_runs_are_compared_and_left_again(desk: Desk, bundled: Path) -> None:
    write_recipe(bundled)
    for score, seeds in ((0.5, 3), (0.61, 2)):
        run = begun(desk, seeds=seeds)
        for seed in range(seeds):
            measure(run, seed, score)
        finish(run)
    app = BenchApp(desk)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until(pilot, lambda: "finished" in status(app))
        await pilot.press("equals_sign")
        await until(pilot, lambda: "Compare with which run" in seen(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, CompareScreen))
        await until(pilot, lambda: "ours: seeds" in seen(app) and "by step" in seen(app))
        text = seen(app)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.bench)
    assert "ours/score" in text or "score" in text
    assert [run.state for run in reproduction.runs(desk)] == [RunState.FINISHED] * 2


async def test_the_arms_are_shown_as_a_table_in_three_formats(desk: Desk, bundled: Path) -> None:
    write_recipe(bundled)
    run = begun(desk)
    for seed in range(3):
        measure(run, seed)
    finish(run)
    app = BenchApp(desk)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "finished" in status(app))
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, TableScreen))
        await until(pilot, lambda: "ours" in seen(app) and "0.5" in seen(app))
        await pilot.press("m")
        await until(pilot, lambda: ", score" in seen(app))
        await pilot.press("f")
        await until(pilot, lambda: "| ours" in seen(app))
        await pilot.press("f")
        await until(pilot, lambda: "toprule" in seen(app))
        await pilot.press("k", "k")
        await until(pilot, lambda: "table-claims" not in seen(app) and "verdict" in seen(app))
        await pilot.press("f")
        await until(pilot, lambda: "table,run,claim,text" in seen(app))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.bench)
