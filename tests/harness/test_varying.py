"""Sources of randomness varied alone, and settings drawn from ranges."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from researchdesk.domain.recipes import Arm, ArmKind, Command, HyperRange, Recipe
from researchdesk.domain.runs import Task
from researchdesk.domain.seeding import stream_seeds
from researchdesk.errors import UsageProblemError
from researchdesk.harness.varying import drawn_settings, sources_of, tasks_of

ARM = Arm("ours", settings={"lr": 0.1, "width": 8, "act": "relu"})
RECIPE = Recipe(
    name="2001.00001-tiny",
    folder=Path("tiny"),
    arxiv_id="2001.00001",
    version=1,
    title="Tiny",
    summary="",
    seeds=3,
    arms=(ARM,),
    claims=(),
    digest="0",
    bundled=False,
    varies=("init", "order"),
    ranges=(
        HyperRange("lr", 1e-4, 1e-1, log=True),
        HyperRange("width", 4, 64),
        HyperRange("act", choices=("relu", "tanh")),
        HyperRange("other", 0.0, 1.0),
    ),
)


def test_sources_are_those_that_the_recipe_seeds_apart() -> None:
    assert sources_of(RECIPE, "") == ()
    assert sources_of(RECIPE, "init") == ("init",)
    assert sources_of(RECIPE, "all") == ("init", "order")
    assert sources_of(RECIPE, "hyper") == ("hyper",)


@pytest.mark.parametrize(
    ("recipe", "vary", "words"),
    [
        (RECIPE, "noise", "does not seed noise apart"),
        (replace(RECIPE, varies=()), "all", "does not seed any source"),
        (replace(RECIPE, ranges=()), "hyper", "declares no ranges"),
        (RECIPE, "weather", "no source of randomness 'weather'"),
    ],
)
def test_what_cannot_be_varied_is_told(recipe: Recipe, vary: str, words: str) -> None:
    with pytest.raises(UsageProblemError, match=words) as caught:
        sources_of(recipe, vary)
    assert "othing was run" in f"{caught.value.message} {caught.value.hint}"


def test_a_source_that_is_not_apart_names_those_that_are() -> None:
    with pytest.raises(UsageProblemError) as caught:
        sources_of(RECIPE, "split")
    assert caught.value.hint == "It can vary init, order, hyper."


def test_each_source_has_its_seeds_beside_all_together() -> None:
    assert tasks_of(RECIPE, ARM, 2, ()) == [Task("ours", 0), Task("ours", 1)]
    assert tasks_of(RECIPE, ARM, 2, ("init", "order")) == [
        Task("ours", seed, vary) for vary in ("all", "init", "order") for seed in (0, 1)
    ]


def test_what_cannot_vary_runs_as_ever() -> None:
    command = Command("https://example.org/a/b", "c" * 40, ("run",))
    for arm in (
        replace(ARM, deterministic=True),
        replace(ARM, command=command),
        replace(ARM, kind=ArmKind.BASELINE),
    ):
        tasks = tasks_of(RECIPE, arm, 2, ("init",))
        assert {task.vary for task in tasks} == {""}
    bare = replace(ARM, settings={"depth": 3})
    assert tasks_of(RECIPE, bare, 1, ("hyper",)) == [Task("ours", 0)]


def test_settings_are_drawn_from_their_ranges_and_seeds_held() -> None:
    tasks = [Task("ours", seed, "hyper") for seed in range(400)]
    drawn = drawn_settings(RECIPE, [*tasks, Task("ours", 0)])
    assert set(drawn) == set(tasks)
    settings = [drawn[task] for task in tasks]
    assert all(set(one) == {"lr", "width", "act"} for one in settings)
    rates = [one["lr"] for one in settings]
    assert all(1e-4 <= rate <= 1e-1 for rate in rates)
    assert abs(sum(map(math.log10, rates)) / 400 + 2.5) < 0.15  # the middle of -4 … -1
    widths = {one["width"] for one in settings}
    assert all(isinstance(width, int) and 4 <= width <= 64 for width in widths)
    assert len(widths) > 40
    assert {one["act"] for one in settings} == {"relu", "tanh"}
    assert drawn_settings(RECIPE, tasks) == drawn
    assert stream_seeds(0, "hyper") == stream_seeds(7, "hyper")
