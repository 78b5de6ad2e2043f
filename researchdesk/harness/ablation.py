"""What each change did: arms against their parents, and the steps of a ladder one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from researchdesk.domain.ablation import AblationTable, Cell, Check, Words
from researchdesk.domain.recipes import Arm, ArmKind, Recipe
from researchdesk.domain.runs import SeedResult
from researchdesk.harness.arm_values import (
    ArmValues,
    bold_notes,
    data_notes,
    leads_by_name,
    measured_arms,
)
from researchdesk.harness.arm_values import metrics_of as metrics_of
from researchdesk.harness.leads import Lead

_BASELINE = "baseline:"
_NOISE = (
    "Δ is the difference of the means with its 95 % interval (Welch's or Student's, the wider); "
    "within noise: the interval holds 0. The intervals are not corrected for there being several."
)


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
    others = tuple(name for name in metrics_of(recipe, results) if name != metric)
    values, done = ArmValues(recipe, results, metric), measured_arms(results)
    of = _Of(recipe, values, others, quick, missing or {}, data or {}, done)
    steps = [arm for arm in recipe.arms if arm.kind is ArmKind.LADDER]
    rest = [arm for arm in recipe.arms if arm not in steps]
    tables = [_arms_table(of, families(rest))] if rest else []
    return (*tables, _ladder_table(of, families(steps))) if steps else tuple(tables)


@dataclass(frozen=True, slots=True)
class _Of:
    """What a table is made of."""

    recipe: Recipe
    values: ArmValues
    others: tuple[str, ...]
    quick: bool
    missing: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    done: frozenset[str] = frozenset()


def _arms_table(of: _Of, arms: Sequence[Arm]) -> AblationTable:
    names, seen = _differing(arms), of.values
    found = leads_by_name(seen.columns(arms))
    compared = any(arm.parent for arm in arms)
    named = [f"{name} (setting)" if name == seen.metric else name for name in names]
    rows: list[tuple[Cell, ...]] = []
    for arm in arms:
        cells: list[Cell] = [Words(arm.name)]
        cells += [
            None if _free(arm) else _setting(arm.settings, name, head)
            for name, head in zip(names, named, strict=True)
        ]
        if not names:
            cells.append(Words(arm.change or arm.description))
        cells.append(seen.cell(arm.name, found.values()))
        if compared:
            cells.append(seen.change(arm.name, arm.parent))
        rows.append(tuple(cells))
    heads = ("arm", *(named or ("what",)), seen.metric, *(("Δ to parent",) if compared else ()))
    notes = _notes(of, arms, found, compared)
    title = f"Arms of {of.recipe.title}"
    return AblationTable(title, seen.metric, heads, tuple(rows), notes, of.others)


def _ladder_table(of: _Of, steps: Sequence[Arm]) -> AblationTable:
    base, seen = of.recipe.arm(steps[0].parent), of.values
    shown = ([base] if base else []) + list(steps)
    found = leads_by_name(seen.columns(shown))
    rows: list[tuple[Cell, ...]] = []
    before = ""
    for number, arm in enumerate(shown, start=0 if base else 1):
        change = seen.change(arm.name, arm.parent or before) if before else None
        words = Words(arm.change or arm.description)
        measured = seen.cell(arm.name, found.values())
        rows.append((Words(str(number)), Words(arm.name), words, measured, change))
        before = arm.name
    heads = ("step", "arm", "change", seen.metric, "Δ to the step before")
    notes = _notes(of, shown, found, compared=True)
    title = f"Ladder of {of.recipe.title}"
    return AblationTable(title, seen.metric, heads, tuple(rows), notes, of.others)


def _notes(
    of: _Of, arms: Sequence[Arm], found: Mapping[str, Lead | None], compared: bool
) -> tuple[str, ...]:
    seen = of.values
    better = f"; {seen.better} is better" if seen.better else ""
    within = "every other row" if len(found) == 1 else "every other row on the same data"
    notes = [f"Mean ± standard deviation over n seeds{better}.", *bold_notes(found, within)]
    if of.quick:
        notes.append("Of a shortened run.")
    notes += data_notes(of.recipe, of.data, [arm.name for arm in arms if seen.of(arm.name)])
    if compared:
        notes.append(_NOISE)
    return (*notes, *_without(of, [arm.name for arm in arms if not seen.of(arm.name)]))


def _without(of: _Of, names: Sequence[str]) -> list[str]:
    """Why arms have no number: an arm of which other metrics are known came to its end."""
    others = [name for name in names if name in of.done]
    said = f"not measured in {'this arm' if len(others) == 1 else 'these arms'}"
    notes = [f"{', '.join(others)}: {said}."] if others else []
    for name in names:
        if name not in of.done:
            why = of.missing.get(name, "no seed finished")
            notes.append(f"{name}: {why}.".replace("..", "."))
    return notes


def families(arms: Sequence[Arm]) -> list[Arm]:
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


def _setting(settings: Mapping[str, Any], name: str, head: str) -> Cell:
    if name not in settings:
        return None
    value = settings[name]
    if isinstance(value, bool):
        return Check(value)
    if isinstance(value, float):
        return Words(f"{value:g}", {head: value})
    if isinstance(value, list | tuple):
        return Words(", ".join(map(str, value)))
    return Words(str(value), {head: value} if isinstance(value, int) else {})
