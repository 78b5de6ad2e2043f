"""Runs and sweeps: finished seeds stay finished, and no worker outlives its parent."""

from collections.abc import Callable
from pathlib import Path

from reliability.killing.attempts import Attempt, Operation
from reliability.killing.hatched import Outcome
from reliability.killing.observing import Facts, Key
from reliability.killing.world import World
from support.counted import seeds_that, write_counted
from support.recipe_maker import write_recipe
from support.sweep_maker import ARMS, EXPERIMENT

_SEEDS = 4


def reproduce(world: World) -> Attempt:
    """A run killed, and gone on with: no finished seed runs again."""
    name = f"2001.{world.number():05}"
    diary = world.root / f"diary-{name}"
    folder = write_counted(world.desk / "recipes", diary, pause=0.05, seeds=_SEEDS, arxiv_id=name)
    jobs = str(world.dice.choice((1, 2)))
    args = ["--offline", "reproduce", name, "--trust", "--no-check", "--jobs", jobs]
    finished: set[int] = set()

    def again(world: World, facts: Facts) -> list[str] | None:
        return None if _has_ended(facts, folder.name) else args

    def look(world: World, facts: Facts, outcome: Outcome) -> list[str]:
        done = _seeds_of(facts, folder.name)
        faults = []
        if not done <= set(seeds_that("end", diary)):
            faults.append(f"seeds {done} are said to be done; ended: {seeds_that('end', diary)}")
        for seed in finished:
            if seeds_that("begin", diary).count(seed) > 1:
                faults.append(f"seed {seed} had finished, and ran again")
        if not outcome.killed and done != set(range(_SEEDS)):
            faults.append(f"it ended, and the seeds {done} are there")
        finished.update(done)
        return faults

    return Attempt(args, loose=_is_of(folder), again=again, look=look)


def sweep(world: World) -> Attempt:
    """A sweep killed, and gone on with by the same command."""
    name = f"2001.{world.number():05}"
    folder = write_recipe(
        world.desk / "recipes", EXPERIMENT, arxiv_id=name, name="swept", toml=ARMS
    )
    options = {"--arm": "ours", "--metric": "valid_score", "--trials": "3", "--seed": "1"}
    args = ["--offline", "sweep", "start", name, "--trust", "--jobs", "1"]
    args += [word for pair in options.items() for word in pair]

    def look(world: World, facts: Facts, outcome: Outcome) -> list[str]:
        done = _seeds_of(facts, folder.name)
        if not outcome.killed and done != {0, 1, 2}:
            return [f"the sweep ended, and the trials {done} are there"]
        return []

    return Attempt(args, loose=_is_of(folder), look=look)


def _is_of(recipe: Path) -> Callable[[Key], bool]:
    def loose(key: Key) -> bool:
        return key[0] in ("seed", "run") and recipe.name in key[1]

    return loose


def _has_ended(facts: Facts, recipe: str) -> bool:
    return any(key[0] == "run" and recipe in key[1] for key in facts)


def _seeds_of(facts: Facts, recipe: str) -> set[int]:
    return {int(key[3]) for key in facts if key[0] == "seed" and recipe in key[1]}


OPERATIONS = (
    Operation("reproduce, and again", reproduce, 5, 125, 2.5),
    Operation("sweep start, and again", sweep, 3, 115, 2.0),
)
