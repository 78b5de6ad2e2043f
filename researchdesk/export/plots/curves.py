"""Curves over the steps of training: the mean of each arm's seeds, and a band around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from researchdesk.domain.text import one_line
from researchdesk.export.plots.style import LINES, MARKERS, Look, drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SHAPE = 0.56
_HIGHEST = 78.0
_LEGEND_LINE, _LETTER = 1.75, 0.62
_MM_PER_POINT = 25.4 / 72
_MARKED = 7
_FEW_POWERS = 100
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Band:
    """An arm's curve: at each of ``steps`` the mean over its seeds, and the band's two edges.

    ``n`` seeds are in it, ``fewest`` where some had ended, or had no finite number.
    """

    label: str
    steps: tuple[float, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    n: int
    fewest: int

    @property
    def seeds(self) -> str:
        """How many seeds, in words."""
        few = f", {self.fewest} at the fewest" if self.fewest < self.n else ""
        return f"n={self.n}{few}"


def curve_figure(
    bands: Sequence[Band], metric: str, look: Look, *, spread: str = "", log: bool = False
) -> "Figure":
    """The curves of one metric; ``spread`` names the band, and stands over the labels.

    ``log``: values on a logarithmic axis; what is not above 0 is left out there.
    """
    labels = [f"{one_line(band.label)} ({band.seeds})" for band in bands]
    columns = _columns(labels, look)
    rows = -(-len(bands) // columns) + bool(spread)
    extra = rows * look.small * _LEGEND_LINE * _MM_PER_POINT
    with drawing(look, min(look.width * _SHAPE, _HIGHEST) + extra) as figure:
        axes = figure.subplots()
        for place, (band, label) in enumerate(zip(bands, labels, strict=True)):
            _draw(axes, band, label, place, look)
        _axes(axes, metric, look, log=log)
        figure.legend(
            loc="outside upper left", ncols=columns, title=one_line(spread) or None,
            title_fontsize=look.small, alignment="left", handlelength=3.2, borderaxespad=0.2,
        )  # fmt: skip
    return figure


def _columns(labels: Sequence[str], look: Look) -> int:
    """How many labels stand side by side in the width there is."""
    letter = look.small * _LETTER * _MM_PER_POINT
    longest = max((len(label) for label in labels), default=1) + 9
    return max(1, min(len(labels), 4, int(look.width / (longest * letter))))


def _draw(axes: "Axes", band: Band, label: str, place: int, look: Look) -> None:
    series = look.colours.series
    colour = series[place % len(series)]
    turn = place // len(series)
    apart = max(1, len(band.steps) // _MARKED)
    axes.plot(
        band.steps, band.mean, color=colour, label=label, zorder=3,
        linestyle=LINES[(place + turn) % len(LINES)],
        marker=MARKERS[(place + 2 * turn) % len(MARKERS)], markersize=look.line * 2.4,
        markevery=(place * apart // 5 % apart, apart),
    )  # fmt: skip
    if band.n > 1:
        axes.fill_between(
            band.steps, band.low, band.high, color=colour, alpha=0.18, linewidth=0, zorder=2
        )


def _axes(axes: "Axes", metric: str, look: Look, *, log: bool) -> None:
    from matplotlib.ticker import (  # noqa: PLC0415 - slow to import
        EngFormatter,
        FuncFormatter,
        LogLocator,
        MaxNLocator,
    )

    axes.set_xlabel("step")
    axes.set_ylabel(one_line(metric))
    ticks = max(3, int(look.width / 20))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=ticks, integer=True, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    axes.margins(x=0.02)
    if log:
        axes.set_yscale("log", nonpositive="clip")
        low, high = axes.get_ylim()
        if high < low * _FEW_POWERS:
            axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(FuncFormatter(_power))
        axes.yaxis.set_minor_formatter(FuncFormatter(lambda *_: ""))
    else:
        axes.ticklabel_format(axis="y", useOffset=False)


def _power(value: float, _place: Any) -> str:
    """A value of a logarithmic axis: plain near 1, else as a power of ten."""
    if value <= 0:
        return ""
    if 1e-3 <= value < 1e4:
        return f"{value:g}"
    digits, _, power = f"{value:.0e}".partition("e")
    raised = f"10{str(int(power)).translate(_RAISED)}"
    return raised if digits == "1" else f"{digits}×{raised}"
