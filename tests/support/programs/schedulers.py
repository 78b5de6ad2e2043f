"""Programs whose scheduler, freezing or ignored label is not what it seems, and their twins."""

from support.watching import Pair

_HEAD = """
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
x = torch.randn(300, 8)
y = (x[:, :2].sum(1) > 0).long() + (x[:, 2] > 0.5).long()
model = nn.Sequential(nn.Linear(8, 24), nn.ReLU(), nn.Linear(24, 3))
"""

_FIT = """
optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=0.01)
for epoch in range(8):
    for rows in torch.randperm(300).split(50):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x[rows]), y[rows]<option>)
        loss.backward()
        optimizer.step()
    <here>
"""

PAIRS = [
    Pair(
        "rate-where-a-factor-was-meant",
        "rate-for-factor",
        _HEAD
        + """
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
<here>
for step in range(60):
    rows = torch.randint(0, 300, (50,))
    optimizer.zero_grad()
    F.cross_entropy(model(x[rows]), y[rows]).backward()
    optimizer.step()
    scheduler.step()
""",
        bug="scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: 0.01 * 0.99 ** t)",
        sound="scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: 0.99 ** t)",
    ),
    Pair(
        "accuracy-to-be-least",
        "plateau-mode-reversed",
        _HEAD
        + """
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
<here>
for epoch in range(10):
    for rows in torch.randperm(300).split(50):
        optimizer.zero_grad()
        F.cross_entropy(model(x[rows]), y[rows]).backward()
        optimizer.step()
    with torch.no_grad():
        right = (model(x).argmax(1) == y).float().mean()
    scheduler.step(right)
""",
        bug="scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=1)",
        sound="""
scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, mode="max", patience=1)
""",
    ),
    Pair(
        "freezing-misspelt",
        "requires-grad-misspelt",
        _HEAD + "<here>\n" + _FIT.replace("<here>", "pass").replace("<option>", ""),
        bug="for p in model[0].parameters():\n    p.require_grad = False",
        sound="for p in model[0].parameters():\n    p.requires_grad = False",
    ),
    Pair(
        "first-class-ignored",
        "ignored-class",
        _HEAD + "<here>\n" + _FIT.replace("<here>", "pass").replace("<option>", ", **options"),
        bug="options = {'ignore_index': 0}",
        sound="options = {}",
    ),
    Pair(
        "accumulating-what-is-zeroed",
        "gradients-thrown-away",
        _HEAD
        + """
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(80):
    rows = torch.randint(0, 300, (25,))
    <here>
    (F.cross_entropy(model(x[rows]), y[rows]) / 4).backward()
    if step % 4 == 3:
        optimizer.step()
""",
        bug="optimizer.zero_grad()",
        sound="if step % 4 == 0:\n    optimizer.zero_grad()",
    ),
]

PAIRS += [
    Pair(
        "average-that-shares-memory",
        "weights-changed-outside",
        _HEAD
        + "<here>\n"
        + _FIT.replace("<option>", "")
        .replace(
            "optimizer.step()",
            "optimizer.step()\n"
            "        with torch.no_grad():\n"
            "            for name, p in model.named_parameters():\n"
            "                average[name].mul_(0.99).add_(p, alpha=0.01)",
        )
        .replace("<here>", "pass"),
        bug="average = {name: p.data for name, p in model.named_parameters()}",
        sound="average = {name: p.detach().clone() for name, p in model.named_parameters()}",
    ),
]

MAIN = """
import torch
from torch import nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

def main():
    torch.manual_seed(0)
    x = torch.randn(320, 8)
    y = (x[:, 0] > <at>).long()
    loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=<shuffle>)
    model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(4):
        for a, b in loader:
            optimizer.zero_grad()
            F.cross_entropy(model(a), b).backward()
            optimizer.step()

main()
"""
"""A script whose objects are gone when it ends."""

PAIRS += [
    Pair(
        "imbalance-in-main",
        "class-imbalance",
        "<here>",
        MAIN.replace("<at>", "1.8").replace("<shuffle>", "True"),
        MAIN.replace("<at>", "0.0").replace("<shuffle>", "True"),
    ),
    Pair(
        "order-in-main",
        "training-not-shuffled",
        "<here>",
        MAIN.replace("<at>", "0.0").replace("<shuffle>", "False"),
        MAIN.replace("<at>", "0.0").replace("<shuffle>", "True"),
    ),
]

SOUND = {
    "inputs and targets of one shape": """
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(0)
clean = torch.tanh(torch.randn(320, 4) @ torch.randn(4, 24))
loader = DataLoader(TensorDataset(clean + 0.2 * torch.randn(320, 24), clean), 32, shuffle=True)
model = nn.Sequential(nn.Linear(24, 32), nn.ELU(), nn.Linear(32, 24))
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
for epoch in range(6):
    for a, b in loader:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(a), b).backward()
        optimizer.step()
""",
    "a mapping in, several outputs": """
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
x = torch.randn(320, 8)
y, z = (x[:, 0] > 0).long(), x[:, 1:2] - x[:, 2:3]
class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.left, self.right = nn.Linear(8, 16), nn.Linear(16, 2), nn.Linear(16, 1)
    def forward(self, batch):
        h = torch.relu(self.body(batch["x"]))
        return self.left(h), self.right(h)
model = Heads()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(8):
    for rows in torch.randperm(320).split(32):
        left, right = model({"x": x[rows]})
        optimizer.zero_grad()
        (F.cross_entropy(left, y[rows]) + F.mse_loss(right, z[rows])).backward()
        optimizer.step()
""",
    "a batch sampler that shuffles": """
import torch
from torch import nn
import torch.nn.functional as F
from torch.utils.data import BatchSampler, DataLoader, RandomSampler, TensorDataset
torch.manual_seed(0)
x = torch.randn(320, 8)
y = (x[:, 0] > 0).long()
data = TensorDataset(x, y)
loader = DataLoader(data, batch_sampler=BatchSampler(RandomSampler(data), 32, True))
model = nn.Linear(8, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(5):
    for a, b in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(a), b).backward()
        optimizer.step()
""",
}

SPECTRAL = """
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
x = torch.randn(200, 8)
y = (x[:, 0] > 0).long()
norm = torch.nn.utils.parametrizations.spectral_norm
model = nn.Sequential(norm(nn.Linear(8, 16)), nn.ReLU(), norm(nn.Linear(16, 2)))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(40):
    rows = torch.randint(0, 200, (32,))
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x[rows]), y[rows])
    loss.backward()
    optimizer.step()
    print(loss.item().hex())
"""
"""Its weights are computed each time that they are asked for, and count how often."""
