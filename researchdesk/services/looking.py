"""A look at a recipe's data before it runs, and at a trained model's errors after."""

import hashlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from researchdesk.document.codec import decode
from researchdesk.domain.error_analysis import ErrorAnalysis
from researchdesk.domain.json_text import parse_json
from researchdesk.domain.looking import DataLook
from researchdesk.domain.recipes import Arm, ArmKind, Recipe
from researchdesk.domain.runs import RunSummary, Task
from researchdesk.domain.text import one_line, slug
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.files import read_text, write_text
from researchdesk.harness.asking import ERRORS, LOOK, ask
from researchdesk.harness.data import resolve
from researchdesk.harness.jobs import ArmSetup, Job, Plan
from researchdesk.harness.planning import shape_of
from researchdesk.harness.recipes import EXPERIMENT, copy_recipe
from researchdesk.harness.training.places import analysis_file, checkpoint_file
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import recipe_for, recipe_of_run, require_trust, trust
from researchdesk.services.runs import store_of

Made = TypeVar("Made", DataLook, ErrorAnalysis)
Stop = Callable[[], bool]
_FORMAT = 1


def looks_inside(recipe: Recipe) -> bool:
    """Whether the recipe's experiment hands its data and model over: it is an Experiment."""
    return shape_of(recipe.folder / EXPERIMENT).experiment


def arms_to_look_at(recipe: Recipe) -> tuple[str, ...]:
    """The arms that are the recipe's own experiment, with data of their own."""
    return tuple(arm.name for arm in recipe.arms if _own(arm))


def look_at_data(
    desk: Desk,
    ref: str,
    arm: str = "",
    *,
    trusted: bool = False,
    stop: Stop | None = None,
) -> DataLook:
    """What is in the data of a recipe (a paper's id in any form, or the recipe's name).

    ``arm``: the one whose data it is, else the first. ``trusted``: the user has said yes to the
    recipe's code, which runs to hand the data over. A look is kept until the recipe changes. Raises
    NotOnDeskError, UsageProblemError where the recipe hands no data over or is not trusted,
    BadInputError where its experiment fails, DeskError where it cannot be run.
    """
    recipe = recipe_for(desk, ref)
    _require_experiment(recipe, "hands no data over to be looked at")
    chosen = arm_of(recipe, arm)
    if trusted and not recipe.bundled:
        trust(desk, recipe, (chosen.name,))
    require_trust(desk, recipe)
    data = resolve(recipe, [chosen], desk.settings.cache, desk.settings.offline)
    if chosen.name in data.missing:
        raise NotOnDeskError(
            f"The data of {chosen.name} is not here: {data.missing[chosen.name]}.",
            "Nothing was changed.",
        )
    taken = hashlib.sha256(json.dumps([chosen.name, sorted(data.taken.items())]).encode())
    folder = desk.settings.cache / "looks" / recipe.digest[:16]
    kept = folder / f"{slug(chosen.name, 30)}-{taken.hexdigest()[:12]}.{_FORMAT}.json"
    if kept.is_file() and (found := _kept(DataLook, kept)):
        return found
    task = Task(chosen.name, 0)
    log, cache = folder / "stdout.log", desk.settings.cache
    arms = {chosen.name: ArmSetup(chosen.settings)}
    with tempfile.TemporaryDirectory(prefix="researchdesk-look-") as made:
        copy = Path(made) / recipe.name
        copy_recipe(recipe.folder, recipe.digest, copy)
        plan = Plan(copy, (task,), arms, log, 1, cache, data=data.taken, limits=recipe.limits)
        return _asked(DataLook, Job(LOOK, chosen.name, (task,)), plan, kept, stop)


def errors_of(
    desk: Desk,
    run_id: str,
    arm: str = "",
    seed: int | None = None,
    *,
    trusted: bool = False,
    stop: Stop | None = None,
) -> ErrorAnalysis:
    """Where the trained model of one seed is wrong on the test split.

    ``arm`` and ``seed``: else the first finished seed whose model was kept. ``trusted``: the user
    has said yes to the run's copy of the recipe, which runs. Kept with the run.
    Raises NotOnDeskError without such a run or model, UsageProblemError where the recipe is no
    Experiment or not trusted, BadInputError where the model is no classifier.
    """
    run = store_of(desk).get(run_id)
    recipe = recipe_of_run(desk, run_id)
    _require_experiment(recipe, "keeps no model whose errors could be looked at")
    home = desk.settings.runs / run.id
    task = _task(run, home, arm, seed)
    kept = analysis_file(home, task.arm, task.seed, task.vary)
    if kept.is_file() and (found := _kept(ErrorAnalysis, kept)):
        return found
    chosen = arm_of(recipe, task.arm)
    if trusted and not recipe.bundled:
        trust(desk, recipe, (chosen.name,))
    require_trust(desk, recipe)
    settings = {**chosen.settings, **(chosen.quick if run.quick else {})}
    plan = Plan(
        recipe=recipe.folder,
        tasks=(task,),
        arms={task.arm: ArmSetup(settings)},
        log=home / "stdout.log",
        jobs=1,
        cache=desk.settings.cache,
        data=run.data,
        limits=recipe.limits,
    )
    return _asked(ErrorAnalysis, Job(ERRORS, task.arm, (task,)), plan, kept, stop)


def analysed_seeds(desk: Desk, run_id: str) -> tuple[Task, ...]:
    """The finished seeds of a run whose trained model was kept. Raises NotOnDeskError."""
    run = store_of(desk).get(run_id)
    home = desk.settings.runs / run.id
    return tuple(
        result.task
        for result in run.results
        if checkpoint_file(home, *_place(result.task)).is_file()
    )


def _task(run: RunSummary, home: Path, arm: str, seed: int | None) -> Task:
    fitting = [
        result.task
        for result in run.results
        if arm in ("", result.task.arm) and seed in (None, result.task.seed)
    ]
    for task in fitting:
        if checkpoint_file(home, *_place(task)).is_file():
            return task
    asked = " ".join(filter(None, [arm, "" if seed is None else f"seed {seed}"]))
    raise NotOnDeskError(
        f"The run {run.id} has no trained model{f' of {one_line(asked)}' if asked else ''}.",
        "Models are kept of finished seeds of an Experiment; baselines and authors' commands have "
        "none.",
    )


def _place(task: Task) -> tuple[str, int, str]:
    return task.arm, task.seed, task.vary


def _asked(kind: type[Made], job: Job, plan: Plan, kept: Path, stop: Stop | None) -> Made:
    answer = ask(job, plan, stop or (lambda: False))
    file = Path(str(answer.get("file", "")))
    found = _kept(kind, file)
    if found is None:
        raise BadInputError(
            f"What the worker wrote to {file} cannot be read.",
            "Is there room on the disk? Then try again.",
        )
    if file != kept:
        write_text(kept, read_text(file))
    return found


def _kept(kind: type[Made], file: Path) -> Made | None:
    try:
        return decode(kind, parse_json(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _require_experiment(recipe: Recipe, words: str) -> None:
    if not looks_inside(recipe):
        raise UsageProblemError(
            f"The recipe {recipe.name} {words}: it is a plain function measure(run).",
            "A recipe written as an Experiment can be looked into.",
        )


def arm_of(recipe: Recipe, name: str) -> Arm:
    """The arm of that name, else the first, that is the recipe's own experiment.

    Raises UsageProblemError where there is none.
    """
    own = arms_to_look_at(recipe)
    found = recipe.arm(name or (own[0] if own else ""))
    if found is None or not _own(found):
        raise UsageProblemError(
            f"The recipe {recipe.name} has no arm {one_line(name) or 'of its own experiment'}.",
            f"Its arms with data: {', '.join(own) or 'none'}.",
        )
    return found


def _own(arm: Arm) -> bool:
    free = arm.kind is ArmKind.BASELINE and arm.name.startswith("baseline:")
    return arm.command is None and not free
