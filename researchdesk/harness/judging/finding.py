"""What the judgement of one claim brings forth, before the claims of a table are looked at."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from textwrap import wrap

from researchdesk.domain.recipes import Claim
from researchdesk.domain.verdicts import ClaimResult, Interval, Verdict
from researchdesk.harness.judging.measured import Measured
from researchdesk.harness.statistics.samples import Sample, sample

_WIDTH = 74
"""Of a line of arithmetic, so that it fits 80 columns where it is indented."""

ALPHA = 0.05
"""What a verdict may be wrong by chance."""

FEWEST_ALIKE = 5
"""Identical seeds that decide: 5 of 5 on one side have p = 1 / 2^5 = 0.031 by the sign test."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim judged by itself.

    ``against`` is the p of the test that speaks against the claim, ``shown`` that of the test that
    one arm differs from the other as claimed; None where there is no such test. Both are corrected
    over the claims of a table. ``wider`` gives the result's interval at another level.
    """

    claim: Claim
    result: ClaimResult
    against: float | None = None
    shown: float | None = None
    wider: Callable[[float], Interval] | None = None


def of_seeds(claim: Claim, of: Sample, verdict: Verdict, why: str) -> ClaimResult:
    """A result with size, mean and spread of ours filled in."""
    sd = of.sd if of.n > 1 else None
    return ClaimResult(claim.id, verdict, why, of.n, of.mean, sd)


def exactly(claim: Claim, ours: Measured, verdict: Verdict, why: str) -> Finding:
    """A comparison without a test."""
    result = of_seeds(claim, sample(ours.values), verdict, why)
    return Finding(claim, replace(result, test="exact", arithmetic=lines(why)))


def alike(claim: Claim, ours: Measured, *, met: bool, why: str) -> Finding:
    """Seeds that all gave one number: with fewer than five of them nothing is decided.

    They may be the same because nothing in them is random, or because the metric is coarse; without
    a spread no t test says which. The sign test supposes no distribution.
    """
    of = sample(ours.values)
    said = f"{why}; all {of.n} seeds of {ours.arm.name} gave the same number, so there is no spread"
    if of.n < FEWEST_ALIKE:
        said += f" to test with; {FEWEST_ALIKE} alike would decide"
        result = of_seeds(claim, of, Verdict.IMPRECISE, said)
        result = replace(result, more_seeds=FEWEST_ALIKE)
    else:
        said += ": compared as it is"
        result = of_seeds(claim, of, Verdict.REPRODUCED if met else Verdict.DIFFERENT, said)
    p = 0.5**of.n
    sign = f"sign test: {of.n} of {of.n} seeds on one side, p = 1 / 2^{of.n} = {g(p)}"
    return Finding(claim, replace(result, test="sign test", p=p, arithmetic=lines(why, sign)))


def within(value: float, claimed: float, tolerance: float) -> bool:
    """Within the tolerance, its edge included whatever the rounding of binary fractions."""
    gap = abs(value - claimed)
    return gap <= tolerance or equal(gap, tolerance)


def equal(a: float, b: float) -> bool:
    """Equal but for the rounding of binary fractions."""
    return math.isclose(a, b, rel_tol=1e-9)


def outlook(seeds: int | None) -> str:
    """How many seeds would decide, in words."""
    if seeds is None:
        return "; more seeds alone would hardly decide"
    return f"; about {seeds} seeds would decide, mean and spread staying as they are"


def g(value: float) -> str:
    """A number for a line of arithmetic."""
    return f"{value:.4g}"


def span(interval: Interval) -> str:
    """An interval's ends."""
    return f"{interval.low:.4g} … {interval.high:.4g}"


def ours_line(of: Sample, name: str = "ours") -> str:
    return f"{name}: n = {of.n}, mean {g(of.mean)}, sd {g(of.sd)}"


def effect_line(name: str, effect: float | None) -> list[str]:
    return [] if effect is None else [f"effect size: {name} = {g(effect)}"]


def lines(*parts: str | Iterable[str]) -> tuple[str, ...]:
    """Lines and lists of lines as one, folded to fit a terminal; empty ones left out."""
    flat: list[str] = []
    for part in parts:
        flat += [part] if isinstance(part, str) else part
    return tuple(folded for line in flat for folded in _folded(line))


def _folded(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()))
    return wrap(line, _WIDTH, subsequent_indent=f"{indent}  ", break_long_words=False)
