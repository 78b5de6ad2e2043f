"""Arms that need more than there is here: left out with words, run where they are asked for."""

import pytest
from support.recipe_maker import CLAIM, write_recipe

from researchdesk.domain.verdicts import Shortfall, Verdict
from researchdesk.services import reproduction
from researchdesk.services.desk import Desk
from researchdesk.services.reproduction import ReproduceOptions

ARMS = """
[[arms]]
name = "ours"
needs_minutes = 90
[arms.settings]
steps = 2

[[arms]]
name = "short"
deterministic = true
[arms.settings]
steps = 1
"""


@pytest.fixture
def recipe(desk: Desk) -> str:
    return write_recipe(desk.settings.recipes, toml=ARMS + CLAIM).name


def test_a_long_arm_is_untested_and_says_how_to_run_it(desk: Desk, recipe: str) -> None:
    report = reproduction.reproduce(desk, recipe, ReproduceOptions(trust=True))
    (claim,) = report.claims
    assert (claim.verdict, claim.shortfall) == (Verdict.UNTESTED, Shortfall.MISSING)
    assert "90 minutes" in claim.why
    assert "--arm ours" in claim.why
    assert {task.arm for task in report.run.tasks} == {"short"}


def test_asked_for_by_name_it_runs(desk: Desk, recipe: str) -> None:
    options = ReproduceOptions(trust=True, arms=("ours",))
    report = reproduction.reproduce(desk, recipe, options)
    assert report.claims[0].verdict is Verdict.REPRODUCED
    assert len(report.run.results) == 3


def test_an_arm_for_a_gpu_is_untested_on_the_cpu(desk: Desk) -> None:
    toml = ARMS.replace("needs_minutes = 90", "needs_gpu = true") + CLAIM
    name = write_recipe(desk.settings.recipes, toml=toml, name="gpu").name
    options = ReproduceOptions(trust=True, device="cpu")
    report = reproduction.reproduce(desk, name, options)
    assert report.claims[0].verdict is Verdict.UNTESTED
    assert "GPU" in report.claims[0].why
