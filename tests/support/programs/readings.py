"""Programs whose curves or random numbers tell that something is wrong, and sound twins."""

from support.watching import Pair

DATA = """
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
x = torch.randn(256, 6)
y = (x[:, 0] > 0).long() + (x[:, 1] > 0.8).long()
x_val, y_val = torch.randn(64, 6), None
y_val = (x_val[:, 0] > 0).long() + (x_val[:, 1] > 0.8).long()
"""

RANDOMNESS = [
    Pair(
        "no-seed",
        "seed-not-set",
        """
import torch
from torch import nn
<here>
model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(10):
    x = torch.randn(16, 3)
    loss = ((model(x) - x.sum(1, keepdim=True)) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        bug="pass",
        sound="torch.manual_seed(0)",
    ),
    Pair(
        "seed-of-numpy-forgotten",
        "seed-not-set",
        """
import random
import numpy as np
import torch
from torch import nn
torch.manual_seed(0)
<here>
model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(10):
    x = torch.tensor(np.random.randn(16, 3), dtype=torch.float32)
    loss = ((model(x) - x.sum(1, keepdim=True)) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        bug="pass",
        sound="np.random.seed(0)",
    ),
    Pair(
        "seed-after-the-model",
        "seed-set-late",
        """
import torch
from torch import nn
<here>
x = torch.randn(64, 3)
for step in range(10):
    loss = ((model(x) - x.sum(1, keepdim=True)) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        bug="""
model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
torch.manual_seed(0)
""",
        sound="""
torch.manual_seed(0)
model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
""",
    ),
    Pair(
        "seed-each-epoch",
        "seeded-in-loop",
        DATA
        + """
model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(6):
    <here>
    for part in torch.randperm(256).split(64):
        optimizer.zero_grad()
        F.cross_entropy(model(x[part]), y[part]).backward()
        optimizer.step()
""",
        bug="torch.manual_seed(0)",
        sound="torch.manual_seed(epoch)",
    ),
    Pair(
        "seed-for-evaluation",
        "seeded-in-loop",
        DATA
        + """
model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(6):
    for part in torch.randperm(256).split(64):
        optimizer.zero_grad()
        F.cross_entropy(model(x[part]), y[part]).backward()
        optimizer.step()
    <here>
""",
        bug="""
torch.manual_seed(0)
print(torch.rand(1).item())
""",
        sound="""
with torch.random.fork_rng():
    torch.manual_seed(0)
    print(torch.rand(1).item())
""",
    ),
    Pair(
        "benchmark-with-determinism",
        "benchmark-not-deterministic",
        DATA
        + """
torch.backends.cudnn.deterministic = True
<here>
model = nn.Linear(6, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(10):
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
""",
        bug="torch.backends.cudnn.benchmark = True",
        sound="torch.backends.cudnn.benchmark = False",
    ),
    Pair(
        "benchmark-with-deterministic-algorithms",
        "benchmark-not-deterministic",
        DATA
        + """
torch.use_deterministic_algorithms(True)
<here>
model = nn.Linear(6, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(10):
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
""",
        bug="torch.backends.cudnn.benchmark = True",
        sound="pass",
    ),
    Pair(
        "benchmark-with-a-seed",
        "benchmark-not-deterministic",
        DATA
        + """
<here>
model = nn.Linear(6, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(10):
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
""",
        bug="torch.backends.cudnn.benchmark = True",
        sound="pass",
    ),
]

READINGS = [
    Pair(
        "loss-turned-round",
        "training-loss-not-falling",
        DATA
        + """
model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(50):
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    <here>
    optimizer.step()
""",
        bug="""
for p in model.parameters():
    p.grad.neg_()
""",
        sound="pass",
    ),
    Pair(
        "steps-of-nothing",
        "training-loss-not-falling",
        """
import torch
from torch import nn
torch.manual_seed(0)
x = torch.randn(128, 5, 4)
y = x.sum((1, 2)).view(-1, 1) / 4
model = nn.GRU(4, 8, batch_first=True)
head = nn.Linear(8, 1)
<here>
optimizer = torch.optim.Adam([*model.parameters(), *head.parameters()], lr=lr)
for step in range(50):
    loss = nn.functional.mse_loss(head(model(x)[0][:, -1]), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        bug="lr = 1e-7",
        sound="lr = 0.02",
    ),
    Pair(
        "validation-of-something-else",
        "validation-loss-not-falling",
        DATA
        + """
model = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Linear(32, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for epoch in range(12):
    for part in torch.randperm(256).split(64):
        optimizer.zero_grad()
        F.cross_entropy(model(x[part]), y[part]).backward()
        optimizer.step()
    with torch.no_grad():
        <here>
        print(F.cross_entropy(out, y_val).item())
""",
        bug="out = model(x_val.flip(1))",
        sound="out = model(x_val)",
    ),
    Pair(
        "validation-too-good",
        "validation-better-than-training",
        DATA
        + """
model = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Linear(32, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(12):
    for part in torch.randperm(256).split(64):
        noisy = torch.where(torch.rand(len(part)) < 0.4, torch.randint(0, 3, (len(part),)), y[part])
        optimizer.zero_grad()
        F.cross_entropy(model(x[part]), <label>).backward()
        optimizer.step()
    with torch.no_grad():
        print(F.cross_entropy(model(x_val), y_val).item())
""".replace("<label>", "noisy if harder else y[part]").replace(
            "for epoch", "harder = False\n<here>\nfor epoch", 1
        ),
        bug="harder = True",
        sound="pass",
    ),
    Pair(
        "batch-norm-that-keeps-nothing",
        "training-set-worse-in-evaluation",
        DATA
        + """
x = x * 8 + 20
model = nn.Sequential(nn.Linear(6, 32, bias=False), <norm>, nn.ReLU(), nn.Linear(32, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(12):
    model.train()
    for i in range(0, 256, 64):
        optimizer.zero_grad()
        F.cross_entropy(model(x[i:i + 64]), y[i:i + 64]).backward()
        optimizer.step()
    model.train()
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
    model.eval()
    with torch.no_grad():
        print(F.cross_entropy(model(x), y).item())
""".replace("model = nn", "momentum = 0.5\n<here>\nmodel = nn").replace(
            "<norm>", "nn.BatchNorm1d(32, momentum=momentum)"
        ),
        bug="momentum = 0.001",
        sound="pass",
    ),
    Pair(
        "labels-of-other-items",
        "no-better-than-majority",
        DATA
        + """
<here>
model = nn.Linear(6, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for step in range(60):
    part = torch.randint(0, 256, (64,))
    optimizer.zero_grad()
    F.cross_entropy(model(x[part]), y[part]).backward()
    optimizer.step()
""",
        bug="x = torch.randn(256, 6) * 0.1",
        sound="pass",
    ),
    Pair(
        "binary-with-a-rare-class",
        "no-better-than-majority",
        """
import torch
from torch import nn
torch.manual_seed(0)
x = torch.randn(512, 4)
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
<here>
criterion = nn.BCEWithLogitsLoss()
for step in range(60):
    loss = criterion(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        bug="y = (torch.rand(512, 1) < 0.1).float()",
        sound="y = (x[:, :1] > 0.3).float()",
    ),
    Pair(
        "slow-data",
        "data-slower-than-compute",
        """
import time
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
torch.manual_seed(0)
class Slow(Dataset):
    def __len__(self):
        return 120
    def __getitem__(self, i):
        <here>
        return torch.ones(4) * (i % 7), torch.tensor([float(i % 7)])
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
for x, y in DataLoader(Slow(), 4, shuffle=True):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
""",
        bug="time.sleep(0.012)",
        sound="pass",
    ),
]
