"""Where a run's trained classifier is wrong."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from researchdesk.services import looking
from researchdesk.services.desk import Desk
from researchdesk.services.runs import get_run
from researchdesk.tui.commands import bindings
from researchdesk.tui.error_pages import error_pages
from researchdesk.tui.looked_at import LookPage
from researchdesk.tui.notices import say
from researchdesk.tui.screens.look import LookScreen
from researchdesk.tui.screens.look_verbs import ERRORS_VERBS
from researchdesk.tui.surprise_form import SurpriseForm


class ErrorsScreen(LookScreen):
    """Confusion, the worst rows with their saliency, accuracy under attack, how sure it is.

    ``arm`` and ``seed``: else the first that has a trained model. Raises NotOnDeskError without
    such a run.
    """

    ABOUT = "Where the trained model is wrong on the test split, and how easily it is made so."
    VERBS = ERRORS_VERBS
    BINDINGS = bindings(ERRORS_VERBS)

    def __init__(self, desk: Desk, run_id: str, arm: str = "", seed: int | None = None) -> None:
        super().__init__(desk)
        self._run = get_run(desk, run_id)
        self._tasks = looking.analysed_seeds(desk, run_id)
        fitting = (
            at
            for at, task in enumerate(self._tasks)
            if arm in ("", task.arm) and seed in (None, task.seed)
        )
        self._at = next(fitting, 0)

    def paper_at_hand(self) -> str:
        return self._run.arxiv_id

    def surprise_at_hand(self) -> SurpriseForm:
        return replace(super().surprise_at_hand(), on=f"run:{self._run.id}")

    def subject(self) -> tuple[str, str]:
        what = ""
        if self._tasks:
            task = self._tasks[self._at]
            varied = f", {task.vary} varied" if task.vary else ""
            many = f"  ({self._at + 1} of {len(self._tasks)})" if len(self._tasks) > 1 else ""
            what = f"arm {task.arm}, seed {task.seed}{varied}{many}"
        return f"Errors of {self._run.id}", what

    @property
    def doing(self) -> str:
        return "Looking at the errors"

    def look(self, stop: Callable[[], bool]) -> Sequence[LookPage]:
        if not self._tasks:
            return error_pages(looking.errors_of(self.desk, self._run.id, stop=stop))
        task = self._tasks[self._at]
        found = looking.errors_of(self.desk, self._run.id, task.arm, task.seed, stop=stop)
        return error_pages(found)

    def action_other(self) -> None:
        """The next seed with a trained model."""
        if len(self._tasks) < 2:
            say(self, "One seed of this run has a trained model, or none.")
            return
        self._at = (self._at + 1) % len(self._tasks)
        self.look_again()
