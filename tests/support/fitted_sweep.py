"""A sweep of a training that keeps checkpoints and ends early, to be broken off half-way."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from support.processes import wait_for
from support.recipe_maker import write_recipe
from support.sweep_maker import ARMS, ID

from researchdesk.domain.sweeps import (
    Budget,
    Dimension,
    Distribution,
    MedianRule,
    Search,
    SweepSpec,
    SweepSummary,
)
from researchdesk.harness.sweeps.history import read_curves, read_sweep
from researchdesk.harness.training.checkpoints import Checkpoints
from researchdesk.services import sweeps
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import recipe_for
from researchdesk.services.sweeps import SweepHow

HALF_WAY = (4, 5)
"""The trials that take their time, and come no further than WAITS until the gate is there."""
WAITS = 80
"""Steps, fewer than any rule here stops a trial after."""
FIT = f"""
import os, time, torch
from torch import nn
from researchdesk.harness.training.experiment import Experiment, Split


class Fit(Experiment):
    task = "regression"
    calls = 0

    def data(self, run):
        draw = torch.Generator().manual_seed(0)
        x = torch.randn(96, 3, generator=draw)
        y = x @ torch.tensor([[1.0], [-2.0], [0.5]]) + 0.1
        order = torch.randperm(96, generator=run.generator("split"))
        train, valid, test = ((x[part], y[part]) for part in order.split(32))
        return Split(train, test, valid=valid)

    def model(self, run):
        with open(f"{{run.settings['gate']}}.{{run.seed}}", "a") as diary:
            diary.write(f"{{os.getpid()}}\\n")
        return nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))

    def augment(self, batch, run):
        self.calls += 1
        while run.seed in {HALF_WAY} and not os.path.exists(run.settings["gate"]):
            time.sleep(0.05)
            if self.calls < {WAITS}:
                break
        return batch
"""
TRAINING = """
steps = 200
batch_size = 8
evaluate_every = 10
checkpoint_every = 25
gate = "{gate}"
"""
SPEC = SweepSpec(
    name="fitted",
    recipe=ID,
    arm="ours",
    metric="valid_mse",
    better="lower",
    space=(Dimension("lr", Distribution.LOG_UNIFORM, 1e-4, 0.3),),
    width=2,
    budget=Budget(10),
    stop=MedianRule(100, 2),
)


def swept(desk: Desk, gate: Path, how: SweepHow, search: Search = Search.RANDOM) -> SweepSummary:
    """The whole sweep, run on this desk."""
    toml = ARMS.replace("steps = 2\n", TRAINING.format(gate=gate)).replace("test_score", "test_mse")
    write_recipe(desk.settings.recipes, FIT, arxiv_id=ID, name="swept", toml=toml)
    done = sweeps.start_sweep(desk, recipe_for(desk, ID), replace(SPEC, search=search), how, "cpu")
    assert done.exit_code == 0
    return read_sweep(_folder(desk), owned=False)


def half_way(desk: Desk) -> None:
    """Wait until both trials that take their time are well on, and the desk has a checkpoint."""
    wait_for(lambda: all(_reached(desk, number) >= 60 for number in HALF_WAY), 300)
    wait_for(lambda: all(map(partial(_is_kept, desk), HALF_WAY)), 300)


def pid_of(gate: Path, number: int) -> int:
    """The process that trains this trial, or did last."""
    return int(gate.with_name(f"{gate.name}.{number}").read_text().split()[-1])


def events(desk: Desk, kind: str) -> list[dict[str, Any]]:
    files = desk.settings.sweeps.glob("2*/events.jsonl")
    every = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    return [event for event in every if event["kind"] == kind]


def told(desk: Desk, sweep: SweepSummary) -> list[Any]:
    """All that must be the same whoever ran the trials, in whatever order they ended: of each
    trial what was drawn, where and how it ended, what was measured, the test too, and its curve."""
    curves = dict(read_curves(_folder(desk), sweep.spec))
    return [
        (one.number, one.settings, one.state, one.step, one.value, one.metrics, curves[one.number])
        for one in sweep.trials
    ]


def _folder(desk: Desk) -> Path:
    (folder,) = desk.settings.sweeps.glob("2*")
    return folder


def _is_kept(desk: Desk, number: int) -> bool:
    files = _folder(desk).glob(f"trials/*/*/checkpoints/ours/{number}.trial.pt")
    states = [Checkpoints(file).load() for file in files]
    return any(state and state["step"] > 0 for state in states)


def _reached(desk: Desk, number: int) -> int:
    steps = [one["data"]["step"] for one in events(desk, "metric") if one["seed"] == number]
    return max(steps, default=0)
