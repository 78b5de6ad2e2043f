"""A plan that is followed at an engine of processes, as often as is wanted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from support.process_engine import ProcessEngine
from support.recipe_maker import write_recipe

from researchdesk.domain.engines import EngineKind, EngineSettings
from researchdesk.domain.runs import Event, Task
from researchdesk.harness.engines.following import Ears, Follower, Outcome
from researchdesk.harness.fixed_schedule import FixedSchedule
from researchdesk.harness.jobs import ArmSetup, Plan

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SLOW = """
import time
from pathlib import Path

def measure(run):
    gate = Path(run.settings["gate"])
    run.log(1, loss=1.0)
    while not gate.exists():
        time.sleep(0.05)
    return {"score": run.seed + 0.5}
"""


class Bench:
    """A plan, an engine, and the events so far; follow it as often as is wanted."""

    def __init__(self, folder: Path, recipe: Path, arm: ArmSetup, seeds: int) -> None:
        self.tasks = [Task("ours", seed) for seed in range(seeds)]
        run = folder / "run"
        run.mkdir()
        self.plan = Plan(recipe, self.tasks, {"ours": arm}, run / "stdout.log", 9, folder / "cache")
        self.engine = ProcessEngine()
        self.events: list[Event] = []
        self.together, self.at_once = 1, 0
        self.seen: dict[str, Callable[[Event], None]] = {}

    def record(self, kind: str, task: Task | None, data: Mapping[str, Any]) -> None:
        of = (task.arm, task.seed, dict(data), task.vary) if task else ("", None, dict(data), "")
        self.events.append(Event(kind, NOW, *of))
        if kind in self.seen:
            self.seen[kind](self.events[-1])

    def follow(
        self,
        leave: Callable[[], bool] = lambda: False,
        call_off: Callable[[], bool] = lambda: False,
        retries: int = 2,
        patience_s: float = 60.0,
    ) -> Outcome:
        settings = EngineSettings("mine", EngineKind.SLURM, retries, self.at_once)
        done = {Task(e.arm, e.seed, e.vary) for e in self.of("seed_finished") if e.seed is not None}
        left = [task for task in self.tasks if task not in done]
        plan = replace(self.plan, tasks=left, together=self.together)
        ears = Ears(leave, call_off, patience_s=patience_s, grace_s=0.5)
        follower = Follower(
            plan, settings, lambda: self.engine, FixedSchedule(plan), self.record,
            lambda found: None, list(self.events), ears,
        )  # fmt: skip
        return follower.follow()

    def of(self, kind: str) -> Sequence[Event]:
        return [event for event in self.events if event.kind == kind]

    def scores(self) -> dict[int | None, Any]:
        return {event.seed: event.data["metrics"]["score"] for event in self.of("seed_finished")}


def gated(tmp_path: Path, seeds: int) -> tuple[Bench, Path]:
    gate = tmp_path / "gate"
    recipe = write_recipe(tmp_path / "recipes", SLOW)
    return Bench(tmp_path, recipe, ArmSetup({"gate": str(gate)}), seeds), gate
