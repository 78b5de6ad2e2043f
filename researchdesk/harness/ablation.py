"""What each change did: arms against their parents, and the steps of a ladder one by one."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from researchdesk.domain.ablation import AblationTable, Cell, Change, Check, Measured, Words
from researchdesk.domain.recipes import SUBSTITUTE, Arm, ArmKind, Recipe
from researchdesk.domain.runs import SeedResult
from researchdesk.domain.seeding import ALL
from researchdesk.harness.statistics.means import Difference, papers_mean, welch
from researchdesk.harness.statistics.samples import sample

_BASELINE = "baseline:"
_HIGHER = ("accuracy", "auc", "f1", "bleu", "precision", "recall")
_LOWER = ("loss", "error", "mse", "mae", "nll", "perplexity", "rmse")
_NOISE = (
    "Δ is the difference of the means with its 95 % interval (Welch's or Student's, the wider); "
    "within noise: the interval holds 0. The intervals are not corrected for there being several."
)


def metrics_of(recipe: Recipe, results: Iterable[SeedResult]) -> list[str]:
    """The metrics that were measured: those of the claims first, then the others by name."""
    measured = {name for result in results for name in result.metrics}
    claimed = [claim.metric for claim in recipe.claims if claim.metric in measured]
    usual = [name for name in ("test_accuracy", "test_mse", "test_loss") if name in measured]
    return list(dict.fromkeys([*claimed, *usual, *sorted(measured)]))


def ablation_tables(
    recipe: Recipe,
    results: Sequence[SeedResult],
    metric: str,
    missing: Mapping[str, str] | None = None,
    *,
    quick: bool = False,
    data: Mapping[str, str] | None = None,
) -> tuple[AblationTable, ...]:
    """The table of arms, and that of the ladder where arms are steps of one.

    Columns are the settings that differ between the arms (a check mark where they are on or off),
    the metric as mean ± standard deviation over n seeds, and the difference to the arm's parent.
    ``missing`` says why an arm could not be run; ``quick``: the run was a shortened one; ``data``:
    for each data need what was taken, as ``RunSummary.data``; a note names what was substituted.
    Seeds that vary one source only are left out.
    """
    seen = _Seen(recipe, results, metric, quick)
    seen.substitutes = _substitutes(recipe, data or {})
    steps = [arm for arm in recipe.arms if arm.kind is ArmKind.LADDER]
    others = [arm for arm in recipe.arms if arm not in steps]
    tables = []
    if others:
        tables.append(_arms_table(recipe, _families(others), seen, missing or {}))
    if steps:
        tables.append(_ladder_table(recipe, _in_order(steps), seen, missing or {}))
    return tuple(tables)


class _Seen:
    """What was measured of one metric, by arm."""

    def __init__(
        self, recipe: Recipe, results: Sequence[SeedResult], metric: str, quick: bool
    ) -> None:
        self.metric = metric
        self.quick = quick
        self.better = _direction(recipe, metric)
        self.others = tuple(name for name in metrics_of(recipe, results) if name != metric)
        self.substitutes: dict[str, list[str]] = {}
        self._exact = {arm.name for arm in recipe.arms if arm.deterministic}
        self._values: dict[str, list[float]] = {}
        for result in results:
            if result.task.vary in ("", ALL) and metric in result.metrics:
                self._values.setdefault(result.task.arm, []).append(result.metrics[metric])

    def values(self, arm: str) -> list[float]:
        return self._values.get(arm, [])

    def measured(self, arm: str, best: bool) -> Measured | None:
        values = self.values(arm)
        if not values:
            return None
        if not all(map(math.isfinite, values)):
            return Measured(math.nan, math.nan, len(values))
        of = sample(values)
        return Measured(of.mean, of.sd if of.n > 1 else None, of.n, best)

    def best(self, arms: Sequence[Arm]) -> str:
        """The arm with the best mean; none where nobody said what is better, or of one only."""
        means = {
            arm.name: found.mean
            for arm in arms
            if (found := self.measured(arm.name, best=False)) and math.isfinite(found.mean)
        }
        if not self.better or len(means) < 2:
            return ""
        sign = 1 if self.better == "higher" else -1
        return max(means, key=lambda name: sign * means[name])

    def change(self, arm: str, versus: str) -> Change | None:
        ours, theirs = self.values(arm), self.values(versus)
        if not versus or not ours or not theirs or not all(map(math.isfinite, ours + theirs)):
            return None
        found = _difference(ours, theirs)
        known = all(len(self.values(name)) > 1 or name in self._exact for name in (arm, versus))
        better = None
        if self.better and found.mean:
            better = (found.mean > 0) == (self.better == "higher")
        return Change(found.mean, versus, found.interval() if known else None, better)


def _difference(ours: Sequence[float], theirs: Sequence[float]) -> Difference:
    """Welch's, or Student's where its interval is wider; a single value counts as exact."""
    able = len(ours) > 1 and len(theirs) > 1
    return (papers_mean if able else welch)(sample(ours), sample(theirs))


def _arms_table(
    recipe: Recipe, arms: Sequence[Arm], seen: _Seen, missing: Mapping[str, str]
) -> AblationTable:
    names = _differing(arms)
    best = seen.best(arms)
    compared = any(arm.parent for arm in arms)
    rows: list[tuple[Cell, ...]] = []
    for arm in arms:
        cells: list[Cell] = [Words(arm.name)]
        cells += [None if _free(arm) else _setting(arm.settings, name) for name in names]
        if not names:
            cells.append(Words(arm.change or arm.description))
        cells.append(seen.measured(arm.name, arm.name == best))
        if compared:
            cells.append(seen.change(arm.name, arm.parent))
        rows.append(tuple(cells))
    heads = ("arm", *(names or ("what",)), seen.metric, *(("Δ to parent",) if compared else ()))
    notes = _notes(arms, seen, missing, compared)
    title = f"Arms of {recipe.title}"
    return AblationTable(title, seen.metric, heads, tuple(rows), notes, seen.others)


def _ladder_table(
    recipe: Recipe, steps: Sequence[Arm], seen: _Seen, missing: Mapping[str, str]
) -> AblationTable:
    base = recipe.arm(steps[0].parent)
    shown = ([base] if base else []) + list(steps)
    best = seen.best(shown)
    rows: list[tuple[Cell, ...]] = []
    before = ""
    for number, arm in enumerate(shown, start=0 if base else 1):
        change = seen.change(arm.name, arm.parent or before) if before else None
        words = Words(arm.change or arm.description)
        measured = seen.measured(arm.name, arm.name == best)
        rows.append((Words(str(number)), Words(arm.name), words, measured, change))
        before = arm.name
    heads = ("step", "arm", "change", seen.metric, "Δ to the step before")
    notes = _notes(shown, seen, missing, compared=True)
    title = f"Ladder of {recipe.title}"
    return AblationTable(title, seen.metric, heads, tuple(rows), notes, seen.others)


def _notes(
    arms: Sequence[Arm], seen: _Seen, missing: Mapping[str, str], compared: bool
) -> tuple[str, ...]:
    better = f"; {seen.better} is better" if seen.better else ""
    notes = [f"Mean ± standard deviation over n seeds{better}."]
    if seen.quick:
        notes.append("Of a shortened run.")
    notes += _data_notes([arm.name for arm in arms if seen.values(arm.name)], seen.substitutes)
    if compared:
        notes.append(_NOISE)
    for arm in arms:
        if not seen.values(arm.name):
            why = missing.get(arm.name, "no seed finished with this metric")
            notes.append(f"{arm.name}: {why}.".replace("..", "."))
    return tuple(notes)


def _substitutes(recipe: Recipe, data: Mapping[str, str]) -> dict[str, list[str]]:
    """For each arm, in words, the data that was taken in another's place."""
    words = {
        need.name: f"{data[need.name].removeprefix(SUBSTITUTE)} in place of {need.source}"
        for need in recipe.data
        if data.get(need.name, "").startswith(SUBSTITUTE)
    }
    return {
        arm.name: [text for name, text in words.items() if not arm.needs or name in arm.needs]
        for arm in recipe.arms
    }


def _data_notes(names: Sequence[str], substitutes: Mapping[str, Sequence[str]]) -> list[str]:
    """A line for each substitute; it names the arms where not all of them had it."""
    notes = []
    for words in dict.fromkeys(text for name in names for text in substitutes.get(name, ())):
        having = [name for name in names if words in substitutes.get(name, ())]
        whose = "" if len(having) == len(names) else f"{', '.join(having)}: "
        notes.append(f"{whose}{'on' if whose else 'On'} {words}.")
    return notes


def _families(arms: Sequence[Arm]) -> list[Arm]:
    """Baselines, then every arm with its children below it."""
    first = [arm for arm in arms if arm.kind is ArmKind.BASELINE]
    rest = [arm for arm in arms if arm.kind is not ArmKind.BASELINE]
    names = {arm.name for arm in rest}
    found = list(first)

    def place(arm: Arm) -> None:
        if arm not in found:
            found.append(arm)
            for child in rest:
                if child.parent == arm.name:
                    place(child)

    for arm in rest:
        if arm.parent not in names:
            place(arm)
    return found + [arm for arm in rest if arm not in found]


def _in_order(steps: Sequence[Arm]) -> list[Arm]:
    """The steps, each after the one it builds on."""
    return _families(steps)


def _differing(arms: Sequence[Arm]) -> tuple[str, ...]:
    """The settings of which arms have different values, or that a trained arm lacks.

    Baselines that come free heed none; what other baselines, arms that are the same for every seed
    and arms without settings lack is no difference.
    """
    own = [arm for arm in arms if not _free(arm)]
    names = list(dict.fromkeys(name for arm in own for name in arm.settings))
    return tuple(name for name in names if _differs(name, own))


def _differs(name: str, arms: Sequence[Arm]) -> bool:
    values = [arm.settings[name] for arm in arms if name in arm.settings]
    if any(value != values[0] for value in values):
        return True
    has = {name in arm.settings for arm in arms if _trained(arm)}
    return len(has) == 2


def _trained(arm: Arm) -> bool:
    return bool(arm.settings) and not arm.deterministic and arm.kind is not ArmKind.BASELINE


def _free(arm: Arm) -> bool:
    return arm.kind is ArmKind.BASELINE and arm.name.startswith(_BASELINE)


def _setting(settings: Mapping[str, Any], name: str) -> Cell:
    if name not in settings:
        return None
    value = settings[name]
    if isinstance(value, bool):
        return Check(value)
    if isinstance(value, float):
        return Words(f"{value:g}")
    if isinstance(value, list | tuple):
        return Words(", ".join(map(str, value)))
    return Words(str(value))


def _direction(recipe: Recipe, metric: str) -> str:
    """Whether higher or lower is better: as the claims say, else by the metric's last word."""
    said = [claim.better for claim in recipe.claims if claim.metric == metric and claim.better]
    if said:
        return said[0]
    last = metric.replace("/", "_").lower().split("_")
    if set(last) & set(_HIGHER):
        return "higher"
    return "lower" if set(last) & set(_LOWER) else ""
