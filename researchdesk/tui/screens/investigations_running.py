"""Experiments that are run from the screen of investigations, and followed there."""

import threading
from collections.abc import Callable
from functools import partial

from textual.content import Content

from researchdesk.domain.runs import Event
from researchdesk.domain.text import one_line
from researchdesk.services import experiment_runs
from researchdesk.services.desk import Desk
from researchdesk.services.reproduction import INTERRUPTED, Report, ReproduceOptions
from researchdesk.services.trust import WhatRuns
from researchdesk.tui.commands import keyed
from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog
from researchdesk.tui.notices import say, tell, telling, warn
from researchdesk.tui.run_tally import RunTally
from researchdesk.tui.screens.bench_questions import may_run
from researchdesk.tui.screens.bench_runs import KeepsRuns, OwnRun, RunKeeper
from researchdesk.tui.screens.investigations_base import FIRST, InvestigationsBase

_TICK_S, _LOOK_S = 0.25, 2.0


class InvestigationsRunning(KeepsRuns, InvestigationsBase):
    """Runs go on while other screens are looked at, and end with the app."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._keeper = RunKeeper(desk)
        self._own: dict[int, tuple[OwnRun, RunTally, int]] = {}
        self._wait = _LOOK_S

    def on_mount(self) -> None:
        self.set_interval(_TICK_S, self._tick)

    def _is_running(self, number: int) -> bool:
        return number in self._own and not self._own[number][0].over

    def action_run(self) -> None:
        """Run what is not run yet, here in the background."""
        view = self.at_hand()
        if view is None:
            say(self, keyed(FIRST))
            return
        number = view.investigation.id
        if self._is_running(number):
            say(self, keyed("A run of it is under way; {tinker.cancel} stops it."))
            return
        waiting = [item for item in view.experiments if not item.is_run()]
        again = self._marked
        if waiting or not view.experiments:
            self._ask_and_start(number, [])
        elif again is None:
            say(self, "Every experiment was run; mark one to run it again.")
        else:
            words = Content(f"{again.name}  {one_line(again.label)}\n\nIt was run; both runs stay.")
            yes = partial(self._again, number, again.name)
            self.app.push_screen(ConfirmDialog("Run it again?", words, "Yes, again"), yes)

    def _again(self, number: int, name: str, yes: bool | None) -> None:
        if yes:
            self._ask_and_start(number, [name])

    def _ask_and_start(self, number: int, names: list[str]) -> None:
        with telling(self):
            asked = experiment_runs.awaiting_yes(self.desk, number, names)
            if asked.code or (asked.authors and not self.desk.settings.offline):
                answered = partial(self._trusted, number, names, asked)
                self.app.push_screen(may_run(asked), answered)
            else:
                self._start(number, names)

    def _trusted(self, number: int, names: list[str], asked: WhatRuns, yes: bool | None) -> None:
        """Without a yes to the authors' code the rest runs; without one to the recipe, nothing."""
        if not yes and asked.code is not None:
            say(self, "Nothing was run.")
        elif not yes:
            with telling(self):
                self._start(number, names)
        else:
            with telling(self):
                experiment_runs.say_yes(self.desk, number, asked, names)
                self._ask_and_start(number, names)

    def _start(self, number: int, names: list[str]) -> None:
        base = experiment_runs.base_of(self.desk, number)

        def job(heard: Callable[[Event], None], stop: threading.Event) -> Report | None:
            found = experiment_runs.run_experiments(
                self.desk, number, names, ReproduceOptions(), heard, stop
            )
            return found.reports[-1] if found.reports else None

        self._begin(number, self._keeper.start(self.app, base, ReproduceOptions(), job=job))

    def action_cancel(self) -> None:
        item = self._investigation
        if item is None or not self._is_running(item.id):
            say(self, "No run that was started here is under way.")
            return
        self._own[item.id][0].stop.set()
        self._show_head()

    def _begin(self, number: int, own: OwnRun) -> None:
        self._own[number] = (own, RunTally(), 0)
        self._show_head()
        self.refresh_bindings()

    def doing(self) -> Content | None:
        """How far the run of this investigation is; None where none is under way here."""
        item = self._view.investigation if self._view else None
        if item is None or item.id not in self._own:
            return None
        own, tally, _ = self._own[item.id]
        if own.stopping:
            return Content.styled("Stopping; finished seeds are kept …", "$text-warning")
        filled, rest = tally.share
        return Content.assemble(
            ("▶ ", "$text-accent"), ("━" * filled, "$text-success"), ("─" * rest, "$text-muted"),
            f" {tally.words}", (keyed("  {tinker.cancel} stops it"), "$text-muted"),
        )  # fmt: skip

    def _tick(self) -> None:
        self._wait -= _TICK_S
        for number, (own, tally, taken) in list(self._own.items()):
            events = list(own.events)
            tally.take(events[taken:])
            self._own[number] = (own, tally, len(events))
            if own.over:
                del self._own[number]
                self._ended(own)
        if self._own:
            self._show_head()
        running = self._view is not None and self._view.running
        if self._wait <= 0 and self.is_current and (running or self._own):
            self._wait = _LOOK_S
            if self._investigation is not None:
                self._load(self._investigation.id)

    def _ended(self, own: OwnRun) -> None:
        self._keeper.take_over()
        title, report = own.recipe.title, own.report
        if own.error is not None:
            tell(self, own.error)
        elif report is not None and report.exit_code == INTERRUPTED:
            kept = f"{len(report.run.results)} of {len(report.run.tasks)} seeds are kept"
            say(
                self,
                keyed("{kept}; {tinker.run} goes on from there.", kept=kept),
                f"{title}: stopped",
            )
        elif report is not None and report.run.failures:
            failed = f"{len(report.run.failures)} of {len(report.run.tasks)} seeds failed."
            warn(self, failed, title)
        elif report is not None:
            say(self, "Run; what it says stands beside each hypothesis.", title)
        self.reload()
        self._show_head()
