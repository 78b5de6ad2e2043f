"""The screens of samples and of errors: page by page, stopped, left."""

import threading
from pathlib import Path

import pytest
from support.recipe_maker import write_recipe
from textual.app import App
from textual.widgets import Static

from researchdesk import assets
from researchdesk.domain.error_analysis import (
    Attacked,
    Bin,
    ClassScore,
    ErrorAnalysis,
    WorstExample,
)
from researchdesk.domain.looking import (
    Alike,
    DataLook,
    FeatureLook,
    Finding,
    FindingKind,
    Picture,
    Place,
    Sample,
    SplitLook,
    Suspect,
)
from researchdesk.domain.runs import Task
from researchdesk.errors import BadInputError, DeskError
from researchdesk.harness.history import RunConfig
from researchdesk.services import looking
from researchdesk.services.recipes import recipe_for
from researchdesk.services.runs import store_of
from researchdesk.tui import app as shell
from researchdesk.tui.screens.error_analysis import ErrorsScreen
from researchdesk.tui.screens.look import LookScreen
from researchdesk.tui.screens.samples import SamplesScreen
from researchdesk.tui.themes import load_themes
from researchdesk.tui.widgets.cell_grid import CellGrid
from researchdesk.tui.widgets.confusion_grid import ConfusionGrid
from researchdesk.tui.widgets.page_list import PageList
from researchdesk.tui.widgets.tile_gallery import TileGallery

NAMES = ("cat", "[b]dog[/b]")
DOT = Picture(2, 2, 1, (0, 255, 255, 0))
RED = Picture(2, 2, 3, (255, 0, 0) * 4)


def look(*, pictures: bool = True) -> DataLook:
    places = [Place(part, row) for part in ("train", "test") for row in range(6)]
    samples = tuple(
        Sample(
            place,
            NAMES[place.row % 2],
            () if pictures else (0.5, None),
            (RED if place.row else DOT) if pictures else None,
        )
        for place in places
    )
    return DataLook(
        "classification",
        NAMES,
        (
            SplitLook("train", 60, (4,), "float32", (50, 10), 1, 0, 0.0, 1.0, 0.5, 0.2),
            SplitLook("test", 6, (4,), "float32", (3, 3), 0, 0, 0.0, 1.0, 0.5, 0.2),
        ),
        features=(FeatureLook("[x]", 0.0, 1.0, 0.5, 0.2, 1, 0.3, 0.9),),
        samples=samples,
        duplicates=(Alike((places[0], places[6]), (NAMES[0], NAMES[0])),),
        suspects=(Suspect(places[1], NAMES[1], NAMES[0], 0.9, 0.1),),
        findings=(
            Finding(FindingKind.ACROSS, "1 input [/b] stands in two splits.", True),
            Finding(FindingKind.SUSPECTS, "1 label is contradicted.", False),
        ),
        totals={"duplicates": 1, "suspects": 1},
        rules={"suspects": "by neighbours"},
    )


def analysis() -> ErrorAnalysis:
    worst = WorstExample(3, "cat", NAMES[1], 0.9, 0.1, 2.3, DOT, RED)
    return ErrorAnalysis(
        NAMES,
        10,
        0.7,
        0.9,
        ((5, 2), (1, 2)),
        (ClassScore("cat", 7, 5 / 6, 5 / 7, 0.77), ClassScore(NAMES[1], 3, 0.5, 2 / 3, 0.57)),
        (worst,),
        (Attacked(0.0, 0.7), Attacked(0.1, 0.2)),
        (Bin(10, 0.8, 0.7),),
        0.1,
        mean_saliency=DOT,
    )


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


@pytest.fixture
def recipe(desk):
    write_recipe(desk.settings.recipes)
    return recipe_for(desk, "2001.00001")


@pytest.fixture
def run_id(desk, recipe):
    tasks = (Task("ours", 0), Task("ours", 1))
    config = RunConfig(recipe.name, recipe.digest, recipe.arxiv_id, False, False, tasks)
    run, _ = store_of(desk).start(recipe, config, lambda event: None)
    run.close()
    return run.id


@pytest.fixture(autouse=True)
def _colours(monkeypatch):
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)


def seen(app):
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def words(app, name):
    return str(app.screen.query_one(name, Static).content)


def titles(app):
    return [page.title for page in app.screen.query_one(PageList).items]


async def settled(app, pilot, until):
    await until(pilot, lambda: isinstance(app.screen, LookScreen) and not app.screen.busy)


async def test_pages_begin_with_what_wants_an_eye_and_end_with_the_rules(
    desk, recipe, monkeypatch, until
):
    monkeypatch.setattr(looking, "look_at_data", lambda *_, **__: look())
    app = LookApp(SamplesScreen(desk, "2001.00001"))
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(app, pilot, until)
        assert titles(app) == [
            "What wants an eye",
            "Sizes and ranges",
            "Equal rows",
            "Suspicious labels",
            "class cat",
            "[b]dog[/b]",
            "How it was told",
        ]
        assert "! the same row in two splits: 1 input [/b] stands" in words(app, "#page-text")
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: app.screen.query_one(TileGallery).has_focus)
        await until(pilot, lambda: "1 train[0]" in seen(app))
        await pilot.press("right")
        await until(pilot, lambda: "test[0]" in words(app, "#detail"))
        await pilot.press("escape", "down")
        await until(pilot, lambda: "[b]dog[/b] or" in seen(app))
        assert "90% are cat" in words(app, "#detail").replace("\n", " ")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, LookScreen))


async def test_pictures_are_drawn_in_their_colours(desk, recipe, monkeypatch, until):
    monkeypatch.setattr(looking, "look_at_data", lambda *_, **__: look())
    app = LookApp(SamplesScreen(desk, "2001.00001"))
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(app, pilot, until)
        await pilot.press("end", "up", "up")
        gallery = app.screen.query_one(TileGallery)
        await until(pilot, lambda: "train[0]" in seen(app))
        drawn = [
            segment.style.color.get_truecolor()
            for y in range(3)
            for segment in gallery.render_line(y)
            if segment.style and segment.text == "▀"
        ]
        assert {(0, 0, 0), (255, 255, 255), (255, 0, 0)} <= {tuple(colour) for colour in drawn}


async def test_tables_are_shown_where_rows_are_no_pictures(desk, recipe, monkeypatch, until):
    monkeypatch.setattr(looking, "look_at_data", lambda *_, **__: look(pictures=False))
    app = LookApp(SamplesScreen(desk, "2001.00001"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(app, pilot, until)
        assert "Features" in titles(app)
        await pilot.press("end", "up")
        await until(pilot, lambda: "missing" in app.screen.query_one(CellGrid).text)
        await until(pilot, lambda: "train[1]" in seen(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query_one(CellGrid).has_focus)


async def test_why_nothing_can_be_looked_at_is_told(desk, recipe, until):
    app = LookApp(SamplesScreen(desk, "2001.00001"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "function measure(run)" in words(app, "#nothing"))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, LookScreen))


async def test_x_stops_it_and_says_so(desk, recipe, monkeypatch, until):
    begun = threading.Event()

    def slow(*_, stop, **__):
        begun.set()
        for _ in range(2_000):
            if stop():
                raise DeskError("It was stopped.")
            threading.Event().wait(0.01)
        raise BadInputError("nobody stopped it")

    monkeypatch.setattr(looking, "look_at_data", slow)
    app = LookApp(SamplesScreen(desk, "2001.00001"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, begun.is_set)
        await until(pilot, lambda: "Looking at the data" in seen(app))
        await pilot.press("x")
        await until(pilot, lambda: "It was stopped." in seen(app))


async def test_errors_page_by_page_and_the_next_seed(desk, run_id, monkeypatch, until):
    asked = []

    def errors(_, run, arm, seed, **__):
        asked.append((run, arm, seed))
        return analysis()

    monkeypatch.setattr(looking, "errors_of", errors)
    monkeypatch.setattr(looking, "analysed_seeds", lambda *_: (Task("ours", 0), Task("ours", 1)))
    app = LookApp(ErrorsScreen(desk, run_id, seed=1))
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(app, pilot, until)
        assert asked == [(run_id, "ours", 1)]
        assert "accuracy 0.7000" in words(app, "#page-text")
        await pilot.press("down", "enter")
        grid = app.screen.query_one(ConfusionGrid)
        await until(pilot, lambda: grid.has_focus)
        lines = [grid.render_line(y).text.split() for y in range(3)]
        assert lines == [["cat", NAMES[1]], ["cat", "5", "2"], [NAMES[1], "1", "2"]]
        await pilot.press("escape", "down", "down")
        await until(pilot, lambda: "cat → [b]dog[/b]" in seen(app))
        assert "loss 2.3" in words(app, "#detail").replace("\n", " ")
        await pilot.press("down", "down")
        await until(pilot, lambda: "ε 0.1" in seen(app))
        await pilot.press("s")
        await until(pilot, lambda: asked[-1] == (run_id, "ours", 0))
        await settled(app, pilot, until)
