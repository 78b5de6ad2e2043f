"""What a sweep's budget bought, in the terminal."""

from pathlib import Path

import pytest
from support.made_sweeps import drawn, sweep_of
from textual.app import App, ComposeResult
from textual.widgets import Static
from textual_plotext import PlotextPlot

from researchdesk.domain.budget_curves import Against
from researchdesk.domain.sweeps import Search
from researchdesk.services.budget_curves import curve_of
from researchdesk.services.budget_draws import Asked
from researchdesk.tui.widgets.sweep_plot import SweepPlot


class _Alone(App[None]):
    def compose(self) -> ComposeResult:
        yield SweepPlot(id="plot")


def _words(app: App[None]) -> str:
    return str(app.query_one("#sweep-plot-words", Static).content)


def _drawing(app: App[None]) -> str:
    return app.query_one(PlotextPlot).plt.build()


async def test_a_curve_is_drawn_and_the_key_goes_from_trials_to_time_and_back() -> None:
    made = drawn(60, 1)
    curves = [curve_of(made), curve_of(made, Asked(Against.TIME))]
    app = _Alone()
    async with app.run_test(size=(100, 30)) as pilot:
        plot = app.query_one(SweepPlot)
        assert "No trial has a value yet" in _words(app)
        assert not app.query_one(PlotextPlot).display
        plot.show(curves)
        plot.focus()
        await pilot.pause()
        assert "against trials, drawn with replacement" in _words(app)
        assert "with 60 trials (95 % band" in _words(app)
        assert "5 failed" in _words(app)
        assert "⠉" in _drawing(app)
        assert " 50 " not in _drawing(app)  # too near to 60
        await pilot.press("x")
        assert plot.against is Against.TIME
        assert "against time, trials one after another" in _words(app)
        assert "10 min" in _drawing(app)
        plot.show(curves)
        assert plot.against is Against.TIME
        await pilot.press("x")
        assert plot.against is Against.TRIALS
        plot.show([], "The sweep has [b]not[/b] begun.")
        assert _words(app) == "The sweep has [b]not[/b] begun."
        await pilot.press("x")
        assert plot.against is None


async def test_the_key_reaches_a_kind_that_is_still_reckoned_and_stays_with_it() -> None:
    made = drawn(60, 1)
    trials, time = curve_of(made), curve_of(made, Asked(Against.TIME))
    app = _Alone()
    async with app.run_test(size=(100, 30)) as pilot:
        plot = app.query_one(SweepPlot)
        plot.show([], "Reckoning what 60 trials bought …", more=True)
        plot.focus()
        await pilot.pause()
        assert _words(app) == "Reckoning what 60 trials bought …"
        await pilot.press("x")
        assert _words(app) == "Reckoning what 60 trials bought … · against time"
        plot.show([trials], more=True)
        assert plot.against is Against.TRIALS
        assert _words(app).startswith("Reckoning against time … · expected best")
        plot.show([trials, time], more=True)
        assert plot.against is Against.TIME
        plot.show([trials], more=True)
        assert plot.against is Against.TIME, "the one of before stands in"
        plot.show([trials])
        assert plot.against is Against.TRIALS
        assert "Reckoning" not in _words(app)
        plot.show([], "Reckoning what 9 trials bought …", more=True)
        plot.show([trials, time])
        assert plot.against is Against.TIME, "of the next sweep, too"


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_a_grid_is_drawn_as_it_came(size: tuple[int, int], tmp_path: Path) -> None:
    made = sweep_of([0.5, 0.4, 0.7, 0.6, 0.9], search=Search.GRID, metric="valid_[red]")
    app = _Alone()
    async with app.run_test(size=size) as pilot:
        app.query_one(SweepPlot).show([curve_of(made)])
        await pilot.pause()
        assert "best valid_[red] so far, in order, against trials" in _words(app)
        assert "0.9 after 5 trials" in _words(app)
        assert "no independent draws" in _words(app)


async def test_one_trial_is_no_trouble() -> None:
    app = _Alone()
    async with app.run_test() as pilot:
        app.query_one(SweepPlot).show([curve_of(sweep_of([0.5]))])
        await pilot.pause()
        assert _words(app).endswith("0.5 with 1 trial")
