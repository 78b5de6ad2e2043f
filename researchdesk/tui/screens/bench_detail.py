"""The right side of the bench: one run's curves, seeds and claims."""

import time
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import RunSummary
from researchdesk.domain.verdicts import ClaimResult
from researchdesk.services.desk import Desk
from researchdesk.tui.notices import tell
from researchdesk.tui.screens.bench_follower import RunFollower
from researchdesk.tui.screens.bench_runs import RunKeeper
from researchdesk.tui.widgets.bench_about import AboutRecipe
from researchdesk.tui.widgets.bench_claims import ClaimsPane
from researchdesk.tui.widgets.bench_curves import CurvesPane
from researchdesk.tui.widgets.bench_predictions import PredictionStrip
from researchdesk.tui.widgets.bench_seeds import SeedGrid
from researchdesk.tui.widgets.bench_view import RunView

_DRAW_S = 0.25
_SPARE = 4


class RunDetail(Vertical):
    """Shows a recipe, and a run of it as it goes on."""

    @dataclass
    class Advanced(Message):
        """Something of the run that is shown changed."""

    def __init__(self, desk: Desk, keeper: RunKeeper) -> None:
        super().__init__(id="right")
        self._follower = RunFollower(desk, keeper)
        self._recipe: Recipe | None = None
        self.claims: tuple[ClaimResult, ...] = ()
        self._draw_due = False
        self.view: RunView | None = None
        self.run: RunSummary | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(id="top"):
            with Vertical(id="learning"):
                yield CurvesPane(id="curves")
                yield PredictionStrip(id="predictions")
            with Vertical(id="side"):
                yield SeedGrid(id="seeds")
                yield AboutRecipe(id="about")
        yield ClaimsPane(id="claims-pane")
        yield self._follower

    @property
    def curves(self) -> CurvesPane:
        return self.query_one(CurvesPane)

    @property
    def run_id(self) -> str:
        return self._follower.run_id

    def show(self, recipe: Recipe, run_id: str) -> None:
        """Show this recipe, and this run of it; no run where ``run_id`` is empty."""
        if recipe != self._recipe:
            self._recipe = recipe
            self.query_one(AboutRecipe).show(recipe)
        self.view = self.run = None
        self.claims = ()
        self._follower.follow(run_id)
        if not run_id:
            self._show_claims()

    def look_again(self) -> None:
        """Read the run anew, as after its end."""
        self._follower.follow(self._follower.run_id)

    @on(RunFollower.Changed)
    def show_change(self, message: RunFollower.Changed) -> None:
        message.stop()
        if message.run is not None and message.run.id != self.run_id:
            return
        another = message.view is not self.view or message.view is None
        self.view, self.run = message.view, message.run
        if self.run is not None and self.run.claims and not self.claims:
            self.claims = self.run.claims
        self.query_one(SeedGrid).show(self.view, self._recipe)
        self.query_one(PredictionStrip).show(self.view)
        if another:
            self._show_claims()
            self.curves.show(self.view, self._recipe)
            if claim := self.query_one(ClaimsPane).current:
                self.curves.point_at(claim)
        elif not self._draw_due:
            self._draw_due = True
            self._draw()
        self.post_message(self.Advanced())

    def _draw(self) -> None:
        """Draw the curves, then leave the terminal some time before the next drawing."""
        begun = time.perf_counter()
        self.curves.draw()
        pause = max(_DRAW_S, _SPARE * (time.perf_counter() - begun))
        self.set_timer(pause, self._may_draw)

    def _may_draw(self) -> None:
        self._draw_due = False

    @on(RunFollower.Judged)
    def show_verdicts(self, message: RunFollower.Judged) -> None:
        message.stop()
        if message.report.run.id != self.run_id:
            return
        self._recipe, self.run = message.report.recipe, message.report.run
        self.claims = message.report.claims
        self.query_one(AboutRecipe).show(self._recipe)
        self._show_claims()
        self.post_message(self.Advanced())

    @on(RunFollower.Failed)
    def show_failure(self, message: RunFollower.Failed) -> None:
        message.stop()
        tell(self, message.error)

    @on(ClaimsPane.Looked)
    def point_at_claim(self, message: ClaimsPane.Looked) -> None:
        message.stop()
        self.curves.point_at(message.claim)

    def _show_claims(self) -> None:
        self.query_one(ClaimsPane).show(self._recipe, self.claims)
