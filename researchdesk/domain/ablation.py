"""Tables of arms as papers print them: what differs, what was measured, what the change did."""

import math
from dataclasses import dataclass

from researchdesk.domain.verdicts import Interval


@dataclass(frozen=True, slots=True)
class Words:
    """Text that came from a recipe, or is ours."""

    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """A setting that is on or off."""

    on: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """A metric over ``n`` seeds; ``sd`` is the sample standard deviation, None for one seed.

    ``best``: it differs significantly from every other row of the table, for the better.
    """

    mean: float
    sd: float | None
    n: int
    best: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """The mean's difference to another arm's, ``versus``, with its 95 % interval if there is one.

    ``better``: whether the difference is one for the better, None where nobody said what is.
    """

    by: float
    versus: str
    interval: Interval | None
    better: bool | None = None

    @property
    def within_noise(self) -> bool:
        """Whether the interval holds 0; a difference without interval is not known to be more."""
        return self.interval is None or self.interval.low <= 0 <= self.interval.high

    @property
    def is_exact(self) -> bool:
        """Whether both arms are the same for every seed: there is no noise to compare with."""
        return self.interval is not None and self.interval.low == self.interval.high


Cell = Words | Check | Measured | Change | None
"""None: nothing was measured, or there is nothing to compare with."""


@dataclass(frozen=True, slots=True)
class AblationTable:
    """``rows`` have a cell for each of ``heads``; ``notes`` stand below.

    ``others`` are the metrics that were measured too, of which no column tells.
    """

    title: str
    metric: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def digits(mean: float, sd: float | None) -> tuple[str, str]:
    """Mean and spread as they are printed: the spread with two digits, the mean to its last one.

    Without a spread the mean has six digits; with a spread of 0, four. Numbers that would need many
    zeros have an exponent.
    """
    if not math.isfinite(mean) or sd is None or not math.isfinite(sd) or sd <= 0:
        return f"{mean:.6g}" if sd is None else _short(mean), "" if sd is None else _short(sd)
    places = 1 - math.floor(math.log10(sd))
    if places > 6 or max(abs(mean), sd) >= 1e6:
        return f"{mean:.3e}", f"{sd:.1e}"
    places = max(0, places)
    return f"{mean:.{places}f}", f"{sd:.{places}f}"


def signed(change: Change) -> tuple[str, str, str]:
    """The difference and the ends of its interval with their signs, all to the same digit."""
    if change.interval is None:
        return _plus(_short(change.by)), "", ""
    low, high = change.interval.low, change.interval.high
    by, _ = digits(change.by, (high - low) / 2)
    if "e" in by or high == low:
        return _plus(by), _plus(f"{low:.3g}"), _plus(f"{high:.3g}")
    places = len(by.partition(".")[2])
    return _plus(by), _plus(f"{low:.{places}f}"), _plus(f"{high:.{places}f}")


def _short(value: float) -> str:
    return f"{value:.0f}" if value == 0 else f"{value:.4g}"


def _plus(text: str) -> str:
    return text if text.startswith(("-", "+")) or text == "nan" else f"+{text}"
