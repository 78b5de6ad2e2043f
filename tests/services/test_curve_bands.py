"""The band of an arm's seeds: what counts, what is refused, what is kept of long curves."""

import pytest
from support.recipe_maker import ARM, CLAIM, write_recipe

from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.curve_bands import Spread, bands_of
from researchdesk.services.desk import Desk
from researchdesk.services.reproduction import ReproduceOptions, reproduce

EXPERIMENT = """
def measure(run):
    for step in range(1, 1001 if run.arm == "ours" else 5):
        if run.arm == "ours" and run.seed == 1 and step > 900:
            break
        spike = 50.0 if step == 500 else 0.0
        value = float("nan") if run.seed == 2 and step == 3 else run.seed + 1.0 / step + spike
        run.log(step, fall=value, score=0.5)
    return {"score": 0.5 + run.seed / 10}
"""
_OTHER = ARM.replace('"ours"', '"other"')


@pytest.fixture
def ran(desk: Desk) -> str:
    write_recipe(desk.settings.recipes, EXPERIMENT, seeds=3, toml=ARM + _OTHER + CLAIM)
    return reproduce(desk, "2001.00001", ReproduceOptions(trust=True, jobs=1)).run.id


def test_bands_hold_the_seeds_that_were_under_way_and_their_spikes(desk: Desk, ran: str) -> None:
    found = bands_of(desk, [ran], "fall", points=40)
    assert (found.metric, found.others) == ("fall", ("score",))
    ours, other = found.bands
    assert (ours.label, ours.n, ours.fewest) == ("ours", 3, 2)
    assert (other.label, other.steps, other.fewest) == ("other", (1, 2, 3, 4), 2)
    assert other.mean[0] == pytest.approx(2)
    assert (other.low[0], other.high[0]) == (1, 3)
    assert other.high[2] == pytest.approx(1 + 1 / 3)
    assert (ours.steps[0], ours.steps[-1]) == (1, 1000)
    assert len(ours.steps) <= 44
    assert 500 in ours.steps
    assert ours.mean[-1] == pytest.approx(1 + 1 / 1000)
    sd = bands_of(desk, [ran], "fall", ["other"], Spread.SD)
    assert sd.bands[0].high[0] == pytest.approx(3)
    assert (sd.bands[0].low[1], sd.bands[0].high[1]) == (pytest.approx(0.5), pytest.approx(2.5))
    assert "standard deviation" in sd.spread


def test_the_claims_metric_comes_first_and_what_is_not_there_is_refused(
    desk: Desk, ran: str
) -> None:
    assert bands_of(desk, [ran, ran]).metric == "score"
    for wrong in ({"metric": "loss"}, {"arms": ["theirs"]}):
        with pytest.raises(UsageProblemError):
            bands_of(desk, [ran], **wrong)  # type: ignore[arg-type]
    with pytest.raises(NotOnDeskError):
        bands_of(desk, ["20260101-000000-none"])


def test_a_run_without_a_step_says_so_and_two_runs_are_told_apart(desk: Desk, ran: str) -> None:
    again = reproduce(desk, "2001.00001", ReproduceOptions(trust=True, jobs=1, seeds=2)).run.id
    labels = [band.label for band in bands_of(desk, [ran, again], "fall", ["other"]).bands]
    assert labels == ["other, run 1", "other, run 2"]
    write_recipe(
        desk.settings.recipes, "def measure(run):\n    return {'score': 0.5}",
        seeds=2, arxiv_id="2002.00002", name="still",
    )  # fmt: skip
    still = reproduce(desk, "2002.00002", ReproduceOptions(trust=True, jobs=1)).run.id
    with pytest.raises(NotOnDeskError, match="No step was logged"):
        bands_of(desk, [still])
