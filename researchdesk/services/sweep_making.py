"""What a sweep sets out to do, from a file or a recipe's own ranges and what the user says."""

import re
from dataclasses import dataclass
from typing import Any

from researchdesk.domain.recipes import Arm, ArmKind, Recipe, arm_named
from researchdesk.domain.sweeps import Budget, Search, SweepSpec
from researchdesk.domain.text import one_line
from researchdesk.domain.trial_choice import says_validation
from researchdesk.errors import BadInputError, UsageProblemError
from researchdesk.files import path_of
from researchdesk.harness.recipes import EXPERIMENT
from researchdesk.harness.recipes.metric_names import metric_names
from researchdesk.harness.sweeps.checking import check_against
from researchdesk.harness.sweeps.spec import load_spec, spec_from_ranges
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import recipe_for

USUAL_TRIALS = 32
_LOWER = {"loss", "error", "mse", "mae", "rmse", "nll", "perplexity", "distance"}
_HIGHER = {"accuracy", "acc", "f1", "auc", "score", "bleu", "precision", "recall", "reward"}


@dataclass(frozen=True, slots=True)
class SweepOptions:
    """What the user says of a sweep; None and ``""``: as the file has it, or as is usual."""

    arm: str = ""
    metric: str = ""
    better: str = ""
    trials: int | None = None
    seed: int | None = None
    search: str = ""
    hours: float | None = None
    gpu_hours: float | None = None


def made(desk: Desk, source: str, options: SweepOptions) -> tuple[Recipe, SweepSpec]:
    """The recipe, and the sweep of it, that ``source`` names: a TOML file, or a paper's id or a
    recipe's name, whose own ranges are taken then. What the options say goes before the file.

    Raises NotOnDeskError without a recipe, BadInputError where the file is not right or does not
    fit its recipe, UsageProblemError where something is not said that must be.
    """
    file = path_of(source)
    if file.suffix == ".toml" or file.is_file():
        spec = load_spec(file, _changes(options))
        recipe = recipe_for(desk, spec.recipe)
    else:
        recipe = recipe_for(desk, source)
        spec = _of_ranges(recipe, options)
    if problems := check_against(spec, recipe):
        raise BadInputError(
            "The sweep does not fit its recipe:\n" + "\n".join(problems),
            "Mend it and give the command again. Nothing was run.",
        )
    return recipe, spec


def arm_to_sweep(recipe: Recipe, name: str = "") -> Arm:
    """The arm of this name, else the recipe's first with something of its ranges, else its first
    that can be swept. Raises UsageProblemError where there is none."""
    if name:
        return arm_named(recipe, name)
    able = [arm for arm in recipe.arms if arm.command is None and arm.kind is not ArmKind.BASELINE]
    if not able:
        raise UsageProblemError(
            f"The recipe {recipe.name} has no arm with settings to draw; nothing was run.",
            f"Its arms: {', '.join(arm.name for arm in recipe.arms)}.",
        )
    ranges = {one.name for one in recipe.ranges}
    return next((arm for arm in able if ranges & arm.settings.keys()), able[0])


def better_of(metric: str) -> str:
    """Whether more of a metric is better, told by its name. Raises UsageProblemError where that
    does not tell."""
    words = set(re.split(r"[^a-z0-9]+", metric.lower()))
    for better, known in (("lower", _LOWER), ("higher", _HIGHER)):
        if words & known:
            return better
    raise UsageProblemError(
        f"Is a higher {one_line(metric)} better, or a lower one? Nothing was run.",
        "Say which way is better: higher or lower. In a terminal: `--better higher`.",
    )


def _of_ranges(recipe: Recipe, options: SweepOptions) -> SweepSpec:
    arm = arm_to_sweep(recipe, options.arm)
    if not any(one.name in arm.settings for one in recipe.ranges):
        which = f" --arm {arm.name}" if options.arm else ""
        raise UsageProblemError(
            f"The recipe {recipe.name} declares no ranges for the settings of {arm.name}, so there "
            "is nothing to draw from. Nothing was run.",
            "Begin with a file, in which what is known of the recipe stands and a space is to be "
            f"filled in. In a terminal: `researchdesk sweep new {recipe.name}{which} --to FILE`, "
            "and then `researchdesk sweep start FILE`.",
        )
    if not options.metric:
        raise UsageProblemError(
            "By which metric are trials to be chosen? Nothing was run.", _metrics_of(recipe)
        )
    limits = _limits(options)
    if not limits and options.search != Search.GRID:
        limits = {"trials": USUAL_TRIALS}
    return spec_from_ranges(
        recipe,
        arm.name,
        options.metric,
        options.better or better_of(options.metric),
        Budget(**limits),
        seed=options.seed or 0,
        search=Search(options.search or Search.RANDOM),
    )


def _metrics_of(recipe: Recipe) -> str:
    known = [name for name in metric_names(recipe.folder / EXPERIMENT) if says_validation(name)]
    if known:
        named = f"Name one that is measured on validation data; its experiment.py names {known[0]}."
        return f"{named} In a terminal: `--metric {known[0]}`."
    return (
        "Name one that is measured on validation data. Its experiment.py names none, so it may "
        "have to measure one first, as `valid_loss`. In a terminal: `--metric NAME`."
    )


def _changes(options: SweepOptions) -> dict[str, Any]:
    named = {key: getattr(options, key) for key in ("arm", "metric", "better", "search")}
    found: dict[str, Any] = {key: value for key, value in named.items() if value}
    if options.seed is not None:
        found["seed"] = options.seed
    if limits := _limits(options):
        found["budget"] = limits
    return found


def _limits(options: SweepOptions) -> dict[str, Any]:
    given = {key: getattr(options, key) for key in ("trials", "hours", "gpu_hours")}
    return {key: value for key, value in given.items() if value is not None}
