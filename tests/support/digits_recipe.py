"""A recipe on scikit-learn's digits with faults planted in its data."""

from pathlib import Path

from support.recipe_maker import write_recipe

DIGITS = "2001.00002"
TWICE, FLIPPED = 3, 20
"""Training rows that stand in the test split, too; labels that are wrong."""

TOML = """
[[arms]]
name = "net"
[arms.settings]
lr = 0.02
steps = 60
scaled = true

[[arms]]
name = "raw [b] & more"
kind = "ablation"
parent = "net"
change = "pixels as they are"
[arms.settings]
scaled = false

[[claims]]
id = "accuracy"
text = "It reads digits"
kind = "bound"
direction = "at least"
metric = "test_accuracy"
arm = "net"
where = "table 1"
claimed = 0.5
"""

EXPERIMENT = f"""
import torch
from sklearn.datasets import load_digits
from torch import nn

from researchdesk.harness.training.experiment import Experiment, Split


class Scaled(nn.Module):
    def __init__(self, scale):
        super().__init__()
        self.scale, self.linear = scale, nn.Linear(64, 10)

    def forward(self, x):
        return self.linear(x * self.scale)


class Digits(Experiment):
    task = "classification"

    def data(self, run):
        x, y = load_digits(return_X_y=True)
        x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(y)
        x, y = torch.cat([x, x[:{TWICE}]]), torch.cat([y, y[:{TWICE}]])
        y[40 : 40 + {FLIPPED}] = (y[40 : 40 + {FLIPPED}] + 1) % 10
        return Split((x[:1400], y[:1400]), (x[1400:], y[1400:]), image_shape=(8, 8))

    def model(self, run):
        return Scaled(1 / 16 if run.settings["scaled"] else 1.0)

    def optimizer(self, parameters, run):
        return torch.optim.Adam(parameters, lr=run.settings["lr"])
"""


def write_digits(recipes: Path) -> Path:
    """Write the recipe below ``recipes``; two seeds of each arm."""
    folder = write_recipe(recipes, EXPERIMENT, arxiv_id=DIGITS, name="digits", seeds=2, toml=TOML)
    file = folder / "recipe.toml"
    text = file.read_text("utf-8").replace("[paper]", 'baselines = ["majority"]\n\n[paper]')
    file.write_text(text, "utf-8")
    return folder
