"""What the arms of a run measured, as the cells of a table, with what a reader must know of it."""

import math
from collections.abc import Iterable, Mapping, Sequence

from researchdesk.domain.ablation import Change, Measured
from researchdesk.domain.recipes import SUBSTITUTE, Arm, Recipe
from researchdesk.domain.runs import SeedResult
from researchdesk.domain.seeding import ALL
from researchdesk.harness.leads import Column, Lead, difference, leads
from researchdesk.harness.statistics.samples import sample

_HIGHER = ("accuracy", "auc", "f1", "bleu", "precision", "recall")
_LOWER = ("loss", "error", "mse", "mae", "nll", "perplexity", "rmse")
_TEST = "two-sided Welch's or Student's test, the wider, at 5 %, Holm's correction over the table"


def metrics_of(recipe: Recipe, results: Iterable[SeedResult]) -> list[str]:
    """The metrics that were measured: those of the claims first, then the others by name."""
    measured = {name for result in results for name in result.metrics}
    claimed = [claim.metric for claim in recipe.claims if claim.metric in measured]
    usual = [name for name in ("test_accuracy", "test_mse", "test_loss") if name in measured]
    return list(dict.fromkeys([*claimed, *usual, *sorted(measured)]))


def measured_arms(results: Iterable[SeedResult], metric: str = "") -> frozenset[str]:
    """The arms with a finished seed, of this metric where one is named. Seeds that vary one source
    only do not count."""
    return frozenset(
        result.task.arm
        for result in results
        if result.task.vary in ("", ALL) and (not metric or metric in result.metrics)
    )


def most_shared(recipe: Recipe, results: Sequence[SeedResult]) -> list[str]:
    """The metrics, those that most of the arms have first; among equals as in ``metrics_of``."""
    known = metrics_of(recipe, results)
    return sorted(known, key=lambda name: -len(measured_arms(results, name)))


def direction(recipe: Recipe, metric: str) -> str:
    """Whether higher or lower is better: as the claims say, else by the metric's last word."""
    said = [claim.better for claim in recipe.claims if claim.metric == metric and claim.better]
    if said:
        return said[0]
    words = set(metric.replace("/", "_").lower().split("_"))
    if words & set(_HIGHER):
        return "higher"
    return "lower" if words & set(_LOWER) else ""


class ArmValues:
    """What was measured of one metric, by arm. Seeds that vary one source only are left out."""

    def __init__(self, recipe: Recipe, results: Iterable[SeedResult], metric: str) -> None:
        self.metric = metric
        self.better = direction(recipe, metric)
        self._exact = {arm.name for arm in recipe.arms if arm.deterministic}
        self._values: dict[str, list[float]] = {}
        for result in results:
            if result.task.vary in ("", ALL) and metric in result.metrics:
                self._values.setdefault(result.task.arm, []).append(result.metrics[metric])

    def of(self, arm: str) -> list[float]:
        return self._values.get(arm, [])

    def columns(self, arms: Sequence[Arm]) -> dict[str, Column]:
        """What these rows of a table measured, in a column for each set of arms that work on the
        same data, by that data's name; arms that name none are with the most."""
        of: dict[str, list[str]] = {}
        for arm in arms:
            of.setdefault(", ".join(sorted(arm.needs)), []).append(arm.name)
        free = of.pop("", [])
        most = max(of, key=lambda data: len(of[data]), default="")
        of[most] = [*of.get(most, []), *free]
        one = len(of) == 1
        return {
            self.metric if one else f"{self.metric} on {data}": Column(
                {name: self.of(name) for name in names}, self.better, self._exact
            )
            for data, names in of.items()
        }

    def cell(self, arm: str, found: Iterable[Lead | None] = ()) -> Measured | None:
        """The arm's cell, bold where one of the leads ``found`` is its own, and is shown."""
        values = self.of(arm)
        if not values:
            return None
        if not all(map(math.isfinite, values)):
            return Measured(math.nan, math.nan, len(values))
        of = sample(values)
        best = any(lead is not None and lead.is_shown and lead.best == arm for lead in found)
        return Measured(of.mean, of.sd if of.n > 1 else None, of.n, best)

    def change(self, arm: str, versus: str) -> Change | None:
        """The difference of an arm's mean to another's."""
        ours, theirs = self.of(arm), self.of(versus)
        if not versus or not ours or not theirs or not all(map(math.isfinite, ours + theirs)):
            return None
        found = difference(ours, theirs)
        known = all(len(self.of(name)) > 1 or name in self._exact for name in (arm, versus))
        better = None
        if self.better and found.mean:
            better = (found.mean > 0) == (self.better == "higher")
        return Change(found.mean, versus, found.interval() if known else None, better)


def leads_by_name(columns: Mapping[str, Column]) -> dict[str, Lead | None]:
    """The lead in each column of one table, under the column's name."""
    return dict(zip(columns, leads(list(columns.values())), strict=True))


def bold_notes(found: Mapping[str, Lead | None], within: str = "every other row") -> list[str]:
    """What bold says in a table, and of each metric (by its name) without bold, why.

    A metric of which nobody said what is better, or of one arm only, has no best. ``within`` says
    in words which rows the best is held against.
    """
    named = {metric: lead for metric, lead in found.items() if lead is not None}
    bold = any(lead.is_shown for lead in named.values())
    notes = [f"Bold: better than {within} ({_TEST})."] if bold else []
    for metric, lead in named.items():
        if not lead.is_shown:
            where = f"{metric}: no mean is bold" if len(found) > 1 else "No mean is bold"
            notes.append(f"{where}: {lead.best} has the best, {_not_shown(lead, bool(notes))}.")
    return notes


def _not_shown(lead: Lead, told: bool) -> str:
    if lead.p is None:
        return f"whose difference to {lead.nearest} cannot be tested with so few seeds"
    how = "" if told else f"; {_TEST}"
    return f"and does not differ from {lead.nearest} significantly (p = {lead.p:.2g}{how})"


def substitutes(recipe: Recipe, data: Mapping[str, str]) -> dict[str, list[str]]:
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


def data_notes(recipe: Recipe, data: Mapping[str, str], names: Sequence[str]) -> list[str]:
    """A line for each substitute that arms of these ``names`` had; it names the arms where not all
    of them had it."""
    notes, taken = [], substitutes(recipe, data)
    for words in dict.fromkeys(text for name in names for text in taken.get(name, ())):
        having = [name for name in names if words in taken.get(name, ())]
        whose = "" if len(having) == len(names) else f"{', '.join(having)}: "
        notes.append(f"{whose}{'on' if whose else 'On'} {words}.")
    return notes
