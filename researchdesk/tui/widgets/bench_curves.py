"""The curves of a run: which metric, which arms, which axes."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.color import Color
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Select

from researchdesk.domain.recipes import Claim, ClaimKind, Recipe
from researchdesk.domain.text import one_line
from researchdesk.tui.commands import keyed
from researchdesk.tui.widgets.bench_findings import findings_words
from researchdesk.tui.widgets.bench_plot import Behind, CurvePlot, Line, Scale
from researchdesk.tui.widgets.bench_view import RunView, Seed, median_curve
from researchdesk.tui.widgets.bench_words import plain_number
from researchdesk.tui.widgets.brief import Static

_COLOURS = ("primary", "accent", "success", "error", "secondary", "warning")


class CurvesPane(Vertical, can_focus=True):
    """The curves of one metric; all arms, or one after the other."""

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.border_title = "Curves"
        self._view: RunView | None = None
        self._claims: tuple[Claim, ...] = ()
        self._claim: Claim | None = None
        self._metric = ""
        self._arm = ""
        self._scale = Scale.LINEAR
        self._behind = Behind.BAND
        self._known: list[str] = []
        self._drawn_in: Size | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(id="curve-bar"):
            yield Select[str]([], id="metric", compact=True, prompt="metric")
            yield Static(id="curve-words", markup=False)
        yield CurvePlot(id="plot")
        yield Static(id="curve-empty", markup=False, classes="empty")
        yield Static(id="legend", markup=False)
        yield Static(id="curve-findings", markup=False)

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda theme: self.draw())

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Only the frame tells of it: what is inside is not styled anew."""
        self.app.stylesheet.update_nodes([self], animate=True)

    def on_resize(self) -> None:
        if self.size != self._drawn_in:
            self.call_after_refresh(self.draw)

    def show(self, view: RunView | None, recipe: Recipe | None) -> None:
        """Take another run; the metric is that of the first claim that has a curve.

        The same run read anew is shown as it was.
        """
        same = view is not None and self._view is not None and view.run_id == self._view.run_id
        self._view = view
        if not same:
            self._claim, self._metric, self._arm = None, "", ""
        self._claims = recipe.claims if recipe else ()
        self.draw()

    @property
    def metric(self) -> str:
        """The metric whose curves are shown."""
        return self._metric

    def ends(self) -> dict[str, tuple[float, float]]:
        """The last step and value of each arm that is shown: of the median over its seeds."""
        view = self._view
        curves = view.curves.get(self._metric, {}) if view else {}
        found = {}
        for arm in view.arms if view else ():
            own = [points for task, points in curves.items() if task.arm == arm and points]
            if own and self._arm in ("", arm):
                found[arm] = median_curve(own)[-1]
        return found

    def point_at(self, claim: Claim) -> None:
        """Show the metric of a claim, and where the paper puts its value."""
        self._claim = claim
        if self._view and claim.metric in self._view.curves:
            self._metric = claim.metric
        self.draw()

    def turn(self, what: str) -> None:
        """Go on to the next ``metric``, ``scale`` or ``arm`` (all, then each by itself).

        ``seeds``: behind the medians show what the seeds span, each of them, or nothing.
        """
        if what == "scale":
            self._scale = self._scale.next
        elif what == "seeds":
            self._behind = self._behind.next
        elif self._view and what == "arm":
            self._arm = _after(["", *self._view.arms], self._arm)
        elif self._view and self._view.curves:
            self._metric = _after(list(self._view.curves), self._metric)
        self.draw()

    @on(Select.Changed, "#metric")
    def take_metric(self, event: Select.Changed) -> None:
        event.stop()
        if isinstance(event.value, str) and event.value != self._metric:
            self._metric = event.value
            self.draw()

    def draw(self) -> None:
        """Draw what has come in by now."""
        self._drawn_in = self.size
        names = list(self._view.curves) if self._view else []
        if self._metric not in names:
            wanted = [claim.metric for claim in self._claims if claim.metric in names]
            self._metric = next(iter(wanted or names), "")
        self._offer(names)
        self.set_class(not names, "-empty")
        self._tell_findings()
        if self._view is None or not names:
            self.query_one("#curve-empty", Static).update(self._why_empty())
            return
        self._plot(self._view)

    def _tell_findings(self) -> None:
        """What speaks against the curves stands below them."""
        view = self._view
        words = findings_words(view.checks, view.watched) if view else Content("")
        self.query_one("#curve-findings", Static).update(words)
        self.query_one("#curve-findings").display = bool(words.plain)

    def _plot(self, view: RunView) -> None:
        arms = view.arms
        colours = self._colours(len(arms))
        curves = view.curves[self._metric]
        lines, legend = [], []
        for number, (arm, colour) in enumerate(zip(arms, colours, strict=True), start=1):
            own = [points for task, points in curves.items() if task.arm == arm and points]
            if self._arm in ("", arm):
                legend.append(_key(number, arm, colour, len(own)))
                if own:
                    lines.append(Line(_mark(number), colour, own))
        claim = self._claim
        fits = claim is not None and claim.metric == self._metric and claim.kind in _LEVELS
        level = claim.claimed if claim is not None and fits else None
        plot = self.query_one(CurvePlot)
        plot.draw(lines, self._scale, behind=self._behind, claimed=level)
        self.query_one("#curve-words", Static).update(self._words(view, level))
        self.query_one("#legend", Static).update(_flowing(legend, self.content_size.width))

    def _words(self, view: RunView, level: float | None) -> Content:
        parts = [f"by step, {self._scale.value}", self._behind.value]
        if level is not None:
            parts.append(f"line: claimed {level:.4g}")
        if lost := view.not_finite.get(self._metric):
            parts.append(f"{lost} values not finite, left out")
        return Content.styled(" · ".join(parts), "$text-muted")

    def _offer(self, names: Sequence[str]) -> None:
        select: Select[str] = self.query_one("#metric", Select)
        with self.prevent(Select.Changed):
            if list(names) != self._known:
                self._known = list(names)
                select.set_options([(Content(one_line(name)), name) for name in names])
            if self._metric:
                select.value = self._metric

    def _why_empty(self) -> Content:
        if self._view is None:
            return Content(
                keyed(
                    "No run yet. {bench.start} starts one, {bench.quick} a quick look; the "
                    "curves grow here."
                )
            )
        measured = [
            Content.assemble((f"{one_line(task.arm)} seed {task.seed}  ", "bold"), _numbers(seed))
            for task, seed in self._view.seeds.items()
            if seed.latest
        ]
        if not measured:
            return Content("Nothing measured so far.")
        head = Content("This experiment logs no steps, so there is no curve. It measured:\n")
        return Content("\n").join([head, *measured])

    def _colours(self, count: int) -> list[Color]:
        variables = self.app.theme_variables
        base = [Color.parse(variables[name]) for name in _COLOURS]
        rounds = [base, [colour.darken(0.2) for colour in base]]
        return [rounds[index // len(base) % 2][index % len(base)] for index in range(count)]


_LEVELS = (ClaimKind.VALUE, ClaimKind.COUNT, ClaimKind.BOUND)


def _flowing(keys: Sequence[Content], width: int) -> Content:
    """The keys in as few lines as they fit in, none of them broken."""
    lines: list[Content] = []
    for key in keys:
        if lines and lines[-1].cell_length + 3 + key.cell_length <= width:
            lines[-1] = Content("   ").join((lines[-1], key))
        else:
            lines.append(key)
    return Content("\n").join(lines)


def _numbers(seed: Seed) -> str:
    return ", ".join(
        f"{one_line(name)} {plain_number(value)}" for name, value in seed.latest.items()
    )


def _after(names: Sequence[str], name: str) -> str:
    return names[(names.index(name) + 1) % len(names)] if name in names else names[0]


def _mark(number: int) -> str:
    return str(number) if number < 10 else chr(ord("a") + (number - 10) % 26)


def _key(number: int, arm: str, colour: Color, seeds: int) -> Content:
    count = f" ({seeds} seeds)" if seeds > 1 else "" if seeds else " (no curve)"
    return Content.assemble(
        (f"{_mark(number)}━ ", f"{colour.hex} bold"), one_line(arm), (count, "$text-muted")
    )
