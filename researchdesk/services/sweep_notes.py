"""What is to be said of how a sweep goes, beside its numbers."""

from collections.abc import Iterator

from researchdesk.domain.sweeps import SweepSummary, TrialState
from researchdesk.domain.text import one_line
from researchdesk.domain.trial_choice import says_training, says_validation

NO_GPU = (
    "Its trials hold no GPU as this engine runs them, so that its limit of GPU-hours does not end "
    "it: the other limits do."
)


def of_no_validation(metric: str) -> str:
    """``test_accuracy, which may be of the test``; empty where the name says validation."""
    if says_validation(metric):
        return ""
    of = "is of the training data" if says_training(metric) else "may be of the test"
    return f"{one_line(metric)}, which {of}"


def chosen_words(metric: str) -> str:
    """How a trial was chosen by this metric: ``chosen on validation``, as far as its name says
    so."""
    doubt = of_no_validation(metric)
    return f"chosen by {doubt}" if doubt else "chosen on validation"


def unused_words(metric: str) -> str:
    """That the rule of ``[stop]`` has nothing to hold trials to, and what to do."""
    name = one_line(metric)
    return (
        f"Its trials log no {name} on their way, so that [stop] ends none of them early, and none "
        f"waits for it: say run.log(step, {name}=...) in the recipe, or leave [stop] out."
    )


def page_notes(sweep: SweepSummary, gpus: float) -> tuple[str, ...]:
    """Sentences, each whole by itself. ``gpus`` is how many each trial holds where that was not
    written with it."""
    return tuple(_notes(sweep, gpus))


def _notes(sweep: SweepSummary, gpus: float) -> Iterator[str]:
    if sweep.stop_unused:
        yield unused_words(sweep.spec.metric)
    if lost := sum(trial.state is TrialState.LOST for trial in sweep.trials):
        was, they, them = ("was", "It is", "it") if lost == 1 else ("were", "They are", "them")
        yield (
            f"{lost:,} of its trials {was} lost with process or node, more often than is tried "
            f"again. {they} no draw of `sweep curve`; this hands {them} out again: researchdesk "
            f"sweep resume {sweep.id}"
        )
    held = [trial.cost.gpus for trial in sweep.trials if trial.cost.gpus is not None]
    now = held[-1] if held else gpus
    if sweep.budget.gpu_hours and sweep.trials and not now:
        yield NO_GPU
    unsaid = sum(trial.cost.unsaid > 0 for trial in sweep.trials)
    if unsaid and (gpus or sweep.budget.gpu_hours):
        yield (
            f"An earlier version ran {unsaid:,} of its trials and did not write how many GPUs each "
            f"held: {gpus:g} is assumed, as its engine was set up."
        )
