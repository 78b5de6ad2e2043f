"""What a person asks of a run, and the seeds that makes."""

from collections.abc import Sequence
from dataclasses import dataclass

from researchdesk.domain.recipes import MOST_SEEDS, Arm, Recipe, no_arm
from researchdesk.domain.runs import Task
from researchdesk.errors import UsageProblemError
from researchdesk.harness.varying import CHOICES as CHOICES
from researchdesk.harness.varying import sources_of, tasks_of

DEVICES = ("auto", "cpu", "cuda")
_QUICK_SEEDS = 3


@dataclass(frozen=True, slots=True)
class ReproduceOptions:
    """``seeds``: how many, else the recipe's number. ``arms``: these only, else all.

    ``jobs``: worker processes at a time, else one for each processor, or one where a GPU is used.
    ``trust``: the user has said yes to the recipe's code. ``vary``: one source of randomness,
    ``all`` that the recipe seeds apart, or ``hyper``. ``device``: ``auto`` takes a GPU where there
    is one. ``check``: climb the ladder's short rungs before the seeds. ``engine`` is the name of
    the one that runs the trials, else that of the settings; ``detach``: leave it alone with them.
    ``without``: a seed that is left out, another taken in its place.
    """

    seeds: int | None = None
    arms: tuple[str, ...] = ()
    jobs: int | None = None
    quick: bool = False
    trust: bool = False
    vary: str = ""
    device: str = "auto"
    check: bool = False
    engine: str = ""
    detach: bool = False
    without: int | None = None


def planned(recipe: Recipe, options: ReproduceOptions) -> tuple[Task, ...]:
    """The seeds to run. Raises UsageProblemError for what the recipe has not, or out of range."""
    _check(options)
    sources = sources_of(recipe, options.vary)
    arms = chosen_arms(recipe, options)
    return tuple(task for arm in arms for task in _tasks(recipe, arm, options, sources))


def _tasks(
    recipe: Recipe, arm: Arm, options: ReproduceOptions, sources: Sequence[str]
) -> list[Task]:
    seeds = _seeds(recipe, arm, options)
    if arm.deterministic or options.without is None or options.without >= seeds:
        return tasks_of(recipe, arm, seeds, sources)
    more = tasks_of(recipe, arm, seeds + 1, sources)
    return [task for task in more if task.seed != options.without]


def chosen_arms(recipe: Recipe, options: ReproduceOptions) -> tuple[Arm, ...]:
    """The arms asked for, in the recipe's order. Raises UsageProblemError for an unknown one."""
    unknown = [name for name in options.arms if recipe.arm(name) is None]
    if unknown:
        raise no_arm(recipe, *unknown)
    return tuple(arm for arm in recipe.arms if not options.arms or arm.name in options.arms)


def _seeds(recipe: Recipe, arm: Arm, options: ReproduceOptions) -> int:
    usual = arm.seeds or recipe.seeds
    return options.seeds or (min(usual, _QUICK_SEEDS) if options.quick else usual)


def _check(options: ReproduceOptions) -> None:
    for name, number in (("seeds", options.seeds), ("jobs", options.jobs)):
        if number is not None and number < 1:
            raise UsageProblemError(f"The number of {name} is {number}.", "It is 1 or more.")
    if options.seeds and options.seeds > MOST_SEEDS:
        raise UsageProblemError(
            f"{options.seeds} seeds are too many; nothing was run.", f"It is {MOST_SEEDS} at most."
        )
    if options.device not in DEVICES:
        raise UsageProblemError(
            f"There is no device {options.device!r}; nothing was run.",
            f"It is one of {', '.join(DEVICES)}.",
        )
