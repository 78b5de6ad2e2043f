"""How much of the spread over seeds is due to each source of randomness."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from researchdesk.domain.runs import SeedResult
from researchdesk.domain.seeding import ALL, HYPER, SOURCES
from researchdesk.harness.statistics.samples import sample

_LEAST = 3
_ROUNDING = 1e-9
_OVER = "more than the joint: too few seeds"
_ORDER = (ALL, *SOURCES, HYPER)


@dataclass(frozen=True, slots=True)
class VarianceRow:
    """The spread of a metric where one ``source`` alone was varied; ``all``: all of them together.

    ``sd`` is the sample standard deviation over ``n`` finite values, ``share`` its square over that
    of ``all``, 0 to 1; None where that is not known or is zero, where one of the two has fewer than
    three values, and where it would be more than one: ``note`` says so. Shares need not add up to
    one: sources interact.
    """

    arm: str
    metric: str
    source: str
    n: int
    sd: float
    share: float | None
    note: str = ""


def variance_rows(results: Iterable[SeedResult]) -> tuple[VarianceRow, ...]:
    """A row for each arm, metric and source that was varied, two finite values at least.

    Source: Bouthillier et al., Accounting for Variance in Machine Learning Benchmarks (2021),
    section 2: one source's seed is drawn anew while the others are held.
    """
    values: dict[tuple[str, str], dict[str, list[float]]] = {}
    for result in results:
        if result.task.vary:
            for metric, value in result.metrics.items():
                if math.isfinite(value):
                    of = values.setdefault((result.task.arm, metric), {})
                    of.setdefault(result.task.vary, []).append(float(value))
    rows: list[VarianceRow] = []
    for (arm, metric), of in values.items():
        joint = of.get(ALL, ())
        for source in sorted(of, key=_ORDER.index):
            found = _spread(of[source])
            if found is not None:
                share, note = _share(of[source], joint)
                rows.append(VarianceRow(arm, metric, source, len(of[source]), found, share, note))
    return tuple(rows)


def _share(values: Sequence[float], joint: Sequence[float]) -> tuple[float | None, str]:
    """One source's part of the joint variance, or why it is none in words."""
    of, whole = _spread(values), _spread(joint)
    if min(len(values), len(joint)) < _LEAST or of is None or not whole:
        return None, ""
    share = (of / whole) * (of / whole)
    return (None, _OVER) if share > 1 + _ROUNDING else (min(share, 1.0), "")


def _spread(values: Sequence[float]) -> float | None:
    """The sample standard deviation (n - 1), without rounding where all values are equal."""
    return sample(values).sd if len(values) > 1 else None
