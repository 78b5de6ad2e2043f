"""As many made-up runs as one wants on a desk, each as its own process would have left it."""

import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import Event, Task
from researchdesk.harness.events import encode
from researchdesk.harness.history import RunConfig

FIRST = datetime(2024, 1, 1, 12, tzinfo=UTC)
PAPERS = 30
"""How many papers the runs are of; each has two recipes."""
_TASKS = tuple(Task(arm, seed) for arm in ("ours", "baseline") for seed in range(5))
EVERY = timedelta(minutes=7)


def add_runs(
    runs: Path, count: int, first: int = 0, *, steps: int = 20, of: Sequence[Recipe] = ()
) -> list[str]:
    """Write ``count`` runs from number ``first`` on, seven minutes apart; gives their ids.

    Of twenty, one was interrupted, one crashed, one failed, and the others are finished. Each has
    ``steps`` logged values for each of its ten seeds. They are of the recipes ``of`` by turns, each
    the newest with a copy of it, or of made-up ones.
    """
    runs.mkdir(parents=True, exist_ok=True)
    names = []
    for number in range(first, first + count):
        recipe = of[number % len(of)] if of else None
        what = (recipe.name, recipe.arxiv_id) if recipe else (recipe_of(number), paper_of(number))
        names.append(_write(runs, number, steps, *what))
        if recipe and number >= first + count - len(of):
            shutil.copytree(recipe.folder, runs / names[-1] / "recipe" / recipe.name)
    return names


def paper_of(number: int) -> str:
    return f"2001.{number % PAPERS:05}"


def recipe_of(number: int) -> str:
    return f"{paper_of(number)}-{'wide' if number // PAPERS % 2 else 'deep'}"


def _write(runs: Path, number: int, steps: int, recipe: str, arxiv_id: str) -> str:
    began = FIRST + number * EVERY
    name = f"{began:%Y%m%d-%H%M%S}-{recipe}"
    config = RunConfig(recipe, "1" * 64, arxiv_id, False, number % 3 == 0, _TASKS)
    events = "".join(map(encode, _events(name, number, began, steps)))
    folder = runs / name
    folder.mkdir()
    (folder / "config.toml").write_text(config.to_toml(), encoding="utf-8")
    (folder / "events.jsonl").write_text(events, encoding="utf-8")
    (folder / "lock").touch()
    ended = (began + timedelta(minutes=5)).timestamp()
    os.utime(folder / "events.jsonl", (ended, ended))
    return name


def _events(name: str, number: int, began: datetime, steps: int) -> list[Event]:
    kind = number % 20
    found = [Event("run_started", began, data={"run": name, "left": {"ours": 5, "baseline": 5}})]
    for at, task in enumerate(_TASKS[: 3 if kind in (0, 1) else len(_TASKS)]):
        moment = began + timedelta(seconds=20 * at)
        found.append(Event("seed_started", moment, task.arm, task.seed))
        for step in range(1, steps + 1):
            value = {"step": step, "name": "loss", "value": 1 / (step + number % 7)}
            found.append(Event("metric", moment, task.arm, task.seed, value))
        if kind == 2:
            data: dict[str, object] = {"error": "boom"}
            found.append(Event("seed_failed", moment, task.arm, task.seed, data))
        else:
            data = {"metrics": {"score": 0.5 + at / 100}, "seconds": 2.0}
            found.append(Event("seed_finished", moment, task.arm, task.seed, data))
    end = began + timedelta(minutes=5)
    if kind == 0:
        found.append(Event("run_interrupted", end))
    elif kind != 1:
        verdict = "reproduced" if number % 2 else "different"
        found.append(Event("run_finished", end, data={"verdict": verdict, "claims": []}))
    return found
