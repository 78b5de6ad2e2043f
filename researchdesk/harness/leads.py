"""Which row of a table is the best, and whether that is more than noise."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from researchdesk.harness.judging.finding import ALPHA, FEWEST_ALIKE, equal
from researchdesk.harness.statistics.means import Difference, papers_mean, welch
from researchdesk.harness.statistics.multiplicity import holm
from researchdesk.harness.statistics.samples import sample


@dataclass(frozen=True, slots=True)
class Column:
    """What the rows of a table measured of one metric: ``better`` is ``higher``, ``lower``, ``""``.

    ``exact`` are the rows that are the same for every seed.
    """

    values: Mapping[str, Sequence[float]]
    better: str
    exact: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Lead:
    """The row with the best mean, and the row that it is told from least.

    ``p`` is that of the difference between the two, adjusted; None where it cannot be tested.
    """

    best: str
    nearest: str
    p: float | None

    @property
    def is_shown(self) -> bool:
        """Whether the best differs from every other row."""
        return self.p is not None and self.p < ALPHA


def leads(columns: Sequence[Column]) -> list[Lead | None]:
    """The lead in each column of a table; None where nobody said what is better, or of one row.

    The best mean is held against each other row by the two-sided test of ``difference``; all these
    tests of the table are corrected together (Holm). A row whose mean is no finite number is left
    out; one that cannot be tested, as of a single seed, is one that the best is not told from.
    """
    best = [_best(column) for column in columns]
    pairs = [
        (at, name, other)
        for at, (column, name) in enumerate(zip(columns, best, strict=True))
        if name
        for other in _finite(column)
        if other != name
    ]
    raw = {pair: _p(columns[pair[0]], pair[1], pair[2]) for pair in pairs}
    tested = [pair for pair in pairs if raw[pair] is not None]
    adjusted = dict(zip(tested, holm([raw[pair] or 0.0 for pair in tested]), strict=True))
    found: list[Lead | None] = []
    for at, name in enumerate(best):
        own = [pair for pair in pairs if pair[0] == at]
        nearest = max(own, key=lambda pair: adjusted.get(pair, math.inf), default=None)
        found.append(Lead(name, nearest[2], adjusted.get(nearest)) if nearest else None)
    return found


def difference(ours: Sequence[float], theirs: Sequence[float]) -> Difference:
    """Welch's, or Student's where its interval is wider; a single value counts as exact."""
    able = len(ours) > 1 and len(theirs) > 1
    return (papers_mean if able else welch)(sample(ours), sample(theirs))


def _finite(column: Column) -> dict[str, Sequence[float]]:
    return {
        name: values
        for name, values in column.values.items()
        if values and all(map(math.isfinite, values))
    }


def _best(column: Column) -> str:
    means = {name: sample(values).mean for name, values in _finite(column).items()}
    if not column.better or len(means) < 2:
        return ""
    sign = 1 if column.better == "higher" else -1
    return max(means, key=lambda name: sign * means[name])


def _p(column: Column, best: str, other: str) -> float | None:
    ours, theirs = column.values[best], column.values[other]
    if not all(_testable(column, name) for name in (best, other)):
        return None
    gap = difference(ours, theirs)
    if equal(sample(ours).mean, sample(theirs).mean):
        return 1.0
    return gap.two_sided_p()


def _testable(column: Column, name: str) -> bool:
    """Whether a row has a spread to test with, or needs none."""
    values = column.values[name]
    if name in column.exact:
        return True
    return len(values) >= (2 if sample(values).sd > 0 else FEWEST_ALIKE)
