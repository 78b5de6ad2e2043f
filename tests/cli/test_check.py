"""``researchdesk check`` on the command line."""

import json

import pytest
from click.testing import CliRunner, Result
from support.recipe_maker import write_recipe
from support.small_experiment import write_fit

from researchdesk.cli.main import cli
from researchdesk.config import load_settings
from researchdesk.domain.ladder import Ladder, Rung, RungState, Standing, Step, in_order
from researchdesk.services import checking

FIT = "2001.00001"
RUNGS = (
    Rung("one-batch", RungState.FAILED, "accuracy 0.50 after 400 steps", "It does not fit."),
    Rung("overlap", RungState.PASSED, "0 rows"),
    Rung("capacity", RungState.NOT_RUN, "", "No setting says how wide it is."),
)
STEPS = (
    Standing(Step.LOOK, RungState.PASSED, ""),
    Standing(Step.OVERFIT, RungState.FAILED, "failed"),
    Standing(Step.TUNE, None, "the recipe gives no ranges"),
)


def run(*words: str) -> Result:
    """The command in this process."""
    return CliRunner().invoke(cli, words, standalone_mode=False)


def climbed(*rungs: Rung) -> Ladder:
    return Ladder("fit", "ours", in_order(rungs), STEPS, 2.5)


@pytest.fixture
def ladder(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What ``check`` was asked for; it answers with the rungs above."""
    asked: list[dict[str, object]] = []

    def answer(desk: object, ref: str, arm: str, **more: object) -> Ladder:
        asked.append({"ref": ref, "arm": arm, **more})
        return climbed(*RUNGS)

    monkeypatch.setattr(checking, "check", answer)
    write_fit(load_settings().recipes)
    return asked


def test_the_ladder_as_a_page(ladder: list[dict[str, object]]) -> None:
    done = run("check", FIT, "--arm", "ours", "--seconds", "5", "--trust")
    lines = done.stdout.splitlines()
    assert lines[0] == "fit, arm ours: 1 passed, 1 failed, 1 not run"
    assert "  ✓ train and test apart              0 rows" in lines
    assert "2. overfit   ← here" in lines
    at = lines.index("  ✗ one batch learnt by heart         accuracy 0.50 after 400 steps")
    assert lines[at + 1] == "      It does not fit."
    assert "rate" in lines[at + 2], "what to do"
    assert "3. tune: the recipe gives no ranges" in lines
    assert "\x1b" not in done.stdout
    assert done.return_value == 1
    assert (ladder[0]["arm"], ladder[0]["seconds"], ladder[0]["trusted"]) == ("ours", 5.0, True)


def test_the_ladder_as_json(ladder: list[dict[str, object]]) -> None:
    record = json.loads(run("check", FIT, "--json").stdout)
    assert (record["passed"], record["failed"], record["not_run"]) == (1, 1, 1)
    assert [rung["name"] for rung in record["rungs"]] == ["overlap", "one-batch", "capacity"]
    assert record["rungs"][1]["state"] == "failed"
    assert record["rungs"][1]["title"] == "one batch learnt by heart"
    assert record["stands_at"] == "overfit"


def test_a_plain_measure_ends_with_six_and_says_why() -> None:
    write_recipe(load_settings().recipes)
    done = run("check", FIT, "--json")
    record = json.loads(done.stdout)
    assert done.return_value == 6
    assert record["passed"] == record["failed"] == 0
    assert "neither data nor model" in record["rungs"][0]["message"]


@pytest.mark.slow
def test_reproduce_climbs_first_unless_told_not_to(run: object) -> None:
    write_fit(load_settings().recipes, seeds=1)
    with_it = json.loads(run("reproduce", FIT, "--trust", "--json").stdout)  # type: ignore[operator]
    assert [one for one in with_it["checks"] if one.get("rung") == "one-batch"]
    without = run("reproduce", FIT, "--json", "--no-check", "--seeds", "2")  # type: ignore[operator]
    assert not [one for one in json.loads(without.stdout)["checks"] if "rung" in one]
