"""A worker process: takes seeds as JSON lines on standard input, answers with JSON lines.

Started as ``python -m researchdesk.harness.training.worker PARENT_PID ANSWERS_FD RECIPE_FOLDER``.
What a recipe prints goes to the standard output and error it was started with, never among the
answers.
"""

import importlib.util
import json
import math
import os
import queue
import random
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch

from researchdesk.harness.training.leash import die_with_parent, watch_stdin
from researchdesk.harness.training.run import Run

_LAST_LINES = 12


class Answers:
    """The one way out to the parent: a pipe that children of this process do not inherit."""

    def __init__(self, descriptor: int) -> None:
        os.set_inheritable(descriptor, False)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8", buffering=1)

    def say(self, kind: str, data: Mapping[str, Any]) -> None:
        self._file.write(json.dumps({"kind": kind, **plain(data)}) + "\n")
        self._file.flush()


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """``data`` with NaN and infinities as words, which JSON has no numbers for."""
    return {key: _plain(value) for key, value in data.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def engine() -> dict[str, Any]:
    """What computes here: torch's version and build, threads, and the accelerator if any."""
    cuda = torch.cuda.is_available()
    return {
        "engine": f"torch {torch.__version__}",
        "torch_build": torch.__config__.show().strip(),
        "threads": torch.get_num_threads(),
        "deterministic": torch.are_deterministic_algorithms_enabled(),
        "gpu": torch.cuda.get_device_name(0) if cuda else "",
        "numpy": np.__version__,
    }


def seed_everything(seed: int) -> None:
    """Seed Python's, numpy's and torch's generators alike."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def load_experiment(folder: Path) -> ModuleType:
    """The recipe's ``experiment.py`` as a module; what is beside it can be imported from it."""
    sys.path.insert(0, str(folder))
    path = folder / "experiment.py"
    spec = importlib.util.spec_from_file_location("experiment", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded.")
    module = importlib.util.module_from_spec(spec)
    sys.modules["experiment"] = module
    spec.loader.exec_module(module)
    return module


def run_seed(measure: Callable[[Run], Any], task: Mapping[str, Any], answers: Answers) -> None:
    """Measure one seed and answer with what it measured, or with how it failed."""
    seed_everything(task["seed"])
    run = Run(task["arm"], task["seed"], task["settings"], answers.say)
    begun = time.perf_counter()
    try:
        returned = measure(run)
        if isinstance(returned, Mapping):
            run.result(**returned)
    except (SystemExit, Exception):  # noqa: BLE001 - whatever the experiment raises is its result
        answers.say("failed", {"error": last_lines(traceback.format_exc())})
        return
    metrics = run.measured()
    if metrics:
        answers.say("finished", {"metrics": metrics, "seconds": time.perf_counter() - begun})
    else:
        answers.say("failed", {"error": "measure(run) gave no metric."})


def last_lines(text: str) -> str:
    """The end of a traceback, which says most."""
    return "\n".join(text.strip().splitlines()[-_LAST_LINES:])


def prepare() -> None:
    """One thread and deterministic algorithms, and no compiled files left in recipe folders."""
    sys.dont_write_bytecode = True
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    # The same as use_deterministic_algorithms(True), which also imports torch's compiler: 1.2 s.
    torch.set_deterministic_debug_mode("error")


def main(arguments: list[str]) -> None:
    """Serve until standard input ends."""
    parent, descriptor, folder = int(arguments[0]), int(arguments[1]), Path(arguments[2])
    die_with_parent(parent)
    tasks: queue.Queue[str] = queue.Queue()
    watch_stdin(tasks.put)
    answers = Answers(descriptor)
    prepare()
    answers.say("ready", {"environment": engine()})
    measure: Callable[[Run], Any] | None = None
    while True:
        task = json.loads(tasks.get())
        answers.say("started", {})
        if measure is None:
            try:
                measure = load_experiment(folder).measure
            except (SystemExit, Exception):  # noqa: BLE001 - a broken experiment fails its seeds
                answers.say("failed", {"error": last_lines(traceback.format_exc())})
                continue
        run_seed(measure, task, answers)


if __name__ == "__main__":
    main(sys.argv[1:])
