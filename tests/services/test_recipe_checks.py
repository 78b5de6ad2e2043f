"""Every arm trained twice: the same seed gives the same result, or it is said."""

from pathlib import Path

import pytest
from support.authors import authors_origin, write_authors_recipe
from support.recipe_maker import ARM, CLAIM, SCORE, write_recipe

from researchdesk.errors import BadInputError, BusyError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.recipe_checks import TrainedTwice, train_twice
from researchdesk.services.recipes import recipe_for, trust

ID = "2001.00001"


def twice(desk: Desk) -> tuple[TrainedTwice, ...]:
    recipe = recipe_for(desk, ID)
    trust(desk, recipe)
    return train_twice(desk, recipe)


@pytest.mark.slow
def test_the_same_seed_gives_the_same(desk: Desk, tmp_path: Path) -> None:
    write_authors_recipe(desk.settings.recipes, authors_origin(tmp_path / "far"))
    ours, authors = twice(desk)
    assert ours == TrainedTwice("ours", True, "seed 0 gave the same twice, 2 metrics")
    assert (authors.arm, authors.same) == ("authors", None)
    assert not any(desk.settings.runs.glob("*"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("experiment", "words"),
    [
        ("import time\ndef measure(run): return {'score': time.time()}", "gave two results: score"),
        ("def measure(run): raise OSError('no such data')", "seed 0 failed: OSError: no such data"),
        ("def measure(run): return {'scroe': 1.0}", "measured no score, which the claim score is"),
    ],
)
def test_what_differs_or_fails_is_said(desk: Desk, experiment: str, words: str) -> None:
    write_recipe(desk.settings.recipes, experiment, toml=ARM + CLAIM)
    (found,) = twice(desk)
    assert found.same is False
    assert words in found.message


def test_nothing_is_run_before_the_yes(desk: Desk) -> None:
    write_recipe(desk.settings.recipes, SCORE)
    with pytest.raises(UsageProblemError, match="Nothing was run"):
        train_twice(desk, recipe_for(desk, ID))


def test_what_no_yes_was_said_to_is_not_there_to_run(desk: Desk, tmp_path: Path) -> None:
    folder = write_recipe(desk.settings.recipes, "import unseen\n" + SCORE)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "__init__.py").write_text("")
    (folder / "unseen").symlink_to(elsewhere)
    with pytest.raises(BadInputError, match="unseen: this link leads out of the recipe"):
        twice(desk)


def test_a_recipe_that_changed_since_the_yes_is_not_run(desk: Desk) -> None:
    folder = write_recipe(desk.settings.recipes, SCORE)
    recipe = recipe_for(desk, ID)
    trust(desk, recipe)
    (folder / "experiment.py").write_text("raise SystemExit")
    with pytest.raises(BusyError, match="changed"):
        train_twice(desk, recipe)
