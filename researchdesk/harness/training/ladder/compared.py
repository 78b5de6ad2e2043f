"""The rungs that compare: with blank inputs, with a smaller model, with simple baselines."""

import importlib
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from researchdesk.harness.training.experiment import CLASSIFICATION, REGRESSION, Split
from researchdesk.harness.training.ladder.climbing import (
    Climb,
    Found,
    failed,
    not_run,
    outputs,
    passed,
)
from researchdesk.harness.training.ladder.overfit import constant_score, few
from researchdesk.harness.training.ladder.trial import Trial

_BASELINES = "researchdesk.harness.training.baselines"
_MOST_STEPS, _BRIEF_STEPS, _LEAST_STEPS = 1_000, 300, 50
_LESS = 0.02
_WORSE = 0.25  # a wider one begins slower now and then: that is no fault
_FITTED_TO, _MOST_CLASSES = 1_000, 200
_WIDTHS = (
    "hidden",
    "width",
    "units",
    "hidden_size",
    "hidden_dim",
    "hidden_units",
    "dim",
    "d_model",
    "channels",
    "filters",
    "features",
    "multiple",
)
"""Settings that make a model larger, by the names they go by."""


def input_used(climb: Climb) -> Found:
    """The training loss against that of the same training on blank inputs."""
    x, y = climb.split.train
    if not len(x):
        return not_run("There are no training rows.")
    blank = replace(climb.split, train=(_blank(x), y))
    real_s, end = 0.5 * climb.left_s, climb.until
    climb.until = climb.clock() + real_s
    trial, most = Trial(climb, climb.split), _BRIEF_STEPS if climb.brief else _MOST_STEPS
    trial.go(most)
    climb.until = end
    without = Trial(climb, blank)
    without.go(trial.steps)
    if trial.broken:
        return failed("", f"The loss stopped being finite at step {trial.steps:,}.")
    if not _says_a_loss(climb):
        return not_run("The experiment has no loss of its own to compare by.")
    steps = min(trial.steps, without.steps)
    real, empty = trial.loss(), without.loss()
    figure = f"loss {real:.3g}, on blank inputs {empty:.3g}, {steps:,} steps"
    if not math.isfinite(real):
        return failed(figure, f"The loss is not finite after {trial.steps:,} steps.")
    better = real < empty - _LESS * abs(empty)
    if not math.isfinite(empty) or (steps == trial.steps and better):
        return passed(figure)
    if _all_alike(climb, trial):
        return failed(figure, "The trained model gives the same output for every input.")
    if steps < most and steps < trial.training.steps:
        return not_run("The time was over before it could be told.", figure)
    if climb.brief and steps < trial.training.steps:
        return not_run(f"{steps:,} steps do not tell; `researchdesk check` tries more.", figure)
    return failed(figure, "With its inputs it learns no better than without.")


def capacity(climb: Climb) -> Found:
    """The training loss of a model of a quarter of the width, after as many steps.

    Fails where the wider one is worse by a quarter, and by a twentieth of the loss at first, each
    by its size: a loss may be negative.
    """
    settings = climb.run.settings
    smaller = {name: _quarter(settings[name]) for name in _WIDTHS if name in settings}
    smaller = {name: value for name, value in smaller.items() if value != settings[name]}
    if not smaller:
        return not_run("No setting of the arm says how wide the model is.")
    if not _says_a_loss(climb):
        return not_run("The experiment has no loss of its own to compare by.")
    less: Mapping[str, Any] = {**settings, **smaller}
    end = climb.until
    climb.until = climb.clock() + 0.7 * climb.left_s
    large = Trial(climb, climb.split)
    first = large.loss()
    large.go(min(_MOST_STEPS, large.training.steps))
    climb.until = end
    small = Trial(climb, climb.split, run=climb.fresh(less))
    small.go(large.steps)
    sizes = [_size(large), _size(small)]
    if sizes[1] >= sizes[0]:
        return not_run(f"With {_said(smaller)} the model is no smaller.")
    if small.steps < large.steps or large.steps < _LEAST_STEPS:
        return not_run("The time was over before it could be told.")
    told = large.loss(), small.loss()
    figure = f"loss {told[0]:.3g} of {sizes[0]:,}, {told[1]:.3g} of {sizes[1]:,} parameters"
    if not math.isfinite(told[0]):
        return failed(figure, f"The loss is not finite after {large.steps:,} steps.")
    if told[0] > told[1] + _WORSE * abs(told[1]) + 0.05 * abs(first):
        return failed(figure, f"With {_said(smaller)} it fits better, after {large.steps:,} steps.")
    return passed(figure, f"The smaller one has {_said(smaller)}.")


def baselines(climb: Climb) -> Found:
    """A constant answer, the nearest row and a linear model on as many rows as the network had."""
    task, split = climb.experiment.task, climb.split
    if task not in (CLASSIFICATION, REGRESSION):
        return not_run("The experiment has no task that says what better is.")
    rows = max(climb.scores, default=min(_FITTED_TO, len(split.train[0])))
    part = few(split, rows, task)
    held = climb.held_out()
    constant = constant_score(task, part.train[1], held[1])
    mine = climb.scores.get(rows)
    if task == CLASSIFICATION:
        scores = {"majority": constant, **_fitted(part, held)}
    else:
        scores = {"mean": constant, "linear": _linear(part.train, held)}
    told = ", ".join(f"{name} {score:.3g}" for name, score in scores.items())
    what = "accuracy" if task == CLASSIFICATION else "squared error"
    words = f"{what} on unseen rows, {rows:,} for training"
    if mine is None:
        return passed(told, f"{words}; no network was trained on them here.")
    figure = f"network {mine:.3g}; {told}"
    worse = mine < constant if task == CLASSIFICATION else mine > constant
    return failed(figure, f"{words}: worse than a constant.") if worse else passed(figure, words)


def _fitted(part: Split, held: tuple[Tensor, Tensor]) -> dict[str, float]:
    """What scikit-learn's nearest neighbour and logistic regression reach on the held-out rows."""
    if len(set(part.train[1].tolist()) | set(held[1].tolist())) > _MOST_CLASSES:
        return {}
    measure = importlib.import_module(_BASELINES).measure_baseline
    split = Split(part.train, held, part.classes, image_shape=part.image_shape)
    return {name: measure(name, split, 0)["test_accuracy"] for name in ("1-nn", "logistic")}


def _linear(train: tuple[Tensor, Tensor], held: tuple[Tensor, Tensor]) -> float:
    """The squared error of least squares with an intercept, a little ridge for its condition."""
    x, y = (part.double().cpu().reshape(len(part), -1) for part in train)
    rows, truth = (part.double().cpu().reshape(len(part), -1) for part in held)
    centre, scale = x.mean(dim=0), x.std(dim=0, correction=0).clamp_min(1e-12)
    x, rows = (x - centre) / scale, (rows - centre) / scale
    gram = x.T @ x + 1e-6 * len(x) * torch.eye(x.shape[1], dtype=x.dtype)
    weights = torch.linalg.solve(gram, x.T @ (y - y.mean(dim=0)))
    return float((rows @ weights + y.mean(dim=0) - truth).square().mean())


def _blank(x: Tensor) -> Tensor:
    """Inputs that say nothing: the mean row of each, or zeros where they are no real numbers."""
    if x.is_floating_point():
        return x.mean(dim=0, keepdim=True).expand_as(x).clone()
    return torch.zeros_like(x)


def _all_alike(climb: Climb, trial: Trial) -> bool:
    try:
        given = outputs(trial.model, climb.split.train[0][:64])
    except TypeError:
        return False
    return bool((given == given[:1]).all())


def _says_a_loss(climb: Climb) -> bool:
    """Whether the loss of a batch can be asked for: it is overridden, or the task has one."""
    try:
        Trial(climb, climb.split).loss()
    except NotImplementedError:
        return False
    return True


def _quarter(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return max(1, value // 4)
    if isinstance(value, list | tuple) and value and all(type(one) is int for one in value):
        return [max(1, one // 4) for one in value]
    return value


def _said(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in settings.items())


def _size(trial: Trial) -> int:
    return sum(one.numel() for one in trial.model.parameters())
