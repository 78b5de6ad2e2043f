"""Gradients that pile up are named; accumulation on purpose is not."""

import pytest
from support.watching import Pair, Zygote

HEAD = """
import torch
from torch import nn
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
x = torch.randn(96, 4)
y = x[:, :3].argmax(1)
"""
PAIRS = [
    Pair(
        "mlp",
        "gradients-not-zeroed",
        HEAD
        + """
for step in range(40):
    <here>
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
""",
        bug="pass",
        sound="optimizer.zero_grad()",
    ),
]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_bug_is_named_and_its_twin_is_not(zygote: Zygote, pair: Pair) -> None:
    bug = zygote.watch_pair(pair)
    found = bug.named(pair.finding)
    assert found["file"].endswith("train.py")
