"""Faults of the model itself are named; sound models of the same shape are not."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.programs import dependence, model, model_shapes
from support.programs.tempting import PROGRAMS
from support.watching import Pair, Zygote

from researchdesk.harness.training.watch.detectors.model.views import exchanged

PAIRS = [*model.PAIRS, *model_shapes.PAIRS, *dependence.PAIRS]

NOISY = """
import random
import torch
from torch import nn
torch.manual_seed(0)
random.seed(0)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.norm, self.two = nn.Linear(8, 16), nn.BatchNorm1d(16), nn.Linear(16, 1)
    def forward(self, x):
        h = torch.relu(self.norm(self.one(x + 0.1 * torch.randn_like(x))))
        return self.two(nn.functional.dropout(h, 0.3, self.training))
model = Net()
x = torch.randn(96, 8)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for step in range(24):
    part = x[[random.randrange(96) for _ in range(16)]]
    loss = (model(part) - part[:, :1]).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item().hex(), random.random().hex())
print(model.norm.running_var.sum().item().hex())
"""


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_bug_is_named_and_its_twin_is_not(zygote: Zygote, pair: Pair) -> None:
    bug = zygote.watch_pair(pair)
    found = bug.named(pair.finding)
    assert found["file"].endswith("train.py")
    assert found["line"]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_sound_model_that_looks_like_a_fault_stays_quiet(zygote: Zygote, name: str) -> None:
    watched = zygote.watch(PROGRAMS[name])
    assert (watched.exit_code, watched.loud) == (0, []), (watched.report, watched.printed)


@pytest.mark.parametrize(
    ("before", "after", "wrong"),
    [
        ((4, 7, 6), (7, 4, 6), True),
        ((4, 7, 8), (4, 2, 7, 4), True),
        ((4, 2, 7, 4), (4, 7, 8), True),
        ((4, 10, 8, 8), (4, 64, 10), True),
        ((4, 64, 10), (4, 10, 8, 8), True),
        ((4, 7, 8), (4, 7, 2, 4), False),
        ((4, 7, 2, 4), (28, 8), False),
        ((4, 10, 8, 8), (4, 10, 64), False),
        ((4, 1, 8, 8), (4, 8, 8), False),
        ((4, 256, 6, 6), (4, 1152, 8), False),
        ((6, 6, 3), (6, 6, 3), False),
    ],
)
def test_a_view_exchanges_sizes_or_does_not(
    before: tuple[int, ...], after: tuple[int, ...], wrong: bool
) -> None:
    assert exchanged(before, after) is wrong


def test_a_model_tried_aside_leaves_the_numbers_as_they_are(zygote: Zygote, tmp_path: Path) -> None:
    script = tmp_path / "plain.py"
    script.write_text("import torch\ntorch.set_num_threads(1)\n" + NOISY, "utf-8")
    plain = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert zygote.watch(NOISY).printed == plain.stdout
