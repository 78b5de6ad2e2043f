"""Two runs side by side: what they were made with, what they measured, and their curves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.color import Color
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message

from researchdesk.domain.text import one_line
from researchdesk.domain.verdicts import ClaimResult
from researchdesk.errors import DeskError
from researchdesk.services import reproduction
from researchdesk.services.comparing import Difference, Figure, RunComparison
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import Command, bindings
from researchdesk.tui.notices import words_of
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.surprise_form import SurpriseForm
from researchdesk.tui.widgets.bench_plot import Behind, CurvePlot, Line, Scale
from researchdesk.tui.widgets.bench_view import RunView
from researchdesk.tui.widgets.bench_words import verdict_words
from researchdesk.tui.widgets.brief import Static

COMPARISON_VERBS = (
    Command("compare.next", "m", "turn(1)", "Curve", "The next arm's and metric's curves.", True),
    Command("compare.last", "M", "turn(-1)", "Curve before", "The curves before."),
    Command("compare.scale", "l", "scale", "Log", "Linear axes, logarithmic ones.", True),
    Command("compare.back", "escape", "back", "Back", "Back to the bench.", True),
)


class CompareScreen(DeskScreen):
    """Curves of both runs above, what differs below; what is the same is only counted."""

    ABOUT = (
        "Two runs: where their settings, environments, claims and metrics differ. A is the first "
        "curve and column, B the second."
    )
    VERBS = COMPARISON_VERBS
    BINDINGS = bindings(COMPARISON_VERBS)
    CSS_PATH = ["base.tcss", "run_comparison.tcss"]

    @dataclass
    class Compared(Message):
        found: RunComparison
        views: tuple[RunView, RunView]

    @dataclass
    class Failed(Message):
        error: DeskError

    def __init__(self, desk: Desk, a: str, b: str) -> None:
        super().__init__(desk)
        self._ids = (a, b)
        self._views: tuple[RunView, RunView] | None = None
        self._curves: list[tuple[str, str]] = []
        self._at = 0
        self._scale = Scale.LINEAR
        self._found: RunComparison | None = None

    def surprise_at_hand(self) -> SurpriseForm:
        """What the second run measured of the metric that is shown, where the first expects it."""
        found = self._found
        form = SurpriseForm(on=f"run:{self._ids[1]}")
        if found is None or not self._curves:
            return form
        arm, name = self._curves[self._at % len(self._curves)]
        row = next((one for one in found.metrics if one.name == f"{arm}/{name}"), None)
        if row is None or row.a is None or row.b is None:
            return form
        one, other = _words(row.a).plain, _words(row.b).plain
        return replace(form, expected=f"{one}, as in run:{self._ids[0]}", observed=other)

    def compose_body(self) -> ComposeResult:
        a, b = self._ids
        yield Static(Content(f"A  {a}\nB  {b}"), id="runs-compared")
        yield Static("", id="curve-name", markup=False)
        yield CurvePlot(id="both")
        with VerticalScroll(id="differences"):
            yield Static("Reading both runs …", id="difference-words", markup=False)

    def on_mount(self) -> None:
        self.query_one("#differences").focus()
        self._compare()

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    @work(thread=True, exclusive=True, group="compare", exit_on_error=False)
    def _compare(self) -> None:
        try:
            found = reproduction.compare(self.desk, *self._ids)
            a, b = (self._view(run_id) for run_id in self._ids)
        except DeskError as error:
            self.post_message(self.Failed(error))
        else:
            self.post_message(self.Compared(found, (a, b)))

    def _view(self, run_id: str) -> RunView:
        view = RunView(run_id, reproduction.get_run(self.desk, run_id).tasks)
        view.take(reproduction.events_of(self.desk, run_id))
        return view

    @on(Compared)
    def show_both(self, message: Compared) -> None:
        """Show what differs, and the first curve that both have."""
        message.stop()
        self._views, self._found = message.views, message.found
        named = [
            {(arm, name) for name, curves in view.curves.items() for arm in _arms(curves)}
            for view in message.views
        ]
        shared = named[0] & named[1] or named[0] | named[1]
        self._curves = sorted(shared, key=lambda curve: (-self._length(*curve), curve))
        self.query_one("#difference-words", Static).update(_page(message.found))
        self._draw()

    @on(Failed)
    def show_failure(self, message: Failed) -> None:
        message.stop()
        self.query_one("#difference-words", Static).update(Content(words_of(message.error)))

    def _length(self, arm: str, name: str) -> int:
        """How many points the curve has: long ones are looked at first."""
        return sum(len(points) for view in self._views or () for points in _of_arm(view, arm, name))

    def _draw(self) -> None:
        self.set_class(not self._curves, "-no-curves")
        if self._views is None or not self._curves:
            return
        arm, name = self._curves[self._at % len(self._curves)]
        colours = [Color.parse(self.app.theme_variables[key]) for key in ("primary", "accent")]
        lines = [
            Line(mark, colour, _of_arm(view, arm, name))
            for mark, colour, view in zip("AB", colours, self._views, strict=True)
        ]
        plot = self.query_one(CurvePlot)
        plot.draw(
            [line for line in lines if line.curves], self._scale, behind=Behind.BAND, claimed=None
        )
        words = f"{one_line(arm)} · {one_line(name)} · by step, {self._scale.value}"
        self.query_one("#curve-name", Static).update(Content.styled(words, "$text-muted"))

    def action_turn(self, step: int) -> None:
        if self._curves:
            self._at = (self._at + step) % len(self._curves)
            self._draw()

    def action_scale(self) -> None:
        self._scale = self._scale.next
        self._draw()

    def action_back(self) -> None:
        self.dismiss()


def _arms(curves: object) -> set[str]:
    return {task.arm for task in curves} if isinstance(curves, dict) else set()


def _of_arm(view: RunView, arm: str, name: str) -> list[list[tuple[float, float]]]:
    found = view.curves.get(name, {})
    return [points for task, points in found.items() if task.arm == arm and points]


def _page(found: RunComparison) -> Content:
    parts = {
        "Settings": found.config,
        "Environment": found.environment,
        "Claims": found.claims,
        "Metrics": found.metrics,
    }
    return Content("\n\n").join(_part(title, rows) for title, rows in parts.items())


def _part(title: str, rows: Sequence[Difference]) -> Content:
    head = Content.styled(title, "bold $text-primary")
    if not rows:
        return head + Content.styled("\n  the same", "$text-muted")
    lines = [head]
    for row in rows:
        a, b = _words(row.a), _words(row.b)
        if a.plain == b.plain:
            both = Content.assemble(f"  {one_line(row.name)}  ", a)
            lines.append(both.stylize("$text-muted"))
            continue
        lines.append(Content.assemble("  ", (one_line(row.name), "bold")))
        lines.append(Content.assemble(("    A  ", "$text-muted"), a))
        lines.append(Content.assemble(("    B  ", "$text-muted"), b))
    return Content("\n").join(lines)


def _words(value: Any) -> Content:
    if value is None:
        return Content("not there")
    if isinstance(value, Figure):
        spread = f" ± {value.sd:.3g}" if value.sd is not None else ""
        seeds = f" (n={value.n})" if value.n > 1 else ""
        return Content(f"{value.mean:.5g}{spread}{seeds}")
    if isinstance(value, ClaimResult):
        mean = f"  {value.mean:.5g}" if value.mean is not None else ""
        return Content.assemble(verdict_words(value.verdict), mean)
    return Content(one_line(str(value)))
