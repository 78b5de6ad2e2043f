"""Tables as papers print them: what differs between arms, what was measured, what was claimed."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from researchdesk.domain.text import one_line
from researchdesk.domain.verdicts import Interval

_EXACT = 1e15
Raw = str | bool | int | float | None


@dataclass(frozen=True, slots=True)
class Words:
    """Text that came from a recipe, or is ours; ``raw`` are the values it was made of, by name."""

    text: str
    raw: Mapping[str, Raw] = field(default_factory=dict, compare=False)


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
class MadeFrom:
    """A run that numbers of a table come from. ``seeds`` are those done and those planned;
    ``state`` is empty for a run that came to its end; ``substitutes`` say what data stood in for
    other."""

    run: str
    recipe: str
    digest: str
    arxiv_id: str
    begun: date
    seeds: tuple[int, int]
    state: str = ""
    quick: bool = False
    substitutes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """All of it on one line."""
        done, planned = self.seeds
        of = f"recipe {self.recipe} (files SHA-256 {self.digest[:12]})"
        paper = f", arXiv:{self.arxiv_id}" if self.arxiv_id else ""
        state = f", {self.state}" if self.state else ""
        quick = ", shortened (--quick)" if self.quick else ""
        other = "".join(f", on {text}" for text in self.substitutes)
        counted = f"{done} of {planned} seeds"
        return one_line(
            f"run {self.run}: {of}{paper}, begun {self.begun}, {counted}{state}{quick}{other}"
        )


@dataclass(frozen=True, slots=True)
class AblationTable:
    """``rows`` have a cell for each of ``heads``; ``notes`` stand below.

    ``others`` are the metrics that were measured too, of which no column tells. ``made_from`` are
    the runs that the numbers come from, ``runs`` says for each row of which (empty where not said).
    """

    title: str
    metric: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    made_from: tuple[MadeFrom, ...] = ()
    runs: tuple[str, ...] = ()


def made_from(tables: Iterable[AblationTable]) -> tuple[MadeFrom, ...]:
    """The runs that these tables were made from, each once."""
    return tuple({source.run: source for table in tables for source in table.made_from}.values())


def digits(mean: float, sd: float | None) -> tuple[str, str]:
    """Mean and spread as they are printed: the spread with two digits, the mean to its last one.

    Without a spread a whole number has all its digits and another mean six; with a spread of 0,
    four. Numbers that would need many zeros have an exponent.
    """
    if sd is None and abs(mean) < _EXACT and mean == round(mean):
        return f"{mean:.0f}", ""
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
