"""The dialog that starts a sweep."""

from collections.abc import Callable

from support.sweep_maker import ID, swept_recipe
from textual.widgets import Input, Static

from researchdesk.services.desk import Desk
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.dialogs.start_sweep import StartSweepDialog, SweepAsked

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
