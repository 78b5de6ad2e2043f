"""The rungs that train on few rows: a sample, a batch, and then more, where it must generalise."""

import math
from dataclasses import replace

import torch
from torch import Tensor

from researchdesk.harness.training.experiment import CLASSIFICATION, REGRESSION, Part, Split
from researchdesk.harness.training.ladder.climbing import (
    Climb,
    Found,
    class_counts,
    failed,
    not_run,
    passed,
)
from researchdesk.harness.training.ladder.trial import Trial, has_batch_norm

MOST_STEPS = 4_000
_LEAST_STEPS = 200
_LARGEST_BATCH = 64
_NOISE = 0.1
_EACH_CLASS, _LEAST_ROWS = 3, 100
_RATES = (0.1, 10.0)


def one_sample(climb: Climb) -> Found:
    return _by_heart(climb, 1)


def four_samples(climb: Climb) -> Found:
    return _by_heart(climb, 4)


def one_batch(climb: Climb) -> Found:
    size = int(climb.run.settings.get("batch_size") or _LARGEST_BATCH)
    return _by_heart(climb, min(size, _LARGEST_BATCH), own_rate=True)


def five(climb: Climb) -> Found:
    return _by_heart(climb, 5)


def ten(climb: Climb) -> Found:
    return _by_heart(climb, 10)


def hundred(climb: Climb) -> Found:
    return _generalises(climb, 100)


def thousand(climb: Climb) -> Found:
    return _generalises(climb, 1000)


def few(split: Split, count: int, task: str) -> Split:
    """The split with so many training rows, of as many classes as can be, one after the other."""
    x, y = split.train
    rows = torch.arange(len(x))
    if task == CLASSIFICATION and y.dim() == 1:
        order = torch.argsort(y.cpu(), stable=True)
        turn = torch.empty_like(order)
        counts = class_counts(y.cpu())
        turn[order] = torch.cat([torch.arange(int(many)) for many in counts])
        rows = torch.argsort(turn, stable=True)
    chosen = rows[:count].to(x.device)
    return replace(split, train=(x[chosen], y[chosen]))


def _by_heart(climb: Climb, count: int, *, own_rate: bool = False) -> Found:
    if len(climb.split.train[0]) < count:
        return not_run(f"The training split has {len(climb.split.train[0]):,} rows.")
    part = few(climb.split, count, climb.experiment.task)
    doubled = count == 1 and has_batch_norm(climb.model())
    if doubled:
        x, y = part.train
        part = replace(part, train=(torch.cat([x, x]), torch.cat([y, y])))
    share = _NOISE if own_rate else 0.01
    trial, fitted = _tried(climb, part, share, 0.5)
    if fitted:
        note = "The sample stands twice in the batch, for batch normalization." if doubled else ""
        return passed(trial.figure(), note)
    for rate in () if _told_enough(climb, trial) else _RATES:
        other, fits = _tried(climb, part, share, 0.5, rate)
        if fits:
            times = "a tenth of" if rate < 1 else "ten times"
            words = f"It fits at {times} its learning rate, not at the rate itself."
            figure = f"{trial.figure()}; {other.figure()}"
            return failed(figure, words) if own_rate else passed(figure, words)
    return _not_fitted(climb, trial, count)


def _tried(
    climb: Climb, part: Split, share: float, of_time: float, rate: float = 1.0
) -> tuple[Trial, bool]:
    """A trial in a part of the time that is left, and whether it fitted."""
    end = climb.until
    climb.until = climb.clock() + of_time * climb.left_s
    try:
        trial = Trial(climb, part, rate)
        return trial, trial.go(MOST_STEPS, lambda: trial.fitted(share))
    finally:
        climb.until = end


def _told_enough(climb: Climb, trial: Trial) -> bool:
    """Whether other rates would tell nothing: nothing says what fitted is, or there is no rate."""
    rates = [group.get("lr") for group in trial.training.optimizer.param_groups]
    return climb.over or not any(isinstance(rate, float | int) for rate in rates)


def _not_fitted(climb: Climb, trial: Trial, count: int) -> Found:
    figure = trial.figure()
    if trial.broken:
        return failed(figure, f"The loss stopped being finite at step {trial.steps:,}.")
    first = trial.losses[0] if trial.losses else math.nan
    last = trial.losses[-1] if trial.losses else math.nan
    if climb.experiment.task not in (CLASSIFICATION, REGRESSION):
        if last >= first:
            return failed(figure, "The loss did not fall.")
        return not_run("It falls; no metric says what it would be, once learnt by heart.", figure)
    if trial.steps < _LEAST_STEPS or (trial.steps < MOST_STEPS and last < 0.9 * first):
        return not_run("The time was over before it had learnt them; it was still at it.", figure)
    rows = "one sample" if count == 1 else f"{count:,} rows"
    return failed(figure, f"Training does not fit {rows}.")


def _generalises(climb: Climb, count: int) -> Found:
    task, split = climb.experiment.task, climb.split
    if task not in (CLASSIFICATION, REGRESSION):
        return not_run("The experiment has no task that says what better is.")
    there = len(split.train[0])
    if there < _LEAST_ROWS or (there <= _LEAST_ROWS < count):
        return not_run(f"The training split has {there:,} rows.")
    count = min(count, there)
    part = few(split, count, task)
    y = part.train[1]
    if task == CLASSIFICATION and count < _EACH_CLASS * int((class_counts(y) > 0).sum()):
        return not_run(f"{count:,} rows are fewer than {_EACH_CLASS} of each class.")
    trial = Trial(climb, part)
    steps = max(trial.training.steps, MOST_STEPS // 4)
    trial.go(min(steps, MOST_STEPS), lambda: trial.fitted(_NOISE))
    if trial.broken:
        return failed(trial.figure(), f"The loss stopped being finite at step {trial.steps:,}.")
    held = climb.held_out()
    score = trial.score(*held)
    figure, better = _compared(task, part.train, held, trial.score(*part.train), score)
    figure = f"{figure}; {count:,} rows, {trial.steps:,} steps"
    if not better and trial.steps < min(steps, MOST_STEPS) and not trial.fitted(_NOISE):
        return not_run("The time was over before it had learnt enough.", figure)
    climb.scores[count] = score
    if better:
        return passed(figure)
    return failed(figure, "On rows it has not seen it is no better than a constant answer.")


def _compared(task: str, train: Part, held: Part, own: float, unseen: float) -> tuple[str, bool]:
    """Scores in words, and whether that of unseen rows beats a constant answer's, by two standard
    errors for classes, by a twentieth of the variance for values."""
    constant = constant_score(task, train[1], held[1])
    if task == CLASSIFICATION:
        error = math.sqrt(max(constant * (1 - constant), 1e-9) / len(held[1]))
        words = f"unseen {unseen:.2f}, seen {own:.2f}, majority {constant:.2f}"
        return words, unseen > constant + 2 * error
    words = f"unseen {unseen:.3g}, seen {own:.3g}, mean's {constant:.3g} (squared error)"
    return words, unseen < 0.95 * constant


def constant_score(task: str, train: Tensor, held: Tensor) -> float:
    """What the best constant answer of training scores: its accuracy or mean squared error."""
    if task == CLASSIFICATION:
        return float((held == class_counts(train).argmax()).double().mean())
    return float((held - train.double().mean(dim=0)).square().mean())
