"""A sweep that cannot be read takes neither the list nor the others with it."""

from collections.abc import Callable

import pytest
from support.made_sweeps import drawn, write_sweep
from textual.widgets import Static

from researchdesk.services.desk import Desk
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.screens.sweep_runs import SweepKeeper
from researchdesk.tui.screens.sweeps import SweepsScreen
from researchdesk.tui.widgets.sweep_plot import SweepPlot

MakeApp = Callable[..., ResearchDeskApp]
Until = Callable[..., object]


def _words(screen: SweepsScreen) -> str:
    return str(screen.query_one("#sweep-plot-words", Static).content)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_of_a_torn_sweep_the_reason_is_told_and_the_next_one_is_shown(
    desk: Desk, make_app: MakeApp, until: Until, size: tuple[int, int]
) -> None:
    whole, torn = drawn(12, 1), drawn(12, 2)
    for made, name in ((whole, "20260301-000000-aaaa"), (torn, "20260302-000000-bbbb")):
        write_sweep(desk.settings.sweeps / name, made)
    app = make_app()
    async with app.run_test(size=size, notifications=True) as pilot:
        screen = SweepsScreen(desk, SweepKeeper())
        await app.push_screen(screen)
        await until(pilot, lambda: screen.query_one(SweepPlot).against is not None)
        config = desk.settings.sweeps / "20260302-000000-bbbb" / "config.toml"
        config.write_text("[sweep", "utf-8")
        await pilot.press("down")
        await until(pilot, lambda: screen.page is not None)
        await pilot.press("up")
        await until(pilot, lambda: _words(screen) == "The sweep could not be read.")
        assert screen.query_one(SweepPlot).against is None
        (notice,) = app._notifications
        assert f"{config} cannot be read" in notice.message
        await pilot.press("down")
        await until(pilot, lambda: screen.query_one(SweepPlot).against is not None)
