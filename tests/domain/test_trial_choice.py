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


def test_what_is_not_of_validation_or_training_is_kept_back_and_what_the_spec_names() -> None:
    shown = ("valid_accuracy", "val_loss", "Train_loss", "accuracy/dev", "loss.training")
    hidden = ("test_accuracy", "accuracy/digits", "validity_on_test", "trainless", "val_vs_test")
    assert not any(is_kept_back(SPEC, name) for name in shown)
    assert all(is_kept_back(SPEC, name) for name in hidden)
    named = SweepSpec("s", "r", "a", "test_accuracy", "higher", (), test=("valid_f1", "test_f1"))
    assert not is_kept_back(named, "test_accuracy"), "it is what trials are chosen by"
    assert all(is_kept_back(named, name) for name in ("valid_f1", "test_f1"))
    assert all(is_kept_back(named, name) for name in ("test_loss", "test_error")), "named or not"
    assert not is_kept_back(named, "valid_loss")


def test_a_name_says_on_what_it_was_measured() -> None:
    yes = ("valid_accuracy", "accuracy/val", "best validation loss", "dev.f1")
    assert all(map(says_validation, yes))
    no = ("accuracy", "value", "interval", "test_loss", "validity", "valid_on_test")
    assert not any(map(says_validation, no))
    assert says_training("train_loss")
    assert not any(map(says_training, ("constrained_loss", "trainless", "test_of_training")))
