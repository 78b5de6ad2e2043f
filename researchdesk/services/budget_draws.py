"""The trials of a sweep as draws, and what an estimate makes of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from researchdesk.domain.budget_curves import Against
from researchdesk.domain.sweeps import SweepSummary, Trial, TrialState
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.harness.statistics.budgets import Estimate, over_time, over_trials
from researchdesk.harness.statistics.expected import Floats, budget_grid, round_numbers

ENDED = (TrialState.FINISHED, TrialState.STOPPED, TrialState.FAILED)
_TIMES = 24
_SHORTEST = 1e-6


@dataclass(frozen=True, slots=True)
class Asked:
    """What the budget is counted in, by which estimator, and a value that is to be reached."""

    against: Against = Against.TRIALS
    replacement: bool = True
    reach: float | None = None


@dataclass(frozen=True, slots=True)
class Draws:
    """The trials that count, in their order: ``worth`` is their value, turned round where lower is
    better, of a stopped one no more than the best of those that finished, NaN without one; ``cost``
    what each took, in the unit asked for."""

    worth: Floats
    cost: Floats
    sign: float

    @property
    def filled(self) -> Floats:
        """Worth, with the worst that was found for what has none."""
        return np.where(np.isnan(self.worth), np.nanmin(self.worth), self.worth)


def draws_of(summary: SweepSummary, against: Against, gpus: float) -> Draws:
    """The trials that ended; ``gpus`` is how many each held of which that was not written.

    Raises NotOnDeskError where none has a value yet; UsageProblemError where the budget asked for
    is not known of them.
    """
    ended = sorted(
        (trial for trial in summary.trials if trial.state in ENDED), key=lambda one: one.number
    )
    sign = 1.0 if summary.spec.better == "higher" else -1.0
    worth = _choosable(np.array([sign * _value(trial) for trial in ended]), ended)
    if not len(worth) or bool(np.all(np.isnan(worth))):
        raise NotOnDeskError(
            f"No trial of {summary.id} has a value of {summary.spec.metric} yet: nothing is drawn.",
            "See `researchdesk sweep show SWEEP`.",
        )
    cost = np.array([trial.seconds for trial in ended]) / 3600
    held = np.array([gpus if one.cost.gpus is None else one.cost.gpus for one in ended])
    if against is Against.GPU_HOURS:
        cost *= held
    if against is Against.GPU_HOURS and not held.max(initial=0.0) > 0:
        raise UsageProblemError(
            f"It is not known that the trials of {summary.id} held a GPU.",
            "Say with --gpus how many each held, or draw the curve with --against time.",
        )
    if against is not Against.TRIALS and not cost.sum() > 0:
        raise UsageProblemError(
            f"It is not known how long the trials of {summary.id} took.",
            "Draw the curve with --against trials.",
        )
    return Draws(worth, np.maximum(cost, _SHORTEST * cost.mean()), sign)


def _choosable(worth: Floats, ended: Sequence[Trial]) -> Floats:
    """A trial that was stopped is never chosen before one that came to its end: its value of then
    counts up to the best of those, where there is one."""
    finished = np.array([trial.state is TrialState.FINISHED for trial in ended], dtype=bool)
    best = float(np.fmax.reduce(worth[finished], initial=-math.inf))
    if not math.isfinite(best):
        return worth
    stopped = np.array([trial.state is TrialState.STOPPED for trial in ended], dtype=bool)
    return np.where(stopped, np.minimum(worth, best), worth)


def _value(trial: Trial) -> float:
    known = trial.state is not TrialState.FAILED and trial.value is not None
    value = trial.value if known and trial.value is not None else math.nan
    return value if math.isfinite(value) else math.nan


def grid(draws: Draws, against: Against) -> tuple[list[float], tuple[float, ...]]:
    """The budgets of the curve, and those that are told in a table."""
    if against is Against.TRIALS:
        total = len(draws.worth)
        budgets = [float(n) for n in budget_grid(total)]
        return budgets, (*(float(n) for n in round_numbers(1, total - 1)), float(total))
    low, high = float(np.quantile(draws.cost, 0.95)), float(draws.cost.sum())
    told = tuple(one for one in _round_hours(against) if low <= one < high * 0.95)
    return sorted({*np.geomspace(low, high, _TIMES)[:-1].tolist(), *told, high}), (*told, high)


def _round_hours(against: Against) -> list[float]:
    """Hours that are told in round numbers of seconds, minutes or hours."""
    if against is Against.GPU_HOURS:
        return [number / 1e6 for number in round_numbers(1, 1e12)]
    seconds = [number / 1000 / 3600 for number in round_numbers(1, 59_999)]
    minutes = [number / 60 for number in (1, 2, 5, 10, 20, 30)]
    return [*seconds, *minutes, *(float(number) for number in round_numbers(1, 1e6))]


def estimate(draws: Draws, budgets: Sequence[float], asked: Asked, seed: int = 0) -> Estimate:
    """The curve at these budgets, of values turned so that higher is better."""
    if asked.against is Against.TRIALS:
        wanted = [int(budget) for budget in budgets]
        return over_trials(draws.filled, wanted, replacement=asked.replacement, seed=seed)
    return over_time(draws.filled, draws.cost, budgets, replacement=asked.replacement, seed=seed)
