"""The ablation table of an investigation over the whole screen."""

from researchdesk.services import experiment_tables
from researchdesk.services.desk import Desk
from researchdesk.services.tables import text_of
from researchdesk.tui.screens.arms_table import TableScreen


class ExperimentsTableScreen(TableScreen):
    """What each experiment changes, what it measures, what that gains."""

    ABOUT = (
        "The experiments: what each changes against its parent, mean ± standard deviation over the "
        "seeds, and the difference with its interval; {table.kind} turns to results by metric, "
        "{table.metric} to the "
        "next metric. Bold, in markdown and LaTeX, is what differs significantly from every other "
        "row. {table.form} turns to markdown, LaTeX and CSV, {table.copy} copies."
    )
    KINDS = experiment_tables.KINDS

    def __init__(self, desk: Desk, number: int) -> None:
        super().__init__(desk, "")
        self._number = number

    @property
    def subject(self) -> str:
        return f"Experiments of investigation {self._number}"

    def written(self, kind: str, form: str, metric: str) -> str:
        if kind == "results":
            chosen = (metric,) if metric else ()
            return text_of(experiment_tables.results_of(self.desk, self._number, chosen), form)
        return text_of(experiment_tables.tables_of(self.desk, self._number, metric), form)

    def metrics(self) -> list[str]:
        return experiment_tables.metrics_of_experiments(self.desk, self._number)
