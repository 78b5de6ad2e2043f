"""Whether a recipe runs, and gives the same result for the same seed: every arm trained twice."""

import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import Task
from researchdesk.domain.text import one_line
from researchdesk.harness.data import resolve
from researchdesk.harness.executor import Plan, default_jobs, execute
from researchdesk.harness.planning import shape_of
from researchdesk.harness.recipes import EXPERIMENT, copy_recipe
from researchdesk.services.arms import Setups, setups_of
from researchdesk.services.desk import Desk
from researchdesk.services.trust import require_trust


@dataclass(frozen=True, slots=True)
class TrainedTwice:
    """What came of one arm's seed 0, measured twice with the settings of a quick run.

    ``same`` is None where it was not run. ``message`` says what was found, or why not.
    """

    arm: str
    same: bool | None
    message: str


def train_twice(
    desk: Desk, recipe: Recipe, cancel: threading.Event | None = None
) -> tuple[TrainedTwice, ...]:
    """Measure seed 0 of every arm twice, each time in new processes, and compare the metrics.

    They are to be the same to the last bit. Nothing of it is kept. Authors' commands are left out:
    what they do is not ours. Raises UsageProblemError where the recipe is not trusted, DeskError
    where no worker can be started.
    """
    require_trust(desk, recipe)
    ours = [arm for arm in recipe.arms if arm.command is None]
    data = resolve(recipe, ours, desk.settings.cache, desk.settings.offline)
    names = {arm.name for arm in ours} - set(data.missing)
    setups = setups_of(desk, recipe, names, quick=True)
    cancel = cancel or threading.Event()
    first = _measured(desk, recipe, setups, data.taken, cancel)
    second = _measured(desk, recipe, setups, data.taken, cancel)
    found = []
    for arm in recipe.arms:
        if arm.name in setups.arms:
            compared = _compared(arm.name, first.get(arm.name), second.get(arm.name))
            found.append(_with_claims(recipe, compared, first.get(arm.name)))
        else:
            why = "the authors' own command" if arm.command else data.missing.get(arm.name, "")
            found.append(TrainedTwice(arm.name, None, f"not run: {why}"))
    return tuple(found)


def _measured(
    desk: Desk, recipe: Recipe, setups: Setups, data: Mapping[str, str], cancel: threading.Event
) -> dict[str, Mapping[str, Any] | str]:
    """The metrics of each arm's seed 0, or in words how it failed."""
    found: dict[str, Mapping[str, Any] | str] = {}

    def record(kind: str, task: Task | None, told: Mapping[str, Any]) -> None:
        if task and kind == "seed_finished":
            found[task.arm] = told.get("metrics", {})
        elif task and kind == "seed_failed":
            found[task.arm] = str(told.get("error", ""))

    with tempfile.TemporaryDirectory(prefix="researchdesk-check-") as folder:
        copy = Path(folder) / "recipe" / recipe.name
        copy_recipe(recipe.folder, recipe.digest, copy)
        plan = Plan(
            recipe=copy,
            tasks=[Task(name, 0) for name in setups.arms],
            arms=setups.arms,
            log=Path(folder) / "stdout.log",
            jobs=min(default_jobs(), max(1, len(setups.arms))),
            cache=desk.settings.cache,
            data=data,
            limits=recipe.limits,
            shape=shape_of(recipe.folder / EXPERIMENT),
        )
        if setups.arms:
            execute(plan, record, cancel.is_set, lambda engine: None)
    return found


def _with_claims(
    recipe: Recipe, of_arm: TrainedTwice, measured: Mapping[str, Any] | str | None
) -> TrainedTwice:
    """The same, or that the arm does not measure what a claim of it is about."""
    if not of_arm.same or not isinstance(measured, Mapping):
        return of_arm
    for claim in recipe.claims:
        names = [f"{claim.metric}/{name}" for name in claim.over] or [claim.metric]
        absent = [name for name in names if name not in measured]
        if of_arm.arm in (claim.arm, claim.versus) and absent:
            why = f"seed 0 measured no {absent[0]}, which the claim {claim.id} is about"
            return replace(of_arm, same=False, message=f"{why}; it has {', '.join(measured)}")
    return of_arm


def _compared(
    arm: str, first: Mapping[str, Any] | str | None, second: Mapping[str, Any] | str | None
) -> TrainedTwice:
    for measured in (first, second):
        if isinstance(measured, str):
            last = one_line(measured.strip().splitlines()[-1]) if measured.strip() else "no word"
            return TrainedTwice(arm, False, f"seed 0 failed: {last}")
    if not isinstance(first, Mapping) or not isinstance(second, Mapping):
        return TrainedTwice(arm, None, "not run: it was stopped")
    other = sorted(
        name
        for name in {*first, *second}
        if repr(first.get(name)) != repr(second.get(name))  # NaN is NaN here
    )
    if other:
        values = ", ".join(f"{name}: {first.get(name)} and {second.get(name)}" for name in other)
        return TrainedTwice(arm, False, f"seed 0 gave two results: {values}")
    return TrainedTwice(arm, True, f"seed 0 gave the same twice, {len(first)} metrics")
