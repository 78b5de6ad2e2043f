"""Whose code may run: shown before, kept by its content, and taken back."""

import json
import shutil
from pathlib import Path

import pytest
from support.authors import RUN, authors_origin, write_authors_recipe
from support.origin import Origin
from support.recipe_maker import write_recipe

from researchdesk.domain.recipes import Recipe
from researchdesk.errors import BadInputError, DeskError
from researchdesk.harness.recipes import load_recipe
from researchdesk.services import trust
from researchdesk.services.desk import Desk

ID = "2001.00001"
FILE = "trusted-recipes.json"


@pytest.fixture
def theirs(tmp_path: Path) -> Origin:
    return authors_origin(tmp_path / "far" / "theirs")


def recipe_of(folder: Path, *, bundled: bool = False) -> Recipe:
    return load_recipe(folder, bundled=bundled)


def test_what_would_run_is_shown_with_repository_commit_and_command(
    desk: Desk, theirs: Origin
) -> None:
    folder = write_authors_recipe(desk.settings.recipes, theirs, setup=[["make", "it here"]])
    recipe = recipe_of(folder)
    would = trust.what_would_run(recipe)
    assert would.code is not None
    assert would.code.files == ("experiment.py", "recipe.toml")
    (item,) = would.authors
    assert item.arms == ("authors",)
    assert item.setup == ("make 'it here'",)
    assert item.run == "'{python}' spring/train.py --seed '{seed}' --total_steps 4"
    words = trust.shown(would)
    for word in (str(folder), recipe.digest, item.repository, item.commit, item.run, item.setup[0]):
        assert word in words


def test_the_authors_command_of_a_bundled_recipe_waits_for_a_yes(
    desk: Desk, theirs: Origin
) -> None:
    recipe = recipe_of(write_authors_recipe(desk.settings.recipes, theirs), bundled=True)
    ours, authors = recipe.arms
    assert trust.is_trusted(desk, recipe)
    trust.require_trust(desk, recipe)
    assert trust.is_command_trusted(desk, ours)
    assert not trust.is_command_trusted(desk, authors)
    waiting = trust.awaiting_yes(desk, recipe)
    assert (waiting.code, len(waiting.authors)) == (None, 1)
    assert not trust.awaiting_yes(desk, recipe, ["ours"]).anything
    trust.trust(desk, recipe)
    assert trust.is_command_trusted(desk, authors)
    assert not trust.awaiting_yes(desk, recipe).anything


def test_a_yes_to_one_arm_is_none_to_another(desk: Desk, theirs: Origin) -> None:
    recipe = recipe_of(write_authors_recipe(desk.settings.recipes, theirs))
    trust.trust(desk, recipe, ["ours"])
    waiting = trust.awaiting_yes(desk, recipe)
    assert (waiting.code, len(waiting.authors)) == (None, 1)


def test_any_change_of_the_command_asks_anew(desk: Desk, theirs: Origin) -> None:
    recipes = desk.settings.recipes
    trust.trust(desk, recipe_of(write_authors_recipe(recipes, theirs)))
    other = authors_origin(theirs.folder.parent / "other")
    changes: list[dict[str, object]] = [
        {"run": (*RUN, "--baseline")},
        {"setup": [["true"]]},
        {"commit": "0" * 40},
        {"url": other.url},
    ]
    for change in changes:
        changed = recipe_of(write_authors_recipe(recipes, theirs, **change))  # type: ignore[arg-type]
        assert trust.awaiting_yes(desk, changed).authors, change
    folder = write_authors_recipe(recipes, theirs)
    assert not trust.awaiting_yes(desk, recipe_of(folder)).anything
    text = (folder / "recipe.toml").read_text("utf-8")
    (folder / "recipe.toml").write_text(
        text.replace("\nsteps = 4\n[arms.c", "\nsteps = 5\n[arms.c")
    )
    assert trust.awaiting_yes(desk, recipe_of(folder)).authors
    (folder / "recipe.toml").write_text(text.replace("A tiny", "Another"))
    waiting = trust.awaiting_yes(desk, recipe_of(folder))
    assert waiting.code is not None
    assert not waiting.authors


def test_a_yes_is_seen_and_taken_back(desk: Desk, theirs: Origin) -> None:
    folder = write_authors_recipe(desk.settings.recipes, theirs)
    recipe = recipe_of(folder)
    other = recipe_of(write_recipe(desk.settings.recipes, arxiv_id="2001.00002"))
    for item in (recipe, other):
        trust.trust(desk, item)
    assert [yes.recipe for yes in trust.yeses(desk)].count("2001.00001-tiny") == 2
    kept = trust.yeses(desk, recipe)
    assert [yes.holds for yes in kept] == [True, True]
    assert any(theirs.url in yes.of for yes in kept)
    (folder / "experiment.py").write_text("def measure(run): return {'score': 1.0}\n")
    changed = recipe_of(folder)
    assert sorted(bool(yes.holds) for yes in trust.yeses(desk, changed)) == [False, True]
    assert len(trust.forget(desk, changed)) == 2
    assert not trust.is_command_trusted(desk, recipe.arms[1])
    assert trust.forget(desk, recipe) == []
    assert trust.is_trusted(desk, other)


def test_a_yes_that_came_with_the_desk_is_none(desk: Desk) -> None:
    recipe = recipe_of(write_recipe(desk.settings.recipes))
    said = json.dumps({recipe.digest: {"name": recipe.name, "at": "2026-01-01"}})
    (desk.root / FILE).write_text(said)
    assert not trust.is_trusted(desk, recipe)
    trust.trust(desk, recipe)
    assert trust.is_trusted(desk, recipe)
    assert (desk.settings.state / FILE).stat().st_mode & 0o777 == 0o600
    assert (desk.root / FILE).read_text() == said


@pytest.mark.parametrize("broken", ["{", "[]", '{"x": 3}', "\x00"])
def test_a_broken_list_trusts_none(desk: Desk, broken: str) -> None:
    recipe = recipe_of(write_recipe(desk.settings.recipes))
    desk.settings.state.mkdir(exist_ok=True)
    (desk.settings.state / FILE).write_text(broken)
    try:
        assert not trust.is_trusted(desk, recipe)
    except BadInputError as error:
        said = error.message
    else:
        said = FILE
    assert FILE in said


def test_a_yes_that_cannot_be_kept_is_told_and_nothing_runs(desk: Desk) -> None:
    recipe = recipe_of(write_recipe(desk.settings.recipes))
    shutil.rmtree(desk.settings.state, ignore_errors=True)
    desk.settings.state.write_text("no folder")
    with pytest.raises(DeskError, match="could not be kept") as caught:
        trust.trust(desk, recipe)
    assert (caught.value.exit_code, bool(caught.value.hint)) == (6, True)
