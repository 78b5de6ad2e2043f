"""Which settings of a sweep matter: the value of its trials against each of them."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from researchdesk.domain.sweeps import Dimension, Distribution, SweepSpec, Trial
from researchdesk.domain.text import one_line
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.line_list import fit
from researchdesk.tui.widgets.sweep_words import number_words, setting_words

_LOG = (Distribution.LOG_UNIFORM, Distribution.LOG_INTEGER, Distribution.LOG_NORMAL)
_MOST, _EDGE = 1_000, 0.05
_ROWS, _HIGHEST, _AROUND = 7, 14, 3
_LABEL, _LEAST, _GAP = 8, 30, 2
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_GOLDEN = 0.6180339887


@dataclass(frozen=True, slots=True)
class _Axis:
    """Where a value of a setting lies from 0 to 1, and what stands at the ends."""

    place: Callable[[Any, int], float | None]
    labels: tuple[str, ...]
    log: bool = False


class SettingScatter(VerticalScroll, can_focus=True):
    """A small picture for each setting that varies; the axis is logarithmic where it is drawn so.

    The best trial is a filled circle. The worst twentieth of the values lies on the edge, so that
    a few that went wrong do not flatten the rest.
    """

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.border_title = "Which settings matter"
        self._spec: SweepSpec | None = None
        self._trials: Sequence[Trial] = ()
        self._best = -1
        self._words = ""
        self._drawn: object = None

    def compose(self) -> ComposeResult:
        yield Static(id="scatter-words", markup=False)
        yield Static(id="scatter-drawn", markup=False)

    def show(self, spec: SweepSpec | None, ranked: Sequence[Trial], best: int) -> None:
        """Draw these trials, all with a value, the best first; none where there is no sweep."""
        step = max(1, math.ceil(len(ranked) / _MOST))
        self._spec, self._trials, self._best = spec, ranked[::step], best
        words = f"{len(self._trials):,} of {len(ranked):,} trials" if step > 1 else (
            f"{len(ranked):,} trials")  # fmt: skip
        self._words = f"{one_line(spec.metric) if spec else 'value'} of {words}; ● is the best"
        self.draw()

    def on_resize(self) -> None:
        self.draw()

    def draw(self) -> None:
        """Draw anew, as wide as there is room; not at all while it is not seen."""
        width = self.scrollable_content_region.width
        made_of = self._spec, len(self._trials), self._best, self._words, self.size
        if not self.display or self._spec is None or width < 1 or made_of == self._drawn:
            return
        self._drawn = made_of
        words, drawn = self._words, Content("")
        if self._trials:
            drawn = scatters(self._spec, self._trials, self._best, width, self.size.height - 2)
        else:
            words = "No trial has a value yet; the pictures come with the first ones."
        self.query_one("#scatter-words", Static).update(Content.styled(words, "$text-muted"))
        self.query_one("#scatter-drawn", Static).update(drawn)


def scatters(
    spec: SweepSpec, trials: Sequence[Trial], best: int, width: int, height: int = 0
) -> Content:
    """The pictures of all settings, side by side as far as there is room in ``width`` columns; as
    high as makes them fill ``height`` lines, within limits."""
    across = max(1, min(len(spec.space), (width + _GAP) // (_LEAST + _GAP)))
    room = (width + _GAP) // across - _GAP
    rows = min(_HIGHEST, max(_ROWS, height // math.ceil(len(spec.space) / across) - _AROUND))
    low, high = _span([trial.value for trial in trials if trial.value is not None], spec.better)
    panels = [_panel(one, trials, best, (low, high), max(room, 12), rows) for one in spec.space]
    lines = []
    for at in range(0, len(panels), across):
        row = panels[at : at + across]
        lines += [Content(" " * _GAP).join(parts) for parts in zip(*row, strict=True)]
        lines.append(Content(""))
    return Content("\n").join(lines)


def _panel(
    of: Dimension,
    trials: Sequence[Trial],
    best: int,
    span: tuple[float, float],
    width: int,
    rows: int,
) -> list[Content]:
    axis = _axis(of, trials)
    columns = max(2, width - _LABEL)
    canvas = [[0] * columns for _ in range(rows)]
    circle: tuple[int, int] | None = None
    for trial in trials:
        x = axis.place(trial.settings.get(of.name), trial.number)
        if x is None or trial.value is None:
            continue
        y = min(1.0, max(0.0, (trial.value - span[0]) / (span[1] - span[0])))
        dot_x = min(2 * columns - 1, max(0, round(x * (2 * columns - 1))))
        dot_y = round((1 - y) * (4 * rows - 1))
        canvas[dot_y // 4][dot_x // 2] |= _DOTS[dot_y % 4][dot_x % 2]
        if trial.number == best:
            circle = dot_y // 4, dot_x // 2
    scale = " (log)" if axis.log else ""
    lines = [Content.styled(fit(f"{' ' * _LABEL}{one_line(of.name)}{scale}", width), "bold")]
    for at, row in enumerate(canvas):
        label = {0: number_words(span[1]), rows - 1: number_words(span[0])}.get(at, "")
        lines.append(_row(label, row, circle[1] if circle and circle[0] == at else None))
    return [*lines, Content.styled(" " * _LABEL + _below(axis.labels, columns), "$text-muted")]


def _row(label: str, row: Sequence[int], circle: int | None) -> Content:
    dots = "".join(chr(0x2800 + bits) if bits else " " for bits in row)
    head = (f"{fit(label, _LABEL - 2).strip():>{_LABEL - 2}} │", "$text-muted")
    if circle is None:
        return Content.assemble(head, (dots, "$primary"))
    return Content.assemble(
        head, (dots[:circle], "$primary"), ("●", "bold $text-success"),
        (dots[circle + 1 :], "$primary"),
    )  # fmt: skip


def _below(labels: Sequence[str], columns: int) -> str:
    """The ends of the axis; of a choice each value below its place, as far as there is room."""
    if len(labels) == 2:
        gap = columns - len(labels[0]) - len(labels[1])
        return labels[0] + " " * gap + labels[1] if gap > 0 else fit(labels[0], columns)
    each = max(1, columns // max(1, len(labels)))
    return fit("".join(fit(label, each - 1) + " " for label in labels), columns)


def _span(values: Sequence[float], better: str) -> tuple[float, float]:
    """From the worst that is drawn apart to the best."""
    ordered = sorted(values)
    cut = int(len(ordered) * _EDGE)
    low, high = (ordered[cut], ordered[-1]) if better == "higher" else (
        ordered[0], ordered[len(ordered) - 1 - cut])  # fmt: skip
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _axis(of: Dimension, trials: Sequence[Trial]) -> _Axis:
    if of.distribution is Distribution.CHOICE or of.values:
        return _of_choice(of)
    numbers = [value for trial in trials if (value := _number(trial.settings, of.name)) is not None]
    log = of.distribution in _LOG and all(value > 0 for value in numbers)
    bounded = of.high > of.low
    low = of.low if bounded else min(numbers, default=0.0)
    high = of.high if bounded else max(numbers, default=1.0)
    first, last = (math.log(low), math.log(high)) if log and low > 0 else (low, high)
    log = log and low > 0

    def place(value: Any, number: int) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        at = math.log(value) if log else value
        return (at - first) / (last - first) if last > first else 0.5

    return _Axis(place, (setting_words(low), setting_words(high)), log)


def _of_choice(of: Dimension) -> _Axis:
    places = {repr(value): at for at, value in enumerate(of.values)}
    count = max(1, len(of.values))

    def place(value: Any, number: int) -> float | None:
        at = places.get(repr(value))
        if at is None:
            return None
        beside = (number * _GOLDEN) % 1  # so that equal settings do not hide each other
        return (at + 0.1 + 0.6 * beside) / count

    labels = tuple(setting_words(value) for value in of.values)
    return _Axis(place, labels if len(labels) != 2 else (*labels, ""))


def _number(settings: Mapping[str, Any], name: str) -> float | None:
    value = settings.get(name)
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if known and value is not None else None
