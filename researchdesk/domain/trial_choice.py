"""Which trial of a sweep is chosen, and what is kept back until it is."""

import math
import re
from collections.abc import Iterable

from researchdesk.domain.sweeps import SweepSpec, Trial, TrialState

_SEPARATORS = re.compile(r"[^0-9a-z]+")
_VALIDATION = {"valid", "validation", "val", "dev"}
_TRAINING = {"train", "training"}
_TEST = {"test", "tests", "testing"}


def is_kept_back(spec: SweepSpec, metric: str) -> bool:
    """Whether a metric is of the test, as far as is known: it is shown for the chosen trial only,
    and each look is counted. Those that the spec names are, and all whose names do not say that
    they are of validation or training data; never the one that trials are chosen by."""
    if metric == spec.metric:
        return False
    return metric in spec.test or not (says_validation(metric) or says_training(metric))


def says_validation(metric: str) -> bool:
    """Whether a metric's name says that it was measured on data set aside for choosing: by a whole
    word (valid, validation, val, dev), and none that says test."""
    words = _words(metric)
    return bool(words & _VALIDATION) and not words & _TEST


def says_training(metric: str) -> bool:
    """Whether a metric's name says that it was measured on what was trained on: by a whole word
    (train, training), and none that says test."""
    words = _words(metric)
    return bool(words & _TRAINING) and not words & _TEST


def _words(metric: str) -> set[str]:
    return set(_SEPARATORS.split(metric.lower()))


def ranked(spec: SweepSpec, trials: Iterable[Trial]) -> list[Trial]:
    """The trials with a value, the best by the validation metric first, the earlier of equals
    first. Those that were stopped early stand behind all that came to their end: their value is
    that of another step. A value that is no finite number is none."""
    sign = -1.0 if spec.better == "higher" else 1.0
    found = [
        (trial.state is not TrialState.FINISHED, sign * trial.value, trial.number, trial)
        for trial in trials
        if trial.value is not None
        and math.isfinite(trial.value)
        and trial.state in (TrialState.FINISHED, TrialState.STOPPED)
    ]
    return [trial for *_, trial in sorted(found, key=lambda item: item[:3])]


def chosen(spec: SweepSpec, trials: Iterable[Trial]) -> Trial | None:
    """The trial that validation chooses: the best of those that came to their end; None while
    there is none."""
    first = next(iter(ranked(spec, trials)), None)
    return first if first and first.state is TrialState.FINISHED else None
