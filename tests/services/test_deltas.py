"""The delta of two texts: in the unit of the run's spread, and never of two units."""

import pytest
from support.funny_runs import ended_run
from support.recipe_maker import ARM, CLAIM, write_recipe

from researchdesk.domain.deltas import THE_STATED
from researchdesk.services.deltas import measured_delta
from researchdesk.services.desk import Desk

OTHER = ARM.replace('"ours"', '"other"')
ORDERING = """
[[claims]]
id = "above"
text = "Ours is above the other"
kind = "ordering"
metric = "score"
arm = "ours"
versus = "other"
where = "table 1"
claimed = 0.0
direction = "at least"
"""


@pytest.fixture
def run(desk: Desk) -> str:
    write_recipe(desk.settings.recipes)
    return ended_run(desk)


def test_without_numbers_there_is_none(desk: Desk) -> None:
    assert measured_delta(desk, "it falls", "it rises", "") is None
    assert measured_delta(desk, "0.5", "0.31 at step 900, 0.44 at step 1000", "") is None
    assert measured_delta(desk, "", "", "") is None


def test_units_are_not_mixed(desk: Desk) -> None:
    assert measured_delta(desk, "93 %", "0.91", "") is None
    assert measured_delta(desk, "12 ms", "12 s", "") is None
    delta = measured_delta(desk, "93 %", "91.5 %", "")
    assert delta is not None
    assert (delta.by, delta.spread, delta.spread_of) == (-1.5, None, "")


def test_the_spread_stated_is_taken_where_there_is_no_run(desk: Desk) -> None:
    delta = measured_delta(desk, "93", "91.5 ± 0.5", "1904.00001")
    assert delta is not None
    assert (delta.in_spreads, delta.spread_of) == (3.0, THE_STATED)


def test_the_spread_is_that_of_the_claims_seeds(desk: Desk, run: str) -> None:
    delta = measured_delta(desk, "0.5", "about 0.8", f"run:{run}#score")
    assert delta is not None
    assert delta.spread == pytest.approx(0.01)
    assert delta.spread_of == "3 seeds of ours/score"
    assert delta.in_spreads == pytest.approx(30)


def test_the_spread_of_a_run_is_that_of_the_one_metric_told(desk: Desk, run: str) -> None:
    delta = measured_delta(desk, "0.5", "0.82", f"run:{run}")
    assert delta is not None
    assert delta.spread_of == "3 seeds of ours/score"
    elsewhere = measured_delta(desk, "0.5", "0.4", f"run:{run}")
    assert elsewhere is not None
    assert elsewhere.spread is None


def test_a_mean_that_two_metrics_have_tells_of_neither(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)
    run = ended_run(desk, more={"also": 0.82})
    delta = measured_delta(desk, "0.5", "0.82", f"run:{run}")
    assert delta is not None
    assert delta.spread is None


def test_a_share_told_in_per_cent_has_its_spread_in_per_cent(desk: Desk, run: str) -> None:
    for on in (f"run:{run}#score", f"run:{run}"):
        delta = measured_delta(desk, "50 %", "82 %", on)
        assert delta is not None
        assert delta.by == 32
        assert delta.spread == pytest.approx(1.0)


def test_one_told_without_per_cent_though_the_claim_is_in_it(desk: Desk) -> None:
    toml = ARM + CLAIM.replace("claimed = 0.5", 'claimed = 50\nunit = "%"')
    write_recipe(desk.settings.recipes, toml=toml)
    run = ended_run(desk, (81.0, 82.0, 83.0))
    for observed, spread in (("82", 1.0), ("81.2", 1.0), ("0.82", 0.01)):
        delta = measured_delta(desk, "0.5", observed, f"run:{run}#score")
        assert delta is not None
        assert delta.spread == pytest.approx(spread)


def test_one_seed_and_seeds_alike_give_no_unit(desk: Desk) -> None:
    write_recipe(desk.settings.recipes)
    one = ended_run(desk, (0.81,))
    assert measured_delta(desk, "0.5", "0.81", f"run:{one}#score").spread is None
    alike = ended_run(desk, (0.81, 0.81, 0.81))
    delta = measured_delta(desk, "0.5", "0.81", f"run:{alike}")
    assert delta.in_spreads is None


def test_of_an_ordering_without_pairs_there_is_no_spread(desk: Desk) -> None:
    write_recipe(desk.settings.recipes, toml=ARM + OTHER + ORDERING)
    scores = (0.1, 0.2, 0.3, 0.7, 0.8, 0.9)
    run = ended_run(desk, scores, arms=("ours", "other"))
    delta = measured_delta(desk, "0", "-0.6", f"run:{run}#above")
    assert delta is not None
    assert delta.spread is None


def test_what_is_gone_or_never_was_only_costs_the_spread(desk: Desk, run: str) -> None:
    gone = "run:20200101-000000-gone"
    for on in (gone, f"{gone}#score", f"run:{run}#none", "run:", "funny:3", "#", "claim:x"):
        delta = measured_delta(desk, "0.5", "0.82 ± 0.1", on)
        assert delta is not None, on
        assert delta.spread_of == THE_STATED, on


@pytest.mark.parametrize(
    ("expected", "observed", "by"),
    [
        ("accuracy 90 %", "error 12 %", None),
        ("test acc of 0.9", "the loss is 0.3", None),
        ("93.4 %", "2.2 pp", None),
        ("93.4 %", "2.2 points lower", None),
        ("accuracy 90 %", "88 %", -2),
        ("accuracy 90 %", "test acc.: 88 %", -2),
        ("-0.1", "–0.1", 0),
    ],
)
def test_two_metrics_or_a_relative_number_give_no_delta(
    desk: Desk, expected: str, observed: str, by: float | None
) -> None:
    found = measured_delta(desk, expected, observed, "")
    assert (found and found.by) == by
