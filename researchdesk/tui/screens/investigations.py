"""Investigations: steps, experiments with one change each, their runs and their table."""

import asyncio
from functools import partial

from textual import on

from researchdesk.domain.investigation_workflows import InvestigationStep, Wants
from researchdesk.domain.investigations import Experiment, InvestigationState
from researchdesk.domain.text import one_line
from researchdesk.services import experiments, investigations, recipes
from researchdesk.services.evidence import state_of
from researchdesk.services.investigation_origins import origin_of
from researchdesk.tui.commands import bindings, keyed
from researchdesk.tui.dialogs.experiment import ExpectDialog, TryDialog, TryForm
from researchdesk.tui.dialogs.experiment_page import ExperimentDialog
from researchdesk.tui.dialogs.investigation import (
    BaselineDialog,
    BeginDialog,
    BeginForm,
    StepDialog,
    ways_from,
)
from researchdesk.tui.dialogs.settle import Settled, SettleDialog
from researchdesk.tui.messages import Follow, OpenRun
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.experiments_table import ExperimentsTableScreen
from researchdesk.tui.screens.investigations_base import FIRST
from researchdesk.tui.screens.investigations_running import InvestigationsRunning
from researchdesk.tui.screens.investigations_verbs import TINKER_VERBS
from researchdesk.tui.widgets.investigation_list import InvestigationList
from researchdesk.tui.widgets.investigation_outline import InvestigationOutline


class InvestigationsScreen(InvestigationsRunning):
    """Structured tinkering. Runs started here go on while other screens are looked at, and end with
    the app; what had finished is kept."""

    MODE = "tinker"
    ABOUT = (
        "A surprise or an idea followed up: what is measured, the baseline, the smallest proof, "
        "what others did; then experiments that change one thing each and say beforehand what they "
        "expect. They are run for real, and the ablation table builds itself."
    )
    VERBS = TINKER_VERBS
    BINDINGS = bindings(TINKER_VERBS)
    CSS_PATH = ["base.tcss", "investigations.tcss"]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What can not be asked for now is not in the footer."""
        item = self._investigation
        match action:
            case "cancel":
                return item is not None and self._is_running(item.id)
            case "table":
                return bool(self._view.table) if self._view else item is not None
            case "expect" | "drop":
                return self._marked is not None
            case "follow":
                return item is not None and bool(item.of)
            case "settle_it" | "run" | "try" | "review_it":
                return item is not None
        return True

    # Begin

    async def begin_for(self, of: str) -> None:
        """Show the investigation of this surprise or idea; ask to begin one where there is none."""
        found = [
            item
            for item in investigations.investigations_of(self.desk, of)
            if not item.state.is_closed
        ]
        if found:
            self.look_at(found[0].id)
            return
        title = one_line(state_of(self.desk, of).title)
        await self._ask_to_begin(BeginForm(title, of))

    async def action_new(self) -> None:
        await self._ask_to_begin(BeginForm(""))

    async def _ask_to_begin(self, form: BeginForm) -> None:
        with telling(self):
            found = await asyncio.to_thread(recipes.recipes, self.desk)
            origin = await asyncio.to_thread(origin_of, self.desk, form.of)
            about = "The recipe is that of what it was met on." if origin.recipe else ""
            asked = BeginForm(form.title, form.of, origin.recipe, origin.arm)
            self.app.push_screen(BeginDialog(asked, found, about).saved_by(self._begun))

    def _begun(self, form: BeginForm) -> None:
        begun = investigations.begin(self.desk, form.title, form.of, form.recipe, form.arm)
        self._want = begun.id
        self.reload()
        self._outline.focus()

    async def action_baseline(self) -> None:
        """Name the recipe and the arm that the others are held against."""
        view = self.at_hand()
        if view is None:
            say(self, keyed(FIRST))
        elif view.experiments:
            first = view.experiments[0]
            say(self, f"It is {first.name}: the arm {first.arm} of {view.investigation.recipe}.")
        else:
            found = await asyncio.to_thread(recipes.recipes, self.desk)
            number = view.investigation.id
            self.app.push_screen(BaselineDialog(found).saved_by(partial(self._based, number)))

    def _based(self, number: int, chosen: tuple[str, str]) -> None:
        found = experiments.add_baseline(self.desk, number, *chosen)
        self.reload(found.name)

    # Steps and experiments

    @on(InvestigationOutline.Chosen)
    async def open_entry(self, message: InvestigationOutline.Chosen) -> None:
        """Answer a step; show all there is of an experiment."""
        message.stop()
        entry, view = message.entry, self._view
        if view is None:
            return
        if isinstance(entry, Experiment):
            self.app.push_screen(ExperimentDialog(entry), partial(self._asked_of, entry))
        elif entry.wants is Wants.EXPERIMENTS:
            await (self.action_try() if view.experiments else self.action_baseline())
        else:
            answer = view.investigation.answers.get(entry.key, "")
            kept = partial(self._answered, view.investigation.id, entry)
            self.app.push_screen(StepDialog(entry, answer).saved_by(kept))

    def _answered(self, number: int, step: InvestigationStep, text: str) -> None:
        investigations.answer(self.desk, number, step.key, text)
        self.reload()

    def _asked_of(self, item: Experiment, what: str | None) -> None:
        if what == "run":
            self.post_message(OpenRun(item.runs[-1].run_id))
        elif what == "expect":
            self._expect(item)
        elif what == "drop":
            self._drop(item)

    async def action_try(self) -> None:
        """One change of the marked experiment, else of the baseline."""
        view = self.at_hand()
        if view is None or not view.experiments:
            await self.action_baseline()
            return
        number = view.investigation.id
        parent = self._marked or view.experiments[0]
        metrics = experiments.known_metrics(self.desk, number)

        def add(form: TryForm) -> Experiment:
            return experiments.add_experiment(
                self.desk, number, change=[form.change], parent=form.parent, title=form.title,
                expect=form.expect,
            )  # fmt: skip

        self.app.push_screen(TryDialog(view.experiments, parent, metrics, add), self._added)

    def _added(self, item: Experiment | None) -> None:
        if item is not None:
            self.reload(item.name)

    def action_expect(self) -> None:
        if (item := self._marked) is None:
            say(self, "Mark an experiment first.")
        else:
            self._expect(item)

    def _expect(self, item: Experiment) -> None:
        metrics = experiments.known_metrics(self.desk, item.investigation)
        keep = partial(experiments.state_hypothesis, self.desk, item.name)
        self.app.push_screen(ExpectDialog(item, metrics, keep), self._added)

    def action_drop(self) -> None:
        if (item := self._marked) is None:
            say(self, "Mark an experiment first.")
        else:
            self._drop(item)

    def _drop(self, item: Experiment) -> None:
        with telling(self):
            experiments.drop_experiment(self.desk, item.name)
            say(self, f"{item.name} is off the list; its runs stay.")
            self.reload()

    # Elsewhere

    def action_table(self) -> None:
        view = self.at_hand()
        if view is None or not view.table:
            say(
                self,
                keyed(
                    "The table builds itself from the runs; {tinker.run} runs what is not run yet."
                ),
            )
        else:
            self.app.push_screen(ExperimentsTableScreen(self.desk, view.investigation.id))

    def action_follow(self) -> None:
        item = self._investigation
        if item is None or not item.of:
            say(self, "It is of no surprise and no idea.")
        else:
            self.post_message(Follow(item.of))

    def action_review_it(self) -> None:
        if self._investigation is not None:
            self.review(self._investigation.ref)

    def action_settle_it(self) -> None:
        if (item := self._investigation) is None:
            say(self, keyed(FIRST))
        else:
            ways, today = ways_from(item.state), self.desk.today()
            dialog = SettleDialog("Where does it stand?", item.title, ways, today)
            self.app.push_screen(dialog.saved_by(partial(self._settled, item.id)))

    def _settled(self, number: int, form: Settled) -> None:
        state = InvestigationState(form.name)
        investigations.settle(self.desk, number, state, form.why, form.until)
        self.reload()

    def action_next_part(self) -> None:
        here = self._shelf.has_focus
        self.query_one(InvestigationOutline if here else InvestigationList).focus()

    async def action_back(self) -> None:
        """To the list; from there to Home."""
        if self._outline.has_focus:
            self._shelf.focus()
        else:
            await self.run_action("app.mode('home')")
