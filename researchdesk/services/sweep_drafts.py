"""A sweep's file to begin with: the recipe's own ranges, and the settings it could name."""

from typing import Any

from researchdesk.domain.recipes import Arm, Recipe
from researchdesk.domain.run_rows import RunChoice
from researchdesk.domain.text import one_line
from researchdesk.domain.trial_choice import says_validation
from researchdesk.errors import UsageProblemError
from researchdesk.harness.recipes import EXPERIMENT
from researchdesk.harness.recipes.metric_names import metric_names
from researchdesk.harness.sweeps.space import dimension_of, space_table
from researchdesk.harness.toml_writing import toml_of
from researchdesk.services.desk import Desk
from researchdesk.services.runs import listed, whole
from researchdesk.services.sweep_making import USUAL_TRIALS, arm_to_sweep, better_of

_LOOKED_AT = 20
_MOST_TOLD = 12
_SEARCH = (
    "# random, grid (every setting needs `points` or `values`), or optuna (an extra).",
    'search = "random"',
    "# The seed decides all that is drawn: the same seed, the same trials, on any engine.",
    "seed = 0",
    "",
    "# Whichever comes first; what is left out is no limit. No trial is begun beyond it, and those",
    "# under way come to their end.",
    "[budget]",
    f"trials = {USUAL_TRIALS}",
    "# hours = 2.0",
    "# gpu_hours = 8.0",
    "",
    "# Stop a trial whose best value so far is worse than the median of the means that others",
    "# had up to its step: not before this many steps, nor before so many trials came so far.",
    "# [stop]",
    "# after = 100",
    "# trials = 5",
    "",
)


def draft(desk: Desk, recipe: Recipe, arm_name: str = "") -> str:
    """A commented TOML file that is a sweep of the arm as it stands, where the recipe has ranges
    for it; else one with a space to fill in. Raises UsageProblemError as ``arm_to_sweep``."""
    arm = arm_to_sweep(recipe, arm_name)
    known = _known(desk, recipe, arm)
    ranges = [one for one in recipe.ranges if one.name in arm.settings]
    space = tuple(dimension_of(one, arm.settings[one.name]) for one in ranges)
    lines = [
        f"# A sweep of {one_line(recipe.name)}. Start it: researchdesk sweep start THIS-FILE",
        "",
        _line("recipe", recipe.name),
        _line("arm", arm.name),
        "",
        *_chosen_by(known),
        *_SEARCH,
        *_fixed(arm),
        "# What is drawn: uniform, log-uniform, integer, log-integer (with low and high), normal,",
        "# log-normal (with mean and sd), or one of `values`.",
    ]
    tables = toml_of({"space": space_table(space)}) if space else _example(arm)
    return "\n".join(lines) + "\n" + tables.removeprefix("[space]\n").lstrip("\n")


def _chosen_by(known: dict[str, str]) -> list[str]:
    """The metric to choose by; one to fill in where none is known to be of validation."""
    of_validation = [name for name in known if says_validation(name)]
    told = of_validation or list(known)[:_MOST_TOLD]
    metric = of_validation[0] if of_validation else ""
    better = _better(metric)
    none = [
        "# FILL IN: no metric whose name says validation is known of this arm. Where experiment.py",
        "# measures none, add one there (as `valid_loss`). What is known of the arm:",
    ]
    return [
        "# Trials are chosen by this metric: one that is measured on validation data, never on the",
        "# test split.",
        *([] if metric else none),
        *(f"#   {name} {known[name]}." for name in told),
        _line("metric", metric),
        *([] if better else ['# FILL IN: "higher" or "lower", whichever is better of it.']),
        _line("better", better),
        "# Kept back until `sweep test` asks for them: all metrics but the one above and those",
        "# whose names say valid, validation, val, dev, train or training. To keep back more:",
        '# test = ["valid_f1"]',
        "",
    ]


def _better(metric: str) -> str:
    try:
        return better_of(metric)
    except UsageProblemError:
        return ""


def _known(desk: Desk, recipe: Recipe, arm: Arm) -> dict[str, str]:
    """The metrics of the arm by their names, each with whence it is known: measured by the desk's
    last runs before what claims are about before what the experiment's text names."""
    found = {
        one_line(name): "is named in its experiment.py"
        for name in metric_names(recipe.folder / EXPERIMENT)
    }
    claims = {one_line(claim.metric) for claim in recipe.claims if arm.name == claim.arm}
    found |= dict.fromkeys(claims, "is what a claim is about")
    newest = listed(desk, RunChoice(recipe.arxiv_id, recipe.name), _LOOKED_AT)
    for run in whole(desk, newest.rows):
        for one in run.results:
            if one.task.arm == arm.name:
                found |= {one_line(name): "was measured by a run of yours" for name in one.metrics}
    order = sorted(found, key=lambda name: (not found[name].startswith("was"), name))
    return {name: found[name] for name in order}


def _fixed(arm: Arm) -> list[str]:
    if not arm.settings:
        return []
    return [
        "# Settings of every trial in place of the arm's. Those of the arm:",
        "# [settings]",
        *(f"# {_line(name, value)}" for name, value in arm.settings.items()),
        "",
    ]


def _example(arm: Arm) -> str:
    """A space to fill in, of the arm's first setting that is a number."""
    numbers = {
        name: value
        for name, value in arm.settings.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0
    }
    name, value = next(iter(numbers.items()), ("lr", 0.01))
    whole = isinstance(value, int)
    low, high = (max(1, value // 2), 2 * value) if whole else (value / 10, value * 10)
    kind = "log-integer" if whole else "log-uniform"
    return toml_of({"space": {name: {"distribution": kind, "low": low, "high": high}}})


def _line(key: str, value: Any) -> str:
    return toml_of({key: value}).strip().replace("\n", "\n# ")
