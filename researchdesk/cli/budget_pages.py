"""Curves of what a budget buys, for a terminal or a pipe."""

import csv
import io
import math
import shutil
import sys
from collections.abc import Sequence
from itertools import pairwise, zip_longest

from researchdesk.cli import output
from researchdesk.cli.sweep_words import number_words
from researchdesk.domain.budget_curves import (
    Against,
    BudgetCurve,
    BudgetPoint,
    Reach,
    budget_words,
)
from researchdesk.domain.text import one_line, sheet_cell
from researchdesk.services.budget_sweeps import SweepCurves
from researchdesk.services.budget_words import comparison_words, legend, shared_notes

_COLUMNS = (
    "sweep", "label", "metric", "against", "replacement", "expected",
    "budget", "best", "low", "high", "sd", "by_average",
)  # fmt: skip
_WIDEST, _HIGH, _NARROWEST = 100, 18, 40
_COLOURS = ("blue+", "orange+", "magenta+", "green+", "red+", "cyan+")
_HEADS = {Against.TRIALS: "TRIALS", Against.TIME: "TIME", Against.GPU_HOURS: "SPENT"}


def emit_curves(found: SweepCurves) -> None:
    """A table for each sweep, a picture where there is a terminal, and what is to be known."""
    for line in legend(found.curves):
        output.emit(line)
    for curve in found.curves:
        output.emit(f"{curve.label}: {_told(curve)}")
        _table(curve)
        if curve.reach is not None:
            output.emit(_reach(curve, curve.reach))
        output.emit()
    if sys.stdout.isatty() and len({curve.metric for curve in found.curves}) == 1:
        output.write(_picture(found.curves).rstrip())
        output.emit()
    for one in found.comparisons:
        output.emit(comparison_words(one, found.curves))
    for note in shared_notes(found.curves):
        output.emit(note)


def curves_csv(curves: Sequence[BudgetCurve]) -> str:
    """Every point of every curve, budgets in trials, hours or GPU-hours."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(_COLUMNS)
    for curve in curves:
        for point in curve.points:
            lines.writerow(
                [
                    curve.source.sweep, sheet_cell(curve.label), sheet_cell(curve.metric),
                    curve.against.value, int(curve.replacement), int(curve.expected),
                    f"{point.budget:.10g}", *map(_digits, _values(point)),
                ]
            )  # fmt: skip
    return text.getvalue().rstrip("\n")


def _values(point: BudgetPoint) -> tuple[float | None, ...]:
    return point.best, point.low, point.high, point.sd, point.by_average


def _digits(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _told(curve: BudgetCurve) -> str:
    if not curve.expected:
        return f"best {curve.metric} so far, in order"
    how = "with" if curve.replacement else "without"
    return f"expected best {curve.metric} ({curve.better} is better), drawn {how} replacement"


def _table(curve: BudgetCurve) -> None:
    timed = curve.expected and curve.against is not Against.TRIALS
    heads = [_HEADS[curve.against], "BEST"]
    heads += ["95 % BAND", "± SD"] if curve.expected else []
    heads += ["BY AVERAGE"] if timed else []
    rows = []
    for point in curve.table:
        row = [budget_words(point.budget, curve.against), number_words(point.best)]
        if curve.expected:
            row += [_band(point), number_words(point.sd)]
        rows.append(row + ([number_words(point.by_average)] if timed else []))
    output.emit_table(heads, rows)


def _band(point: BudgetPoint) -> str:
    if point.low is None or point.high is None:
        return "–"
    return f"{number_words(point.low)} to {number_words(point.high)}"


def _reach(curve: BudgetCurve, reach: Reach) -> str:
    value, against = number_words(reach.value), curve.against
    unit = {1.0: " trial"}.get(reach.budget or 0.0, " trials") if against is Against.TRIALS else ""
    spent = budget_words(curve.points[-1].budget, against)
    if not curve.expected:
        if reach.budget is None:
            return f"{value} was not reached."
        return f"{value} was reached after {budget_words(reach.budget, against)}{unit}."
    if reach.budget is None:
        words = f"{value} is not reached in expectation within the {spent}{unit} that were spent"
    else:
        words = (
            f"{value} is reached in expectation with {budget_words(reach.budget, against)}{unit}"
        )
    if reach.low is not None and reach.share:
        high = "beyond what was spent" if reach.high is None else budget_words(reach.high, against)
        words += f" (band {budget_words(reach.low, against)} to {high}"
        words += f"; {100 * reach.share:.0f} % of the resamples reach it)"
    if reach.sure is None:
        return f"{words}. No trial was as good."
    return f"{words}. Of {reach.sure:,} trials one at least is as good with probability 0.95."


def _picture(curves: Sequence[BudgetCurve]) -> str:
    """The curves drawn with signs; faint: their bands' edges."""
    import plotext  # noqa: PLC0415 - slow to import

    size = shutil.get_terminal_size()
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(max(_NARROWEST, min(size.columns, _WIDEST)), _HIGH)
    log = all(curve.expected for curve in curves)
    for place, curve in enumerate(curves):
        colour = _COLOURS[place % len(_COLOURS)]
        for pairs in (_edge(curve, "low", log=log), _edge(curve, "high", log=log)):
            plotext.scatter([x for x, _ in pairs], [y for _, y in pairs], marker="·", color=colour)
        line = _edge(curve, "best", log=log)
        if not curve.expected:
            stairs = [(x, y) for (_, y), (x, _) in pairwise(line)]
            line = [point for pair in zip_longest(line, stairs) for point in pair if point]
        plotext.plot(
            [x for x, _ in line], [y for _, y in line], marker="braille", color=colour,
            label=one_line(curve.label),
        )  # fmt: skip
    told = sorted({budget for curve in curves for budget in curve.told})
    told = told[:: max(1, len(told) // 7)]
    plotext.xticks(
        [math.log10(one) if log else one for one in told],
        [budget_words(one, curves[0].against) for one in told],
    )
    plotext.xlabel(curves[0].against.value)
    drawn: str = plotext.build()
    return drawn


def _edge(curve: BudgetCurve, name: str, *, log: bool) -> list[tuple[float, float]]:
    """The points at which the curve has a value of that name."""
    known = [(point.budget, getattr(point, name)) for point in curve.points]
    return [(math.log10(x) if log else x, y) for x, y in known if y is not None]
