"""Draws the curves of one metric with plotext."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from textual.color import Color
from textual_plotext import PlotextPlot

from researchdesk.tui.widgets.bench_view import Points, median_curve

_FAINT = 0.55
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


@dataclass(frozen=True, slots=True)
class Line:
    """The curves of one arm: ``mark`` stands at its end, ``color`` is its own."""

    mark: str
    color: Color
    curves: Sequence[Points]


class CurvePlot(PlotextPlot):
    """The median over seeds of every arm, each seed fainter behind it."""

    def draw(
        self, lines: Sequence[Line], scale: Scale, *, each_seed: bool, claimed: float | None
    ) -> None:
        """Draw anew. ``claimed``: a level line where the paper puts the value."""
        plot = self.plt
        plot.clear_figure()
        ground = self.background_colors[1]
        ends: list[tuple[Line, float, float]] = []
        xs: list[float] = []
        ys: list[float] = []
        for line in lines:
            several = len(line.curves) > 1
            if each_seed or not several:
                shade = line.color.blend(ground, _FAINT if several else 0.0)
                for curve in line.curves:
                    self._curve(scaled(curve, scale), shade)
            middle = scaled(median_curve(line.curves), scale)
            if several:
                self._curve(middle, line.color)
            if middle:
                ends.append((line, *middle[-1]))
            for curve in line.curves:
                xs += [x for x, _ in scaled(curve, scale)]
                ys += [y for _, y in scaled(curve, scale)]
        if not xs:
            self.refresh()
            return
        if claimed is not None and (not scale.values or claimed > 0):
            level = math.log10(claimed) if scale.values else claimed
            plot.horizontal_line(level, color=self._foreground())
            ys.append(level)
        self._axes(xs, ys, scale)
        for line, x, y in ends:
            plot.text(line.mark, x, y, color=rgb(line.color), background=rgb(ground))
        self.refresh()

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
    return f"{value:.3g}" if abs(value) > 1e-12 else "0"


_LETTERS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def rgb(color: Color) -> RGB:
    return color.rgb
