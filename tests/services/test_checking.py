"""The ladder of a recipe, by a worker process: alone, and before a run."""

from dataclasses import replace

import pytest
from support.digits_recipe import DIGITS, write_digits
from support.recipe_maker import write_recipe
from support.small_experiment import write_fit

from researchdesk.domain.ladder import RUNGS, Ladder, Rung, RungState, Step
from researchdesk.domain.recipes import Limits, Recipe
from researchdesk.domain.verdicts import Verdict
from researchdesk.errors import BadInputError, DeskError, UsageProblemError
from researchdesk.services import checking
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import recipe_for
from researchdesk.services.reproduction import ReproduceOptions, reproduce

FIT = "2001.00001"
STUCK = """
    def optimizer(self, parameters, run):
        return torch.optim.SGD(parameters, lr=0.0)
"""
STRICT = """
[[claims]]
id = "tiny"
text = "The error is next to nothing"
kind = "bound"
metric = "test_mse"
arm = "ours"
where = "table 2"
direction = "at most"
claimed = 0.0001
"""


def by_name(ladder: Ladder) -> dict[str, Rung]:
    return {rung.name: rung for rung in ladder.rungs}


@pytest.mark.slow
def test_a_recipe_climbs_and_its_ladder_is_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_digits(desk.settings.recipes)
    with pytest.raises(UsageProblemError, match="runs with your rights"):
        checking.check(desk, DIGITS)
    assert checking.kept(desk, DIGITS) is None
    heard: list[Rung] = []
    found = checking.check(desk, DIGITS, seconds=20, trusted=True, on_rung=heard.append)
    assert set(by_name(found)) == set(RUNGS)
    assert sorted(rung.name for rung in heard) == sorted(RUNGS)
    rungs = by_name(found)
    assert rungs["overlap"].figure == "0.8%"
    assert rungs["own-input"].state is RungState.PASSED
    assert not [one for one in found.rungs if one.state is RungState.FAILED]
    assert [one.step for one in found.steps] == list(Step)
    assert checking.kept(desk, DIGITS, "net") == found

    monkeypatch.setattr(checking, "ask", None)
    file = recipe_for(desk, DIGITS).folder / "recipe.toml"
    file.write_text(file.read_text("utf-8").replace("steps = 60", "steps = 61"), "utf-8")
    assert checking.kept(desk, DIGITS) is None, "the recipe changed"


def test_a_stop_ends_it_and_a_broken_experiment_says_why(desk: Desk) -> None:
    write_fit(desk.settings.recipes)
    with pytest.raises(DeskError, match="stopped"):
        checking.check(desk, FIT, trusted=True, stop=lambda: True)
    with pytest.raises(UsageProblemError, match="no time"):
        checking.check(desk, FIT, seconds=0, trusted=True)
    write_fit(
        desk.settings.recipes, more="\n    def data(self, run):\n        raise OSError('gone')\n"
    )
    with pytest.raises(BadInputError, match="gone"):
        checking.check(desk, FIT, trusted=True)


def test_a_plain_measure_has_no_ladder(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)
    found = checking.check(desk, FIT)
    assert found.count(RungState.NOT_RUN) == len(RUNGS)
    assert "hands neither data nor model over" in found.rungs[0].message
    assert checking.kept(desk, FIT) == found
    run = reproduce(desk, FIT, ReproduceOptions(1, trust=True, check=True)).run
    (check,) = [one for one in run.checks if one["name"] == "ladder"]
    assert check["ok"] is None
    assert "does not apply" in check["message"]


@pytest.mark.slow
def test_rungs_before_a_run_are_kept_with_it_and_name_causes(desk: Desk) -> None:
    write_fit(desk.settings.recipes, seeds=10, steps=4, toml=STRICT, more=STUCK)
    report = reproduce(desk, FIT, ReproduceOptions(jobs=1, trust=True, check=True))
    rungs = {check["rung"]: check for check in report.run.checks if "rung" in check}
    assert rungs["parameters"]["ok"] is False
    assert "did not change" in rungs["parameters"]["message"]
    assert rungs["own-input"]["ok"] is True
    assert any(note.startswith("The ladder: ") for note in report.notes)
    (tiny,) = [claim for claim in report.claims if claim.claim_id == "tiny"]
    assert tiny.verdict is Verdict.DIFFERENT
    assert any("parameters, all trained" in cause for cause in tiny.causes)


def test_without_the_option_nothing_is_climbed(desk: Desk) -> None:
    write_fit(desk.settings.recipes, seeds=1, steps=5)
    run = reproduce(desk, FIT, ReproduceOptions(jobs=1, trust=True)).run
    assert [check.get("rung") for check in run.checks] == [None]


def test_the_time_before_a_run_follows_its_budget(desk: Desk) -> None:
    write_fit(desk.settings.recipes)
    recipe: Recipe = recipe_for(desk, FIT)
    for minutes, seconds in ((None, 10.0), (0.1, 3.0), (2.0, 12.0), (60.0, 30.0)):
        assert checking.seconds_before(replace(recipe, budget_minutes=minutes)) == pytest.approx(
            seconds
        )
    long = replace(recipe, budget_minutes=60.0)
    assert checking.seconds_before(long, quick=True) == 10.0
    assert checking.seconds_before(replace(long, limits=Limits(minutes=0.1))) == pytest.approx(4.8)
