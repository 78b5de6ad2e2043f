"""Up to which budget one of two sweeps is better."""

import numpy as np

from researchdesk.domain.budget_curves import Against, BudgetComparison, BudgetPoint, Stretch
from researchdesk.domain.sweeps import Search, SweepSummary
from researchdesk.errors import UsageProblemError
from researchdesk.harness.statistics.budget_differences import (
    LEAST,
    SHARE,
    Searched,
    difference,
)
from researchdesk.harness.statistics.expected import budget_grid, stretches
from researchdesk.services.budget_draws import Asked, Draws, draws_of, grid

_POINTS = 40


def compare(
    first: SweepSummary,
    second: SweepSummary,
    asked: Asked | None = None,
    gpus: tuple[float, float] = (0.0, 0.0),
) -> BudgetComparison:
    """At which budgets one of two random searches is better, by a band of the difference that holds
    at all budgets that are judged at once.

    Those are up to a quarter of what the smaller sweep spent, and none of a sweep of fewer than ten
    trials: beyond, no resample knows enough. A trial without a value counts as the worst of both
    sweeps. Sweeps of different seeds are compared, and neither is called the better one. Raises
    UsageProblemError for sweeps of other metrics, or that are no random searches, and as
    ``curve_of``.
    """
    asked = asked or Asked()
    _refuse_unlike(first, second)
    draws = [
        draws_of(summary, asked.against, held)
        for summary, held in zip((first, second), gpus, strict=True)
    ]
    budgets = _judged(draws, asked.against)
    seeds = first.spec.seed, second.spec.seed
    if not budgets:
        return BudgetComparison(first.id, second.id, asked.against, (), (), seeds)
    worst = min(float(np.nanmin(of.worth)) for of in draws)
    one, two = (Searched(np.where(np.isnan(of.worth), worst, of.worth), of.cost) for of in draws)
    timed = asked.against is not Against.TRIALS
    found = difference(one, two, budgets, timed=timed, replacement=asked.replacement)
    sign, names = draws[0].sign, {1: first.id, -1: second.id, 0: ""}
    points = [
        BudgetPoint(budget, sign * mean, sign * mean - half, sign * mean + half)
        for budget, mean, half in zip(
            budgets, found.mean.tolist(), found.half.tolist(), strict=True
        )
    ]
    marks = found.marks
    parts = [Stretch(budgets[a], budgets[b], names[marks[a]]) for a, b in stretches(marks)]
    return BudgetComparison(first.id, second.id, asked.against, tuple(points), tuple(parts), seeds)


def _judged(draws: list[Draws], against: Against) -> list[float]:
    """The budgets at which the two are compared; none where too little is known of one."""
    fewest = min(len(one.worth) for one in draws)
    if fewest < LEAST:
        return []
    if against is Against.TRIALS:
        return [float(n) for n in budget_grid(int(SHARE * fewest), _POINTS)]
    low = max(grid(one, against)[0][0] for one in draws)
    high = SHARE * min(float(one.cost.sum()) for one in draws)
    found = {budget for one in draws for budget in grid(one, against)[0] if low <= budget < high}
    return sorted({*found, high}) if low < high else []


def _refuse_unlike(first: SweepSummary, second: SweepSummary) -> None:
    for one in (first, second):
        if one.spec.search is not Search.RANDOM:
            raise UsageProblemError(
                f"{one.id} is no random search: what its budget buys in expectation is not known.",
                "Compare random searches.",
            )
    if (first.spec.metric, first.spec.better) != (second.spec.metric, second.spec.better):
        raise UsageProblemError(
            f"{first.id} is chosen by {first.spec.metric}, {second.id} by {second.spec.metric}: "
            "they cannot be compared.",
            "Compare sweeps of one metric.",
        )
