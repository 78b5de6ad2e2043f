"""What is to be said of how a sweep goes, beside its numbers."""

from collections.abc import Iterable, Iterator, Sequence

from researchdesk.domain.runs import RunState
from researchdesk.domain.sweeps import SweepSpec, SweepSummary, Trial, TrialState
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


def unmeasured(spec: SweepSpec, trials: Iterable[Trial]) -> tuple[str, ...]:
    """The names of what its trials measured, where some came to their end and none measured what
    trials are chosen by: such a sweep cannot go on. Empty where one did, or none ended."""
    ended = [one for one in trials if one.state in (TrialState.FINISHED, TrialState.STOPPED)]
    names = {name for one in ended for name in one.metrics}
    return () if spec.metric in names else tuple(sorted(names))


def unmeasured_words(metric: str, measured: Sequence[str]) -> str:
    """That a sweep chooses by what its trials do not measure, and cannot go on."""
    known = ", ".join(map(one_line, measured))
    return (
        f"Its trials measure no {one_line(metric)}, so that none can be chosen by it, and it "
        f"cannot go on. They measured {known}."
    )


def begin_anew(sweep_id: str) -> str:
    """What to do with such a sweep."""
    return f"Remove it (`researchdesk sweep rm {sweep_id}`) and start one with another metric."


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
    going = sweep.state in (RunState.RUNNING, RunState.AWAY)
    if not going and (measured := unmeasured(sweep.spec, sweep.trials)):
        yield f"{unmeasured_words(sweep.spec.metric, measured)} {begin_anew(sweep.id)}"
        return
    if sweep.stop_unused:
        yield unused_words(sweep.spec.metric)
    if lost := sum(trial.state is TrialState.LOST for trial in sweep.trials):
        was, they, them = ("was", "It is", "it") if lost == 1 else ("were", "They are", "them")
        when = "when the sweep is over, " if sweep.state is RunState.RUNNING else ""
        yield (
            f"{lost:,} of its trials {was} lost with process or node, more often than is tried "
            f"again. {they} no draw of `sweep curve`; {when}this hands {them} out again: "
            f"researchdesk sweep resume {sweep.id}"
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
