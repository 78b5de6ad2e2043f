"""The sweeps of the desk, and the one that is looked at: what the screen shows of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.worker import get_current_worker

from researchdesk.domain.runs import RunState
from researchdesk.domain.sweeps import Trial
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError
from researchdesk.services import sweeps
from researchdesk.services.desk import Desk
from researchdesk.services.library import as_arxiv_id
from researchdesk.services.sweep_watching import SweepSight, trial_curve
from researchdesk.services.sweeps import SweepHead, SweepPage
from researchdesk.tui.commands import keyed
from researchdesk.tui.notices import tell
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.sweep_follower import SweepFollower
from researchdesk.tui.screens.sweep_panes import SweepPanes
from researchdesk.tui.screens.sweep_runs import OwnSweep, SweepKeeper
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.setting_scatter import SettingScatter
from researchdesk.tui.widgets.sweep_list import SweepList
from researchdesk.tui.widgets.sweep_plot import SweepPlot
from researchdesk.tui.widgets.sweep_words import best_line, looks_line, state_line
from researchdesk.tui.widgets.trial_detail import TrialDetail
from researchdesk.tui.widgets.trial_list import TrialList

_TICK_S, _LIST_S, _REST_S, _LONG_S = 0.25, 3.0, 0.2, 0.1
_EMPTY = """\
No sweep yet. A sweep tries many settings of a recipe's arm and chooses one by a validation metric;
what is measured on the test is kept back until you ask for it.

{sweeps.start}  starts one, here in the background. For one of about a minute, try the recipe \
example-ladder with
   the arm regularise and the metric valid_accuracy.

From a file of your own:  researchdesk sweep new RECIPE --to sweep.toml, then {sweeps.start} \
and the file's path.
"""


class SweepsBase(DeskScreen):
    """At the left the sweeps, at the right the curve and the trials of the marked one."""

    AUTO_FOCUS = "SweepList"
    CSS_PATH = ["base.tcss", "sweeps.tcss"]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (36, "-tall")]

    @dataclass
    class Listed(Message):
        heads: list[SweepHead]

    @dataclass
    class Curve(Message):
        """What a trial measured on its way."""

        sweep_id: str
        number: int
        points: Sequence[tuple[int, float]]

    def __init__(self, desk: Desk, keeper: SweepKeeper, recipe: str = "") -> None:
        """``recipe`` is the name of the one that a sweep is proposed of."""
        super().__init__(desk)
        self._keeper, self._recipe = keeper, recipe
        self._follower = SweepFollower(desk)
        self._sight: SweepSight | None = None
        self._begun: OwnSweep | None = None
        self._told = False
        self._wait, self._listing, self._want = 0.0, False, ""
        self.panes = SweepPanes()

    def compose_body(self) -> ComposeResult:
        with Vertical(id="sweep-status"):
            for name in ("state", "best", "looks"):
                yield Static(id=f"sweep-{name}", markup=False)
        yield Static(Content(keyed(_EMPTY)), id="nothing", markup=False)
        yield self.panes
        yield self._follower

    def on_mount(self) -> None:
        self.set_interval(_TICK_S, self._tick)

    def resumed(self) -> None:
        """What is read competes with what is drawn, hence after it."""
        self.call_after_refresh(self.reload)

    def paper_at_hand(self) -> str:
        """Its recipe's, where that is named by its paper."""
        page = self.page
        return page.spec.recipe if page and as_arxiv_id(page.spec.recipe) else ""

    @property
    def page(self) -> SweepPage | None:
        """The sweep that is looked at, as far as it is read."""
        return self._sight.page if self._sight else None

    @property
    def own(self) -> OwnSweep | None:
        """The sweep that is looked at, where this process does it."""
        return self._keeper.of(self._follower.sweep_id) if self._follower.sweep_id else None

    # The list

    def _tick(self) -> None:
        self._wait -= _TICK_S
        if self._begun is not None and (self._begun.sweep_id or self._begun.over):
            self._want, self._begun = self._begun.sweep_id, None
            self.reload()
        elif self._wait <= 0 and self.is_current and not self._listing:
            self.reload()
        if self._keeper.busy or self._told:
            if not self._keeper.busy:
                self._follower.look_soon()
            self._told = self._keeper.busy
            self.show_status()

    def reload(self) -> None:
        """Read the list anew."""
        self._listing = True
        self._read_list()

    @work(thread=True, exclusive=True, group="sweeps", exit_on_error=False)
    def _read_list(self) -> None:
        found = sweeps.sweep_heads(self.desk)
        if not get_current_worker().is_cancelled:
            self.post_message(self.Listed(found))

    @on(Listed)
    def show_list(self, message: Listed) -> None:
        message.stop()
        self._listing, self._wait = False, _LIST_S
        self.set_class(not message.heads and self._keeper.beginning is None, "-empty")
        shown, want = self.query_one(SweepList), ""
        if self._want in [head.id for head in message.heads]:
            want, self._want = self._want, ""
        if list(message.heads) != shown.items or want:
            shown.put(message.heads, want)
        if message.heads and self.focused is None:
            self.call_after_refresh(self.query_one(SweepList).focus)

    @on(SweepList.Looked)
    def look_at(self, message: SweepList.Looked) -> None:
        message.stop()
        if message.sweep_id == self._follower.sweep_id:
            return
        self._sight = None
        self._follower.follow(message.sweep_id)
        if message.sweep_id:
            self.set_timer(_LONG_S, partial(self._wait_for, message.sweep_id))
        else:
            self._wait_for("")

    def _wait_for(self, sweep_id: str) -> None:
        """Show that it is being read, where that takes long: else one sweep follows the other."""
        if self._sight is None and self._follower.sweep_id == sweep_id:
            words = "Reading …" if sweep_id else ""
            self.query_one(SweepPlot).show([], words, more=bool(sweep_id))
            self._show_trials()
            self.show_status()

    @on(SweepList.Chosen)
    def to_trials(self, message: SweepList.Chosen) -> None:
        message.stop()
        self.panes.go_to("trials")

    # The sweep

    @on(SweepFollower.Changed)
    def show_change(self, message: SweepFollower.Changed) -> None:
        message.stop()
        if message.sight.page.id != self._follower.sweep_id:
            return
        self._sight = message.sight
        if message.first:
            words = f"Reckoning what {message.sight.page.spent.trials:,} trials bought …"
            self.query_one(SweepPlot).show([], words, more=True)
        self._show_trials(anew=message.first)
        self.show_status()

    @on(SweepFollower.Reckoned)
    def show_curves(self, message: SweepFollower.Reckoned) -> None:
        message.stop()
        if message.sweep_id == self._follower.sweep_id:
            plot = self.query_one(SweepPlot)
            plot.show(message.curves, message.empty, more=message.more)

    @on(SweepFollower.Failed)
    def show_failure(self, message: SweepFollower.Failed) -> None:
        message.stop()
        tell(self, message.error)
        self._sight = None
        self.query_one(SweepPlot).show([], "The sweep could not be read.")
        self._show_trials()
        self.show_status()

    def _show_trials(self, *, anew: bool = False) -> None:
        """``anew``: of another sweep, which begins at its best trial."""
        sight, listed = self._sight, self.query_one(TrialList)
        side = self.query_one("#trials-side")
        side.set_class(sight is None or not sight.rows, "-none")
        page = self.page
        if sight is None or page is None:
            side.border_title = "Trials"
            self.query_one("#trial-none", Static).update(Content("…"))
            listed.show([], [], "", -1)
            return
        name = one_line(page.spec.name or page.spec.recipe)
        side.border_title = Content(f"Trials of {name}")
        none = "No trial has begun yet."
        if page.state is not RunState.RUNNING:
            none += keyed(" {sweeps.resume} goes on with the sweep.")
        self.query_one("#trial-none", Static).update(Content(none))
        best = page.best.number if page.best else -1
        names = [one.name for one in page.spec.space]
        listed.show(sight.rows, names, page.spec.metric, best, anew=anew)
        self.show_scatter()

    def show_scatter(self) -> None:
        """The settings' pictures, where they are seen."""
        page, sight = self.page, self._sight
        if page is None or sight is None or not self.panes.settings:
            return
        best = page.best.number if page.best else -1
        ranked = sight.rows[: len(page.ranked)]
        self.query_one(SettingScatter).show(page.spec, ranked, best)

    def show_status(self) -> None:
        """The lines over everything: how the sweep stands."""
        page, own = self.page, self.own or self._keeper.beginning
        first = state_line(page) if page else Content("Reading …")
        if own is not None and own.doing:
            what = "" if own.sweep_id else f"{one_line(own.name)}: "
            first = Content.styled(f"▶ {what}{one_line(own.doing)}", "$text-accent")
        self.query_one("#sweep-state", Static).update(first)
        self.query_one("#sweep-best", Static).update(best_line(page) if page else Content(""))
        self.query_one("#sweep-looks", Static).update(looks_line(page) if page else Content(""))

    @on(SweepPanes.Shown)
    def show_part(self, message: SweepPanes.Shown) -> None:
        message.stop()
        self.show_scatter()

    # The trial

    @on(TrialList.Fitted)
    def fit_heads(self, message: TrialList.Fitted) -> None:
        message.stop()
        self.query_one("#trial-heads", Static).update(Content(message.heads))

    @on(TrialList.Looked)
    def look_at_trial(self, message: TrialList.Looked) -> None:
        message.stop()
        page, trial = self.page, message.trial
        if page is None or trial is None:
            return
        self.query_one(TrialDetail).show(trial, page.spec.metric)
        self._read_curve(page.id, page.spec.metric, trial)

    @work(exclusive=True, group="trial", exit_on_error=False)
    async def _read_curve(self, sweep_id: str, metric: str, trial: Trial) -> None:
        """Once the cursor rests: the events are long."""
        await asyncio.sleep(_REST_S)
        try:
            found = await asyncio.to_thread(trial_curve, self.desk, sweep_id, metric, trial.number)
        except DeskError:
            return
        self.post_message(self.Curve(sweep_id, trial.number, found))

    @on(Curve)
    def show_curve(self, message: Curve) -> None:
        message.stop()
        page, trial = self.page, self.query_one(TrialList).current
        if page and trial and (page.id, trial.number) == (message.sweep_id, message.number):
            self.query_one(TrialDetail).show(trial, page.spec.metric, message.points)
