"""Tables of arms: what differs, what was measured, and what is no more than noise."""

from dataclasses import replace
from pathlib import Path

import pytest
from scipy import stats

from researchdesk.domain.ablation import AblationTable, Change, Check, Measured, Words
from researchdesk.domain.recipes import Arm, ArmKind, Claim, ClaimKind, DataNeed, Recipe
from researchdesk.domain.runs import SeedResult, Task
from researchdesk.harness.ablation import ablation_tables
from researchdesk.harness.arm_values import metrics_of, most_shared

FULL = {"bn": True, "dropout": 0.5, "width": 64}
ARMS = (
    Arm("full", "all of it", settings=FULL),
    Arm("no bn", settings={**FULL, "bn": False}, kind=ArmKind.ABLATION, parent="full"),
    Arm("no dropout", settings={**FULL, "dropout": 0.0}, kind=ArmKind.ABLATION, parent="full"),
    Arm("baseline:majority", deterministic=True, settings=FULL, kind=ArmKind.BASELINE),
)  # fmt: skip
VALUES = {
    "full": (0.95, 0.96, 0.97),
    "no bn": (0.80, 0.82, 0.81),
    "no dropout": (0.95, 0.955, 0.97),
    "baseline:majority": (0.1,),
}


def recipe(arms: tuple[Arm, ...] = ARMS, better: str = "") -> Recipe:
    claim = Claim("c", "t", ClaimKind.VALUE, "test_accuracy", "full", "table 1", 0.9, better=better)
    return Recipe("r", Path(), "1", 1, "A recipe", "", 3, arms, (claim,), "d", True)


def results(values=VALUES, metric="test_accuracy", vary=""):
    return [
        SeedResult(Task(arm, seed, vary), {metric: value, "loss": 1.0}, 1.0)
        for arm, found in values.items()
        for seed, value in enumerate(found)
    ]


def rows_of(table: AblationTable) -> dict[str, tuple]:
    return {row[0].text: row[1:] for row in table.rows if isinstance(row[0], Words)}


def test_columns_are_the_settings_that_differ_and_marks_say_what_is_on():
    (table,) = ablation_tables(recipe(), results(), "test_accuracy")
    assert table.heads == ("arm", "bn", "dropout", "test_accuracy", "Δ to parent")
    rows = rows_of(table)
    assert rows["full"][:2] == (Check(True), Words("0.5"))
    assert rows["no bn"][:2] == (Check(False), Words("0.5"))
    assert rows["no dropout"][:2] == (Check(True), Words("0"))
    assert rows["baseline:majority"][:2] == (None, None)


def test_baselines_stand_first_and_children_below_their_parent():
    other = Arm("another", settings=FULL)
    (table,) = ablation_tables(recipe((*ARMS[:2], other, *ARMS[2:])), results(), "test_accuracy")
    assert list(rows_of(table)) == ["baseline:majority", "full", "no bn", "no dropout", "another"]


def test_means_and_the_interval_of_the_difference_are_scipys():
    (table,) = ablation_tables(recipe(), results(), "test_accuracy")
    rows = rows_of(table)
    assert rows["full"][2] == Measured(pytest.approx(0.96), pytest.approx(0.01), 3)
    change = rows["no bn"][3]
    expected = stats.ttest_ind(
        VALUES["no bn"], VALUES["full"], equal_var=False
    ).confidence_interval()
    assert change.by == pytest.approx(-0.15)
    assert change.interval.low <= expected.low + 1e-12
    assert change.interval.high >= expected.high - 1e-12
    assert change.interval.high - change.interval.low == pytest.approx(
        expected.high - expected.low, rel=0.05
    )
    assert (change.versus, change.better, change.within_noise) == ("full", False, False)
    assert rows["no dropout"][3].within_noise
    assert rows["full"][3] is None


def test_the_best_is_bold_where_it_differs_from_every_other_row_and_else_none_is():
    (table,) = ablation_tables(recipe(), results(), "test_accuracy")
    rows = rows_of(table)
    assert not any(row[2].best for row in rows.values())
    (note,) = (note for note in table.notes if "bold" in note)
    assert note.startswith("No mean is bold: full has the best, and does not differ from no drop")
    clear = VALUES | {"no dropout": (0.90, 0.91, 0.90), "full": (0.95, 0.96, 0.97)}
    (table,) = ablation_tables(recipe(), results(clear), "test_accuracy")
    assert [name for name, row in rows_of(table).items() if row[2].best] == ["full"]
    assert any(note.startswith("Bold: better than every other row") for note in table.notes)
    (table,) = ablation_tables(recipe(), results(clear | {"no bn": (0.1,)}), "test_accuracy")
    assert not any(row[2].best for row in rows_of(table).values())
    assert any("cannot be tested with so few seeds" in note for note in table.notes)


def test_one_seed_has_no_interval_and_is_not_called_more_than_noise():
    (table,) = ablation_tables(recipe(), results(VALUES | {"no bn": (0.1,)}), "test_accuracy")
    change = rows_of(table)["no bn"][3]
    assert change.interval is None
    assert change.within_noise


def test_a_deterministic_arm_counts_as_exact():
    arms = (Arm("rule", deterministic=True), Arm("net", parent="rule", settings={"a": 1}))
    found = results({"rule": (0.5,), "net": (0.9, 0.91, 0.92)})
    (table,) = ablation_tables(recipe(arms), found, "test_accuracy")
    change = rows_of(table)["net"][-1]
    low, high = stats.t.interval(0.95, 2, 0.41, 0.01 / 3**0.5)
    assert (change.interval.low, change.interval.high) == (pytest.approx(low), pytest.approx(high))


def test_lower_is_better_where_the_claim_says_so_or_the_metric_is_a_loss():
    (table,) = ablation_tables(recipe(better="lower"), results(), "test_accuracy")
    assert rows_of(table)["no bn"][3].better is True
    (losses,) = ablation_tables(recipe(), results(metric="test_loss"), "test_loss")
    assert rows_of(losses)["no bn"][3].better is True
    (unknown,) = ablation_tables(recipe(), results(metric="score"), "score")
    assert rows_of(unknown)["no bn"][3].better is None
    assert not any(isinstance(cell, Measured) and cell.best for row in unknown.rows for cell in row)


def test_arms_without_numbers_are_there_and_say_why():
    values = {name: found for name, found in VALUES.items() if name != "no bn"}
    missing = {"no bn": "needs the data imagenet"}
    (table,) = ablation_tables(recipe(), results(values), "test_accuracy", missing)
    assert rows_of(table)["no bn"][2:] == (None, None)
    assert "no bn: needs the data imagenet." in table.notes


def test_an_arm_without_the_metric_did_not_crash_and_a_setting_of_its_name_is_told_apart():
    found = [
        *results({"full": (0.9, 0.8)}, metric="width"),
        *results({"no bn": (0.9,), "no dropout": (0.9,)}, metric="speed"),
    ]
    arms = (*ARMS[:2], replace(ARMS[2], settings={**FULL, "width": 32}), *ARMS[3:])
    (table,) = ablation_tables(recipe(arms), found, "width")
    assert table.heads == ("arm", "bn", "width (setting)", "width", "Δ to parent")
    assert table.notes[-2:] == (
        "no bn, no dropout: not measured in these arms.",
        "baseline:majority: no seed finished.",
    )
    assert most_shared(recipe(arms), found) == ["loss", "speed", "width"]
    assert most_shared(recipe(arms), results()) == ["test_accuracy", "loss"]
    assert most_shared(recipe(), []) == []


def test_seeds_of_one_source_and_numbers_that_are_none_do_not_count():
    found = results() + results({"full": (0.0,)}, vary="init")
    (table,) = ablation_tables(recipe(), found, "test_accuracy")
    assert rows_of(table)["full"][2].n == 3
    broken = results(VALUES | {"full": (0.9, float("nan"), 0.9)})
    (table,) = ablation_tables(recipe(), broken, "test_accuracy")
    assert rows_of(table)["no bn"][3] is None
    assert rows_of(table)["no bn"][2].best is False


def test_steps_of_a_ladder_stand_in_their_order_each_against_the_one_before():
    arms = (
        Arm("voting", kind=ArmKind.LADDER, parent="tuned", change="five models vote"),
        Arm("overfit", "one batch", kind=ArmKind.LADDER),
        Arm("tuned", kind=ArmKind.LADDER, parent="overfit", change="rate by search"),
    )
    found = results({"overfit": (0.5, 0.6), "tuned": (0.8, 0.8), "voting": (0.9, 0.92)})
    (table,) = ablation_tables(recipe(arms), found, "test_accuracy")
    assert table.title == "Ladder of A recipe"
    assert [row[1] for row in table.rows] == [Words("overfit"), Words("tuned"), Words("voting")]
    assert [row[2] for row in table.rows][1:] == [
        Words("rate by search"),
        Words("five models vote"),
    ]
    assert table.rows[0][4] is None
    last = table.rows[2][4]
    assert isinstance(last, Change)
    assert (last.versus, last.by) == ("tuned", pytest.approx(0.11))


def test_claimed_metrics_come_first():
    assert metrics_of(recipe(), results()) == ["test_accuracy", "loss"]
    assert metrics_of(recipe(), []) == []


def test_a_ladder_that_builds_on_an_arm_shows_it_as_step_0():
    arms = (Arm("net"), Arm("longer", kind=ArmKind.LADDER, parent="net", change="more steps"))
    found = results({"net": (0.5, 0.6), "longer": (0.8, 0.8)})
    _, table = ablation_tables(recipe(arms), found, "test_accuracy", quick=True)
    assert [row[:2] for row in table.rows] == [
        (Words("0"), Words("net")),
        (Words("1"), Words("longer")),
    ]
    assert table.rows[1][4].versus == "net"
    assert "Of a shortened run." in table.notes


NEEDS = (
    DataNeed("mnist", "hf:ylecun/mnist@1", "scikit-learn:digits"),
    DataNeed("iris", "scikit-learn:iris"),
)
WORDS = "n scikit-learn:digits in place of hf:ylecun/mnist@1."


def test_data_that_stands_in_for_other_is_named():
    of = replace(recipe(), data=NEEDS)
    taken = {"mnist": "substitute:scikit-learn:digits", "iris": "iris"}
    (table,) = ablation_tables(of, results(), "test_accuracy", data=taken)
    assert [note for note in table.notes if "in place of" in note] == [f"O{WORDS}"]
    (table,) = ablation_tables(of, results(), "test_accuracy", data={"mnist": "mnist"})
    assert not any("in place of" in note for note in table.notes)


def test_the_arms_that_had_a_substitute_are_named_where_not_all_had_it():
    arms = (*(replace(arm, needs=("iris",)) for arm in ARMS[:2]), *ARMS[2:])
    of = replace(recipe(arms), data=NEEDS)
    taken = {"mnist": "substitute:scikit-learn:digits", "iris": "iris"}
    (table,) = ablation_tables(of, results(), "test_accuracy", data=taken)
    assert f"baseline:majority, no dropout: o{WORDS}" in table.notes
    values = {name: VALUES[name] for name in ("full", "no bn")}
    (table,) = ablation_tables(of, results(values), "test_accuracy", data=taken)
    assert not any("in place of" in note for note in table.notes)


def test_the_other_metrics_are_told():
    (table,) = ablation_tables(recipe(), results(), "test_accuracy")
    assert table.others == ("loss",)


def test_what_untrained_arms_lack_is_no_column():
    untrained = (
        Arm("rule", settings={"threshold": 1}, deterministic=True),
        Arm("guess", settings={"classes": 3}, kind=ArmKind.BASELINE),
        Arm("nothing"),
    )
    (table,) = ablation_tables(recipe((*ARMS, *untrained)), results(), "test_accuracy")
    assert table.heads == ("arm", "bn", "dropout", "test_accuracy", "Δ to parent")


def test_what_one_trained_arm_lacks_is_a_column():
    other = Arm("other", settings={"bn": True, "dropout": 0.5})
    (table,) = ablation_tables(recipe((*ARMS, other)), results(), "test_accuracy")
    assert table.heads[:4] == ("arm", "bn", "dropout", "width")
