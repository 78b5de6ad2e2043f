"""The folders of jobs that are handed over."""

from pathlib import Path

from researchdesk.domain.engines import EngineSettings
from researchdesk.domain.runs import Task
from researchdesk.harness.engines.handing import adopt, hand
from researchdesk.harness.jobs import MEASURE, Job, Plan
from researchdesk.harness.training.places import checkpoint_file


def test_what_was_taken_home_is_gone_on_from_and_what_is_newer_there_before_it(
    tmp_path: Path,
) -> None:
    task = Task("ours", 0)
    run = tmp_path / "run"
    plan = Plan(tmp_path, [task], {}, run / "stdout.log", 1, tmp_path)
    job = Job(MEASURE, "ours", (task,))
    first = hand(job, plan, EngineSettings())
    place = checkpoint_file(first.folder, task.arm, task.seed, task.vary)
    place.parent.mkdir(parents=True)
    place.write_text("step 1")
    adopt(first, run, [task])
    second = hand(job, plan, EngineSettings())
    there = checkpoint_file(second.folder, task.arm, task.seed, task.vary)
    assert there.read_text() == "step 1"
    there.write_text("step 2")
    third = hand(job, plan, EngineSettings())
    assert checkpoint_file(third.folder, task.arm, task.seed, task.vary).read_text() == "step 2"
