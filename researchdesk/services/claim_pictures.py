"""The picture of a claim: what was claimed and what each seed measured, on one axis."""

import math
from collections.abc import Sequence

from researchdesk.domain import figures
from researchdesk.domain.claim_pictures import ClaimPicture, PicturePanel, PictureRow
from researchdesk.domain.recipes import Claim, ClaimKind
from researchdesk.domain.text import one_line
from researchdesk.domain.verdicts import ClaimResult, Interval, Shortfall
from researchdesk.harness.judging.measured import Evidence
from researchdesk.services.reports import Report

_LARGEST = 1e100
_ABOUT_PAPER = "prediction interval, Welch"
_NAMED = 12
_PER_CENT = 100.0
_UNLIKE = {Shortfall.OTHER_DATA: " (other data)", Shortfall.SHORTENED: " (shortened run)"}


def picture_of(report: Report, claim: Claim, result: ClaimResult) -> ClaimPicture | None:
    """What can be drawn of a claim; None where no seed measured a number for it."""
    run = report.run
    seen = Evidence(report.recipe, run.results, run.failures, (), run.missing, run.data)
    if claim.kind is ClaimKind.ORDERING:
        panels = _datasets(seen, claim) if claim.over else _ordering(seen, claim, result)
    elif claim.kind is ClaimKind.RATE:
        panels = _rate(seen, claim, result)
    else:
        panels = _of_one_arm(seen, claim, result)
    if not any(row.dots for panel in panels for row in panel.rows):
        return None
    title = one_line(claim.text)
    return ClaimPicture(title, panels, _about(claim, result, panels), _key(claim, result, panels))


def _values(seen: Evidence, arm: str, metric: str) -> dict[int, float]:
    """The finite values of an arm, by seed."""
    of_arm, _ = seen.of_arm(arm)
    values = {one.task.seed: one.metrics[metric] for one in of_arm if metric in one.metrics}
    return {seed: value for seed, value in values.items() if abs(value) < _LARGEST}


def _row(label: str, values: Sequence[float], interval: Interval | None = None) -> PictureRow:
    mean = math.fsum(values) / len(values) if values else None
    return PictureRow(one_line(label), tuple(values), mean, interval)


def _of_one_arm(seen: Evidence, claim: Claim, result: ClaimResult) -> tuple[PicturePanel, ...]:
    values = list(_values(seen, claim.arm, claim.metric).values())
    about_paper = result.test.endswith(_ABOUT_PAPER)
    paper = PictureRow(
        "claimed", (), claim.claimed, result.interval if about_paper else None, claimed=True
    )
    label = claim.arm + _UNLIKE.get(result.shortfall or Shortfall.FAILED, "")
    ours = _row(label, values, None if about_paper else result.interval)
    band = None
    if claim.tolerance is not None and not claim.direction:
        band = Interval(claim.claimed - claim.tolerance, claim.claimed + claim.tolerance)
    panel = PicturePanel(_axis(claim), (paper, ours), claim.claimed, band, claim.direction)
    return (panel,)


def _ordering(seen: Evidence, claim: Claim, result: ClaimResult) -> tuple[PicturePanel, ...]:
    ours = _values(seen, claim.arm, claim.metric)
    other = _values(seen, claim.versus, claim.metric)
    arms = (_row(claim.arm, list(ours.values())), _row(claim.versus, list(other.values())))
    first = PicturePanel(_axis(claim), arms)
    if not ours or not other:
        return (first,)
    gaps = [ours[seed] - other[seed] for seed in sorted(ours.keys() & other.keys())]
    mean = math.fsum(ours.values()) / len(ours) - math.fsum(other.values()) / len(other)
    paired = claim.paired and len(gaps) > 1
    if paired:
        mean = math.fsum(gaps) / len(gaps)
    words = f"{claim.arm} less {claim.versus}" + (", seed by seed" if paired else "")
    row = PictureRow(one_line(words), tuple(gaps) if paired else (), mean, result.interval)
    return first, PicturePanel(
        _axis(claim, "difference"), (row,), claim.claimed, side=claim.direction, zero=True
    )


def _datasets(seen: Evidence, claim: Claim) -> tuple[PicturePanel, ...]:
    rows = []
    for name in claim.over:
        metric = f"{claim.metric}/{name}"
        pair = [list(_values(seen, arm, metric).values()) for arm in (claim.arm, claim.versus)]
        if all(pair):
            gap = math.fsum(pair[0]) / len(pair[0]) - math.fsum(pair[1]) / len(pair[1])
            rows.append(PictureRow(one_line(name), (gap,)))
    axis = one_line(f"{claim.metric}, {claim.arm} less {claim.versus}")
    panel = PicturePanel(axis, tuple(rows), claim.claimed, side=claim.direction, zero=True)
    return (panel,)


def _rate(seen: Evidence, claim: Claim, result: ClaimResult) -> tuple[PicturePanel, ...]:
    """Our rate less the paper's, in percentage points."""
    values = list(_values(seen, claim.arm, claim.metric).values())
    if not values:
        return ()
    gap = _PER_CENT * (math.fsum(values) / len(values) - claim.claimed)
    of = result.interval
    interval = Interval(_PER_CENT * of.low, _PER_CENT * of.high) if of else None
    half = None if claim.tolerance is None else _PER_CENT * claim.tolerance
    row = PictureRow(one_line(f"{claim.arm} less the paper"), (gap,), None, interval)
    band = None if half is None else Interval(-half, half)
    return (PicturePanel("difference (percentage points)", (row,), 0.0, band, zero=True),)


def _axis(claim: Claim, name: str = "") -> str:
    """The metric, or ``name``, with the unit."""
    name, unit = one_line(name or claim.metric), one_line(claim.unit)
    return f"{name} ({unit})" if unit and unit != name else name


# In words


def _about(claim: Claim, result: ClaimResult, panels: Sequence[PicturePanel]) -> str:
    """The picture for who cannot see it: with the numbers."""
    parts = [f"Claimed: {figures.claimed(claim)}"]
    for panel in panels:
        parts += [_row_words(claim, row) for row in panel.rows if row.dots]
    if measured := figures.measured(claim, result):
        word = "Difference" if claim.kind is ClaimKind.ORDERING else "Measured"
        parts.append(f"{word}: {measured}")
    if between := figures.interval(claim, result):
        parts.append(f"{figures.interval_name(claim, result).capitalize()}: {between}")
    return one_line(f"{'. '.join(parts)}. Verdict: {result.verdict.value}.")


def _row_words(claim: Claim, row: PictureRow) -> str:
    if claim.kind is ClaimKind.RATE:
        return f"{row.label}: {row.dots[0]:.4g} percentage points"
    if len(row.dots) > _NAMED:
        low, high = (figures.number(claim, end) for end in (min(row.dots), max(row.dots)))
        return f"{row.label}: {len(row.dots)} values from {low} to {high}"
    return f"{row.label}: {', '.join(figures.number(claim, value) for value in row.dots)}"


def _key(claim: Claim, result: ClaimResult, panels: Sequence[PicturePanel]) -> str:
    """How the marks of this picture are read."""
    rows = [row for panel in panels for row in panel.rows]
    several = any(len(row.dots) > 1 for row in rows)
    if claim.kind is ClaimKind.RATE:
        dot = "Dot: the share of seeds that succeeded, less the paper's."
    elif claim.over:
        dot = "Dot: the difference of the means on one dataset."
    elif not several:
        dot = "Dot: what was measured."
    else:
        dot = "Dots: one for each seed; upright stroke: their mean."
    if any(not row.dots and not row.claimed for row in rows):
        dot += " Full diamond: the difference of the means."
    line = "Dashed line: the claimed number"
    if claim.direction:
        line += "; shaded: where the claim holds."
    else:
        line += "; shaded: its tolerance." if claim.tolerance is not None else "."
    drawn = result.interval is not None and not claim.over
    level = figures.level(result)
    name = f"the {figures.interval_name(claim, result)}"
    name += f" ({level})" if figures.is_wider(result) else ""
    if result.test.endswith(_ABOUT_PAPER):
        name = f"where the paper's runs put our mean, at {level}"
    bar = f"Bar: {name}." if drawn else ""
    return " ".join(filter(None, (dot, line, bar)))
