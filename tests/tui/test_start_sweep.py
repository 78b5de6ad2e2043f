"""The dialog that starts a sweep."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from support.bench import seen
from support.sweep_maker import ID, SPEC, Made, swept_recipe, write_sweep
from textual.widgets import Input, Select, Static

from researchdesk.services.desk import Desk
from researchdesk.services.sweep_pages import metric_warning
from researchdesk.services.sweeps import sweep_page
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.dialogs.start_sweep import StartSweepDialog, SweepAsked
from researchdesk.tui.screens.sweep_runs import SweepKeeper
from researchdesk.tui.screens.sweeps import SweepsScreen

Until = Callable[..., object]
MakeApp = Callable[..., ResearchDeskApp]


async def test_a_metric_that_may_be_of_the_test_is_warned_of_and_asked_for_once_more(
    desk: Desk, make_app: MakeApp, until: Until
) -> None:
    swept_recipe(desk)
    app, answers = make_app(), list[SweepAsked | None]()
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = StartSweepDialog(desk, ID)
        await app.push_screen(dialog, answers.append)
        dialog.query_one("#better").value = "higher"  # type: ignore[attr-defined]
        for metric, words in (
            ("train_score", "the data that were trained on"),
            ("test_score", "trials are chosen by the test"),
        ):
            dialog.query_one("#metric", Input).value = metric
            await pilot.pause()
            await pilot.press("ctrl+s")
            told = dialog.query_one("#problem", Static)
            assert words in str(told.content)
            assert "Nothing was started yet: ctrl+s starts it all the same" in str(told.content)
        await until(pilot, lambda: told.region.height > 3)
        assert dialog.region.contains_region(told.region)
        assert not answers
        await pilot.press("ctrl+s")
        await until(pilot, lambda: answers)
    assert answers[0] is not None
    assert answers[0].spec.metric == "test_score"


async def test_what_cannot_be_started_is_told_in_the_dialog_with_the_key_that_goes_on(
    desk: Desk, make_app: MakeApp, until: Until, tmp_path: Path
) -> None:
    begun = write_sweep(desk, [Made(), Made(), Made()])
    (tmp_path / "larger.toml").write_text(SPEC.replace("trials = 3", "trials = 5"), "utf-8")
    engines = {"far": {"kind": "ray", "address": "ray://127.0.0.1:9"}}
    far = replace(desk, settings=replace(desk.settings, engines=engines))
    app, answers = make_app(), list[SweepAsked | None]()
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = StartSweepDialog(far, str(tmp_path / "larger.toml"))
        await app.push_screen(dialog, answers.append)
        told = dialog.query_one("#problem", Static)
        dialog.query_one("#engine", Select).value = "far"
        await pilot.press("ctrl+s")
        assert "o on the bench lets you choose it" in str(told.content)
        dialog.query_one("#engine", Select).value = "local"
        await pilot.press("ctrl+s")
        assert f"as {begun}, with 3 trials" in str(told.content)
        assert "e on that one gives it more" in str(told.content)
        assert not answers
        dialog.query_one("#trials", Input).value = "3"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: answers)


async def test_a_wrong_number_for_an_extension_stays_to_be_mended(
    desk: Desk, make_app: MakeApp, until: Until
) -> None:
    write_sweep(desk, [Made(), Made(), Made()])
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = SweepsScreen(desk, SweepKeeper())
        await app.push_screen(screen)
        await until(pilot, lambda: screen.page is not None)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, QuestionDialog))
        app.screen.query_one("#answer", Input).value = "3"
        await pilot.press("enter")
        await until(pilot, lambda: "is the budget which the sweep has" in seen(app))
        assert isinstance(app.screen, QuestionDialog)


async def test_a_doubt_about_the_metric_is_read_whole_over_the_sweep(
    desk: Desk, make_app: MakeApp, until: Until
) -> None:
    page = sweep_page(desk, write_sweep(desk, [Made()]))
    doubted = replace(page, warning=metric_warning("test_accuracy"))
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = SweepsScreen(desk, SweepKeeper())
        await app.push_screen(screen)
        await until(pilot, lambda: screen.page is not None)
        assert screen._sight is not None
        screen._sight = replace(screen._sight, page=doubted)
        screen.show_status()
        await until(pilot, lambda: "for the best one is too good" in " ".join(seen(app).split()))
