"""What a sweep's budget bought, drawn with plotext: the best value in its band."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import ClassVar

from textual.app import ComposeResult
from textual.color import Color
from textual.containers import Vertical
from textual.content import Content

from researchdesk.domain.budget_curves import Against, BudgetCurve, BudgetPoint, budget_words
from researchdesk.domain.text import one_line
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.widgets.bench_plot import rgb, tick_words, ticks
from researchdesk.tui.widgets.bench_words import plain_number
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.kept_plot import KeptPlot

_TURN = Command(
    "sweep-plot.turn", "x", "turn", "Trials or time",
    "Count the curve's budget in trials, in time, or in GPU-hours.", True, moves=True,
)  # fmt: skip
_FAINT = 0.6
_TICK = 12
_SHORT = {Against.TRIALS: "trials", Against.TIME: "time", Against.GPU_HOURS: "GPU-hours"}
_NAMES = {
    kind: name if kind is Against.TRIALS else f"{name}, trials one after another"
    for kind, name in _SHORT.items()
}
Points = list[tuple[float, float]]


class SweepPlot(Vertical, can_focus=True):
    """One sweep's curve against trials or time; the key goes from one to the other.

    Curves are made elsewhere, off the screen's own thread: ``show`` takes those that there are.
    """

    DEFAULT_CSS = """
    SweepPlot { height: 1fr; }
    SweepPlot > PlotextPlot { height: 1fr; }
    SweepPlot > Static { height: auto; max-height: 3; }
    SweepPlot.-empty > PlotextPlot { display: none; }
    """
    VERBS: ClassVar[tuple[Command, ...]] = (_TURN,)
    BINDINGS = bindings(VERBS)

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.border_title = "What the budget bought"
        self._curves: tuple[BudgetCurve, ...] = ()
        self._wanted = Against.TRIALS
        self._more = False
        self._empty = "No trial has a value yet: there is no curve."

    def compose(self) -> ComposeResult:
        yield KeptPlot()
        yield Static(id="sweep-plot-words", markup=False)

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda theme: self.draw())
        self.draw()

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    def show(self, curves: Sequence[BudgetCurve], empty: str = "", *, more: bool = False) -> None:
        """Take the curves of a sweep, each against another kind of budget; the kind that was asked
        for stays. ``empty``: why there is none. ``more`` are on their way: until they are here,
        those of before stand in for them, but where there is none yet."""
        known = {curve.against: curve for curve in curves}
        if more and known:
            known = {curve.against: curve for curve in self._curves} | known
        self._curves = tuple(known[kind] for kind in Against if kind in known)
        self._more = more
        self._empty = empty or self._empty
        if self.is_mounted:
            self.draw()

    @property
    def against(self) -> Against | None:
        """What the curve that is shown counts its budget in; None without a curve."""
        return curve.against if (curve := self._shown) else None

    @property
    def _shown(self) -> BudgetCurve | None:
        of_kind = (curve for curve in self._curves if curve.against is self._wanted)
        return next(of_kind, self._curves[0] if self._curves else None)

    def action_turn(self) -> None:
        """Go on to the next kind of budget, also to one that is on its way."""
        kinds = list(Against) if self._more else [curve.against for curve in self._curves]
        if kinds:
            at = kinds.index(self._wanted) if self._wanted in kinds else 0
            self._wanted = kinds[(at + 1) % len(kinds)]
            self.draw()

    def draw(self) -> None:
        """Draw anew: after a change of size or colours."""
        self.set_class(not self._curves, "-empty")
        words = self.query_one("#sweep-plot-words", Static)
        curve = self._shown
        words.update(Content.styled(self._told(curve), "$text-muted"))
        if curve is not None:
            self._plot(curve)

    def _told(self, curve: BudgetCurve | None) -> str:
        """The words below, and what is on its way."""
        comes = self._more and self._wanted is not self.against
        against = f"against {_SHORT[self._wanted]}"
        if curve is None:
            is_first = self._wanted is Against.TRIALS
            return f"{self._empty} · {against}" if comes and not is_first else self._empty
        return f"Reckoning {against} … · {_words(curve)}" if comes else _words(curve)

    def _plot(self, curve: BudgetCurve) -> None:
        widget = self.query_one(KeptPlot)
        plot, ground = widget.plt, widget.background_colors[1]
        colour = Color.parse(self.app.theme_variables["primary"])
        plot.clear_figure()
        log = curve.expected and len(curve.points) > 1
        xs = [math.log10(one.budget) if log else one.budget for one in curve.points]
        values = [edge for one in curve.points for edge in _edges(one)]
        height = (max(values) - min(values)) or 1.0
        dots = _band(
            xs, curve.points, height / (3 * max(1, widget.size.height)), 2 * widget.size.width
        )
        if dots:
            shade = rgb(colour.blend(ground, _FAINT))
            plot.scatter([x for x, _ in dots], [y for _, y in dots], marker="braille", color=shade)
        line = list(zip(xs, (one.best for one in curve.points), strict=True))
        line = line if curve.expected else _steps(line)
        plot.plot([x for x, _ in line], [y for _, y in line], marker="braille", color=rgb(colour))
        marks = _marks(curve, xs, log, widget.size.width)
        plot.xticks(
            [math.log10(one) if log else one for one in marks],
            [budget_words(one, curve.against) for one in marks],
        )
        level = ticks(min(values), max(values))
        plot.yticks(level, [tick_words(one, log=False) for one in level])
        widget.redraw()


def _words(curve: BudgetCurve) -> str:
    """The line below: what is drawn, how it ends, and what it is made of."""
    last, name = curve.points[-1], one_line(curve.metric)
    spent = budget_words(last.budget, curve.against)
    if curve.against is Against.TRIALS:
        spent += " trial" if last.budget == 1 else " trials"
    if not curve.expected:
        how = f"best {name} so far, in order, against {_NAMES[curve.against]}"
        why = "no independent draws, hence no expectation"
        return f"{how} · {plain_number(last.best)} after {spent} · {why}"
    drawn = "with" if curve.replacement else "without"
    parts = [f"expected best {name} against {_NAMES[curve.against]}, drawn {drawn} replacement"]
    band = ""
    if last.low is not None and last.high is not None:
        band = (
            f" (95 % band {plain_number(last.low)} to {plain_number(last.high)}, too narrow here)"
        )
    parts.append(f"{plain_number(last.best)} with {spent}{band}")
    counted = [(curve.stopped, "stopped early"), (curve.failed, "failed")]
    parts += [f"{count} {what}" for count, what in counted if count]
    return " · ".join(parts)


def _edges(point: BudgetPoint) -> tuple[float, ...]:
    return tuple(one for one in (point.best, point.low, point.high) if one is not None)


def _steps(line: Points) -> Points:
    """The line as a stair: level until the next best."""
    found = line[:1]
    for (_, before), (x, after) in pairwise(line):
        found += [(x, before), (x, after)]
    return found


def _band(xs: Sequence[float], points: Sequence[BudgetPoint], apart: float, columns: int) -> Points:
    """Dots from the band's lower edge to the upper, so far ``apart``, in so many columns."""
    known = [
        (x, one.low, one.high)
        for x, one in zip(xs, points, strict=True)
        if one.low is not None and one.high is not None
    ]
    if len(known) < 2:
        return []
    width, dots = known[-1][0] - known[0][0], []
    for before, after in pairwise(known):
        count = max(1, round((after[0] - before[0]) / width * columns))
        for number in range(count + 1):
            part = number / count
            x, low, high = (a + (b - a) * part for a, b in zip(before, after, strict=True))
            rows = max(1, round((high - low) / apart))
            dots += [(x, low + (high - low) * row / rows) for row in range(rows + 1)]
    return dots


def _marks(curve: BudgetCurve, xs: Sequence[float], log: bool, width: int) -> list[float]:
    """Budgets that stand at the axis: those told in the table, as far as they stand apart."""
    if not curve.expected and curve.against is Against.TRIALS:
        return ticks(xs[0], xs[-1])
    told = [one for one in curve.told if one <= curve.points[-1].budget] or [curve.points[0].budget]
    room = (xs[-1] - xs[0]) * _TICK / max(width, 1)
    found: list[float] = [told[-1]]
    for one in reversed(told[:-1]):
        place, next_ = (math.log10(value) if log else value for value in (one, found[-1]))
        if next_ - place >= room:
            found.append(one)
    return found[::-1]
