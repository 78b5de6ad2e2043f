"""What a recipe needs and costs: budget, limits, data, ranges."""

from pathlib import Path

import pytest
from support.recipe_maker import ARM, CLAIM, write_recipe

from researchdesk.domain.recipes import DataNeed, HyperRange, Limits, Recipe
from researchdesk.errors import BadInputError
from researchdesk.harness.recipes import load_recipe


def recipe_of(tmp_path: Path, lines: str, top: str = "") -> Recipe:
    file = write_recipe(tmp_path, toml=ARM + CLAIM + lines) / "recipe.toml"
    file.write_text(top + file.read_text("utf-8"), "utf-8")
    return load_recipe(file.parent, bundled=False)


def test_all_of_it_is_read(tmp_path: Path) -> None:
    recipe = recipe_of(
        tmp_path,
        "[budget]\nminutes = 3.5\nnote = 'mostly training'\n[limits]\nminutes = 10\nmemory_gb = 2\n"
        '[ranges.steps]\nchoices = [2, 4]\n[[data_needs]]\nname = "mnist"\n'
        'source = "hf:ylecun/mnist@77f3279092a1c1579b2250db8eafed0ad422088c"\n'
        'substitute = "scikit-learn:digits"\nalways = true\nwhy = "no network"\n',
        'data = "pictures"\nvaries = ["init", "order"]\n',
    )
    assert recipe.budget_minutes == 3.5
    assert recipe.budget == "3.5 minutes on two cores: mostly training"
    assert recipe.limits == Limits(10, 2)
    assert recipe.ranges == (HyperRange("steps", choices=(2, 4)),)
    assert recipe.varies == ("init", "order")
    assert recipe.data_note == "pictures"
    assert recipe.data == (
        DataNeed(
            "mnist",
            "hf:ylecun/mnist@77f3279092a1c1579b2250db8eafed0ad422088c",
            "scikit-learn:digits",
            always=True,
            why="no network",
        ),
    )


def test_a_budget_in_words_is_still_one(tmp_path: Path) -> None:
    recipe = recipe_of(tmp_path, "", 'budget = "ten seconds"\n')
    assert (recipe.budget, recipe.budget_minutes) == ("ten seconds", None)


@pytest.mark.parametrize(
    ("lines", "top", "problem"),
    [
        ("[budget]\nnote = 'x'\n", "", "budget.minutes: is missing"),
        ("[budget]\nminutes = 0\n", "", "budget.minutes: is 0, not above 0"),
        ("", "budget = 3\n", "recipe.toml:1: budget: is a number, not text"),
        ("[limits]\nhours = 3\n", "", "limits.hours: is unknown; known are minutes, memory_gb"),
        ("[limits]\nmemory_gb = -1\n", "", "limits.memory_gb: is -1, not above 0"),
        ("[ranges.lr]\nlow = 1\nhigh = 2\n", "", "ranges.lr: is the setting of no arm"),
        ("[ranges.steps]\nlow = 2\nhigh = 1\n", "", "ranges.steps.high: is not above `low`"),
        ("[ranges.steps]\nlow = 0\nhigh = 1\nlog = true\n", "", "ranges.steps.low: is not above 0"),
        ("[ranges.steps]\nlow = 1\n", "", "ranges.steps.high: is missing"),
        ("[ranges.steps]\nchoices = []\n", "", "ranges.steps.choices: is not a list with"),
        ("[ranges.steps]\nchoices = [1]\nlow = 1\n", "", "ranges.steps.low: has no meaning beside"),
        ("[ranges]\nsteps = 3\n", "", "ranges.steps: is a number, not a table"),
        ("", 'varies = ["weather"]\n', "varies: names 'weather'; known are init, order, noise"),
        ("[[data_needs]]\nname = 'a'\n", "", "data_needs[0].source: is missing"),
        (
            "[[data_needs]]\nname = 'a'\nsource = 'hf:ylecun/mnist'\n",
            "",
            "data_needs[0].source: is not pinned: write hf:OWNER/NAME@REVISION",
        ),
        (
            "[[data_needs]]\nname = 'a'\nsource = 'made'\nalways = true\n",
            "",
            "data_needs[0].substitute: is missing",
        ),
        (
            "[[data_needs]]\nname = 'a'\nsource = 'made'\n" * 2,
            "",
            "data_needs[1].name: 'a' is there twice",
        ),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, lines: str, top: str, problem: str) -> None:
    with pytest.raises(BadInputError) as caught:
        recipe_of(tmp_path, lines, top)
    assert problem in caught.value.message


def test_a_recipe_of_no_paper_needs_no_id(tmp_path: Path) -> None:
    file = write_recipe(tmp_path) / "recipe.toml"
    text = file.read_text("utf-8").replace('[paper]\nid = "2001.00001"\nversion = 1\n', "")
    file.write_text(text, "utf-8")
    recipe = load_recipe(file.parent.rename(tmp_path / "ladder"), bundled=True)
    assert (recipe.arxiv_id, recipe.version, recipe.name) == ("", None, "ladder")
