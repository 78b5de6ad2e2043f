"""The curves of sweeps that are on the desk."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from researchdesk.domain.budget_curves import BudgetComparison, BudgetCurve
from researchdesk.domain.sweeps import SweepSummary
from researchdesk.services.budget_comparing import compare
from researchdesk.services.budget_curves import curve_of, told_apart
from researchdesk.services.budget_draws import Asked
from researchdesk.services.desk import Desk
from researchdesk.services.sweep_reading import gpus_of
from researchdesk.services.sweep_store import read_one, store_of


@dataclass(frozen=True, slots=True)
class SweepCurves:
    """The curve of each sweep, and the first held against each of the others."""

    curves: tuple[BudgetCurve, ...]
    comparisons: tuple[BudgetComparison, ...]


def sweep_curves(
    desk: Desk, sweep_ids: Sequence[str], asked: Asked, gpus: float | None = None
) -> SweepCurves:
    """What the budgets of sweeps bought. ``gpus`` that each trial held; None: as was written.

    Sweeps are compared where all are random searches. Raises NotOnDeskError where there is no such
    sweep, or none of its trials has a value; BadInputError where one cannot be read;
    UsageProblemError for sweeps that cannot be compared, or a budget that is not known of them.
    """
    names = list(dict.fromkeys(sweep_ids))
    summaries = [_held(read_one(desk, name), gpus) for name in names]
    held = [gpus_of(store_of(desk).environment(name)) if gpus is None else gpus for name in names]
    curves = told_apart(
        [curve_of(one, asked, count) for one, count in zip(summaries, held, strict=True)]
    )
    comparisons = [
        compare(summaries[0], other, asked, (held[0], count))
        for other, count in zip(summaries[1:], held[1:], strict=True)
        if all(curve.expected for curve in curves)
    ]
    return SweepCurves(tuple(curves), tuple(comparisons))


def _held(summary: SweepSummary, gpus: float | None) -> SweepSummary:
    """The sweep as if each of its trials had held so many GPUs; None: as was written."""
    if gpus is None:
        return summary
    trials = [replace(one, cost=replace(one.cost, gpus=gpus)) for one in summary.trials]
    return replace(summary, trials=tuple(trials))
