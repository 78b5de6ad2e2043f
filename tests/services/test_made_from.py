"""What a table's file says of its run."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from researchdesk.domain.recipes import Arm, DataNeed, Recipe
from researchdesk.domain.runs import RunState, RunSummary, SeedResult, Task
from researchdesk.services.made_from import failed_notes, made_from

TASKS = tuple(Task(arm, seed) for arm in ("a", "b") for seed in range(3))
RUN = RunSummary(
    "20260101-000000-r", "r", "ab" * 32, "2001.00001", RunState.FINISHED,
    datetime(2026, 1, 1, tzinfo=UTC), None, False, TASKS,
    tuple(SeedResult(task, {"m": 1.0}, 1.0) for task in TASKS[:4]),
    dict.fromkeys(TASKS[4:], "it broke"), data={"images": "substitute:digits"},
)  # fmt: skip
RECIPE = Recipe(
    "r", Path(), "2001.00001", 1, "R", "", 3, (Arm("a"), Arm("b")), (), "d", True,
    data=(DataNeed("images", "hf:images", "digits"),),
)  # fmt: skip


def test_seeds_state_and_data_are_told_and_failed_seeds_are_counted() -> None:
    told = made_from(RUN, RECIPE)
    assert (told.seeds, told.state, told.substitutes) == (
        (4, 6), "", ("digits in place of hf:images",),
    )  # fmt: skip
    assert "4 of 6 seeds, on digits in place of hf:images" in told.words
    assert failed_notes(RUN) == ("b: 2 of 3 seeds failed and are not in the mean.",)
    assert failed_notes(replace(RUN, failures={})) == ()
    stopped = made_from(replace(RUN, state=RunState.INTERRUPTED, quick=True), RECIPE)
    assert "interrupted, shortened (--quick)" in stopped.words
