"""Structured tinkering on the screen: begin, answer, try, run, table, settle."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.bench import seen
from support.faketime import FakeTime
from support.tinkered import RECIPE, write_tinkered
from textual.pilot import Pilot
from textual.widgets import Input, Select, Static

from researchdesk.domain.investigations import InvestigationState, OutcomeKind
from researchdesk.domain.surprises import SurpriseState
from researchdesk.services import experiments, investigations, surprises
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_runs import run_experiments
from researchdesk.services.reproduction import ReproduceOptions
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog
from researchdesk.tui.dialogs.experiment import ExpectDialog, TryDialog
from researchdesk.tui.dialogs.experiment_page import ExperimentDialog
from researchdesk.tui.dialogs.investigation import BaselineDialog, BeginDialog, StepDialog
from researchdesk.tui.messages import Follow, OpenInvestigation
from researchdesk.tui.screens.bench import BenchScreen
from researchdesk.tui.screens.experiments_table import ExperimentsTableScreen
from researchdesk.tui.screens.investigations import InvestigationsScreen
from researchdesk.tui.screens.surprises import SurprisesScreen
from researchdesk.tui.widgets.expectation_fields import ExpectationFields
from researchdesk.tui.widgets.investigation_outline import InvestigationOutline

pytestmark = pytest.mark.slow

SIZES = ((80, 24), (200, 60))
Until = Callable[..., Any]


@pytest.fixture
def desk(bare_desk: Desk) -> Desk:
    """Its time goes on only when the test says so; it has no recipes but the test's."""
    return bare_desk


@pytest.fixture
def app(desk: Desk) -> ResearchDeskApp:
    made = ResearchDeskApp(desk)
    made.animation_level = "none"
    return made


async def opened(app: ResearchDeskApp, pilot: Pilot[None], until: Until) -> InvestigationsScreen:
    """The screen, once what is looked at was read."""
    await pilot.press("f7")
    await until(pilot, lambda: isinstance(app.screen, InvestigationsScreen))
    screen = app.screen
    assert isinstance(screen, InvestigationsScreen)
    wanted = screen.desk and investigations.list_investigations(screen.desk, every=True)
    if wanted:
        await until(pilot, lambda: screen.query_one(InvestigationOutline).option_count)
    return screen


def words(app: ResearchDeskApp, selector: str) -> str:
    return str(app.screen.query_one(selector, Static).content)


@pytest.mark.parametrize("size", SIZES)
async def test_an_empty_screen_says_what_to_do(
    app: ResearchDeskApp, until: Until, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot, until)
        assert "Press a to begin one here" in seen(app)
        await pilot.press("R", "t", "p", "x")
        assert isinstance(app.screen, InvestigationsScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_one_is_begun_answered_and_based(
    app: ResearchDeskApp, desk: Desk, bundled: Path, until: Until, size: tuple[int, int]
) -> None:
    write_tinkered(bundled)
    async with app.run_test(size=size) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, BeginDialog))
        await pilot.press(*"Gain", "ctrl+s")
        await until(pilot, lambda: investigations.list_investigations(desk))
        await until(pilot, lambda: "Gain" in words(app, "#head"))
        await until(pilot, lambda: screen.query_one(InvestigationOutline).has_focus)
        await until(pilot, lambda: "What is measured" in words(app, "#next"))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StepDialog))
        await pilot.press(*"score", "ctrl+s")
        await until(pilot, lambda: "The baseline" in words(app, "#next"))
        assert investigations.get_investigation(desk, 1).answers == {"benchmark": "score"}
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, BaselineDialog))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "1.1 baseline" in seen(app))
        assert "R runs it" in words(app, "#detail-text")


async def test_begun_for_a_surprise_it_is_filled_in_and_shown_again(
    app: ResearchDeskApp, desk: Desk, bundled: Path, until: Until
) -> None:
    write_tinkered(bundled)
    surprises.add_surprise(desk, "the gain does it", "0.4", "0.9", on="2001.00001")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, until)
        app.screen.post_message(OpenInvestigation("funny:1"))
        await until(pilot, lambda: isinstance(app.screen, BeginDialog))
        assert app.screen.query_one("#title", Input).value == "the gain does it"
        assert app.screen.query_one("#recipe", Select).value == RECIPE
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "1.1 baseline" in seen(app))
        assert surprises.get_surprise(desk, 1).state is SurpriseState.INVESTIGATED
        app.screen.post_message(OpenInvestigation("funny:1"))
        await pilot.pause(0.3)
        assert isinstance(app.screen, InvestigationsScreen)
        assert len(investigations.list_investigations(desk)) == 1
        await pilot.press("f")
        await until(pilot, lambda: isinstance(app.screen, SurprisesScreen))


async def test_one_change_is_tried_and_what_is_refused_stays_in_the_dialog(
    app: ResearchDeskApp, desk: Desk, bundled: Path, until: Until
) -> None:
    write_tinkered(bundled)
    investigations.begin(desk, "Gain", recipe=RECIPE)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, until)
        await pilot.press("enter", "t")
        await until(pilot, lambda: isinstance(app.screen, TryDialog))
        dialog = app.screen
        dialog.query_one("#setting", Select).value = "steps"
        dialog.query_one("#value", Input).value = "4"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Nothing differs from 1.1" in words(app, "#problem"))
        dialog.query_one("#value", Input).value = "8"
        dialog.query_one("#metric", Select).value = "score"
        await pilot.pause()
        assert dialog.query_one("#relation-row").display
        dialog.query_one("#number", Input).value = "0.3"
        await until(
            pilot,
            lambda: (
                words(app, "#sentence")
                == "1.1 with steps = 8 in place of 4; expected: score higher by 0.3."
            ),
        )
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, InvestigationsScreen))
        await until(pilot, lambda: "1.2 steps = 8 (was 4)" in seen(app))
        await until(pilot, lambda: "score higher by 0.3" in words(app, "#detail-text"))
        (_, item) = experiments.experiments_of(desk, 1)
        assert item.hypothesis is not None
        assert (item.hypothesis.words, item.settings["steps"]) == ("score higher by 0.3", 8)


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_run_here_is_followed_and_told(
    app: ResearchDeskApp, desk: Desk, bundled: Path, until: Until, size: tuple[int, int]
) -> None:
    write_tinkered(bundled, pause=2.0, seeds=2)
    investigations.begin(desk, "Gain", recipe=RECIPE)
    experiments.add_experiment(desk, 1, change=["gain=2"], expect="score higher")
    async with app.run_test(size=size) as pilot:
        screen = await opened(app, pilot, until)
        assert not screen.query_one("#table").display
        await pilot.press("R")
        await until(pilot, lambda: "c stops it" in words(app, "#next"), 40)
        await until(pilot, lambda: "seeds" in words(app, "#next"), 40)
        assert screen.busy
        await pilot.press("R")
        await until(pilot, lambda: not screen.busy, 120)
        await until(pilot, lambda: "held" in seen(app), 20)
        assert len(experiments.get_experiment(desk, "1.2").runs) == 1
        assert screen.query_one("#table").display is (size[0] > 100)
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, ExperimentsTableScreen))
        await until(pilot, lambda: "Δ to parent" in seen(app))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("R")
        await pilot.pause(0.3)
        assert not screen.busy


async def test_a_run_is_stopped_and_goes_on(
    app: ResearchDeskApp, desk: Desk, bundled: Path, until: Until
) -> None:
    write_tinkered(bundled, pause=5.0, seeds=2)
    investigations.begin(desk, "Gain", recipe=RECIPE)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("R")
        await until(pilot, lambda: "of 2 seeds" in words(app, "#next"), 40)
        await pilot.press("c")
        await until(pilot, lambda: not screen.busy, 40)
        (item,) = experiments.experiments_of(desk, 1)
        assert not item.is_run()
        await until(pilot, lambda: "c stops it" not in words(app, "#next"))
        await pilot.press("R")
        await until(pilot, lambda: not screen.busy, 120)
        await until(pilot, lambda: experiments.get_experiment(desk, "1.1").is_run(), 60)
        assert len(experiments.get_experiment(desk, "1.1").runs) == 1


async def test_a_recipe_of_ones_own_asks_before_its_code_runs(
    app: ResearchDeskApp, desk: Desk, until: Until
) -> None:
    write_tinkered(desk.settings.recipes, seeds=2)
    investigations.begin(desk, "Gain", recipe=RECIPE)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("R")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("n")
        await until(pilot, lambda: app.screen is screen)
        assert not screen.busy
        await pilot.press("R")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("y")
        await until(pilot, lambda: experiments.get_experiment(desk, "1.1").is_run(), 60)
        await until(pilot, lambda: not screen.busy, 20)


async def test_an_experiment_shows_all_there_is_and_leads_to_its_run(
    app: ResearchDeskApp, desk: Desk, bundled: Path, until: Until, fake_time: FakeTime
) -> None:
    write_tinkered(bundled, seeds=2)
    investigations.begin(desk, "Gain", recipe=RECIPE)
    experiments.add_experiment(desk, 1, change=["gain=2"], expect="score lower")
    run_experiments(desk, 1, (), ReproduceOptions(jobs=1))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("enter", "end")
        await until(pilot, lambda: "✗ refuted" in words(app, "#detail-text"))
        form = screen.surprise_at_hand()
        assert (form.expected, form.on) == ("score lower", "experiment:1.2")
        assert form.text == "gain = 2.0 (was 1.0): the hypothesis was refuted"
        assert "(1.2) less" in form.observed
        fake_time.advance(minutes=5)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ExpectDialog))
        assert "written after the result" in words(app, "#late")
        app.screen.query_one("#relation", Select).value = "higher"
        await pilot.pause()
        assert app.screen.query_one(ExpectationFields).words == "score higher"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is screen)
        await until(pilot, lambda: "✓ held" in words(app, "#detail-text"))
        assert "written after the result" in words(app, "#detail-text")
        assert experiments.get_experiment(desk, "1.2").outcome.kind is OutcomeKind.HELD
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ExperimentDialog))
        assert "Before" in words(app, "#experiment")
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, BenchScreen))
        await until(pilot, lambda: "Investigation 1: Gain" in seen(app) and "1.2" in seen(app))


async def test_one_is_parked_with_its_reason(
    app: ResearchDeskApp, desk: Desk, until: Until
) -> None:
    investigations.begin(desk, "Gain")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("p", "ctrl+s")
        await until(pilot, lambda: "Say why" in words(app, "#problem"))
        await pilot.press(*"later", "ctrl+s")
        await until(pilot, lambda: app.screen is screen)
        found = investigations.get_investigation(desk, 1)
        assert (found.state, found.why) == (InvestigationState.PARKED, "later")
        await until(pilot, lambda: "parked until 2026-05-12" in words(app, "#head"))
        await pilot.press("escape")
        await until(pilot, lambda: app.current_mode == "home")


async def test_a_link_to_an_experiment_leads_to_it(
    app: ResearchDeskApp, desk: Desk, bundled: Path, until: Until
) -> None:
    write_tinkered(bundled)
    for title in ("First", "Second"):
        number = investigations.begin(desk, title, recipe=RECIPE).id
        experiments.add_experiment(desk, number, change=["gain=2"])
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, until)
        app.screen.post_message(Follow("experiment:1.2"))
        await until(pilot, lambda: "First" in words(app, "#head"))
        await until(pilot, lambda: words(app, "#detail-text").startswith("1.2  gain = 2.0"))
