"""Experiments as they are kept, with their runs as they are now and what those say."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from researchdesk.domain.investigations import Experiment
from researchdesk.domain.links import LinkKind, normal_target
from researchdesk.domain.recipes import Recipe
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError, NotOnDeskError, UsageProblemError
from researchdesk.services import recipes
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_results import judged
from researchdesk.services.first_results import first_results, with_lateness
from researchdesk.services.investigation_records import get_investigation
from researchdesk.services.linked_runs import as_run
from researchdesk.services.run_summaries import summary
from researchdesk.storage import experiments


def experiments_of(desk: Desk, number: int, *, judge: bool = True) -> list[Experiment]:
    """The experiments of an investigation by their numbers, with their runs as they are now.

    ``judge``: with what the runs say of each hypothesis, which takes a while for many. Raises
    NotOnDeskError.
    """
    recipe = get_investigation(desk, number).recipe
    stored = experiments.of(desk.database.connection, number)
    seen = _seen(desk, recipe, stored)
    found = [_read(desk, item, seen) for item in stored]
    if not judge:
        return found
    by_number = {item.number: item for item in found}
    return [_judged(desk, item, by_number) for item in found]


def newest_experiments(desk: Desk, most: int) -> list[Experiment]:
    """At most so many of all investigations as they are kept, the newest first; of their runs no
    more than the names."""
    return experiments.newest(desk.database.connection, most)


def get_experiment(desk: Desk, name: str, *, judge: bool = True) -> Experiment:
    """The experiment of this name, as ``3.2``. Raises NotOnDeskError, also for a dropped one."""
    target = normal_target(LinkKind.EXPERIMENT, one_line(name))
    investigation, _, number = target.partition(".")
    stored = experiments.of(desk.database.connection, int(investigation)) if target else []
    found = {item.number: item for item in stored}
    if not target or int(number) not in found:
        raise NotOnDeskError(
            f"There is no experiment {one_line(name)}.",
            f"See them with: researchdesk investigate show {investigation or 'N'}",
        )
    own = found[int(number)]
    recipe = get_investigation(desk, own.investigation).recipe
    item = _read(desk, own, _seen(desk, recipe, [own]))
    return _judged(desk, item, found) if judge else item


def experiments_of_run(desk: Desk, run_id: str) -> list[tuple[Experiment, str]]:
    """The experiments that a run is linked to, each with the run's arm; without their outcomes."""
    linked = experiments.linked_to(desk.database.connection, run_id)
    return [
        (get_experiment(desk, f"{investigation}.{number}", judge=False), arm)
        for investigation, number, arm in linked
    ]


def base_of(desk: Desk, number: int) -> Recipe:
    """The recipe that the experiments begin from. Raises UsageProblemError without a baseline,
    NotOnDeskError where the recipe is gone."""
    name = get_investigation(desk, number).recipe
    if not name or not experiments.of(desk.database.connection, number):
        raise UsageProblemError(
            f"Investigation {number} has no baseline yet: there is nothing to run or to change.",
            f"Begin with an arm of a recipe: researchdesk investigate baseline {number} --recipe R",
        )
    return recipes.recipe_for(desk, name)


def known_metrics(desk: Desk, number: int) -> list[str]:
    """The metrics that a hypothesis can be about: what the recipe claims, then what its runs
    measured. Raises NotOnDeskError."""
    investigation = get_investigation(desk, number)
    found = experiments_of(desk, number, judge=False)
    names = _of_recipe(desk, investigation.recipe) if investigation.recipe else []
    names += sorted({metric for item in found for metric in _measured(desk, item)})
    return list(dict.fromkeys(names))


def _seen(desk: Desk, recipe: str, items: Sequence[Experiment]) -> Mapping[str, datetime]:
    """When there were first results; not looked for where nothing is expected."""
    return first_results(desk, recipe) if any(item.versions for item in items) else {}


def _read(desk: Desk, item: Experiment, seen: Mapping[str, datetime]) -> Experiment:
    runs = tuple(as_run(desk, run) for run in item.runs)
    return with_lateness(desk, replace(item, runs=runs), seen)


def _judged(desk: Desk, item: Experiment, others: Mapping[int, Experiment]) -> Experiment:
    parent = others.get(item.parent) if item.parent is not None else None
    parent = _read(desk, parent, {}) if parent and item.hypothesis else parent
    return replace(item, outcome=judged(desk, item, parent))


def _of_recipe(desk: Desk, name: str) -> list[str]:
    try:
        return [claim.metric for claim in recipes.recipe_for(desk, name).claims]
    except DeskError:
        return []


def _measured(desk: Desk, item: Experiment) -> set[str]:
    """The metrics of its runs' results."""
    found: set[str] = set()
    for linked in item.runs:
        if linked.done:
            results = summary(desk, linked.run_id).results
            found |= {name for one in results if one.task.arm == linked.arm for name in one.metrics}
    return found
