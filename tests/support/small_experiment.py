"""A small Experiment for tests: a line is fitted to made points; every source of randomness counts.

It writes a diary: one line ``PID SEED VARY`` for each model that is made.
"""

from pathlib import Path

from support.recipe_maker import write_recipe

FIT = """
import os
import torch
from torch import nn
from researchdesk.harness.training.experiment import Experiment, Split


class Fit(Experiment):
    task = "regression"
    batchable = {batchable}

    def data(self, run):
        draw = torch.Generator().manual_seed(0)
        x = torch.randn(64, 3, generator=draw)
        y = x @ torch.tensor([[1.0], [-2.0], [0.5]]) + 0.1
        order = torch.randperm(64, generator=run.generator("split"))
        return Split((x[order[:48]], y[order[:48]]), (x[order[48:]], y[order[48:]]))

    def model(self, run):
        if "diary" in run.settings:
            with open(run.settings["diary"], "a") as diary:
                diary.write(f"{{os.getpid()}} {{run.seed}} {{run.vary}}\\n")
        return nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
{more}
"""

ARM = """
[[arms]]
name = "ours"
[arms.settings]
lr = 0.05
batch_size = 8
steps = {steps}
{more}
"""

CLAIM = """
[[claims]]
id = "error"
text = "The error is at most 10"
kind = "bound"
metric = "test_mse"
arm = "ours"
where = "table 1"
direction = "at most"
claimed = 10.0
"""


def write_fit(
    recipes: Path,
    *,
    seeds: int = 3,
    steps: int = 40,
    settings: str = "",
    toml: str = "",
    batchable: bool = False,
    more: str = "",
    top: str = "",
) -> Path:
    """Write the recipe; ``settings`` are more lines of its arm's, ``more`` of its class."""
    folder = write_recipe(
        recipes,
        FIT.format(batchable=batchable, more=more),
        seeds=seeds,
        toml=ARM.format(steps=steps, more=settings) + CLAIM + toml,
    )
    file = folder / "recipe.toml"
    file.write_text(top + file.read_text("utf-8"), "utf-8")
    return folder
