"""One trial of a sweep: its settings, how it went, why it failed or was tried again."""

import math
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from researchdesk.domain.durations import in_words
from researchdesk.domain.sweeps import Trial, TrialState
from researchdesk.domain.text import one_line
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.sweep_words import (
    TRIALS,
    number_words,
    settings_words,
    tries_words,
)

_BARS = "▁▂▃▄▅▆▇█"
_MOST_BARS = 40
_MOST_LINES = 8
Points = Sequence[tuple[int, float]]


class TrialDetail(VerticalScroll, can_focus=True):
    """The trial under the cursor, with what may be shown of it; nothing of the test is."""

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._trial: Trial | None = None
        self._metric = ""

    def compose(self) -> ComposeResult:
        yield Static(id="trial-words", markup=False)

    def show(self, trial: Trial | None, metric: str, curve: Points | None = None) -> None:
        """Tell of a trial. ``curve`` is what it measured on its way, None: not known yet."""
        self._trial, self._metric = trial, metric
        words = told(trial, metric, curve) if trial else Content("")
        self.query_one("#trial-words", Static).update(words)


def told(trial: Trial, metric: str, curve: Points | None) -> Content:
    """All lines of a trial."""
    mark, colour = TRIALS[trial.state]
    at = f" at step {trial.step:,}" if trial.step is not None else ""
    early = " early, for the median was better" if trial.state is TrialState.STOPPED else ""
    took = f", took {in_words(trial.seconds)}" if trial.seconds else ""
    node = f", on {one_line(trial.node)}" if trial.node else ""
    lines = [
        Content.assemble((f"Trial {trial.number}  ", "bold"),
                         (f"{mark} {trial.state.words}{early}{at}", colour), f"{took}{node}"),
        Content(settings_words(trial.settings) or "Its settings are not known yet."),
    ]  # fmt: skip
    measured = [f"{one_line(name)} {number_words(value)}" for name, value in trial.metrics.items()]
    lines += [Content(", ".join(measured))] if measured else []
    if curve:
        lines.append(_curve(metric, curve))
    if trial.retries:
        lines.append(Content.styled(tries_words(trial), "$text-warning"))
    if trial.error:
        tail = trial.error.strip().splitlines()[-_MOST_LINES:]
        lines.append(Content.styled("\n".join(one_line(line) for line in tail), "$text-error"))
    return Content("\n").join(lines)


def _curve(metric: str, curve: Points) -> Content:
    finite = [(step, value) for step, value in curve if math.isfinite(value)]
    if not finite:
        return Content.styled(f"{one_line(metric)} was never a finite number.", "$text-warning")
    every = max(1, math.ceil(len(finite) / _MOST_BARS))
    values = [value for _, value in finite[::every]]
    low, high = min(values), max(values)
    bars = "".join(
        _BARS[round((value - low) / (high - low) * (len(_BARS) - 1))] if high > low else _BARS[3]
        for value in values
    )
    first, last = finite[0], finite[-1]
    return Content.assemble(
        (f"{one_line(metric)} ", "$text-muted"), (bars, "$primary"),
        f" {number_words(first[1])} → {number_words(last[1])}",
        (f", steps {first[0]:,} to {last[0]:,}", "$text-muted"),
    )  # fmt: skip
