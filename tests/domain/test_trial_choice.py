"""Which trial validation chooses, and what is kept back."""

import math

from researchdesk.domain.sweeps import SweepSpec, Trial, TrialState
from researchdesk.domain.trial_choice import (
    chosen,
    is_kept_back,
    ranked,
    says_training,
    says_validation,
)

SPEC = SweepSpec("s", "r", "ours", "valid_accuracy", "higher", ())


def _trial(number: int, value: float | None, state: TrialState = TrialState.FINISHED) -> Trial:
    return Trial(number, {}, state, value)


def test_the_best_that_came_to_its_end_is_chosen_and_the_earlier_of_equals() -> None:
    trials = [
        _trial(0, 0.5),
        _trial(1, 0.9, TrialState.STOPPED),
        _trial(2, math.nan),
        _trial(3, 0.7),
        _trial(4, 0.7),
        _trial(5, 0.99, TrialState.FAILED),
        _trial(6, None),
        _trial(7, math.inf),
    ]
    assert [trial.number for trial in ranked(SPEC, trials)] == [3, 4, 0, 1]
    assert chosen(SPEC, trials) == trials[3]
    lower = SweepSpec("s", "r", "ours", "valid_loss", "lower", ())
    assert [trial.number for trial in ranked(lower, reversed(trials))] == [0, 3, 4, 1]
    assert chosen(SPEC, [trials[1], trials[2]]) is None


def test_what_is_not_of_validation_or_training_is_kept_back_unless_the_spec_names_it() -> None:
    names = ("valid_accuracy", "val_loss", "Train_loss", "test_accuracy", "accuracy/digits")
    assert [is_kept_back(SPEC, name) for name in names] == [False, False, False, True, True]
    named = SweepSpec("s", "r", "a", "test_accuracy", "higher", (), test=("valid_f1",))
    assert [is_kept_back(named, name) for name in ("test_accuracy", "valid_f1", "loss")] == [
        False,
        True,
        False,
    ]


def test_a_name_says_on_what_it_was_measured() -> None:
    yes = ("valid_accuracy", "accuracy/val", "best validation loss", "dev.f1")
    assert all(map(says_validation, yes))
    assert not any(map(says_validation, ("accuracy", "value", "interval", "test_loss")))
    assert says_training("train_loss")
    assert not says_training("constrained_loss")
