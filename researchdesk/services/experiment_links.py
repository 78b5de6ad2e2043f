"""Runs that were made already, linked to the experiments that they really are runs of."""

from collections.abc import Sequence

from researchdesk.domain.derived_names import derived_name
from researchdesk.domain.investigations import Experiment
from researchdesk.domain.recipes import Arm, Recipe, arm_named
from researchdesk.domain.settings import Difference, shown, single_changes
from researchdesk.errors import DeskError, UsageProblemError
from researchdesk.harness.recipes import code_digest_of
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_likeness import arm_differences, code_in
from researchdesk.services.experiment_records import base_of, get_experiment
from researchdesk.services.first_results import firsts_in
from researchdesk.services.investigation_records import get_investigation
from researchdesk.services.run_recipes import recipe_in
from researchdesk.storage import experiments, investigations


def link_run(desk: Desk, name: str, run_id: str, arm: str = "") -> Experiment:
    """Link a run that was made of an experiment; without ``arm`` the run's arm of its settings.

    Raises UsageProblemError where the run is of another recipe; where its arm's settings, data or
    command, by the run's own copy of the recipe, are not those of the experiment; and where its
    code is not that of the investigation's other runs, or of the recipe where there are none.
    NotOnDeskError.
    """
    item = get_experiment(desk, name, judge=False)
    recipe = recipe_in(desk, run_id)
    investigation = get_investigation(desk, item.investigation)
    if recipe.name not in (
        investigation.recipe,
        derived_name(investigation.recipe, investigation.id),
    ):
        raise UsageProblemError(
            f"The run {run_id} is of {recipe.name}, and {item.name} of {investigation.recipe}; "
            "it was not linked.",
            "Another recipe is another experiment.",
        )
    base = base_of(desk, item.investigation)
    found = arm_named(recipe, arm) if arm else _arm_like(recipe, item)
    _check_same(item, base, run_id, recipe, found)
    _check_code(desk, item, base, run_id)
    with desk.database.writing() as db:
        now = desk.clock()
        experiments.link(db, item, run_id, found.name, now)
        if first := firsts_in(desk, run_id).get(found.name):
            experiments.keep_first(db, run_id, found.name, first)
        investigations.touch(db, item.investigation, now)
    return get_experiment(desk, item.name)


def _check_same(item: Experiment, base: Recipe, run_id: str, recipe: Recipe, arm: Arm) -> None:
    found: Sequence[Difference] = single_changes(item.settings, arm.settings)
    if like := base.arm(item.arm):
        found = [*found, *arm_differences(base, like, recipe, arm)]
    if found:
        said = "; ".join(
            f"{one.name} is {shown(one.after)} there, and {shown(one.before)} in {item.name}"
            for one in found
        )
        raise UsageProblemError(
            f"The arm {arm.name} of the run {run_id} is not experiment {item.name}: {said}. "
            "It was not linked.",
            "Link the arm that has its settings, or make an experiment of what the run changed.",
        )


def _check_code(desk: Desk, item: Experiment, base: Recipe, run_id: str) -> None:
    others = _codes(desk, item.investigation, run_id)
    if code_in(desk, run_id) in (others or {code_digest_of(base.folder)}):
        return
    whose = "the investigation's other runs" if others else f"the recipe {base.name} as it is now"
    raise UsageProblemError(
        f"The code of the run {run_id} is not that of {whose}: more than one thing would differ. "
        "It was not linked.",
        f"Run the experiments by the code as it is: researchdesk investigate run "
        f"{item.investigation} --all",
    )


def _codes(desk: Desk, number: int, run_id: str) -> set[str]:
    """The digests of the code that the investigation's other runs were made with."""
    found = set()
    stored = experiments.of(desk.database.connection, number)
    for other in {run.run_id for item in stored for run in item.runs} - {run_id}:
        try:
            found.add(code_in(desk, other))
        except (DeskError, OSError):
            continue
    return found


def _arm_like(recipe: Recipe, item: Experiment) -> Arm:
    """The arm of the experiment's settings; where none has them, the one that is nearest."""
    able = [arm for arm in recipe.arms if not arm.name.startswith("baseline:")]
    return min(able, key=lambda arm: len(single_changes(item.settings, arm.settings)))
