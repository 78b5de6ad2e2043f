"""Which source of randomness a seed is for, and the settings drawn for it."""

from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

from researchdesk.domain.recipes import Arm, ArmKind, HyperRange, Recipe
from researchdesk.domain.runs import Task
from researchdesk.domain.seeding import ALL, HYPER, SOURCES, stream_seed
from researchdesk.errors import UsageProblemError

CHOICES = (*SOURCES, ALL, HYPER)
"""What can be varied: one source, each of those that the recipe seeds apart, or the settings."""


def sources_of(recipe: Recipe, vary: str) -> tuple[str, ...]:
    """The sources that are varied alone. Raises UsageProblemError where the recipe cannot."""
    if vary == "":
        return ()
    if vary not in CHOICES:
        raise UsageProblemError(
            f"There is no source of randomness {vary!r}; nothing was run.",
            f"It is one of {', '.join(CHOICES)}.",
        )
    if vary == HYPER:
        if not recipe.ranges:
            raise UsageProblemError(
                f"The recipe {recipe.name} declares no ranges to draw settings from.",
                "Declare them in recipe.toml, as [ranges.lr] with low, high and log. "
                "Nothing was run.",
            )
        return (HYPER,)
    apart = recipe.varies if vary == ALL else tuple({vary} & set(recipe.varies))
    if not apart:
        able = [*recipe.varies, *([HYPER] if recipe.ranges else [])]
        what = "any source of randomness" if vary == ALL else vary
        raise UsageProblemError(
            f"The recipe {recipe.name} does not seed {what} apart. Nothing was run.",
            f"It can vary {', '.join(able)}." if able else "It can vary none.",
        )
    return apart


def tasks_of(recipe: Recipe, arm: Arm, seeds: int, sources: Sequence[str]) -> list[Task]:
    """The seeds of an arm: all sources together, and then each source alone.

    What is no experiment of the recipe's own, or has nothing random, is not varied.
    """
    count = 1 if arm.deterministic else seeds
    own = arm.command is None and arm.kind is not ArmKind.BASELINE and not arm.deterministic
    alone = [source for source in sources if own and _has(recipe, arm, source)]
    together = ALL if alone else ""
    return [Task(arm.name, seed, vary) for vary in (together, *alone) for seed in range(count)]


def drawn_settings(recipe: Recipe, tasks: Iterable[Task]) -> dict[Task, dict[str, Any]]:
    """The settings drawn for each seed that varies them; the same for all arms."""
    found = {}
    for task in tasks:
        arm = recipe.arm(task.arm)
        if arm is not None and task.vary == HYPER:
            ranges = [drawn for drawn in recipe.ranges if drawn.name in arm.settings]
            found[task] = {
                drawn.name: _draw(drawn, task.seed, arm.settings[drawn.name]) for drawn in ranges
            }
    return found


def _has(recipe: Recipe, arm: Arm, source: str) -> bool:
    return source != HYPER or any(drawn.name in arm.settings for drawn in recipe.ranges)


def _draw(drawn: HyperRange, seed: int, usual: Any) -> Any:
    """One value: uniform, by its logarithm, or one of a list; whole where the arm's own is."""
    random = Random(stream_seed(f"{HYPER}:{drawn.name}", seed))  # noqa: S311 - no secret
    if drawn.choices:
        return drawn.choices[random.randrange(len(drawn.choices))]
    share = random.random()
    if drawn.log:
        value = drawn.low * (drawn.high / drawn.low) ** share
    else:
        value = drawn.low + (drawn.high - drawn.low) * share
    return round(value) if isinstance(usual, int) and not isinstance(usual, bool) else value
