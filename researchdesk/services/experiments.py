"""Experiments of an investigation: each differs from its parent in one setting, and is linked to
the runs that were made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from researchdesk.domain.investigations import Experiment, parse_expectation
from researchdesk.domain.recipes import Arm, ArmKind, Recipe, arm_named
from researchdesk.domain.settings import Difference, differences, parse_setting, single_changes
from researchdesk.domain.text import clean, one_line
from researchdesk.errors import UsageProblemError
from researchdesk.services import recipes
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_likeness import arm_differences
from researchdesk.services.experiment_links import link_run as link_run
from researchdesk.services.experiment_records import base_of
from researchdesk.services.experiment_records import experiments_of as experiments_of
from researchdesk.services.experiment_records import experiments_of_run as experiments_of_run
from researchdesk.services.experiment_records import get_experiment as get_experiment
from researchdesk.services.experiment_records import known_metrics as known_metrics
from researchdesk.services.first_results import first_results, firsts_in, key_of
from researchdesk.services.investigation_records import get_investigation
from researchdesk.storage import experiments, investigations


def add_baseline(desk: Desk, number: int, recipe: str, arm: str = "") -> Experiment:
    """Begin with an arm of a recipe (the first of its own, where none is named).

    Raises NotOnDeskError, and UsageProblemError where there is a baseline already or the recipe has
    no such arm.
    """
    found = recipes.recipe_for(desk, recipe)
    chosen = arm_named(found, arm) if arm else _first_arm(found)
    with desk.database.writing() as db:
        investigation = get_investigation(desk, number)
        if experiments.of(db, number):
            raise UsageProblemError(
                f"Investigation {number} has its baseline already; nothing was changed.",
                f"See it: researchdesk investigate show {number}. Another baseline is another "
                "investigation.",
            )
        now = desk.clock()
        item = Experiment(
            investigation=number,
            number=experiments.next_number(db, number),
            parent=None,
            title="",
            arm=chosen.name,
            changed="",
            settings=chosen.settings,
            created_at=now,
        )
        experiments.insert(db, item)
        investigations.update(db, replace(investigation, recipe=found.name, touched_at=now))
    return get_experiment(desk, item.name)


def add_experiment(
    desk: Desk,
    number: int,
    *,
    change: Sequence[str] = (),
    arm: str = "",
    parent: str = "",
    title: str = "",
    expect: str = "",
) -> Experiment:
    """An experiment that differs from its parent in one setting.

    ``change`` is that setting as ``lr=0.01``, and all else is the parent's; or ``arm`` names an arm
    of the recipe that differs in one. What is within a table is a setting of its own, and data, a
    command and whether an arm is deterministic count, too. ``parent`` is an experiment (``3.1``),
    else the baseline. ``expect`` states its hypothesis. Raises UsageProblemError naming all that
    differs where that is more than one thing, where it is nothing, or where another experiment is
    this one already.
    """
    stated = parse_expectation(expect) if expect.strip() else None
    draft = _draft(desk, number, change, arm, parent, title)
    settings = draft.settings
    known = _first_result(desk, number, settings) if stated else None
    with desk.database.writing() as db:
        _check_new(experiments.of(db, number), settings)
        item = replace(draft, number=experiments.next_number(db, number))
        experiments.insert(db, item)
        if stated:
            experiments.state(db, item, stated, "", item.created_at, known)
        investigations.touch(db, number, item.created_at)
    return get_experiment(desk, item.name)


def state_hypothesis(desk: Desk, name: str, expectation: str, text: str = "") -> Experiment:
    """Say what is expected of an experiment; earlier versions are kept, the newest counts.

    When there was a result of its settings already, that moment is kept with it. Raises
    UsageProblemError for what no run could refute, NotOnDeskError.
    """
    stated = parse_expectation(expectation)
    item = get_experiment(desk, name, judge=False)
    if stated.relation.is_to_parent and item.parent is None:
        raise UsageProblemError(
            f"{item.name} is the baseline: it has no parent to be {stated.relation.value} than.",
            f'Say a number: "{stated.metric} >= 0.9", or "{stated.metric} = 0.9 +- 0.02".',
        )
    text = clean(text).strip()
    known = _first_result(desk, item.investigation, item.settings)
    now = desk.clock()
    with desk.database.writing() as db:
        last = item.hypothesis
        if last is None or (last.expectation, last.text) != (stated, text):
            experiments.state(db, item, stated, text, now, known)
            for run in item.runs:
                if first := firsts_in(desk, run.run_id).get(run.arm):
                    experiments.keep_first(db, run.run_id, run.arm, first)
            investigations.touch(db, item.investigation, now)
    return get_experiment(desk, item.name)


def drop_experiment(desk: Desk, name: str) -> Experiment:
    """Take an experiment off the list; its runs stay. Its number is not given again.

    Raises UsageProblemError where others begin from it, NotOnDeskError.
    """
    item = get_experiment(desk, name, judge=False)
    with desk.database.writing() as db:
        others = experiments.of(db, item.investigation)
        after = [one.name for one in others if one.parent == item.number]
        if after:
            raise UsageProblemError(
                f"{' and '.join(after)} begin from {item.name}; nothing was dropped.",
                "Drop those first.",
            )
        experiments.remove(db, item, desk.clock())
        investigations.touch(db, item.investigation, desk.clock())
    return item


def _first_result(desk: Desk, number: int, settings: Mapping[str, Any]) -> datetime | None:
    """When there was first a result of these settings of the investigation's recipe."""
    recipe = get_investigation(desk, number).recipe
    return first_results(desk, recipe).get(key_of(settings))


def _draft(
    desk: Desk, number: int, change: Sequence[str], arm: str, parent: str, title: str
) -> Experiment:
    """The experiment without its number, once it differs from its parent in one thing."""
    above = _parent(desk, number, parent)
    recipe = recipes.recipe_for(desk, get_investigation(desk, number).recipe)
    settings, begins_from = _settings(recipe, above, change, arm)
    found = single_changes(above.settings, settings)
    _check_one_change(above, found, _of_arms(recipe, above.arm, begins_from))
    return Experiment(
        investigation=number,
        number=0,
        parent=above.number,
        title=one_line(title),
        arm=begins_from,
        changed=found[0].words,
        settings=settings,
        created_at=desk.clock(),
    )


def _parent(desk: Desk, number: int, name: str) -> Experiment:
    if name:
        found = get_experiment(desk, name, judge=False)
        if found.investigation == number:
            return found
        raise UsageProblemError(
            f"{found.name} is an experiment of investigation {found.investigation}, not {number}.",
            f"See its own: researchdesk investigate show {number}",
        )
    base_of(desk, number)
    return experiments_of(desk, number, judge=False)[0]


def _settings(
    recipe: Recipe, above: Experiment, change: Sequence[str], arm: str
) -> tuple[dict[str, Any], str]:
    """The whole settings of a new experiment, and the recipe's arm that it begins from: of which it
    has its data, its seeds, its command and whether it is deterministic."""
    if bool(change) == bool(arm):
        raise UsageProblemError(
            "Say what is changed, by a setting or by an arm of the recipe; nothing was kept.",
            f"Give --set KEY=VALUE, or --arm ARM. The settings are: {', '.join(above.settings)}.",
        )
    if arm:
        found = arm_named(recipe, arm)
        return dict(found.settings), found.name
    given = [parse_setting(text, above.settings) for text in change]
    names = [name for name, _ in given]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise UsageProblemError(f"{twice} is set twice; no experiment was added.", "Set it once.")
    settings = {**above.settings, **dict(given)}
    return settings, above.arm


def _of_arms(recipe: Recipe, above: str, begins_from: str) -> Sequence[Difference]:
    one, other = recipe.arm(above), recipe.arm(begins_from)
    return arm_differences(recipe, one, recipe, other) if one and other else ()


def _check_one_change(
    above: Experiment, settings: Sequence[Difference], more: Sequence[Difference]
) -> None:
    found = [*settings, *more]
    if more and not settings:
        raise UsageProblemError(
            f"No setting differs from {above.name}, but {' and '.join(one.words for one in more)}; "
            "no experiment was added.",
            "What has other data or another command is another investigation's baseline.",
        )
    if not found:
        raise UsageProblemError(
            f"Nothing differs from {above.name}; no experiment was added.",
            "Change one setting of it.",
        )
    if len(found) > 1:
        names = [item.words for item in found]
        raise UsageProblemError(
            f"{len(found)} changes at once against {above.name}: {' and '.join(names)}. Which of "
            "them did it could not be told; no experiment was added.",
            "Make an experiment of each; the second may begin from the first with --from.",
        )


def _check_new(others: Sequence[Experiment], settings: Mapping[str, Any]) -> None:
    for item in others:
        if not differences(item.settings, settings):
            raise UsageProblemError(
                f"That is experiment {item.name} already; no other was added.",
                f"Run it: researchdesk investigate run {item.investigation} {item.name}",
            )


def _first_arm(recipe: Recipe) -> Arm:
    """The first arm of the recipe's own that can be begun from."""
    own = [arm for arm in recipe.arms if arm.kind is ArmKind.OURS and arm.command is None]
    return (own or list(recipe.arms))[0]
