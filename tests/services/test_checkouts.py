"""The authors' code at its pinned commit: fetched, verified, set up once, made again if broken."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from support.authors import authors_origin, write_authors_recipe
from support.origin import Origin
from support.processes import has_ended

from researchdesk.domain.recipes import Limits, Recipe
from researchdesk.harness.recipes import load_recipe
from researchdesk.services import checkouts
from researchdesk.services.checkouts import Checkout, NotHere, checkout_for
from researchdesk.services.desk import Desk
from researchdesk.sources.git import StoppedError


@pytest.fixture(autouse=True)
def _files_may_be_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkouts, "PROTOCOLS", ("https", "file"))


@pytest.fixture
def theirs(tmp_path: Path) -> Origin:
    return authors_origin(tmp_path / "far" / "theirs")


def recipe_of(desk: Desk, origin: Origin, **more: object) -> Recipe:
    folder = write_authors_recipe(desk.settings.recipes, origin, **more)  # type: ignore[arg-type]
    return load_recipe(folder, bundled=True)


def here(desk: Desk, recipe: Recipe, **more: bool) -> Path:
    found = checkout_for(desk, recipe, recipe.arms[1], trusted=True, **more)
    assert isinstance(found, Checkout), found
    return found.folder


def why_not(desk: Desk, recipe: Recipe, *, trusted: bool = True, offline: bool = False) -> str:
    found = checkout_for(desk, recipe, recipe.arms[1], trusted=trusted, offline=offline)
    assert isinstance(found, NotHere)
    assert found.why.startswith("needs ")
    return found.why


def test_the_pinned_commit_is_fetched_and_kept(desk: Desk, theirs: Origin) -> None:
    recipe = recipe_of(desk, theirs)
    theirs.commit(spring__train_dot_py=b"print('newer')\n")
    folder = here(desk, recipe)
    assert folder.is_relative_to(desk.root / "checkouts")
    assert b"Final train loss" in (folder / "spring" / "train.py").read_bytes()
    shutil.rmtree(theirs.folder)
    assert here(desk, recipe, offline=True) == folder


def test_it_is_not_fetched_before_the_yes(desk: Desk, theirs: Origin) -> None:
    why = why_not(desk, recipe_of(desk, theirs), trusted=False)
    assert "needs your yes" in why
    assert "--trust" in why
    assert theirs.url in why
    assert not (desk.root / "checkouts").exists()


def test_without_network_it_says_so(desk: Desk, theirs: Origin) -> None:
    recipe = recipe_of(desk, theirs)
    assert "the desk is offline" in why_not(desk, recipe, offline=True)
    shutil.rmtree(theirs.folder)
    assert "git did not bring it" in why_not(desk, recipe)


def test_only_https_is_fetched_by(
    desk: Desk, theirs: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkouts, "PROTOCOLS", ("https",))
    assert "names no repository" in why_not(desk, recipe_of(desk, theirs))


def test_a_commit_that_is_not_there_is_said(desk: Desk, theirs: Origin) -> None:
    recipe = recipe_of(desk, theirs, commit="0" * 40)
    assert "000000000000: " in why_not(desk, recipe)
    assert not list((desk.root / "checkouts").glob("*/tree"))
    assert not list((desk.root / "checkouts").glob("*/.part-*"))


def test_what_a_run_wrote_over_is_brought_back(desk: Desk, theirs: Origin) -> None:
    recipe = recipe_of(desk, theirs)
    folder = here(desk, recipe)
    train = [sys.executable, "spring/train.py", "--total_steps", "2"]
    subprocess.run(train, cwd=folder, check=True, capture_output=True)
    assert (folder / "spring" / "model.tar").read_bytes() != b"trained by the authors"
    (folder / "README.md").unlink()
    here(desk, recipe, offline=True)
    assert (folder / "spring" / "model.tar").read_bytes() == b"trained by the authors"
    assert (folder / "README.md").is_file()
    assert (folder / "spring" / "notes.txt").read_text() == "left behind"


@pytest.mark.parametrize("harm", ["objects", "HEAD", "other commit", "gone"])
def test_a_broken_checkout_is_made_again(desk: Desk, theirs: Origin, harm: str) -> None:
    recipe = recipe_of(desk, theirs)
    folder = here(desk, recipe)
    if harm == "objects":
        shutil.rmtree(folder / ".git" / "objects")
    elif harm == "HEAD":
        (folder / ".git" / "HEAD").write_bytes(b"\0")
    elif harm == "gone":
        shutil.rmtree(folder)
    else:
        (folder / "spring" / "train.py").write_text("print('mine')\n")
        Origin(folder).git("commit", "--quiet", "--all", "--message", "mine")
    assert here(desk, recipe) == folder
    assert Origin(folder).git("rev-parse", "HEAD") == theirs.git("rev-parse", "HEAD")
    assert b"Final train loss" in (folder / "spring" / "train.py").read_bytes()


SETUP = [["{python}", "-c", "import pathlib; p = pathlib.Path('made'); p.open('a').write('once')"]]


def test_setup_runs_once_in_the_checkout(desk: Desk, theirs: Origin) -> None:
    recipe = recipe_of(desk, theirs, setup=SETUP)
    folder = here(desk, recipe)
    assert (folder / "made").read_text() == "once"
    here(desk, recipe, offline=True)
    assert (folder / "made").read_text() == "once"


def test_other_setup_is_another_checkout(desk: Desk, theirs: Origin) -> None:
    first = here(desk, recipe_of(desk, theirs, setup=SETUP))
    other = here(desk, recipe_of(desk, theirs))
    assert first != other
    assert not (other / "made").exists()


def test_setup_that_was_not_run_needs_a_network(desk: Desk, theirs: Origin) -> None:
    recipe = recipe_of(desk, theirs, setup=SETUP)
    folder = here(desk, recipe)
    next(folder.parent.glob("ready.json")).unlink()
    assert "its setup has not been run" in why_not(desk, recipe, offline=True)
    assert (here(desk, recipe) / "made").read_text() == "once"


@pytest.mark.parametrize(
    ("setup", "words"),
    [
        (
            ["{python}", "-c", "print('no\\x1b[31m wheel'); raise SystemExit(3)"],
            "exit code 3 (no w",
        ),
        (["no-such-program"], "could not be started: No such file"),
        (["{python}", "-c", "open('README.md', 'w')"], "its setup changes the authors' own files"),
    ],
)
def test_setup_that_fails_is_said_and_tried_again(
    desk: Desk, theirs: Origin, setup: list[str], words: str
) -> None:
    recipe = recipe_of(desk, theirs, setup=[*SETUP, setup])
    for _ in range(2):
        assert words in why_not(desk, recipe)
    made = next((desk.root / "checkouts").glob("*/tree")) / "made"
    assert made.read_text() == "once"


def test_setup_is_held_to_its_limits_with_its_children(
    desk: Desk, theirs: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkouts, "SETUP_LIMITS", Limits(minutes=10 / 60))
    slow = (
        "import pathlib, subprocess, sys, time; "
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "
        "pathlib.Path('pid').write_text(str(child.pid)); time.sleep(600)"
    )
    recipe = recipe_of(desk, theirs, setup=[["{python}", "-c", slow]])
    assert "it took longer than 0.166667 minutes" in why_not(desk, recipe)
    pid = next((desk.root / "checkouts").glob("*/tree/pid")).read_text()
    assert has_ended(int(pid))


def test_stopping_ends_the_setup(desk: Desk, theirs: Origin) -> None:
    recipe = recipe_of(desk, theirs, setup=[["{python}", "-c", "import time; time.sleep(60)"]])
    cancel = threading.Event()

    def stop(what: str) -> None:
        if what.startswith("setting up"):
            cancel.set()

    with pytest.raises(StoppedError):
        checkout_for(desk, recipe, recipe.arms[1], trusted=True, progress=stop, cancel=cancel)


def test_an_interpreter_that_setup_did_not_make_is_said(desk: Desk, theirs: Origin) -> None:
    recipe = recipe_of(desk, theirs)
    file = recipe.folder / "recipe.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("setup = []\n", 'interpreter = "venv/bin/python"\n'), "utf-8")
    recipe = load_recipe(recipe.folder, bundled=True)
    assert "its interpreter venv/bin/python is not there" in why_not(desk, recipe)


def test_what_came_with_the_desk_is_not_run_in_place_of_the_authors_code(
    desk: Desk, theirs: Origin
) -> None:
    recipe = recipe_of(desk, theirs)
    folder = here(desk, recipe)
    (folder / "spring" / "extra.py").write_text("print('planted')")
    assert here(desk, recipe) == folder
    assert (folder / "spring" / "extra.py").exists()
    shutil.rmtree(desk.settings.state)
    assert "the desk is offline" in why_not(desk, recipe, offline=True)
    assert here(desk, recipe) == folder
    assert not (folder / "spring" / "extra.py").exists()
