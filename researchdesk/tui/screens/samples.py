"""The data of a recipe, before anything is trained on it."""

from collections.abc import Callable, Sequence

from researchdesk.services import looking
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import recipe_for
from researchdesk.tui.commands import bindings
from researchdesk.tui.data_pages import data_pages
from researchdesk.tui.looked_at import LookPage
from researchdesk.tui.notices import say
from researchdesk.tui.screens.look import LookScreen
from researchdesk.tui.screens.look_verbs import SAMPLES_VERBS


class SamplesScreen(LookScreen):
    """What wants an eye, equal rows, suspicious labels, and examples of every class.

    Raises NotOnDeskError where there is no recipe for ``ref``, BadInputError where it is broken.
    """

    ABOUT = "The data first: what it holds, what wants an eye, and what each class looks like."
    VERBS = SAMPLES_VERBS
    BINDINGS = bindings(SAMPLES_VERBS)

    def __init__(self, desk: Desk, ref: str, arm: str = "") -> None:
        super().__init__(desk)
        self._recipe = recipe_for(desk, ref)
        self._arms = looking.arms_to_look_at(self._recipe)
        self._arm = arm or (self._arms[0] if self._arms else "")

    def paper_at_hand(self) -> str:
        return self._recipe.arxiv_id

    def subject(self) -> tuple[str, str]:
        return f"Data of {self._recipe.name}", f"arm {self._arm}" if self._arm else ""

    @property
    def doing(self) -> str:
        return "Looking at the data"

    def look(self, stop: Callable[[], bool]) -> Sequence[LookPage]:
        look = looking.look_at_data(self.desk, self._recipe.name, self._arm, stop=stop)
        return data_pages(look)

    def action_other(self) -> None:
        """The data of the next arm."""
        if len(self._arms) < 2:
            say(self, "The recipe has one arm with data.")
            return
        at = self._arms.index(self._arm) if self._arm in self._arms else -1
        self._arm = self._arms[(at + 1) % len(self._arms)]
        self.look_again()
