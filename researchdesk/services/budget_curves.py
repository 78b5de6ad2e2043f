"""What a sweep's budget buys, from its summary: expected validation performance with its band.

Trials that ended count, each as one draw: one that stopped early with the value that it had then,
though none better than the best that came to its end; one that failed or gave no finite number as
the worst value that was found, for it cannot be the best. Those under way, cancelled or lost
with their process or node are left out. An expectation is made of a random search only.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from string import ascii_uppercase

import numpy as np

from researchdesk.domain.budget_curves import (
    Against,
    BudgetCurve,
    BudgetPoint,
    Reach,
    SweepSource,
)
from researchdesk.domain.sweeps import Search, SweepSummary, TrialState
from researchdesk.harness.statistics.budgets import Estimate
from researchdesk.harness.statistics.expected import (
    budget_grid,
    expected_maxima,
    first_above,
)
from researchdesk.services.budget_draws import ENDED, Asked, Draws, draws_of, estimate, grid
from researchdesk.services.budget_notes import notes

_SURE = 0.95


def told_apart(curves: Sequence[BudgetCurve]) -> list[BudgetCurve]:
    """The curves; where some are labelled alike, each with a letter for its label, which
    ``budget_words.legend`` explains."""
    if len({curve.label for curve in curves}) == len(curves):
        return list(curves)
    return [replace(curve, label=_letter(place)) for place, curve in enumerate(curves)]


def _letter(place: int) -> str:
    return ascii_uppercase[place] if place < len(ascii_uppercase) else f"S{place + 1}"


def curve_of(summary: SweepSummary, asked: Asked | None = None, gpus: float = 0.0) -> BudgetCurve:
    """What the budget of a sweep bought: in expectation for a random search, else as it came.
    ``gpus`` is how many each trial held of which that was not written; its hours are multiplied by
    it to have GPU-hours.

    Raises NotOnDeskError where no trial has a value yet; UsageProblemError where the budget asked
    for is not known of it.
    """
    asked = asked or Asked()
    draws = draws_of(summary, asked.against, gpus)
    ended = [trial for trial in summary.trials if trial.state in ENDED]
    lost = sum(trial.state is TrialState.LOST for trial in summary.trials)
    bare = BudgetCurve(
        _source(summary), summary.spec.name or summary.id, summary.spec.metric,
        summary.spec.better, asked.against, asked.replacement,
        expected=summary.spec.search is Search.RANDOM, points=(), trials=len(ended),
        stopped=sum(trial.state is TrialState.STOPPED for trial in ended),
        failed=int(np.isnan(draws.worth).sum()),
        left_out=len(summary.trials) - len(ended) - lost, hours=float(draws.cost.mean()), lost=lost,
    )  # fmt: skip
    if not bare.expected:
        return _in_order(bare, draws, asked)
    budgets, told = grid(draws, asked.against)
    found = estimate(draws, budgets, asked)
    points = _points(found, budgets, draws, asked)
    reach = None if asked.reach is None else _reach(asked.reach, found, budgets, draws)
    made = replace(bare, points=points, told=told, reach=reach)
    return replace(made, notes=notes(made, summary.spec.search))


def _points(
    curve: Estimate, budgets: Sequence[float], draws: Draws, asked: Asked
) -> tuple[BudgetPoint, ...]:
    sign, several = draws.sign, len(draws.worth) > 1
    low, high = curve.band() if sign > 0 else curve.band()[::-1]
    average = _by_average(budgets, draws, asked)
    return tuple(
        BudgetPoint(
            budget,
            sign * float(curve.mean[at]),
            sign * float(low[at]) if several else None,
            sign * float(high[at]) if several else None,
            float(curve.sd[at]) if several else None,
            average[at],
        )
        for at, budget in enumerate(budgets)
    )


def _by_average(budgets: Sequence[float], draws: Draws, asked: Asked) -> Sequence[float | None]:
    """The best of as many trials of average length as a budget has room for, drawn as a line
    between whole numbers of trials; None below one. Source: the README of Dodge et al.'s
    own code (github.com/dodgejesse/show_your_work), where the average runtime scales the axis."""
    if asked.against is Against.TRIALS:
        return [None] * len(budgets)
    counts = budget_grid(len(draws.worth))
    curve = draws.sign * expected_maxima(draws.filled, counts, replacement=asked.replacement).mean
    of = np.asarray(budgets) / draws.cost.mean()
    found = np.interp(of, counts, curve).tolist()
    return [value if n >= 1 - 1e-9 else None for n, value in zip(of, found, strict=True)]


def _reach(value: float, curve: Estimate, budgets: Sequence[float], draws: Draws) -> Reach:
    level = draws.sign * value
    place = first_above(curve.mean, level)
    places = [first_above(row, level) for row in curve.resampled]
    found = np.array([math.inf if at is None else budgets[at] for at in places])
    low, high = np.quantile(found, [0.025, 0.975], method="inverted_cdf").tolist()
    return Reach(
        value,
        None if place is None else budgets[place],
        low if math.isfinite(low) else None,
        high if math.isfinite(high) else None,
        float(np.isfinite(found).mean()),
        _sure(float((draws.filled >= level).mean())),
    )


def _sure(share: float) -> int | None:
    """The fewest draws of which one at least is among that ``share`` with probability 0.95."""
    if share <= 0 or share >= 1:
        return 1 if share else None
    return math.ceil(math.log(1 - _SURE) / math.log1p(-share) - 1e-12)


def _in_order(curve: BudgetCurve, draws: Draws, asked: Asked) -> BudgetCurve:
    """The best so far, in the order of the trials' numbers."""
    spent = (
        np.arange(1, len(draws.worth) + 1, dtype=np.float64)
        if asked.against is Against.TRIALS
        else np.cumsum(draws.cost)
    )
    best = np.fmax.accumulate(draws.worth)
    known = np.flatnonzero(~np.isnan(best)).tolist()
    news = [at for at in known if at == known[0] or best[at] > best[at - 1]]
    kept = sorted({*news, len(best) - 1})
    points = tuple(BudgetPoint(float(spent[at]), draws.sign * float(best[at])) for at in kept)
    reach = None
    if asked.reach is not None:
        there = [point for point in points if draws.sign * (point.best - asked.reach) >= 0]
        reach = Reach(asked.reach, there[0].budget if there else None, None, None, None, None)
    made = replace(curve, points=points, told=tuple(one.budget for one in points), reach=reach)
    return replace(made, notes=notes(made, Search(curve.source.search)))


def _source(summary: SweepSummary) -> SweepSource:
    spec = summary.spec
    return SweepSource(
        summary.id, spec.name, spec.recipe, spec.arm, spec.search.value, spec.seed,
        len(summary.trials), summary.started_at.date(), summary.state.value,
    )  # fmt: skip
