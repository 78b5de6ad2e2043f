"""The bench: recipes, their runs while they go on, and what they say of the claims."""

from dataclasses import replace
from functools import partial

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.services import recipes, reproduction
from researchdesk.services.engine_choices import engine_choices
from researchdesk.services.reproduction import ReproduceOptions
from researchdesk.tui.commands import bindings, keyed
from researchdesk.tui.dialogs.choice import Choice, ChoiceDialog
from researchdesk.tui.dialogs.start_run import StartDialog
from researchdesk.tui.engine_words import require_engine
from researchdesk.tui.messages import OpenPaper
from researchdesk.tui.notices import say, telling, warn
from researchdesk.tui.screens.arms_table import TableScreen
from researchdesk.tui.screens.bench_away import BenchAway
from researchdesk.tui.screens.bench_questions import may_remove, may_run
from researchdesk.tui.screens.bench_verbs import BENCH_VERBS
from researchdesk.tui.screens.error_analysis import ErrorsScreen
from researchdesk.tui.screens.findings import FindingsScreen
from researchdesk.tui.screens.ladder import LadderScreen
from researchdesk.tui.screens.run_comparison import CompareScreen
from researchdesk.tui.screens.samples import SamplesScreen
from researchdesk.tui.widgets.bench_predictions import PredictionStrip
from researchdesk.tui.widgets.bench_recipe_list import RecipeList
from researchdesk.tui.widgets.bench_words import seeds_words

_TO_COMPARE = 200


class BenchScreen(BenchAway):
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
    CSS_PATH = ["base.tcss", "bench.tcss"]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (160, "-roomy")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (40, "-tall")]

    # What is asked for

    def action_start(self) -> None:
        self._ask_and_start(ReproduceOptions(check=True))

    def action_quick(self) -> None:
        self._ask_and_start(ReproduceOptions(quick=True, check=True))

    def action_choose(self) -> None:
        """Start with arms, seeds and the rest as a person wants them."""
        if (recipe := self._recipe) is None:
            warn(self, "Choose a recipe first.")
            return

        def start(options: ReproduceOptions | None) -> None:
            if options is not None:
                self._ask_and_start(options)

        dialog = StartDialog(recipe, engine_choices(self.desk))
        dialog.saved_by(lambda options: require_engine(self.desk, options.engine))
        self.app.push_screen(dialog, start)

    def action_resume(self) -> None:
        run = self._detail.run
        if self._recipe is None or run is None:
            say(self, keyed("There is no run to resume; {bench.start} starts one."))
        elif run.state.can_go_on:
            if self._keeper.of_recipe(self._recipe.name):
                say(self, keyed("A run of this recipe is under way; {bench.cancel} stops it."))
                return
            if run.recipe_digest != self._recipe.digest:
                say(self, "The recipe changed since; this run goes on with its own copy of it.")
            self._ask_and_resume(self._recipe, run)
        elif run.state is RunState.RUNNING:
            say(self, keyed("The run is under way; {bench.cancel} stops it."))
        else:
            say(self, keyed("The run came to its end; {bench.start} starts another."))

    def _ask_and_resume(self, recipe: Recipe, run: RunSummary) -> None:
        """The run's own copy of the recipe is what goes on, and what a yes is asked for."""
        arms = tuple({task.arm: None for task in run.tasks})
        with telling(self):
            copy = recipes.recipe_of_run(self.desk, run.id)

            def answered(yes: bool | None) -> None:
                if not yes:
                    say(self, "Nothing was run.")
                    return
                with telling(self):
                    recipes.trust(self.desk, copy, arms)
                    self._start(recipe, ReproduceOptions(), run.id)

            waiting = recipes.awaiting_yes(self.desk, copy, arms)
            if waiting.anything:
                self.app.push_screen(may_run(waiting, rest=False), answered)
            else:
                self._start(recipe, ReproduceOptions(), run.id)

    def _ask_and_start(self, options: ReproduceOptions) -> None:
        if (recipe := self._recipe) is None:
            warn(self, "Choose a recipe first; `researchdesk recipe new ID` begins one.")
            return
        if self._keeper.of_recipe(recipe.name):
            say(self, keyed("A run of this recipe is under way; {bench.cancel} stops it."))
            return
        with telling(self):
            require_engine(self.desk, options.engine)
            waiting = recipes.awaiting_yes(self.desk, recipe, options.arms)
            if waiting.code or (waiting.authors and not self.desk.settings.offline):
                answered = partial(self._trusted, recipe, options, waiting.code is not None)
                self.app.push_screen(may_run(waiting), answered)
            else:
                self._start(recipe, options)

    def _trusted(
        self, recipe: Recipe, options: ReproduceOptions, needed: bool, yes: bool | None
    ) -> None:
        """Without a yes to the authors' code the rest runs; without one to the recipe, nothing."""
        if not yes and needed:
            say(self, "Nothing was run.")
            return
        with telling(self):
            if yes:
                recipes.trust(self.desk, recipe, options.arms)
            else:
                say(self, "The authors' arms are left out; their claims stay untested.")
            self._start(recipe, options)

    def _start(self, recipe: Recipe, options: ReproduceOptions, run_id: str = "") -> None:
        with telling(self):
            self._begun = self._keeper.start(self.app, recipe, options, run_id)
        if self._panes.tab == "runs":
            self._panes.go_to("claims")
        self._show_status()

    def action_cancel(self) -> None:
        own = self._keeper.of_recipe(self._recipe.name) if self._recipe else None
        run = self._detail.run
        elsewhere = run is not None and run.engine != "local"
        here = own is not None and own.run_id in ("", self._detail.run_id)
        if own is not None and here and not (own.run_id and elsewhere):
            own.stop.set()
            say(
                self, keyed("Stopping. Finished seeds are kept; {bench.resume} goes on from there.")
            )
        elif run is not None and (here or run.state in (RunState.RUNNING, RunState.AWAY)):
            self.call_off(run.id)
        else:
            say(self, "Nothing of this is under way.")
        self._show_status()

    def action_remove(self) -> None:
        if (run := self._detail.run) is None:
            say(self, "There is no run to remove.")
        elif run.state is RunState.RUNNING:
            warn(self, keyed("The run is under way; {bench.cancel} stops it first."), "Not removed")
        elif run.state is RunState.AWAY:
            words = keyed(
                "Its trials are with {engine}; {bench.cancel} calls them off first. "
                "Where it cannot be reached: researchdesk runs rm {run}",
                engine=run.engine,
                run=run.id,
            )
            warn(self, words, "Not removed")
        else:
            self.app.push_screen(may_remove(run), partial(self._removed, run.id))

    def _removed(self, run_id: str, yes: bool | None) -> None:
        if not yes:
            return
        with telling(self):
            reproduction.remove_run(self.desk, run_id)
            left = [row for row in self._runs_of(self._recipe) if row.id != run_id]
            if self._recipe is not None:
                self._runs[self._recipe.name] = replace(self._listed(self._recipe), rows=left)
            self._look_at_run(left[0].id if left else "")
            say(self, f"{run_id} is removed.")

    def action_read(self) -> None:
        if self._recipe is not None:
            self.post_message(OpenPaper(self._recipe.arxiv_id))

    def action_next_strip(self) -> None:
        self.query_one(PredictionStrip).turn(self._detail.view)

    def action_samples(self) -> None:
        """Look at the recipe's data."""
        if self._recipe is not None:
            self.app.push_screen(SamplesScreen(self.desk, self._recipe.name))

    def action_ladder(self) -> None:
        """Climb the ladder of the recipe's experiment."""
        if self._recipe is not None:
            self.app.push_screen(LadderScreen(self.desk, self._recipe.name))

    def action_errors(self) -> None:
        """What the run's trained classifiers get wrong."""
        if self._detail.run_id:
            self.app.push_screen(ErrorsScreen(self.desk, self._detail.run_id))
        else:
            say(self, keyed("There is no run yet; {bench.start} starts one."))

    def action_findings(self) -> None:
        """What was found in watched scripts."""
        paper = self._recipe.arxiv_id if self._recipe else ""
        self.app.push_screen(FindingsScreen(self.desk, self._detail.run_id, paper))

    def action_table(self) -> None:
        """The arms of the run as a table."""
        if self._detail.run_id:
            self.app.push_screen(TableScreen(self.desk, self._detail.run_id))
        else:
            say(self, keyed("There is no run yet; {bench.start} starts one."))

    def action_compare(self) -> None:
        """Choose another run, and look at both side by side."""
        here = self._detail.run_id
        same = self._runs_of(self._recipe)
        rest = [row for of in self._runs.values() for row in of.rows if of.rows is not same]
        others = [*same, *sorted(rest, key=lambda row: row.id, reverse=True)]
        choices = [
            Choice(row.id, row.id, f"{row.recipe} · {row.state.value} · {seeds_words(row)}")
            for row in others
            if row.id != here
        ][:_TO_COMPARE]
        if not here or not choices:
            say(self, keyed("It takes two runs to compare; {bench.start} starts another."))
            return

        def compare(other: str | None) -> None:
            if other:
                self.app.push_screen(CompareScreen(self.desk, other, here))

        self.app.push_screen(ChoiceDialog("Compare with which run?", choices), compare)

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
