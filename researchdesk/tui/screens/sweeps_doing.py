"""Sweeps that are started from their screen, gone on with, and given more."""

import threading
from collections.abc import Callable
from functools import partial

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import Event, RunState
from researchdesk.domain.sampling import grid_size
from researchdesk.domain.text import one_line
from researchdesk.services import recipes, sweeps
from researchdesk.services.sweep_budgets import budget_record, larger, twice, typed
from researchdesk.services.sweep_reading import recipe_of_sweep
from researchdesk.services.sweeps import SweepHow, SweepOptions, SweepPage, SweepRun
from researchdesk.tui.commands import keyed
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.dialogs.start_sweep import StartSweepDialog, SweepAsked
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.bench_questions import may_run
from researchdesk.tui.screens.sweep_runs import Job
from researchdesk.tui.screens.sweeps_base import SweepsBase
from researchdesk.tui.widgets.sweep_words import limit_words

_NONE = "There is no sweep yet; {sweeps.start} starts one."


class SweepsDoing(SweepsBase):
    """What is run in the background; code that is not ours only after a yes."""

    # Started, gone on with

    def action_start(self) -> None:
        """Ask what is to be swept, and start it."""
        source = self._recipe
        if self.page is not None and not source:
            source = self.page.spec.recipe
        self.app.push_screen(StartSweepDialog(self.desk, source), self._asked)

    def _asked(self, asked: SweepAsked | None) -> None:
        if asked is None:
            return
        if self._keeper.beginning is not None:
            say(self, "Another sweep is just starting; try again in a moment.")
            return

        def job(
            heard: Callable[[Event], None], stop: threading.Event, note: Callable[[str], None]
        ) -> SweepRun:
            how = SweepHow(asked.engine)
            return sweeps.start_sweep(
                self.desk, asked.recipe, asked.spec, how, "auto", heard, stop, note
            )

        self._when_trusted(asked.recipe, asked.spec.arm, asked.spec.name, job)

    def _when_trusted(
        self, recipe: Recipe, arm: str, name: str, job: Job, sweep_id: str = ""
    ) -> None:
        """Start the job; where the recipe's code is not ours, after a yes to it."""

        def answered(yes: bool | None) -> None:
            if not yes:
                say(self, "Nothing was run.")
                return
            with telling(self):
                recipes.trust(self.desk, recipe, (arm,))
                self._start(name or recipe.name, job, sweep_id)

        with telling(self):
            waiting = recipes.awaiting_yes(self.desk, recipe, (arm,))
            if waiting.code is not None:
                self.app.push_screen(may_run(waiting), answered)
            else:
                self._start(name or recipe.name, job, sweep_id)

    def _start(self, name: str, job: Job, sweep_id: str) -> None:
        self._begun = self._keeper.start(self.app, name, job, sweep_id)
        self.remove_class("-empty")
        self._follower.look_soon()
        self.show_status()

    def _free_page(self, *, to_remove: bool = False) -> SweepPage | None:
        """The sweep that is looked at, unless something is being done with it, or it cannot go on
        and is not to be removed."""
        page = self.page
        if page is None:
            say(self, keyed(_NONE))
        elif self.own is not None or page.state is RunState.RUNNING:
            say(self, keyed("The sweep is under way; {sweeps.cancel} stops it."))
        elif page.is_stuck and not to_remove:
            words = f"Its trials measure no {one_line(page.spec.metric)}: it cannot go on."
            then = "{sweeps.remove} removes it, {sweeps.start} starts one with another metric."
            say(self, f"{words}\n{keyed(then)}", "Nothing was run")
        else:
            return page
        return None

    def action_resume(self) -> None:
        """Go on with the sweep."""
        if (page := self._free_page()) is None:
            return
        if not page.can_go_on:
            say(self, keyed("The sweep came to its end; {sweeps.extend} gives it a larger budget."))
            return

        def job(heard: Callable[[Event], None], stop: threading.Event, _: object) -> SweepRun:
            return sweeps.resume_sweep(self.desk, page.id, SweepHow(), heard, stop)

        self._go_on(page, job)

    def _go_on(self, page: SweepPage, job: Job) -> None:
        with telling(self):
            recipe = recipe_of_sweep(self.desk, page.id)
            self._when_trusted(recipe, page.spec.arm, page.spec.name, job, page.id)

    def action_extend(self) -> None:
        """Ask for the new budget."""
        if (page := self._free_page()) is None:
            return
        points = grid_size(page.spec)
        if points and page.spent.trials >= points:
            words = f"The grid has {points:,} points, and all are done."
            say(self, f"{words}\nA finer grid is a sweep of its own.", "Not extended")
            return
        if not budget_record(page.budget):
            say(self, keyed("Nothing limits it; {sweeps.resume} goes on with it."), "Not extended")
            return
        what = "much" if page.budget.hours or page.budget.gpu_hours else "many trials"
        asked = (
            f"It may take {limit_words(page.budget)}, and took {page.spent.trials:,} trials. "
            f"How {what} in all?"
        )
        dialog = QuestionDialog("Extend the sweep", asked, twice(page.budget), "Extend")
        dialog.saved_by(partial(_larger, page))
        self.app.push_screen(dialog, partial(self._extended, page))

    def _extended(self, page: SweepPage, answer: str | None) -> None:
        if answer is None:
            return
        more = _larger(page, answer)

        def job(heard: Callable[[Event], None], stop: threading.Event, _: object) -> SweepRun:
            return sweeps.extend_sweep(self.desk, page.id, more, SweepHow(), heard, stop)

        self._go_on(page, job)


def _larger(page: SweepPage, answer: str) -> SweepOptions:
    """What was typed. Raises UsageProblemError where that is not more."""
    more = typed(answer, page.budget)
    larger(page.id, page.spec, page.budget, page.spent, more)
    return more
