"""What a model says of the same few examples as it learns: a strip that moves."""

import math
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from researchdesk.domain.runs import Task
from researchdesk.domain.text import one_line
from researchdesk.tui.widgets.bench_view import RunView, Snapshot
from researchdesk.tui.widgets.bench_words import SeedState
from researchdesk.tui.widgets.brief import Static

_BARS = "▁▂▃▄▅▆▇█"
_CLASSES = "0123456789abcdefghijklmnopqrstuvwxyz"
_EMPTY = (
    "No predictions yet. An experiment of the shape Experiment shows here what it says of the same "
    "few examples, line by line as it learns."
)


class PredictionStrip(VerticalScroll, can_focus=True):
    """A line for each look at a fixed batch, the newest below; a column for each example.

    Of a class: ``·`` where it is right, else the class that it was taken for. Of a number: a bar,
    below it the truth. Stays at the newest until someone scrolls away from it.
    """

    DEFAULT_CSS = "PredictionStrip #strip { min-height: 100%; }"

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.border_title = "Predictions"
        self._shown: Task | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="strip", markup=False)

    def on_mount(self) -> None:
        self.anchor()

    def show(self, view: RunView | None) -> None:
        """Show the seed that moves: one that runs, else the one that was shown, else the first."""
        strip = self.query_one("#strip", Static)
        told = [task for task, seed in view.seeds.items() if seed.snapshots] if view else []
        self.set_class(not told, "-empty")
        if view is None or not told:
            strip.update(Content.styled(_EMPTY, "$text-muted"))
            return
        moving = [task for task in told if view.seeds[task].state is SeedState.RUNNING]
        if self._shown not in (moving or told):
            self._shown = (moving or told)[0]
            self.anchor()
        task = self._shown or told[0]
        self.border_title = Content(f"Predictions · {one_line(task.arm)} seed {task.seed}")
        strip.update(drawn(tuple(view.seeds[task].snapshots)))

    def turn(self, view: RunView | None) -> None:
        """Go on to the next seed that has predictions."""
        told = [task for task, seed in view.seeds.items() if seed.snapshots] if view else []
        if told:
            here = told.index(self._shown) if self._shown in told else -1
            self._shown = told[(here + 1) % len(told)]
            self.anchor()
            self.show(view)


def drawn(snapshots: Sequence[Snapshot]) -> Content:
    """The strip: steps down, examples across."""
    truth = snapshots[-1].truth
    if truth and all(_is_class(value) for value in truth):
        rows = [_classes(snapshot) for snapshot in snapshots]
        key = "· right, else the class it was taken for"
        last = Content("".join(_CLASSES[int(value)] for value in truth))
    else:
        every = [v for item in snapshots for v in (*item.values, *truth) if math.isfinite(v)]
        low, high = min(every, default=0.0), max(every, default=1.0)
        rows = [_bars(snapshot.values, low, high) for snapshot in snapshots]
        key = f"bars from {low:.3g} to {high:.3g}"
        last = _bars(truth, low, high)
    width = max(len(f"{snapshot.step:,.0f}") for snapshot in snapshots) + 1
    width = max(width, 6)
    lines = [
        Content.assemble((f"{snapshot.step:,.0f}".rjust(width) + " ", "$text-muted"), row)
        for snapshot, row in zip(snapshots, rows, strict=True)
    ]
    if truth:
        lines.append(Content.assemble(("truth".rjust(width) + " ", "bold"), last))
    lines.append(Content.styled(f"step by step; {key}", "$text-muted"))
    return Content("\n").join(lines)


def _is_class(value: float) -> bool:
    return math.isfinite(value) and value == int(value) and 0 <= value < len(_CLASSES)


def _classes(snapshot: Snapshot) -> Content:
    pairs = zip(snapshot.values, snapshot.truth, strict=False)
    return Content("").join(
        Content.styled("·", "$text-success")
        if said == true
        else Content.styled(_CLASSES[int(said)] if _is_class(said) else "?", "bold $text-error")
        for said, true in pairs
    )


def _bars(values: Sequence[float], low: float, high: float) -> Content:
    span = (high - low) or 1.0
    marks = [
        _BARS[min(len(_BARS) - 1, int((value - low) / span * len(_BARS)))]
        if math.isfinite(value)
        else "?"
        for value in values
    ]
    return Content("".join(marks))
