"""The screen of the ladder: rungs as they are climbed, where it stands, climbing anew."""

import threading
from pathlib import Path

import pytest
from support.recipe_maker import write_recipe
from support.small_experiment import write_fit
from textual.app import App
from textual.widgets import Static

from researchdesk import assets
from researchdesk.domain.ladder import Ladder, Rung, RungState, Standing, Step, in_order
from researchdesk.services import checking
from researchdesk.tui import app as shell
from researchdesk.tui.screens.ladder import LadderScreen
from researchdesk.tui.screens.look import LookScreen
from researchdesk.tui.themes import load_themes
from researchdesk.tui.widgets.page_list import PageList

FIT = "2001.00001"
RUNGS = in_order(
    (
        Rung("overlap", RungState.PASSED, "0 [b]rows"),
        Rung("one-batch", RungState.FAILED, "accuracy 0.50", "It does not fit.", 1.5),
        Rung("capacity", RungState.NOT_RUN, "", "No setting says how wide it is."),
    )
)
STEPS = (
    Standing(Step.LOOK, RungState.PASSED),
    Standing(Step.OVERFIT, RungState.FAILED),
    Standing(Step.TUNE, None, "no ranges"),
)
LADDER = Ladder("fit", "ours", RUNGS, STEPS, 2.0)


class LookApp(App[None]):
    """Only one screen."""

    CSS_PATH = Path(shell.__file__).with_name("app.tcss")

    def __init__(self, screen: LookScreen) -> None:
        super().__init__()
        for theme in load_themes([assets.folder("themes")])[0]:
            self.register_theme(theme)
        self.theme = "desk-dark"
        self.shown = screen

    async def on_mount(self) -> None:
        await self.push_screen(self.shown)


def seen(app):
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def words(app, name):
    return str(app.screen.query_one(name, Static).content)


def titles(app):
    return [page.title for page in app.screen.query_one(PageList).items]


async def settled(app, pilot, until):
    await until(pilot, lambda: isinstance(app.screen, LookScreen) and not app.screen.busy)


@pytest.fixture
def recipe(desk):
    write_fit(desk.settings.recipes)


async def test_rungs_are_shown_as_they_are_climbed_and_then_where_it_stands(
    desk, recipe, monkeypatch, until
):
    go_on = threading.Event()

    def climb(desk, ref, arm, *, on_rung, stop):
        on_rung(RUNGS[0])
        assert go_on.wait(60)
        return LADDER

    monkeypatch.setattr(checking, "check", climb)
    app = LookApp(LadderScreen(desk, FIT))
    async with app.run_test(size=(100, 40)) as pilot:
        await until(pilot, lambda: titles(app) == ["So far", "train and test apart"])
        assert app.screen.busy
        go_on.set()
        await settled(app, pilot, until)
        await until(pilot, lambda: titles(app)[0] == "Where it stands")
        await until(pilot, lambda: "overfit  ← here" in seen(app))
        await until(pilot, lambda: "✓ train and test apart" in seen(app))
        await until(pilot, lambda: "0 [b]rows" in seen(app))
        await until(pilot, lambda: "tune  no ranges" in seen(app))
        await pilot.press("down", "down")
        await until(pilot, lambda: "It does not fit." in words(app, "#page-text"))
        assert "What to do" in words(app, "#page-text")


async def test_a_kept_ladder_is_shown_until_r(desk, recipe, monkeypatch, until):
    climbed = []
    monkeypatch.setattr(checking, "kept", lambda *_: LADDER)
    monkeypatch.setattr(checking, "check", lambda *_, **__: climbed.append(1) or LADDER)
    app = LookApp(LadderScreen(desk, FIT))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(app, pilot, until)
        await until(pilot, lambda: len(titles(app)) == 4)
        assert not climbed
        await pilot.press("r")
        await until(pilot, lambda: climbed == [1])
        await settled(app, pilot, until)


async def test_a_plain_measure_says_why_nothing_is_run(desk, until):
    write_recipe(desk.settings.recipes)
    app = LookApp(LadderScreen(desk, FIT))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(app, pilot, until)
        await until(pilot, lambda: "19 not run" in words(app, "#page-text"))
