"""What is written down of where a run was made."""

import subprocess
from importlib import metadata
from pathlib import Path

import pytest

from researchdesk.harness.environment import changed, environment, git_state
from researchdesk.harness.imports import imported_versions


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "recipe.toml").write_text("title = 'x'\n")
    (folder / "experiment.py").write_text(
        "import json, torch.nn\nimport click.testing\nfrom helper import f\nfrom sklearn import x\n"
        "def measure(run):\n    import no_such_package_at_all\n"
    )
    (folder / "helper.py").write_text("from . import experiment\nimport numpy as np\n")
    (folder / "broken.py").write_text("def (:\n")
    return folder


def test_what_a_recipe_imports_is_recorded_with_its_version(recipe: Path) -> None:
    found = imported_versions(recipe)
    assert set(found) == {"torch", "click", "scikit-learn", "numpy"}
    assert found["click"] == metadata.version("click")
    assert environment(recipe, 1)["imports"] == found


def test_what_git_ignores_is_in_no_commit(recipe: Path) -> None:
    def git(*args: str) -> None:
        known = ("-c", "user.name=a", "-c", "user.email=a@b")
        subprocess.run(["git", *known, "-C", str(recipe.parent), *args], check=True)

    git("init", "-q")
    (recipe.parent / ".gitignore").write_text("mine/\n")
    git("add", ".gitignore")
    git("commit", "-qm", "x")
    assert git_state(recipe) == {}
    assert git_state(recipe.parent)["dirty"] is False
    git("add", "-f", "mine/recipe.toml")
    git("config", "status.showUntrackedFiles", "no")
    git("commit", "-qm", "y")
    assert git_state(recipe)["dirty"] is False
    (recipe.parent / ".gitignore").write_text("")
    assert git_state(recipe)["dirty"] is True


def test_a_run_from_before_imports_were_recorded_is_not_of_another_environment(
    recipe: Path,
) -> None:
    now = environment(recipe, 1)
    before = {key: value for key, value in now.items() if key != "imports"}
    assert changed(before, now) == []
    assert changed({**now, "imports": {"click": "0.1"}}, now) == ["imports"]
