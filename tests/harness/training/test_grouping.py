"""What seeds that are trained in one go say of the time that they took."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from support.tiny_training import SETTINGS, Plain

from researchdesk.harness.training.answers import Answers
from researchdesk.harness.training.assignment import Assignment, SeedGiven
from researchdesk.harness.training.experiment import Batch
from researchdesk.harness.training.grouping import train_together
from researchdesk.harness.training.run import Run

SEEDS = (0, 1)
STEPS, KEPT, SLOW_S = 8, 6, 0.02


class Slow(Plain):
    """Each batch takes a while; the machine goes off after so many of them."""

    def __init__(self, most: int) -> None:
        self.left = most

    def augment(self, batch: Batch, run: Run) -> Batch:
        self.left -= 1
        if self.left < 0:
            raise OSError("the machine went off")
        time.sleep(SLOW_S)
        return super().augment(batch, run)


def told(folder: Path, experiment: Plain, *, resume: bool = False) -> list[dict[str, Any]]:
    settings = {**SETTINGS, "steps": STEPS, "checkpoint_every": KEPT}
    given = tuple(map(SeedGiven, SEEDS))
    job = Assignment(
        "measure", "ours", given, settings, run_folder=folder / "run", stacked=True, resume=resume
    )
    file = folder / "answers.jsonl"
    descriptor = os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
    train_together(job, Answers(descriptor), experiment)
    os.close(descriptor)
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


@pytest.mark.slow
def test_what_stacked_seeds_took_counts_what_came_before_and_where_they_failed(
    tmp_path: Path,
) -> None:
    begun = time.perf_counter()
    cut = told(tmp_path, Slow(7 * len(SEEDS)))
    whole = time.perf_counter() - begun
    failed = [one for one in cut if one["kind"] == "failed"]
    assert [one["seed"] for one in failed] == [*SEEDS]
    assert all(one["seconds"] > 7 * SLOW_S for one in failed)
    assert sum(one["seconds"] for one in failed) < whole
    again = told(tmp_path, Slow(STEPS * len(SEEDS)), resume=True)
    assert again[0]["step"] == KEPT
    assert KEPT * SLOW_S < again[0]["seconds"] < failed[0]["seconds"]
    finished = [one for one in again if one["kind"] == "finished"]
    assert all(one["seconds"] > again[0]["seconds"] + 2 * SLOW_S for one in finished)
    assert len(finished) == len(SEEDS)
