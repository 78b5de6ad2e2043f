"""Results and claims as tables, from what runs measured."""

from dataclasses import replace
from pathlib import Path

from researchdesk.domain.ablation import AblationTable, Measured, Words
from researchdesk.domain.recipes import Arm, Claim, ClaimKind, DataNeed, Recipe, ToleranceRule
from researchdesk.domain.runs import SeedResult, Task
from researchdesk.domain.verdicts import ClaimResult, Interval, Verdict
from researchdesk.harness.results_table import Part, claims_table, results_table

ARMS = (Arm("ours"), Arm("far"), Arm("other", needs=("images",)), Arm("idle"))
CLAIM = Claim(
    "c", "It is & stays 0.9", ClaimKind.VALUE, "score", "ours", "table 1", 0.9, tolerance=0.1,
    tolerance_rule=ToleranceRule.CHOSEN, tolerance_reason="why", better="higher", unit="points",
)  # fmt: skip
NEEDS = (DataNeed("images", "hf:images", "digits"), DataNeed("letters", "made"))
RECIPE = Recipe(
    "r", Path(), "1", 1, "A recipe", "", 3, ARMS, (CLAIM,), "d", True, data=NEEDS
)  # fmt: skip


def _results(values: dict[str, tuple[float, ...]]) -> tuple[SeedResult, ...]:
    return tuple(
        SeedResult(Task(arm, seed), {"score": value, "test_loss": 1 - value / 2}, 1.0)
        for arm, found in values.items()
        for seed, value in enumerate(found)
    )


CLEAR = _results({"ours": (0.9, 0.91, 0.9, 0.92), "far": (0.5, 0.51, 0.5, 0.52)})
CLOSE = _results({"ours": (0.9, 0.8, 0.7, 0.92), "far": (0.85, 0.8, 0.7, 0.8)})


def _bold(table: AblationTable) -> set[tuple[str, str]]:
    return {
        (" ".join(cell.text for cell in row if isinstance(cell, Words)), table.heads[at])
        for row in table.rows
        for at, cell in enumerate(row)
        if isinstance(cell, Measured) and cell.best
    }


def test_bold_is_what_differs_from_every_other_row_of_its_run() -> None:
    (clear, close) = (Part("", "a", RECIPE, found) for found in (CLEAR, CLOSE))
    table = results_table([clear], ("score", "test_loss"), "T")
    assert _bold(table) == {("ours", "score"), ("ours", "test_loss")}
    assert [row[0] for row in table.rows] == [Words("ours"), Words("far")]
    assert table.notes[0].endswith("higher is better: score; lower is better: test_loss.")
    assert table.notes[1].startswith("Bold: better than every other row (two-sided Welch's")
    assert _bold(results_table([close], ("score",), "T")) == set()
    both = [replace(clear, name="run 1"), replace(close, name="run 2", run="b", quick=True)]
    table = results_table(both, ("score",), "T")
    assert _bold(table) == {("run 1 ours", "score")}
    assert table.runs == ("a", "a", "b", "b")
    notes = " ".join(table.notes)
    assert "every other row of its run" in notes
    assert "run 2: score: no mean is bold: ours has the best" in notes
    assert "run 2: Of a shortened run." in notes


def test_arms_on_other_data_are_not_held_against_each_other() -> None:
    better = _results({"other": (0.99, 0.98, 0.99, 0.99)})
    part = Part("", "a", RECIPE, CLEAR + better, data={"images": "substitute:digits"})
    arms = tuple(replace(arm, needs=arm.needs or ("letters",)) for arm in ARMS)
    table = results_table([replace(part, recipe=replace(RECIPE, arms=arms))], ("score",), "T")
    assert _bold(table) == {("ours", "score")}
    assert "on the same data" in table.notes[1]
    assert "other: on digits in place of hf:images." in table.notes
    same = results_table([part], ("score",), "T")
    assert _bold(same) == {("other", "score")}


def test_claims_have_claimed_measured_interval_verdict_and_what_was_not_tested_says_why() -> None:
    done = ClaimResult(
        "c", Verdict.DIFFERENT, "off", 4, 0.5, 0.01, Interval(0.4, 0.6), "prediction interval", 0.01
    )
    table = claims_table([Part("", "a", RECIPE, CLEAR, claims=(done,))], "T")
    texts = [cell.text for cell in table.rows[0] if isinstance(cell, Words)]
    assert texts == [
        "It is & stays 0.9 (table 1)", "0.9 ± 0.1* points", "0.5 ± 0.01 points (n=4)",
        "0.4 … 0.6 †", "different",
    ]  # fmt: skip
    raw = {
        name: of
        for cell in table.rows[0]
        if isinstance(cell, Words)
        for name, of in cell.raw.items()
    }
    assert (raw["claimed"], raw["tolerance"], raw["measured_sd"], raw["p"]) == (
        0.9,
        0.1,
        0.01,
        0.01,
    )
    assert "marked †" in table.notes[0]
    assert "chosen for its reason" in table.notes[1]
    waiting = ClaimResult("c", Verdict.UNTESTED, "arm ours was not run")
    table = claims_table([Part("run 1", "a", RECIPE, (), claims=(waiting,))], "T")
    assert table.heads[0] == "run"
    assert "run 1: It is & stays 0.9: arm ours was not run." in table.notes
    assert "†" not in table.notes[0]


def test_the_level_of_an_interval_that_holm_made_wider_stands_with_it() -> None:
    done = ClaimResult(
        "c", Verdict.IMPRECISE, "off", 4, 0.5, 0.01, Interval(0.4, 0.6), "TOST", level=0.99
    )
    table = claims_table([Part("", "a", RECIPE, CLEAR, claims=(done,))], "T")
    (cell,) = (cell for cell in table.rows[0] if isinstance(cell, Words) and "…" in cell.text)
    assert (cell.text, cell.raw["interval_level"]) == ("0.4 … 0.6 (99 %)", 0.99)
    assert "made wider by Holm's correction" in table.notes[1]
