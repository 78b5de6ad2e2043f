"""What a budget buys: the best value against what was spent, each curve in its band."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from researchdesk.domain.budget_curves import Against, BudgetCurve
from researchdesk.domain.text import one_line
from researchdesk.export.plots.style import LINES, MARKERS, Look, drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SHAPE, _HIGHEST = 0.6, 84.0
_LEGEND_LINE, _MM_PER_POINT = 1.75, 25.4 / 72
_MARKED = 7
_UNITS = (("hours", 1.0), ("minutes", 60.0), ("seconds", 3600.0))


def budget_figure(curves: Sequence[BudgetCurve], look: Look, *, over: str = "") -> "Figure":
    """The curves of one metric against one kind of budget; ``over`` stands over their labels.

    A dotted line beside a curve is the estimate by the trials' average duration.
    """
    rows = len(curves) + bool(over)
    extra = rows * look.small * _LEGEND_LINE * _MM_PER_POINT
    unit, factor = _unit(curves)
    with drawing(look, min(look.width * _SHAPE, _HIGHEST) + extra) as figure:
        axes = figure.subplots()
        for place, curve in enumerate(curves):
            _draw(axes, curve, place, look, factor)
        _axes(axes, curves, unit)
        figure.legend(
            loc="outside upper left", ncols=1, title=one_line(over) or None,
            title_fontsize=look.small, alignment="left", handlelength=3.2, borderaxespad=0.2,
        )  # fmt: skip
    return figure


def _unit(curves: Sequence[BudgetCurve]) -> tuple[str, float]:
    """What the axis counts in, and how many of them one unit of a point's budget is."""
    against = curves[0].against
    if against is Against.TRIALS:
        return "trials", 1.0
    if against is Against.GPU_HOURS:
        return "GPU-hours, trials one after another", 1.0
    longest = max(point.budget for curve in curves for point in curve.points)
    name, factor = next((pair for pair in _UNITS if longest * pair[1] >= 2), _UNITS[-1])
    return f"{name}, trials one after another", factor


def _draw(axes: "Axes", curve: BudgetCurve, place: int, look: Look, factor: float) -> None:
    series = look.colours.series
    colour, turn = series[place % len(series)], place // len(series)
    budgets = [point.budget * factor for point in curve.points]
    apart = max(1, len(budgets) // _MARKED)
    how = "" if curve.expected else ", as they came"
    axes.plot(
        budgets, [point.best for point in curve.points], color=colour, zorder=3,
        label=f"{one_line(curve.label)} ({curve.trials:,} trials{how})",
        linestyle=LINES[(place + turn) % len(LINES)],
        marker=MARKERS[(place + 2 * turn) % len(MARKERS)], markersize=look.line * 2.4,
        markevery=(place * apart // 5 % apart, apart),
        drawstyle="default" if curve.expected else "steps-post",
    )  # fmt: skip
    banded = [
        (budget, point.low, point.high)
        for budget, point in zip(budgets, curve.points, strict=True)
        if point.low is not None and point.high is not None
    ]
    at, low, high = ([row[part] for row in banded] for part in range(3))
    axes.fill_between(at, low, high, color=colour, alpha=0.18, linewidth=0, zorder=2)
    average = [
        (budget, point.by_average)
        for budget, point in zip(budgets, curve.points, strict=True)
        if point.by_average is not None
    ]
    axes.plot(
        [budget for budget, _ in average], [value for _, value in average], color=colour,
        linestyle=(0, (1, 2)), linewidth=look.line * 0.7, zorder=2.5,
    )  # fmt: skip


def _axes(axes: "Axes", curves: Sequence[BudgetCurve], unit: str) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator  # noqa: PLC0415 - slow to import

    first = curves[0]
    axes.set_xlabel(unit)
    told = "expected best" if all(curve.expected for curve in curves) else "best"
    axes.set_ylabel(f"{told} {one_line(first.metric)}")
    axes.ticklabel_format(axis="y", useOffset=False)
    axes.margins(x=0.02)
    if all(curve.expected and len(curve.points) > 1 for curve in curves):
        axes.set_xscale("log")
        low, high = axes.get_xlim()
        few = high < low * 1000
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if few else (1,), numticks=20))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
        axes.xaxis.set_minor_formatter(FuncFormatter(lambda *_: ""))
