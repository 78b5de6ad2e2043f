"""The delta between two texts that state a number each, in the unit of the run's spread."""

import math
from collections.abc import Iterator, Sequence

from researchdesk.domain.deltas import THE_STATED, Delta, Stated, metrics_in, stated
from researchdesk.domain.links import LinkKind, ref_link
from researchdesk.domain.offers import spread_of
from researchdesk.domain.recipes import Claim
from researchdesk.domain.runs import RunSummary
from researchdesk.domain.seeding import ALL
from researchdesk.errors import DeskError
from researchdesk.harness.statistics.samples import Sample, sample
from researchdesk.services.desk import Desk
from researchdesk.services.run_recipes import claims_of_run
from researchdesk.services.run_summaries import summary

_PERCENT = "%"
_JUDGED = ("", ALL)
_ENOUGH = 2

Spread = tuple[float | None, str]
"""A standard deviation, and of what it is."""


def measured_delta(desk: Desk, expected: str, observed: str, on: str) -> Delta | None:
    """The delta of two texts; None where one states no number, or they state other units or name
    other metrics.

    ``on`` (a ref) gives the spread: of ``run:ID#claim`` that of the claim over its seeds, of
    ``run:ID`` that of the one metric whose mean is the number observed. Without one, it is the ±
    that the observed text states, if any.
    """
    told = both_stated(expected, observed)
    if told is None:
        return None
    before, after = told
    spread, of = _of_run(desk, on, after)
    if spread is None and after.spread is not None:
        spread, of = after.spread, THE_STATED
    delta = Delta(before.value, after.value, spread, of)
    return delta if math.isfinite(delta.by) else None


def both_stated(expected: str, observed: str) -> tuple[Stated, Stated] | None:
    """What both texts state, where it is in one unit and of no two metrics."""
    metrics = metrics_in(expected), metrics_in(observed)
    if all(metrics) and not metrics[0] & metrics[1]:
        return None
    before, after = stated(expected), stated(observed)
    if before is None or after is None or before.unit != after.unit:
        return None
    return before, after


def _of_run(desk: Desk, on: str, observed: Stated) -> Spread:
    link = ref_link(on) if on.strip() else None
    if link is None or link.kind is not LinkKind.RUN:
        return None, ""
    run_id, _, claim_id = link.target.partition("#")
    try:
        run = summary(desk, run_id)
        return _of_claim(desk, run, claim_id, observed) if claim_id else _by_mean(run, observed)
    except DeskError:
        return None, ""


def _of_claim(desk: Desk, run: RunSummary, claim_id: str, observed: Stated) -> Spread:
    claim = next((one for one in claims_of_run(desk, run.id) if one.id == claim_id), None)
    if claim is None:
        return None, ""
    result = next((one for one in run.claims if one.claim_id == claim_id), None)
    if result is None and not (claim.versus or claim.over):
        of = next((of for name, of in _means(run) if name == f"{claim.arm}/{claim.metric}"), None)
        mean, (spread, words) = (of.mean, _sd(of, claim)) if of else (None, (None, ""))
    else:
        mean = result.mean if result else None
        spread, words = spread_of(claim, result) if result else (None, "")
    scale = _scale(mean, observed, in_percent=claim.unit == _PERCENT)
    return (None, "") if spread is None or scale is None else (scale * spread, words)


def _sd(of: Sample, claim: Claim) -> Spread:
    return (of.sd, f"{of.n} seeds of {claim.arm}/{claim.metric}") if of.n >= _ENOUGH else (None, "")


def _scale(mean: float | None, observed: Stated, *, in_percent: bool) -> float | None:
    """What turns the metric's unit into the text's: shares may be told in per cent, or not.

    The one that brings the mean nearest to what was observed; None where that cannot be told.
    """
    if mean is None:
        return None
    other = 100.0 if observed.unit == _PERCENT and not in_percent else None
    other = 0.01 if not observed.unit and in_percent else other
    if other is None or observed.rounds_from(mean):
        return 1.0
    if mean == 0:
        return None
    return min((1.0, other), key=lambda scale: abs(scale * mean - observed.value))


def _by_mean(run: RunSummary, observed: Stated) -> Spread:
    """The spread of the one metric of one arm whose mean is what was observed, as printed."""
    scales = (1.0, 100.0) if observed.unit == _PERCENT else (1.0,)
    found = [
        (scale * of.sd, f"{of.n} seeds of {name}")
        for name, of in _means(run)
        for scale in scales
        if of.n >= _ENOUGH and observed.rounds_from(scale * of.mean)
    ]
    return found[0] if len(found) == 1 else (None, "")


def _means(run: RunSummary) -> Iterator[tuple[str, Sample]]:
    """``arm/metric`` and its sample over the seeds that finished, where all are finite."""
    values: dict[str, list[float]] = {}
    for result in run.results:
        if result.task.vary in _JUDGED:
            for name, value in result.metrics.items():
                values.setdefault(f"{result.task.arm}/{name}", []).append(float(value))
    return ((name, sample(found)) for name, found in values.items() if _all_finite(found))


def _all_finite(values: Sequence[float]) -> bool:
    return all(map(math.isfinite, values))
