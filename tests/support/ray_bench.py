"""A run whose trials are handed to a Ray cluster by hand."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from support.processes import wait_for
from support.ray_cluster import Cluster
from support.recipe_maker import write_recipe
from support.small_experiment import write_fit

from researchdesk.domain.engines import EngineKind, EngineSettings, Needs, Standing
from researchdesk.domain.runs import Task
from researchdesk.harness.engines.backend import MAIL, Handed
from researchdesk.harness.engines.handing import hand
from researchdesk.harness.engines.ray_backend import RayBackend, connect
from researchdesk.harness.jobs import MEASURE, ArmSetup, Job, Plan

GATED = """
import os, subprocess, time
from pathlib import Path

def measure(run):
    folder = Path(run.settings["folder"])
    run.log(1, loss=1.0)
    (folder / f"{run.seed}.{os.getpid()}").write_text(f"{os.getpid()} {os.getppid()}")
    while not (folder / "gate").exists():
        time.sleep(0.05)
    return {"score": run.seed + 0.5}
"""
STEPS = 1_500
SLOWED = """
    def augment(self, batch, run):
        if not os.path.exists(run.settings["gate"]):
            __import__("time").sleep(0.02)
        return batch
"""


class Bench:
    """A run's folder, its recipe, and a cluster to hand its trials to."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        self.folder = folder
        self.cluster = cluster
        self.run = folder / "run"
        self.run.mkdir(parents=True)
        self.trials: dict[str, Handed] = {}

    def engine(
        self, retries: int = 2, needs: Needs | None = None, **options: Any
    ) -> EngineSettings:
        options = {"address": self.cluster.address, **options}
        return EngineSettings("mine", EngineKind.RAY, retries, 0, needs or Needs(), options)

    def connect(self, **options: Any) -> RayBackend:
        return connect(self.engine(**options), self.run)

    def hand(self, recipe: Path, arm: ArmSetup, seeds: int, **options: Any) -> list[Handed]:
        tasks = [Task("ours", seed) for seed in range(seeds)]
        plan = Plan(recipe, tasks, {"ours": arm}, self.run / "stdout.log", 1, self.folder / "cache")
        engine = self.engine(**options)
        return [hand(Job(MEASURE, "ours", (task,)), plan, engine) for task in tasks]

    def gated(self, seeds: int, **options: Any) -> list[Handed]:
        recipe = write_recipe(self.folder / "recipes", GATED)
        return self.hand(recipe, ArmSetup({"folder": str(self.folder)}), seeds, **options)

    def fit(self, seeds: int, **options: Any) -> list[Handed]:
        """Trainings that take their time until the gate is open."""
        recipe = write_fit(self.folder / "recipes", more=SLOWED)
        gate = str(self.folder / "gate")
        fit = {"lr": 0.05, "batch_size": 8, "steps": STEPS, "checkpoint_every": 100}
        setup = {**fit, "gate": gate}
        return self.hand(recipe, ArmSetup(setup), seeds, **options)

    def submit(self, backend: RayBackend, trials: list[Handed]) -> list[str]:
        handles = list(backend.submit(trials))
        self.trials |= dict(zip(handles, trials, strict=True))
        return handles

    def open(self) -> None:
        (self.folder / "gate").touch()

    def begun(self, count: int) -> dict[int, tuple[int, int]]:
        """Of each seed the worker's process and that of its host, the newest."""

        def found() -> list[Path]:
            files = sorted(self.folder.glob("[0-9].*"), key=lambda path: path.stat().st_mtime)
            return files if len(files) >= count and all(f.read_text() for f in files) else []

        pids = {}
        for file in wait_for(found):
            worker, parent = map(int, file.read_text().split())
            pids[int(file.name[0])] = (worker, parent)
        return pids

    def until(
        self, backend: RayBackend, said: Callable[[Mapping[str, Standing]], bool]
    ) -> Mapping[str, Standing]:
        def found() -> Mapping[str, Standing] | None:
            backend.collect(self.trials)
            standing = backend.standing(self.trials)
            return standing if said(standing) else None

        standing: Mapping[str, Standing] = wait_for(found, 120)
        backend.collect(self.trials)
        return standing

    def mail(self, handle: str) -> list[dict[str, Any]]:
        lines = (self.trials[handle].folder / MAIL).read_bytes().splitlines()
        return [json.loads(line) for line in lines]

    def kinds(self, handle: str) -> list[str]:
        return [one["kind"] for one in self.mail(handle)]

    def metrics(self, handle: str) -> dict[str, float]:
        (found,) = [one["metrics"] for one in self.mail(handle) if one["kind"] == "finished"]
        return dict(found)


def over(standing: Mapping[str, Standing]) -> bool:
    return all(one.fate.is_over for one in standing.values())
