"""The folder of runs: names of any kind, plans that differ, and the way that was chosen."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from support.faketime import FakeTime
from support.recipe_maker import write_recipe

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import RunState, Task
from researchdesk.errors import DeskError
from researchdesk.harness.history import RunConfig
from researchdesk.harness.open_run import OpenRun
from researchdesk.harness.recipes import load_recipe
from researchdesk.harness.store import RunStore

SEED = Task("ours", 0)


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    return load_recipe(write_recipe(tmp_path / "recipes"), bundled=False)


@pytest.fixture
def store(tmp_path: Path, fake_time: FakeTime) -> RunStore:
    return RunStore(tmp_path / "runs", fake_time.clock)


def config_of(recipe: Recipe, **more: Any) -> RunConfig:
    return RunConfig(
        recipe.name, recipe.digest, recipe.arxiv_id, False, False, (SEED, Task("ours", 1)), **more
    )


def finish(run: OpenRun, *, end: bool = True) -> None:
    run.record("seed_finished", SEED, {"metrics": {"score": 0.5}, "seconds": 1.0})
    if end:
        run.record("run_finished")
    run.close()


def test_an_unfinished_run_of_another_plan_is_told(store: RunStore, recipe: Recipe) -> None:
    def begun(**more: Any) -> tuple[OpenRun, str]:
        return store.start(recipe, config_of(recipe, **more), lambda event: None)

    first, note = begun(data={"digits": "substitute:made"})
    finish(first, end=False)
    assert note == ""
    other, note = begun(data={"digits": "digits"})
    assert f"The unfinished run {first.id} is of other seeds, arms, data, device or engine" in note
    finish(other)
    third, note = begun(data={"digits": "digits"})
    third.close()
    assert (note, third.id in (first.id, other.id)) == ("", False)


def test_a_recipe_of_any_name_has_runs_that_are_found(store: RunStore, tmp_path: Path) -> None:
    folder = write_recipe(tmp_path / "recipes")
    text = (folder / "recipe.toml").read_text().replace('[paper]\nid = "2001.00001"', "[paper]\n")
    text = text.replace("[paper]\n\nversion = 1\n", "")
    for name in ("My récipe (v2)+x", "ß" * 120):
        other = folder.rename(folder.with_name(name))
        (other / "recipe.toml").write_text(text, "utf-8")
        recipe = load_recipe(other, bundled=False)
        run, _ = store.start(recipe, config_of(recipe), lambda event: None)
        finish(run)
        assert store.get(run.id).state is RunState.FINISHED
        folder = other
    assert len(store.all()) == 2


def test_the_way_that_was_chosen_is_known_again(store: RunStore, recipe: Recipe) -> None:
    run, _ = store.start(recipe, config_of(recipe), lambda event: None)
    run.record("run_planned", data={"arm": "ours", "batched": True})
    run.record("run_planned", data={"arm": "other", "batched": False})
    run.close()
    assert store.ways(run.id) == {"ours": True, "other": False}


def test_a_run_that_cannot_be_removed_is_told_and_the_rest_goes_later(
    store: RunStore, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            raise PermissionError(13, "Permission denied")

    run, _ = store.start(recipe, config_of(recipe), lambda event: None)
    finish(run)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", fail)
        with pytest.raises(DeskError, match="Permission denied"):
            store.remove(run.id)
    other, _ = store.start(recipe, config_of(recipe), lambda event: None)
    other.close()
    assert not list((tmp_path / "runs").glob(".new-*"))


def test_a_run_whose_folder_cannot_be_written_is_not_gone_on_with(
    store: RunStore, recipe: Recipe
) -> None:
    run, _ = store.start(recipe, config_of(recipe), lambda event: None)
    run.close()
    (run.folder / "events.jsonl").unlink()
    (run.folder / "events.jsonl").mkdir()
    with pytest.raises(DeskError):
        store.resume(run.id, lambda event: None)
