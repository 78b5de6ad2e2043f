"""The bench: recipes, their runs while they go on, and what they say of the claims."""

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.errors import DeskError
from researchdesk.services import recipes, reproduction
from researchdesk.services.desk import Desk
from researchdesk.services.reproduction import ReproduceOptions
from researchdesk.tui.commands import bindings
from researchdesk.tui.messages import OpenPaper
from researchdesk.tui.notices import say, telling, warn, words_of
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.bench_detail import RunDetail
from researchdesk.tui.screens.bench_outcomes import doing_words, options_of, tell_end
from researchdesk.tui.screens.bench_panes import BenchPanes
from researchdesk.tui.screens.bench_questions import may_remove, may_run
from researchdesk.tui.screens.bench_runs import OwnRun, RunKeeper
from researchdesk.tui.screens.bench_shelf import BenchShelf
from researchdesk.tui.screens.bench_verbs import BENCH_VERBS
from researchdesk.tui.widgets.bench_recipe_list import RecipeList
from researchdesk.tui.widgets.bench_run_list import RunList
from researchdesk.tui.widgets.bench_status import BenchStatus

_MIND_S = 0.25


class BenchScreen(DeskScreen):
    """Recipes and runs at the left; at the right curves, seeds and claims of the chosen one.

    Where there is little room the parts are behind tabs. Runs started here go on while other
    screens are looked at, and end with the app; what had finished is kept.
    """

    MODE = "bench"
    ABOUT = (
        "A recipe tests what a paper claims. Start it, watch its seeds, and read claim by claim "
        "whether the numbers hold. Runs started elsewhere are followed too."
    )
    VERBS = BENCH_VERBS
    BINDINGS = bindings(BENCH_VERBS)
    CSS_PATH: ClassVar[list[str]] = ["base.tcss", "bench.tcss"]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (160, "-roomy")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (40, "-tall")]

    def __init__(self, desk: Desk, arxiv_id: str | None = None) -> None:
        super().__init__(desk)
        self._want = arxiv_id or ""
        self._want_run: RunSummary | None = None
        self._keeper = RunKeeper(desk)
        self._shelf = BenchShelf(desk)
        self._panes = BenchPanes(desk, self._keeper)
        self._recipe: Recipe | None = None
        self._runs: list[RunSummary] = []
        self._begun: OwnRun | None = None
        self._told: set[str] = set()

    def compose_body(self) -> ComposeResult:
        yield BenchStatus(id="status")
        yield self._panes
        yield self._shelf

    def on_mount(self) -> None:
        self.query_one(RecipeList).focus()
        self.set_interval(_MIND_S, self._mind_runs)

    def on_screen_resume(self) -> None:
        self._shelf.reload()

    def show_paper(self, ref: str) -> None:
        """Go to the recipe of a paper, given by its arXiv id in any form."""
        self._want = ref
        self._shelf.reload()

    def show_run(self, run: RunSummary) -> None:
        """Go to this run."""
        self._want_run = run
        self._shelf.reload()

    def paper_at_hand(self) -> str:
        return self._recipe.arxiv_id if self._recipe else ""

    @property
    def busy(self) -> bool:
        """Whether a run that was started here is under way."""
        return self._keeper.busy

    def settle(self) -> None:
        self._keeper.stop_all()

    @property
    def _detail(self) -> RunDetail:
        return self._panes.detail

    # The lists

    @on(BenchShelf.Listed)
    def show_lists(self, message: BenchShelf.Listed) -> None:
        self._runs = message.runs
        chosen = self._recipe.name if self._recipe else ""
        if not chosen and self._runs:
            chosen = self._runs[0].recipe
        if self._want:
            wanted, self._want = self._wanted(), ""
            chosen = wanted.name if wanted else chosen
        run, self._want_run = self._want_run, None
        if run is not None:
            self._recipe = next((r for r in message.recipes if r.name == run.recipe), self._recipe)
            chosen = run.recipe
        shown = self.query_one(RecipeList)
        shown.show(message.recipes, chosen, message.gone)
        shown.point_at(chosen)
        mine = self._runs_of(self._recipe)
        if run is not None and run.id in [item.id for item in mine]:
            self._look_at_run(run.id)
            self._panes.go_to("claims")
        elif mine and not self._detail.run_id:
            self._look_at_run(mine[0].id)
        self._show_runs()
        for problem in message.problems:
            if problem.message not in self._told:
                self._told.add(problem.message)
                warn(self, words_of(problem), "A recipe was left out")

    def _wanted(self) -> Recipe | None:
        try:
            return recipes.recipe_for(self.desk, self._want)
        except DeskError as error:
            warn(self, words_of(error), "No recipe")
            return None

    def _runs_of(self, recipe: Recipe | None) -> list[RunSummary]:
        return [run for run in self._runs if recipe and run.recipe == recipe.name]

    def _show_runs(self) -> None:
        mine = self._runs_of(self._recipe)
        self.query_one(RunList).show(mine, self._detail.run_id, self.desk.clock())
        self._show_status()

    @on(RecipeList.Looked)
    def look_at_recipe(self, message: RecipeList.Looked) -> None:
        """Show a recipe with its newest run."""
        if self._recipe != message.recipe:
            self._recipe = message.recipe
            mine = self._runs_of(message.recipe)
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
            self._recipe, detail.run, detail.view, detail.claims, words
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

    # What is asked for

    def action_start(self) -> None:
        self._ask_and_start(ReproduceOptions())

    def action_quick(self) -> None:
        self._ask_and_start(ReproduceOptions(quick=True))

    def action_resume(self) -> None:
        run = self._detail.run
        if self._recipe is None or run is None:
            say(self, "There is no run to resume; s starts one.")
        elif run.state is RunState.INTERRUPTED:
            if run.recipe_digest != self._recipe.digest:
                warn(self, "The recipe changed since this run, so a new one starts.")
            self._ask_and_start(options_of(self._recipe, run))
        elif run.state is RunState.RUNNING:
            say(self, "The run is under way; c stops it.")
        else:
            say(self, "The run came to its end; s starts another.")

    def _ask_and_start(self, options: ReproduceOptions) -> None:
        if (recipe := self._recipe) is None:
            warn(self, "Choose a recipe first; `researchdesk recipe new ID` begins one.")
            return
        if self._keeper.of_recipe(recipe.name):
            say(self, "A run of this recipe is under way; c stops it.")
            return
        with telling(self):
            if recipes.is_trusted(self.desk, recipe):
                self._start(recipe, options)
            else:
                answered = partial(self._trusted, recipe, options)
                self.app.push_screen(may_run(recipe), answered)

    def _trusted(self, recipe: Recipe, options: ReproduceOptions, yes: bool | None) -> None:
        if not yes:
            say(self, "Nothing was run.")
            return
        with telling(self):
            recipes.trust(self.desk, recipe)
            self._start(recipe, options)

    def _start(self, recipe: Recipe, options: ReproduceOptions) -> None:
        self._begun = self._keeper.start(self.app, recipe, options)
        if self._panes.tab == "runs":
            self._panes.go_to("claims")
        self._show_status()

    def action_cancel(self) -> None:
        own = self._keeper.of_recipe(self._recipe.name) if self._recipe else None
        run = self._detail.run
        if own is not None and own.run_id in ("", self._detail.run_id):
            own.stop.set()
            say(self, "Stopping. Finished seeds are kept; r goes on from there.")
        elif run is not None and run.state is RunState.RUNNING:
            with telling(self):
                reproduction.cancel_run(self.desk, run.id)
                say(self, "Asked the other process to stop. Finished seeds are kept.")
        else:
            say(self, "Nothing of this is under way.")
        self._show_status()

    def action_remove(self) -> None:
        if (run := self._detail.run) is None:
            say(self, "There is no run to remove.")
        elif run.state is RunState.RUNNING:
            warn(self, "The run is under way; c stops it first.", "Not removed")
        else:
            self.app.push_screen(may_remove(run), partial(self._removed, run.id))

    def _removed(self, run_id: str, yes: bool | None) -> None:
        if not yes:
            return
        with telling(self):
            reproduction.remove_run(self.desk, run_id)
            self._runs = [run for run in self._runs if run.id != run_id]
            left = self._runs_of(self._recipe)
            self._look_at_run(left[0].id if left else "")
            say(self, f"{run_id} is removed.")

    def action_read(self) -> None:
        if self._recipe is not None:
            self.post_message(OpenPaper(self._recipe.arxiv_id))

    def action_curves(self, what: str) -> None:
        """Turn the curves' ``metric``, ``scale``, ``arm`` or ``seeds`` to the next."""
        self._detail.curves.turn(what)

    def action_next_pane(self) -> None:
        self._panes.step(1)

    def action_last_pane(self) -> None:
        self._panes.step(-1)

    async def action_back(self) -> None:
        """To the recipes; from there to the library."""
        if self.query_one(RecipeList).has_focus:
            await self.run_action("app.mode('library')")
        else:
            self._panes.go_to("recipes")
