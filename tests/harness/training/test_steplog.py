"""The file of steps: nothing lost, nothing twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from researchdesk.harness.training.places import steps_file
from researchdesk.harness.training.steplog import StepLog


def test_a_seed_that_begins_anew_begins_its_file_anew(tmp_path: Path) -> None:
    path = tmp_path / "steps" / "0.jsonl"
    for line in (b"old\n", b"new\n"):
        log = StepLog(path)
        log.write(line)
        log.close()
    assert path.read_bytes() == b"new\n"


def test_lines_after_the_checkpoint_are_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "0.jsonl"
    path.write_bytes(b"1\n2\n3\n4\nto")
    log = StepLog(path, logged=2)
    for line in (b"3\n", b"4\n", b"5\n"):
        log.write(line)
    log.close()
    assert path.read_bytes() == b"1\n2\n3\n4\n5\n"


@pytest.mark.parametrize("arm", ["ours", "baseline:majority", "../../etc", "a/b", "..", "Größe"])
def test_an_arm_of_any_name_stays_in_the_folder(tmp_path: Path, arm: str) -> None:
    path = steps_file(tmp_path, arm, 3, "init")
    assert path.resolve().parent.parent == (tmp_path / "steps").resolve()
    assert path.name == "3.init.jsonl"


_LOGGER = """
import sys
from pathlib import Path
from researchdesk.harness.training.run import Run
from researchdesk.harness.training.steplog import StepLog
run = Run("ours", 0, {}, steps=StepLog(Path(sys.argv[1])))
step = 0
while True:
    step += 1
    run.log(step, loss=1 / step)
    if step % 500 == 0:
        print(step, flush=True)
"""


@pytest.mark.slow
def test_kill_9_loses_no_logged_step(tmp_path: Path) -> None:
    path = tmp_path / "0.jsonl"
    process = subprocess.Popen(
        [sys.executable, "-c", _LOGGER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = [int(process.stdout.readline()) for _ in range(20)]
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    lines = path.read_bytes().splitlines()
    assert len(lines) >= said[-1]
    assert lines[said[-1] - 1] == f'{{"s":{said[-1]},"m":{{"loss":{1 / said[-1]!r}}}}}'.encode()
