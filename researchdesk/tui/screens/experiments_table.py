"""The ablation table of an investigation over the whole screen."""

from researchdesk.services.desk import Desk
from researchdesk.services.experiment_tables import table_text
from researchdesk.tui.screens.arms_table import TableScreen


class ExperimentsTableScreen(TableScreen):
    """What each experiment changes, what it measures, what that gains."""

    ABOUT = (
        "The experiments: what each changes against its parent, mean ± standard deviation over the "
        "seeds, and the difference with its interval. f turns to markdown and LaTeX, y copies."
    )

    def __init__(self, desk: Desk, number: int) -> None:
        super().__init__(desk, "")
        self._number = number

    @property
    def subject(self) -> str:
        return f"Experiments of investigation {self._number}"

    def written(self, form: str) -> str:
        return table_text(self.desk, self._number, form)
