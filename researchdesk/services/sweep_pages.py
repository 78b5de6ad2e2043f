"""What may be shown of a sweep: all but the test, which is shown on asking, and counted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from researchdesk.domain.runs import RunState
from researchdesk.domain.sweeps import Budget, SweepSpec, SweepSummary, Trial, TrialState
from researchdesk.domain.text import one_line
from researchdesk.domain.trial_choice import (
    chosen,
    is_kept_back,
    ranked,
    says_training,
    says_validation,
)
from researchdesk.harness.sweeps.schedule import OVER
from researchdesk.services.sweep_notes import of_no_validation, page_notes, unmeasured


@dataclass(frozen=True, slots=True)
class Spent:
    """What a sweep has taken of its budget: trials that came to an end, hours by the clock while it
    was under way, GPU-hours of its trials."""

    trials: int = 0
    hours: float = 0.0
    gpu_hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Looks:
    """How often the test was looked at, at how many different trials, and when last. ``words`` say
    why more than one look matters; empty while there is nothing to say."""

    count: int = 0
    trials: tuple[int, ...] = ()
    last: datetime | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class SweepPage:
    """A sweep as it may be shown. Of ``trials`` and ``best`` the test's metrics are left out.

    ``ranked`` are the numbers of the trials with a value, the best first; ``best`` is the one that
    validation chooses, the first of them unless none came to its end. ``states`` counts the trials,
    ``failures`` the different ways in which they failed. ``warning`` is what is to be said of the
    metric that trials are chosen by, ``notes`` what is of how it goes; ``at_engine`` how many
    trials are with an engine that nobody follows; ``was_left``: that was so at some time, and is
    not counted in the hours spent; ``unmeasured``: trials ended, and none measured the metric.
    """

    id: str
    spec: SweepSpec
    state: RunState
    engine: str
    started_at: datetime
    ended_at: datetime | None
    budget: Budget
    spent: Spent
    trials: tuple[Trial, ...]
    best: Trial | None
    ranked: tuple[int, ...]
    states: Mapping[TrialState, int]
    failures: Mapping[str, int]
    looks: Looks
    warning: str = ""
    at_engine: int = 0
    was_left: bool = False
    environment: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    unmeasured: bool = False

    @property
    def can_go_on(self) -> bool:
        """Whether it is to be gone on with: it came to no end, or has trials that were lost, and
        its trials measure what they are chosen by."""
        if self.is_stuck:
            return False
        lost = self.state is not RunState.RUNNING and bool(self.states.get(TrialState.LOST))
        return self.state.can_go_on or lost

    @property
    def is_stuck(self) -> bool:
        """Whether its trials do not measure what they are chosen by, so that it cannot go on."""
        return self.unmeasured and self.state not in (RunState.RUNNING, RunState.AWAY)


def page_of(sweep: SweepSummary, environment: Mapping[str, Any], gpus: float = 0.0) -> SweepPage:
    """What may be shown of a sweep; ``gpus`` is how many each of its trials holds where it was not
    written with them."""
    spec = sweep.spec
    trials = tuple(without_test(spec, trial) for trial in sweep.trials)
    order = ranked(spec, trials)
    return SweepPage(
        sweep.id,
        spec,
        sweep.state,
        sweep.engine,
        sweep.started_at,
        sweep.ended_at,
        sweep.budget,
        spent(sweep, gpus),
        trials,
        chosen(spec, order),
        tuple(trial.number for trial in order),
        Counter(trial.state for trial in trials),
        _failures(trials),
        looks_of(sweep),
        metric_warning(spec.metric),
        was_left=sweep.was_left,
        environment=environment,
        notes=page_notes(sweep, gpus),
        unmeasured=bool(unmeasured(spec, sweep.trials)),
    )


def without_test(spec: SweepSpec, trial: Trial) -> Trial:
    """The trial without the metrics that are kept back."""
    kept = {name: value for name, value in trial.metrics.items() if not is_kept_back(spec, name)}
    return replace(trial, metrics=kept)


def spent(sweep: SweepSummary, gpus: float) -> Spent:
    """What the sweep took so far; ``gpus`` each trial held of which that was not written."""
    over = sum(trial.state in OVER for trial in sweep.trials)
    gpu_seconds = sum(trial.cost.in_all(gpus) for trial in sweep.trials)
    return Spent(over, sweep.seconds / 3600, gpu_seconds / 3600)


def looks_of(sweep: SweepSummary) -> Looks:
    """How often the test was looked at."""
    trials = tuple(dict.fromkeys(number for number, _ in sweep.looks))
    last = sweep.looks[-1][1] if sweep.looks else None
    words = _looks_in_words(len(sweep.looks), len(trials))
    if words and (name := of_no_validation(sweep.spec.metric)):
        words += f" Beside that, trials were chosen by {name}."
    return Looks(len(sweep.looks), trials, last, words)


def metric_warning(metric: str) -> str:
    """What is to be said of choosing by this metric; empty where its name says validation."""
    if says_validation(metric):
        return ""
    if says_training(metric):
        return (
            f"{metric} is measured on the data that were trained on: the trial that fits them best "
            "is chosen, and may be the worst on others."
        )
    return (
        f"The name {metric} does not say that it is of validation data. If it is measured on the "
        "test split, trials are chosen by the test, and its number for the best one is too good."
    )


def _looks_in_words(count: int, trials: int) -> str:
    if not count:
        return ""
    if trials == 1:
        times = "once" if count == 1 else f"{count} times, at the same trial each time"
        return f"The test was looked at {times}."
    return (
        f"The test was looked at {count} times, at {trials} different trials. Whoever takes the "
        f"best of {trials} test numbers chooses on the test: that number is too good, the more so "
        "the more were looked at. Report the trial that was chosen, and how many were looked at; "
        "fresh seeds of it (`sweep confirm`) give a number that was not chosen."
    )


def _failures(trials: Sequence[Trial]) -> dict[str, int]:
    """How many failed with each last line of their errors, the commonest first."""
    said = Counter(
        one_line((trial.error.strip().splitlines() or ["no word"])[-1])
        for trial in trials
        if trial.state is TrialState.FAILED
    )
    return dict(said.most_common())
