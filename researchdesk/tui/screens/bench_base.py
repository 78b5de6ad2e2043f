"""What the bench shows: recipes, their runs, and the one that is looked at."""

import math
from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.run_rows import RunRow, RunsListed
from researchdesk.domain.runs import RunSummary
from researchdesk.errors import DeskError
from researchdesk.services import recipes
from researchdesk.services.desk import Desk
from researchdesk.services.library import as_arxiv_id
from researchdesk.services.recipe_templates import broken_among, templates_line
from researchdesk.tui.notices import say, warn, words_of
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.bench_detail import RunDetail
from researchdesk.tui.screens.bench_noticing import Noticed, bench_at_hand
from researchdesk.tui.screens.bench_outcomes import doing_words, tell_end
from researchdesk.tui.screens.bench_panes import BenchPanes
from researchdesk.tui.screens.bench_runs import KeepsRuns, OwnRun, RunKeeper
from researchdesk.tui.screens.bench_shelf import BenchShelf
from researchdesk.tui.surprise_form import SurpriseForm
from researchdesk.tui.widgets.bench_recipe_list import RecipeList
from researchdesk.tui.widgets.bench_run_list import RunList
from researchdesk.tui.widgets.bench_status import BenchStatus

_MIND_S = 0.25


class BenchBase(KeepsRuns, DeskScreen):
    """The lists at the left follow the desk; the parts at the right follow the chosen run."""

    def __init__(self, desk: Desk, arxiv_id: str | None = None) -> None:
        super().__init__(desk)
        self._want = arxiv_id or ""
        self._want_run: RunSummary | None = None
        self._near = ""
        self._keeper = RunKeeper(desk)
        self._shelf = BenchShelf(desk)
        self._panes = BenchPanes(desk, self._keeper)
        self._recipe: Recipe | None = None
        self._runs: dict[str, RunsListed] = {}
        self._begun: OwnRun | None = None
        self._told: set[str] = set()
        self._noticed = Noticed(desk)

    def compose_body(self) -> ComposeResult:
        yield BenchStatus(id="status")
        yield self._panes
        yield self._shelf

    def on_mount(self) -> None:
        self.query_one(RecipeList).focus()
        self.set_interval(_MIND_S, self._mind_runs)

    def resumed(self) -> None:
        self._noticed.forget()
        self._shelf.reload()

    def show_paper(self, ref: str) -> None:
        """Go to the recipe of a paper, given by its arXiv id in any form."""
        self._want = ref
        self._shelf.reload()

    def came_from(self, ref: str) -> None:
        """Where no recipe is looked at yet: that of this paper, if it has one."""
        self._near = ref

    def show_run(self, run: RunSummary) -> None:
        """Go to this run."""
        self._want_run = run
        self._shelf.reload()

    def paper_at_hand(self) -> str:
        return self._recipe.arxiv_id if self._recipe else ""

    def surprise_at_hand(self) -> SurpriseForm:
        return bench_at_hand(self.desk, self._recipe, self._detail)

    @property
    def _detail(self) -> RunDetail:
        return self._panes.detail

    # The lists

    @on(BenchShelf.Listed)
    def show_lists(self, message: BenchShelf.Listed) -> None:
        self._runs = message.runs
        chosen = self._recipe.name if self._recipe else self._first_of(message.recipes)
        if self._want:
            wanted, self._want = self._wanted(), ""
            chosen = wanted.name if wanted else chosen
        run, self._want_run = self._want_run, None
        if run is not None:
            chosen = run.recipe
        shown = self.query_one(RecipeList)
        shown.show(message.recipes, chosen, message.gone)
        shown.point_at(chosen)
        # At once, not when the list tells of its highlight: the next reading may come before that.
        before = self._recipe
        self._recipe = next((r for r in message.recipes if r.name == chosen), before)
        if run is not None and self._recipe and run.recipe == self._recipe.name:
            self._look_at_run(run.id)
            self._panes.go_to("claims")
        elif self._recipe != before or (self._runs_of(self._recipe) and not self._detail.run_id):
            self._look_at_newest()
        self._show_runs()
        if "template" not in self._told and (line := templates_line(message.problems)):
            self._told.add("template")
            say(self, line)
        for problem in broken_among(message.problems):
            if problem.message not in self._told:
                self._told.add(problem.message)
                warn(self, words_of(problem), "A recipe was left out")

    @on(BenchShelf.Reading)
    def show_reading(self, message: BenchShelf.Reading) -> None:
        words = f"reading {message.done:,} of {message.total:,}"
        self.query_one(RunList).border_subtitle = words

    def _first_of(self, found: Sequence[Recipe]) -> str:
        """The recipe of the paper at hand, else that of the newest run, else the quickest."""
        near = as_arxiv_id(self._near)
        of_paper = [item.name for item in found if near and item.arxiv_id == near.base]
        of_run = list(self._runs)[:1]
        quickest = sorted(found, key=lambda item: (item.bundled, item.budget_minutes or math.inf))
        return next(iter((*of_paper, *of_run, *(item.name for item in quickest))), "")

    def _wanted(self) -> Recipe | None:
        try:
            return recipes.recipe_for(self.desk, self._want)
        except DeskError as error:
            warn(self, words_of(error), "No recipe")
            return None

    def _runs_of(self, recipe: Recipe | None) -> list[RunRow]:
        """Its newest runs; the others are listed by ``researchdesk runs list``."""
        return self._listed(recipe).rows

    def _listed(self, recipe: Recipe | None) -> RunsListed:
        return self._runs.get(recipe.name if recipe else "", RunsListed([]))

    def _show_runs(self) -> None:
        mine = self._listed(self._recipe)
        self.query_one(RunList).show(mine, self._detail.run_id, self.desk.clock())
        self._show_status()

    @on(RecipeList.Looked)
    def look_at_recipe(self, message: RecipeList.Looked) -> None:
        """Show a recipe with its newest run."""
        if self._recipe != message.recipe:
            self._recipe = message.recipe
            self._look_at_newest()

    def _look_at_newest(self) -> None:
        mine = self._runs_of(self._recipe)
        self._look_at_run(mine[0].id if mine else "")

    @on(RunList.Looked)
    def look_at_run(self, message: RunList.Looked) -> None:
        if message.run_id != self._detail.run_id:
            self._look_at_run(message.run_id)

    def _look_at_run(self, run_id: str) -> None:
        if self._recipe is not None:
            self._detail.show(self._recipe, run_id)
            self._show_runs()

    @on(RecipeList.Chosen)
    def to_runs(self) -> None:
        if self._runs_of(self._recipe):
            self._panes.go_to("runs")
        else:
            self._panes.go_to("about")

    @on(RunList.Chosen)
    def to_claims(self) -> None:
        self._panes.go_to("claims")

    # How it goes

    @on(RunDetail.Advanced)
    def _show_status(self) -> None:
        own = self._keeper.of_recipe(self._recipe.name) if self._recipe else None
        here = own if own and own.run_id in ("", self._detail.run_id) else None
        detail = self._detail
        words = doing_words(here) or ("reading …" if detail.run_id and not detail.run else "")
        self.query_one(BenchStatus).show(
            self._recipe,
            detail.run,
            detail.view,
            detail.claims,
            words,
            self._noticed.words(detail.run, detail.claims),
        )

    def _mind_runs(self) -> None:
        """Show the run that was just begun, and tell of those that ended."""
        if self._begun is not None and self._begun.run_id:
            begun, self._begun = self._begun, None
            if self._recipe and self._recipe.name == begun.recipe.name:
                self._look_at_run(begun.run_id)
            self._shelf.reload()
        for own in self._keeper.take_over():
            tell_end(self, own)
            if own.run_id == self._detail.run_id:
                self._detail.look_again()
            self._shelf.reload()
