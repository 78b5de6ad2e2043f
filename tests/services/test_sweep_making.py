"""What is told where a sweep cannot be made of a recipe as it stands."""

import re

import pytest
from support.sweep_maker import EXPERIMENT, ID, NAME, swept_recipe

from researchdesk.errors import UsageProblemError
from researchdesk.services import sweeps
from researchdesk.services.desk import Desk
from researchdesk.services.sweeps import SweepOptions


def test_without_ranges_it_is_told_first_how_to_begin(desk: Desk) -> None:
    toml = swept_recipe(desk) / "recipe.toml"
    toml.write_text(re.sub(r"\[ranges\.[^\[]*", "", toml.read_text("utf-8")), "utf-8")
    for options in (SweepOptions(trials=2), SweepOptions(metric="valid_score", better="higher")):
        with pytest.raises(UsageProblemError, match="declares no ranges") as told:
            sweeps.made(desk, ID, options)
        assert f"`researchdesk sweep new {NAME} --to FILE`" in told.value.hint


def test_a_metric_that_is_named_is_one_that_it_has(desk: Desk) -> None:
    swept_recipe(desk)
    with pytest.raises(UsageProblemError, match="By which metric") as told:
        sweeps.made(desk, ID, SweepOptions())
    assert "`--metric valid_score`" in told.value.hint
    swept_recipe(desk, EXPERIMENT.replace("valid_score", "some_loss"))
    with pytest.raises(UsageProblemError) as told:
        sweeps.made(desk, ID, SweepOptions())
    assert "names none" in told.value.hint
