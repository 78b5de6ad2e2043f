"""From which budget on one of two sweeps is better."""

from researchdesk.domain.budget_curves import BudgetComparison, BudgetPoint, Stretch
from researchdesk.domain.sweeps import Search, SweepSummary
from researchdesk.errors import UsageProblemError
from researchdesk.harness.statistics.budgets import band_of
from researchdesk.harness.statistics.expected import stretches
from researchdesk.services.budget_draws import Asked, draws_of, estimate, grid


def compare(
    first: SweepSummary,
    second: SweepSummary,
    asked: Asked | None = None,
    gpus: tuple[float, float] = (0.0, 0.0),
) -> BudgetComparison:
    """From which budget on one of two random searches is better, with the band of the difference.

    Each is resampled by itself; the band is for one budget by itself. Raises UsageProblemError for
    sweeps of other metrics, or that are no random searches, and as ``curve_of``.
    """
    asked = asked or Asked()
    _refuse_unlike(first, second)
    draws = [
        draws_of(summary, asked.against, held)
        for summary, held in zip((first, second), gpus, strict=True)
    ]
    grids = [grid(one, asked.against)[0] for one in draws]
    low, high = max(grid[0] for grid in grids), min(grid[-1] for grid in grids)
    budgets = sorted({one for grid in grids for one in grid if low <= one <= high})
    if not budgets:
        raise UsageProblemError(
            f"{first.id} and {second.id} have no budget in common.",
            "Compare them with --against trials.",
        )
    one, two = (estimate(of, budgets, asked, seed) for seed, of in enumerate(draws))
    count = min(len(one.resampled), len(two.resampled))
    lows, highs = (edge.tolist() for edge in band_of(one.resampled[:count] - two.resampled[:count]))
    marks = [1 if a > 0 else -1 if b < 0 else 0 for a, b in zip(lows, highs, strict=True)]
    names = {1: first.id, -1: second.id, 0: ""}
    sign = draws[0].sign
    points = [
        BudgetPoint(budget, sign * mean, min(sign * a, sign * b), max(sign * a, sign * b))
        for budget, mean, a, b in zip(
            budgets, (one.mean - two.mean).tolist(), lows, highs, strict=True
        )
    ]
    parts = [Stretch(budgets[a], budgets[b], names[marks[a]]) for a, b in stretches(marks)]
    return BudgetComparison(first.id, second.id, asked.against, tuple(points), tuple(parts))


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
