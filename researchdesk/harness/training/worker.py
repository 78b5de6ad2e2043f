"""A worker process: takes jobs as JSON lines on standard input, answers with JSON lines.

Started as ``python -m researchdesk.harness.training.worker PARENT_PID ANSWERS_FD RECIPE_FOLDER``.
What a recipe prints goes to the standard output and error it was started with, never among the
answers. Each job (see ``assignment``) is answered with what it says of its seeds (``started``,
``metric``, ``timing``, ``predictions``, ``finished``, ``failed``) or of itself (``plan``,
``check``, ``look``, ``errors``, ``rung`` by ``rung`` and then ``ladder``, ``failed``), and then
with ``done``.
"""

import os
import queue
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch

from researchdesk.harness.environment import machine
from researchdesk.harness.training.answers import Answers
from researchdesk.harness.training.jobs import do
from researchdesk.harness.training.leash import die_with_parent, watch_stdin
from researchdesk.harness.training.shapes import Recipe


def engine() -> dict[str, Any]:
    """What computes here: torch's version and build, threads, and the accelerator if any."""
    cuda = torch.cuda.is_available()
    return {
        "compute": f"torch {torch.__version__}",
        **machine(),
        "torch_build": torch.__config__.show().strip(),
        "threads": torch.get_num_threads(),
        "deterministic": torch.are_deterministic_algorithms_enabled(),
        "subnormals": "flushed to zero" if _flushes() else "kept",
        "gpu": torch.cuda.get_device_name(0) if cuda else "",
        "cuda": torch.version.cuda or "",
        "numpy": np.__version__,
    }


def _flushes() -> bool:
    return float(torch.tensor(1e-39) * 1) == 0


def prepare() -> None:
    """One thread and deterministic algorithms, and no compiled files left in recipe folders.

    Numbers below 1.2e-38 count as zero: a processor takes ten times as long for them, and a softmax
    that is sure of itself is full of them.
    """
    sys.dont_write_bytecode = True
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    torch.set_flush_denormal(True)
    # The same as use_deterministic_algorithms(True), which also imports torch's compiler: 1.2 s.
    torch.set_deterministic_debug_mode("error")


def main(arguments: list[str]) -> None:
    """Serve until standard input ends."""
    parent, descriptor, folder = int(arguments[0]), int(arguments[1]), Path(arguments[2])
    die_with_parent(parent)
    lines: queue.Queue[str] = queue.Queue()
    watch_stdin(lines.put)
    answers = Answers(descriptor)
    prepare()
    answers.say("ready", {"environment": engine()})
    recipe = Recipe(folder)
    while True:
        do(lines.get(), recipe, answers)


if __name__ == "__main__":
    main(sys.argv[1:])
