"""Trials handed to a Slurm engine, and what their mail says, for tests of it."""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support.processes import wait_for
from support.recipe_maker import write_recipe

from researchdesk.domain.engines import EngineKind, EngineSettings, Fate, Needs, Standing
from researchdesk.domain.runs import Task
from researchdesk.harness.engines.backend import MAIL, Handed
from researchdesk.harness.engines.slurm_backend import SlurmBackend, connect
from researchdesk.harness.jobs import MEASURE, ArmSetup, Job, Plan, job_line

STEPS = """
import os, time
from pathlib import Path

def measure(run):
    gate = Path(run.settings["gate"])
    (gate.parent / f"pid-{run.seed}").write_text(str(os.getpid()))
    run.log(1, loss=1.0)
    while not gate.exists():
        time.sleep(0.05)
    return {"score": run.seed + float(os.environ.get("TRIED_WITH", "0.5"))}
"""


class SlurmBench:
    """Trials of one recipe; those of ``STEPS`` wait for the file ``gate``."""

    def __init__(
        self,
        home: Path,
        options: Mapping[str, Any],
        *,
        recipe: Path | None = None,
        settings: Mapping[str, Any] | None = None,
        minutes: float = 0.0,
        retries: int = 2,
    ) -> None:
        self.home, self.gate = home, home / "gate"
        self.recipe = recipe or write_recipe(home / "recipes", STEPS)
        self.settings = {"gate": str(self.gate), **(settings or {})}
        needs = Needs(minutes=minutes)
        self.engine = EngineSettings(
            "mine", EngineKind.SLURM, retries=retries, needs=needs, options=options
        )

    def connect(self) -> SlurmBackend:
        """As another process would: nothing is known but what is on disk."""
        return connect(self.engine, self.home)

    def hand(self, seed: int) -> Handed:
        job = Job(MEASURE, "ours", (Task("ours", seed),), resume=True)
        folder = self.home / "trials" / f"ours-{seed}" / "1"
        folder.mkdir(parents=True)
        arms = {"ours": ArmSetup(self.settings)}
        plan = Plan(self.recipe, job.tasks, arms, folder / "stdout.log", 1, self.home / "cache")
        line, needs = job_line(job, plan), self.engine.needs
        key, retries = f"ours-{seed}", self.engine.retries
        return Handed("run", key, 1, job, line, folder, self.recipe, needs, retries=retries)

    def submit(self, seeds: int) -> dict[str, Handed]:
        trials = [self.hand(seed) for seed in range(seeds)]
        return dict(zip(self.connect().submit(trials), trials, strict=True))

    def until_over(self, there: Mapping[str, Handed], within: float = 300.0) -> list[Standing]:
        """How they stand when all are over."""
        backend, found = self.connect(), dict[str, Standing]()

        def over() -> bool:
            backend._asked = None
            found.update(backend.standing(there))
            return all(one.fate.is_over for one in found.values())

        wait_for(over, within)
        return list(found.values())

    def fates(self, there: Mapping[str, Handed]) -> list[Fate]:
        return [one.fate for one in self.connect().standing(there).values()]

    def pid(self, seed: int) -> int:
        """The worker's, once it measures."""
        file = self.home / f"pid-{seed}"
        wait_for(lambda: file.exists() and bool(file.read_text()))
        return int(file.read_text())


def mail(trial: Handed, kind: str = "") -> list[dict[str, Any]]:
    """What the trial said, of one kind if that is given."""
    said = []
    with contextlib.suppress(FileNotFoundError):
        for line in (trial.folder / MAIL).read_bytes().splitlines():
            with contextlib.suppress(ValueError):
                said.append(json.loads(line))
    return [one for one in said if not kind or one["kind"] == kind]
