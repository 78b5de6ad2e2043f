"""Draws the curves of one metric with plotext."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from textual.color import Color

from researchdesk.tui.widgets.bench_view import Points, band, median_curve
from researchdesk.tui.widgets.kept_plot import KeptPlot

_FAINT = 0.55
_FAINTEST = 0.75
_ROWS, _COLUMNS = 48, 80
Span = tuple[float, float, float]
_TICKS = 6
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
RGB = tuple[int, int, int]


class Scale(StrEnum):
    """How the axes go; the next one is taken by the key."""

    LINEAR = "linear"
    LOG_STEPS = "log steps"
    LOG_VALUES = "log values"
    LOG_BOTH = "log both"

    @property
    def steps(self) -> bool:
        return self in (Scale.LOG_STEPS, Scale.LOG_BOTH)

    @property
    def values(self) -> bool:
        return self in (Scale.LOG_VALUES, Scale.LOG_BOTH)

    @property
    def next(self) -> "Scale":
        every = list(Scale)
        return every[(every.index(self) + 1) % len(every)]


class Behind(StrEnum):
    """What stands behind the medians; the next one is taken by the key."""

    BAND = "median in the seeds' band"
    SEEDS = "median, each seed fainter"
    NOTHING = "median"

    @property
    def next(self) -> "Behind":
        every = list(Behind)
        return every[(every.index(self) + 1) % len(every)]


@dataclass(frozen=True, slots=True)
class Line:
    """The curves of one arm: ``mark`` stands at its end, ``color`` is its own."""

    mark: str
    color: Color
    curves: Sequence[Points]


class CurvePlot(KeptPlot):
    """The median over seeds of every arm, and behind it what its seeds span, or each of them."""

    def draw(
        self, lines: Sequence[Line], scale: Scale, *, behind: Behind, claimed: float | None
    ) -> None:
        """Draw anew. ``claimed``: a level line where the paper puts the value."""
        plot = self.plt
        plot.clear_figure()
        ground = self.background_colors[1]
        ends: list[tuple[Line, float, float]] = []
        xs: list[float] = []
        ys: list[float] = []
        for line in lines:
            for curve in line.curves:
                xs += [x for x, _ in scaled(curve, scale)]
                ys += [y for _, y in scaled(curve, scale)]
        if not xs:
            self.redraw()
            return
        height = (max(ys) - min(ys)) or 1.0
        for line in lines:
            self._behind(line, scale, behind, ground, height)
        for line in lines:
            middle = scaled(median_curve(line.curves), scale)
            self._curve(middle, line.color)
            if middle:
                ends.append((line, *middle[-1]))
        if claimed is not None and (not scale.values or claimed > 0):
            level = math.log10(claimed) if scale.values else claimed
            plot.horizontal_line(level, color=self._foreground())
            ys.append(level)
        self._axes(xs, ys, scale)
        for line, x, y in ends:
            plot.text(line.mark, x, y, color=rgb(line.color), background=rgb(ground))
        self.redraw()

    def _behind(
        self, line: Line, scale: Scale, behind: Behind, ground: Color, height: float
    ) -> None:
        if len(line.curves) < 2 or behind is Behind.NOTHING:
            return
        if behind is Behind.SEEDS:
            for curve in line.curves:
                self._curve(scaled(curve, scale), line.color.blend(ground, _FAINT))
            return
        spans = _spread_out([_scaled_span(span, scale) for span in band(line.curves)])
        dots = [dot for span in spans for dot in _column(span, height)]
        if dots:
            shade = rgb(line.color.blend(ground, _FAINTEST))
            xs, ys = [x for x, _ in dots], [y for _, y in dots]
            self.plt.scatter(xs, ys, marker="braille", color=shade)

    def _curve(self, points: Points, color: Color) -> None:
        if points:
            self.plt.plot(
                [x for x, _ in points], [y for _, y in points], marker="braille", color=rgb(color)
            )

    def _axes(self, xs: Sequence[float], ys: Sequence[float], scale: Scale) -> None:
        x_ticks = (log_ticks if scale.steps else ticks)(min(xs), max(xs))
        y_ticks = (log_ticks if scale.values else ticks)(min(ys), max(ys))
        self.plt.xticks(x_ticks, [tick_words(tick, log=scale.steps) for tick in x_ticks])
        self.plt.yticks(y_ticks, [tick_words(tick, log=scale.values) for tick in y_ticks])

    def _foreground(self) -> RGB:
        return rgb(self.background_colors[1].blend(self.colors[3], 0.5))


def _scaled_span(span: Span, scale: Scale) -> Span | None:
    step, low, high = span
    ends = scaled([(step, low), (step, high)], scale)
    return (ends[0][0], ends[0][1], ends[1][1]) if len(ends) == 2 else None


def _spread_out(spans: Sequence[Span | None]) -> list[Span]:
    """The spans, and between two that are far apart as many as make a band of them."""
    known = [span for span in spans if span is not None]
    if not known:
        return []
    width = (known[-1][0] - known[0][0]) or 1.0
    found = [known[0]]
    for before, after in pairwise(known):
        count = max(1, round((after[0] - before[0]) / width * _COLUMNS))
        for number in range(1, count + 1):
            part = number / count
            x, low, high = (a + (b - a) * part for a, b in zip(before, after, strict=True))
            found.append((x, low, high))
    return found


def _column(span: Span, height: float) -> Points:
    """Dots from the lowest seed to the highest, close enough to look like a band."""
    x, bottom, top = span
    count = max(1, round((top - bottom) / height * _ROWS))
    return [(x, bottom + (top - bottom) * number / count) for number in range(count + 1)]


def scaled(points: Points, scale: Scale) -> Points:
    """The points on these axes; what has no logarithm is left out."""
    if scale.steps:
        points = [(math.log10(x), y) for x, y in points if x > 0]
    if scale.values:
        points = [(x, math.log10(y)) for x, y in points if y > 0]
    return points


def ticks(low: float, high: float) -> list[float]:
    """Round numbers from ``low`` to ``high``, about five."""
    if not high > low:
        return [low]
    rough = (high - low) / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * power for unit in (1, 2, 5, 10) if unit * power >= rough)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)] or [low]


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten between these exponents; with their doubles and fives where they are few."""
    powers = range(math.floor(low), math.ceil(high) + 1)
    every = max(1, len(powers) // _TICKS)
    units = (1, 2, 5) if high - low < 2 else (1,)
    found = [power + math.log10(unit) for power in powers[::every] for unit in units]
    return [tick for tick in found if low - 1e-9 <= tick <= high + 1e-9] or [low]


def tick_words(value: float, *, log: bool) -> str:
    """A tick as a person reads it: 2M, 10³, -0.5."""
    if log:
        if abs(value - round(value)) < 1e-9:
            return f"10{str(round(value)).translate(_SUPERSCRIPTS)}"
        return tick_words(10**value, log=False)
    if value and abs(value) >= 10_000:
        size, letter = next(pair for pair in _LETTERS if abs(value) >= pair[0])
        return f"{value / size:.3g}{letter}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) > 1e-12 else "0"


_LETTERS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def rgb(color: Color) -> RGB:
    return color.rgb
