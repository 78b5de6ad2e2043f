"""What an investigation asks for next."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from researchdesk.domain.investigation_workflows import InvestigationStep, Wants
from researchdesk.domain.investigations import Experiment, Investigation


class ToDo(StrEnum):
    """``EXPECT``: an experiment that was not run has no hypothesis; ``CONCLUDE``: all was run."""

    ANSWER = "answer"
    BASELINE = "baseline"
    RUN = "run"
    TRY = "try"
    EXPECT = "expect"
    CONCLUDE = "conclude"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class NextStep:
    """``about`` is a step's key, or the names of experiments; ``words`` say it to a person."""

    to_do: ToDo
    words: str
    about: tuple[str, ...] = ()


def next_step(
    investigation: Investigation,
    steps: Sequence[InvestigationStep],
    experiments: Sequence[Experiment],
) -> NextStep:
    """The first thing that is open, in the order of the steps."""
    if investigation.state.is_closed:
        return NextStep(ToDo.NOTHING, f"Nothing: it is {investigation.state.value}.")
    for step in steps:
        found = _of_step(step, investigation, experiments)
        if found is not None:
            return found
    ways = "a further change, or what it came to"
    return NextStep(ToDo.CONCLUDE, f"Every experiment was run: {ways}.")


def _of_step(
    step: InvestigationStep, investigation: Investigation, experiments: Sequence[Experiment]
) -> NextStep | None:
    if step.wants is Wants.EXPERIMENTS:
        return _of_experiments(experiments)
    if not investigation.answers.get(step.key):
        return NextStep(ToDo.ANSWER, f"{step.title}: {step.question}", (step.key,))
    if step.wants is not Wants.BASELINE:
        return None
    if not experiments:
        return NextStep(ToDo.BASELINE, "Name the recipe and the arm that are the baseline.")
    waiting = [item for item in experiments if item.parent is None and not item.is_run()]
    return _run(waiting) if waiting else None


def _of_experiments(experiments: Sequence[Experiment]) -> NextStep | None:
    changes = [item for item in experiments if item.parent is not None]
    waiting = [item for item in changes if not item.is_run()]
    unsaid = [item for item in waiting if item.hypothesis is None]
    if not experiments:
        return NextStep(ToDo.BASELINE, "Name the recipe and the arm that are the baseline.")
    if not changes:
        return NextStep(ToDo.TRY, "Change one setting of the baseline, and say what you expect.")
    if unsaid:
        names = tuple(item.name for item in unsaid[:1])
        return NextStep(ToDo.EXPECT, f"Say what you expect of {names[0]} before it is run.", names)
    return _run(waiting) if waiting else None


def _run(waiting: Sequence[Experiment]) -> NextStep:
    names = tuple(item.name for item in waiting)
    return NextStep(ToDo.RUN, f"Run {', '.join(names)}.", names)
