"""The lines of a seed's steps."""

from pathlib import Path

from researchdesk.domain.runs import Task
from researchdesk.harness.training.places import steps_file


def logged(run_folder: Path, task: Task) -> int:
    """How many lines the seed's file holds whole."""
    content = steps_file(run_folder, task.arm, task.seed, task.vary).read_bytes()
    return sum(line.endswith(b"}\n") for line in content.splitlines(keepends=True))
