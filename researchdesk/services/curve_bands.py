"""What the seeds of each arm logged, as curves with a band, for a picture."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from researchdesk.domain.runs import RunSummary, Task
from researchdesk.domain.seeding import ALL
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.export.plots.curves import Band
from researchdesk.harness.statistics.samples import sample
from researchdesk.harness.steps import Curve, curves_of
from researchdesk.services.desk import Desk
from researchdesk.services.run_recipes import recipe_in
from researchdesk.services.runs import get_run, store_of

POINTS = 240
_WHOLE = 10**9
_USUAL = ("loss", "train_loss")


class Spread(StrEnum):
    """What a band is: from the lowest seed to the highest, or a standard deviation either way."""

    RANGE = "range"
    SD = "sd"


SPREADS: Mapping[Spread, str] = {
    Spread.RANGE: "mean over n seeds; band: lowest to highest seed",
    Spread.SD: "mean over n seeds; band: ± standard deviation",
}


@dataclass(frozen=True, slots=True)
class Bands:
    """The curves of one metric; ``spread`` says in words what the band is, ``others`` which
    metrics were logged too."""

    metric: str
    bands: tuple[Band, ...]
    spread: str
    others: tuple[str, ...] = ()


def bands_of(
    desk: Desk,
    run_ids: Sequence[str],
    metric: str = "",
    arms: Sequence[str] = (),
    spread: Spread = Spread.RANGE,
    points: int = POINTS,
) -> Bands:
    """A band for each arm of each run, in the recipe's order; of several runs each says of which,
    by its place in ``run_ids``.

    ``metric``: else the first of the claims' that was logged. A seed counts at a step that lies
    between its first and last one, with the value it logged last; where that is no finite number
    it does not count. Raises NotOnDeskError where there is no such run, or nothing was logged;
    UsageProblemError for a metric or an arm that is not there.
    """
    return read_curves(desk, run_ids, arms).bands(metric, spread, points)


@dataclass(frozen=True, slots=True)
class CurvesRead:
    """Every curve that the seeds of ``runs`` logged, by arm and metric."""

    desk: Desk
    runs: tuple[RunSummary, ...]
    logged: tuple[dict[tuple[str, str], list[Curve]], ...]
    metrics: tuple[str, ...]

    def bands(self, metric: str = "", spread: Spread = Spread.RANGE, points: int = POINTS) -> Bands:
        """As ``bands_of``; raises UsageProblemError for a metric that is not there."""
        if metric and metric not in self.metrics:
            raise UsageProblemError(
                f"{metric!r} was not logged.", f"Logged: {', '.join(self.metrics)}."
            )
        chosen = metric or _first(self.desk, self.runs, self.metrics)
        bands = [
            _band(_label(arm, run, self.runs), curves, spread, points)
            for run, logged in zip(self.runs, self.logged, strict=True)
            for (arm, name), curves in logged.items()
            if name == chosen
        ]
        others = tuple(name for name in self.metrics if name != chosen)
        return Bands(chosen, tuple(filter(None, bands)), SPREADS[spread], others)


def read_curves(desk: Desk, run_ids: Sequence[str], arms: Sequence[str] = ()) -> CurvesRead:
    """Read the logged steps of runs once, for bands of more than one metric.

    Raises NotOnDeskError where there is no such run, or nothing was logged; UsageProblemError for
    an arm that is not there.
    """
    runs = tuple(get_run(desk, name) for name in dict.fromkeys(run_ids))
    logged = tuple(_logged(store_of(desk).folder_of(run.id), run, arms) for run in runs)
    _refuse_unknown(runs, arms)
    known = tuple(dict.fromkeys(name for one in logged for _, name in one))
    if not known:
        named = ", ".join(run.id for run in runs)
        raise NotOnDeskError(
            f"No step was logged in {named}: there is no curve.",
            "An experiment logs a step with run.log(step, loss=…).",
        )
    return CurvesRead(desk, runs, logged, known)


def _logged(
    folder: Path, run: RunSummary, arms: Sequence[str]
) -> dict[tuple[str, str], list[Curve]]:
    """The curves of every seed, by arm and metric."""
    found: dict[tuple[str, str], list[Curve]] = {}
    for task in _tasks(run):
        if not arms or task.arm in arms:
            for metric, curve in curves_of(folder, task, _WHOLE).items():
                found.setdefault((task.arm, metric), []).append(curve)
    return found


def _tasks(run: RunSummary) -> Iterable[Task]:
    """Seeds that vary nothing apart; of an arm without such, those that vary everything."""
    plain = {task.arm for task in run.tasks if not task.vary}
    return (
        task for task in run.tasks if not task.vary or (task.vary == ALL and task.arm not in plain)
    )


def _refuse_unknown(runs: Sequence[RunSummary], arms: Sequence[str]) -> None:
    known = list(dict.fromkeys(task.arm for run in runs for task in run.tasks))
    for arm in arms:
        if arm not in known:
            raise UsageProblemError(f"There is no arm {arm!r}.", f"Arms: {', '.join(known)}.")


def _first(desk: Desk, runs: Sequence[RunSummary], known: Sequence[str]) -> str:
    claimed = [claim.metric for run in runs for claim in recipe_in(desk, run.id).claims]
    return next(name for name in (*claimed, *_USUAL, *known) if name in known)


def _label(arm: str, run: RunSummary, runs: Sequence[RunSummary]) -> str:
    return arm if len(runs) == 1 else f"{arm}, run {runs.index(run) + 1}"


def _band(label: str, curves: Sequence[Curve], spread: Spread, points: int) -> Band | None:
    steps = sorted({step for curve in curves for step, _ in curve})
    rows = [(step, values) for step in steps if (values := _values(curves, step))]
    if not rows:
        return None
    thinned = _thinned([(step, sample(values).mean) for step, values in rows], points)
    kept = [rows[place] for place in thinned]
    edges = [_edges(values, spread) for _, values in kept]
    return Band(
        label,
        tuple(float(step) for step, _ in kept),
        tuple(sample(values).mean for _, values in kept),
        tuple(low for low, _ in edges),
        tuple(high for _, high in edges),
        len(curves),
        min(len(values) for _, values in rows),
    )


def _values(curves: Sequence[Curve], step: int) -> list[float]:
    """The finite value of each seed that was under way at a step."""
    found = []
    for curve in curves:
        if curve[0][0] <= step <= curve[-1][0]:
            value = curve[bisect_right(curve, step, key=lambda point: point[0]) - 1][1]
            if math.isfinite(value):
                found.append(value)
    return found


def _edges(values: Sequence[float], spread: Spread) -> tuple[float, float]:
    if spread is Spread.RANGE:
        return min(values), max(values)
    of = sample(values)
    return of.mean - of.sd, of.mean + of.sd


def _thinned(means: Sequence[tuple[int, float]], points: int) -> list[int]:
    """The places to keep: the ends, and of each stretch of steps the lowest and the highest."""
    if len(means) <= points:
        return list(range(len(means)))
    length = max(1, 2 * len(means) // points)
    kept = {0, len(means) - 1}
    for first in range(0, len(means), length):
        stretch = range(first, min(first + length, len(means)))
        kept |= {
            min(stretch, key=lambda at: means[at][1]),
            max(stretch, key=lambda at: means[at][1]),
        }
    return sorted(kept)
