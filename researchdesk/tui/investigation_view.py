"""All that the screen of investigations shows of one, read in one go."""

from dataclasses import dataclass

from researchdesk.domain.investigation_workflows import InvestigationStep
from researchdesk.domain.investigations import Experiment, Investigation, OutcomeKind
from researchdesk.domain.next_steps import NextStep, next_step
from researchdesk.domain.runs import RunState
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError
from researchdesk.services import investigations
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_tables import table_text
from researchdesk.services.experiments import experiments_of
from researchdesk.tui.surprise_form import SurpriseForm


@dataclass(frozen=True, slots=True)
class InvestigationView:
    """``table`` is the ablation table as text, ``""`` where nothing was measured."""

    investigation: Investigation
    steps: tuple[InvestigationStep, ...]
    experiments: tuple[Experiment, ...]
    table: str
    next: NextStep

    @property
    def running(self) -> bool:
        """Whether a run of it is under way, here or elsewhere."""
        return any(run.state is RunState.RUNNING for item in self.experiments for run in item.runs)

    def experiment(self, name: str) -> Experiment | None:
        return next((item for item in self.experiments if item.name == name), None)


def view_of(desk: Desk, number: int) -> InvestigationView:
    """Takes a moment where there are many runs. Raises NotOnDeskError."""
    found = investigations.get_investigation(desk, number)
    steps = investigations.steps_of(desk, found)
    trials = tuple(experiments_of(desk, number))
    table = ""
    if any(run.done for item in trials for run in item.runs):
        try:
            table = table_text(desk, number)
        except DeskError as error:
            table = error.message
    return InvestigationView(found, steps, trials, table, next_step(found, steps, trials))


def surprise_of(item: Experiment) -> SurpriseForm:
    """What would be funny of an experiment: what was expected of it, and what its runs say."""
    stated, outcome = item.hypothesis, item.outcome
    refuted = stated is not None and outcome.kind is OutcomeKind.REFUTED
    return SurpriseForm(
        text=f"{one_line(item.label)}: the hypothesis was refuted" if refuted else "",
        expected=stated.words if stated else "",
        observed=one_line(outcome.why) if outcome.result and outcome.result.n else "",
        on=item.ref,
    )
