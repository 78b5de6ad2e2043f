"""Seeds that want more memory than there is: tried once more, by workers of ours and elsewhere."""

from pathlib import Path

import pytest
from support.follow_bench import Bench
from support.recipe_maker import write_recipe

from researchdesk.harness.engines.following import Outcome
from researchdesk.harness.executor import execute
from researchdesk.harness.jobs import ArmSetup, Plan

pytestmark = pytest.mark.slow

SHORT = """
import os, torch
from pathlib import Path

def measure(run):
    tries = Path(__file__).with_name(f"tries-{run.seed}")
    with tries.open("a") as file:
        file.write(f"{os.getpid()}\\n")
    if run.seed == 0 and len(tries.read_text().split()) > 1:
        return {"score": 0.5}
    if run.seed == 0:
        raise torch.OutOfMemoryError("CUDA out of memory.")
    if run.seed == 1:
        raise MemoryError("It needs more than the recipe's limit of 1 GB of memory.")
    return {"score": 2.5}
"""


@pytest.mark.parametrize("here", [True, False], ids=["workers", "engine"])
def test_it_is_tried_once_more_in_another_process(tmp_path: Path, here: bool) -> None:
    recipe = write_recipe(tmp_path / "recipes", SHORT)
    bench = Bench(tmp_path, recipe, ArmSetup(), 3)
    if here:
        log = bench.plan.log
        plan = Plan(recipe, bench.tasks, bench.plan.arms, log, 1, tmp_path / "cache", retries=2)
        assert execute(plan, bench.record, lambda: False, lambda found: None)
    else:
        assert bench.follow() is Outcome.THROUGH
    assert {event.seed for event in bench.of("seed_finished")} == {0, 2}
    again = {event.seed: event.data["reason"] for event in bench.of("seed_retried")}
    assert sorted(again) == [0, 1]
    assert all(reason.startswith("It ran out of memory: ") for reason in again.values())
    assert again[0].endswith("OutOfMemoryError: CUDA out of memory.")
    (failed,) = bench.of("seed_failed")
    assert (failed.seed, failed.data["fate"]) == (1, "out of memory")
    assert "It was tried 2 times." in failed.data["error"]
    copy = next(path.parent for path in tmp_path.rglob("tries-0"))
    pids = [(copy / f"tries-{seed}").read_text().split() for seed in range(3)]
    assert [len(set(one)) for one in pids] == [2, 2, 1]
    assert not (tmp_path / "run" / "trials").exists() or not any(
        (tmp_path / "run" / "trials").iterdir()
    )
