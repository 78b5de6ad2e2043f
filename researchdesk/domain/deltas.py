"""A delta: what was observed less what was expected, in the unit of the spread."""

import math
from dataclasses import dataclass

from researchdesk.domain.stated import Stated as Stated
from researchdesk.domain.stated import metrics_in as metrics_in
from researchdesk.domain.stated import number_in as number_in
from researchdesk.domain.stated import stated as stated

THE_STATED = "the ± stated"
"""``spread_of`` where the spread is what the text says after its ±."""

_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Delta:
    """Two numbers in one unit.

    ``spread`` is a standard deviation in that unit, None where none is known; ``spread_of`` says
    of what: ``"5 seeds of ours/test_accuracy"``, or ``THE_STATED``.
    """

    expected: float
    observed: float
    spread: float | None = None
    spread_of: str = ""

    @property
    def by(self) -> float:
        """Observed less expected; 0 where they differ by no more than their rounding."""
        apart = self.observed - self.expected
        least = _ROUNDING * max(abs(self.observed), abs(self.expected))
        return 0.0 if abs(apart) <= least else apart

    @property
    def in_spreads(self) -> float | None:
        """How many spreads the two are apart, never below 0; None without a positive spread."""
        if self.spread is None or not 0 < self.spread < math.inf:
            return None
        return abs(self.by / self.spread)


def words(delta: Delta) -> str:
    """``+0.13, 2.6 standard deviations of 5 seeds of ours/accuracy``."""
    far = delta.in_spreads
    if not delta.by:
        return "no difference"
    if far is None or not math.isfinite(far):
        return f"{_signed(delta.by)}{_no_spread(delta)}"
    if delta.spread_of == THE_STATED:
        return f"{_signed(delta.by)}, {_times(far)} times {THE_STATED}"
    of = f" of {delta.spread_of}" if delta.spread_of else ""
    return f"{_signed(delta.by)}, {_times(far)} standard deviation{'' if far == 1 else 's'}{of}"


def _no_spread(delta: Delta) -> str:
    alike = delta.spread == 0 and delta.spread_of and delta.spread_of != THE_STATED
    return f"; {delta.spread_of} gave one number, so there is no spread" if alike else ""


def _signed(value: float) -> str:
    return f"{value:+.4g}"


def _times(far: float) -> str:
    return f"{far:.1f}" if far < 100 else f"{far:,.0f}" if far < 1e6 else f"{far:.2g}"
