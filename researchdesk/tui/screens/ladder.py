"""The ladder of a recipe's experiment, while it is climbed and afterwards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on
from textual.message import Message

from researchdesk.domain.ladder import RUNGS, Rung
from researchdesk.services import checking, looking
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import recipe_for
from researchdesk.tui.at_hand import of_rung
from researchdesk.tui.commands import bindings
from researchdesk.tui.ladder_pages import ladder_pages, rung_pages
from researchdesk.tui.looked_at import LookPage
from researchdesk.tui.notices import say
from researchdesk.tui.screens.look import LookScreen
from researchdesk.tui.screens.look_verbs import LADDER_VERBS
from researchdesk.tui.surprise_form import SurpriseForm
from researchdesk.tui.widgets.page_list import PageList


class LadderScreen(LookScreen):
    """Passed, failed or not run: every rung with its figure, and where the experiment stands.

    What was climbed before is shown until the recipe changes; r climbs again. Raises NotOnDeskError
    where there is no recipe for ``ref``, BadInputError where it is broken.
    """

    ABOUT = "The ladder: what an experiment must pass before a claim of it is believed."
    VERBS = LADDER_VERBS
    BINDINGS = bindings(LADDER_VERBS)

    @dataclass
    class Climbed(Message):
        """The rungs so far, of the look ``turn``."""

        rungs: tuple[Rung, ...]
        turn: int

    def __init__(self, desk: Desk, ref: str, arm: str = "") -> None:
        super().__init__(desk)
        self._recipe = recipe_for(desk, ref)
        self._arms = looking.arms_to_look_at(self._recipe)
        self._arm = arm or (self._arms[0] if self._arms else "")
        self._anew = False
        self._done = 0
        self._rungs: Sequence[Rung] = ()

    def paper_at_hand(self) -> str:
        return self._recipe.arxiv_id

    def surprise_at_hand(self) -> SurpriseForm:
        page = self.query_one(PageList).current
        rung = next((one for one in self._rungs if page and one.name == page.key), None)
        recipe = self._recipe
        return of_rung(self.desk, recipe.name, recipe.arxiv_id, self._arm, rung)

    def subject(self) -> tuple[str, str]:
        return f"Ladder of {self._recipe.name}", f"arm {self._arm}" if self._arm else ""

    @property
    def doing(self) -> str:
        return f"Climbing, {self._done} of {len(RUNGS)} rungs done"

    def look(self, stop: Callable[[], bool]) -> Sequence[LookPage]:
        turn, rungs = self._turn, list[Rung]()
        self._done = 0
        kept = None if self._anew else checking.kept(self.desk, self._recipe.name, self._arm)
        self._anew = False
        if kept is not None:
            self._rungs = kept.rungs
            return ladder_pages(kept)

        def hear(rung: Rung) -> None:
            rungs.append(rung)
            self.post_message(self.Climbed(tuple(rungs), turn))

        ladder = checking.check(self.desk, self._recipe.name, self._arm, on_rung=hear, stop=stop)
        self._rungs = ladder.rungs
        return ladder_pages(ladder)

    @on(Climbed)
    def show_so_far(self, message: Climbed) -> None:
        if message.turn == self._turn and self.busy:
            self._done, self._rungs = len(message.rungs), message.rungs
            self.query_one(PageList).put(rung_pages(message.rungs))

    def action_again(self) -> None:
        """Climb anew."""
        self._anew = True
        self.look_again()

    def action_other(self) -> None:
        """The ladder of the next arm."""
        if len(self._arms) < 2:
            say(self, "The recipe has one arm with data.")
            return
        at = self._arms.index(self._arm) if self._arm in self._arms else -1
        self._arm = self._arms[(at + 1) % len(self._arms)]
        self.look_again()
