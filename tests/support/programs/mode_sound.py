"""Programs that call a model in the other mode, and are right."""

from support.programs.mode import LOADERS, MLP

TRAIN = """
for epoch in range(20):
    model.train()
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
"""

SOUND = {
    "dropout-kept-for-uncertainty": MLP
    + TRAIN
    + """
model.eval()
for module in model.modules():
    if isinstance(module, nn.Dropout):
        module.train()
with torch.no_grad():
    draws = torch.stack([model(x_test).softmax(1) for _ in range(20)])
print(draws.std(0).mean().item())
""",
    "sampling-in-training-mode": MLP
    + TRAIN
    + """
with torch.no_grad():
    draws = torch.stack([model(x_test).softmax(1) for _ in range(20)])
print(draws.std(0).mean().item())
""",
    "generator": """
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
G = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2))
D = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Dropout(0.2), nn.Linear(16, 1))
one = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.999))
two = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.999))
fixed = torch.randn(16, 4)
for step in range(30):
    real = torch.randn(32, 2) + 2
    with torch.no_grad():
        fake = G(torch.randn(32, 4))
    ones, zeros = torch.ones(32, 1), torch.zeros(32, 1)
    loss = F.binary_cross_entropy_with_logits(D(real), ones)
    loss = loss + F.binary_cross_entropy_with_logits(D(fake), zeros)
    two.zero_grad()
    loss.backward()
    two.step()
    loss = F.binary_cross_entropy_with_logits(D(G(torch.randn(32, 4))), ones)
    one.zero_grad()
    loss.backward()
    one.step()
    if step % 5 == 0:
        with torch.no_grad():
            print(G(fixed).mean().item())
with torch.no_grad():
    print(G(fixed).std().item())
""",
    "generator-detached": """
import torch
from torch import nn
torch.manual_seed(0)
G = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2))
D = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1), nn.Sigmoid())
one = torch.optim.Adam(G.parameters(), lr=1e-3)
two = torch.optim.Adam(D.parameters(), lr=1e-3)
bce = nn.BCELoss()
for step in range(30):
    real = torch.randn(32, 2) + 2
    two.zero_grad()
    bce(D(real), torch.ones(32, 1)).backward()
    fake = G(torch.randn(32, 4))
    bce(D(fake.detach()), torch.zeros(32, 1)).backward()
    two.step()
    one.zero_grad()
    bce(D(fake), torch.ones(32, 1)).backward()
    one.step()
""",
    "momentum-encoder": """
import copy
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
online = nn.Sequential(nn.Linear(8, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 8))
target = copy.deepcopy(online)
optimizer = torch.optim.SGD(online.parameters(), lr=0.05)
for step in range(40):
    x = torch.randn(32, 8)
    one, two = x + 0.1 * torch.randn_like(x), x + 0.1 * torch.randn_like(x)
    with torch.no_grad():
        keys = F.normalize(target(two), dim=1)
    logits = F.normalize(online(one), dim=1) @ keys.T / 0.2
    loss = F.cross_entropy(logits, torch.arange(32))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for p, q in zip(target.parameters(), online.parameters()):
            p.mul_(0.99).add_(q, alpha=0.01)
print(loss.item())
""",
    "pseudo-labels": MLP
    + """
unlabelled = torch.randn(400, 8)
for step in range(40):
    pick = torch.randint(0, 400, (32,))
    with torch.no_grad():
        guess = model(unlabelled[pick]).softmax(1)
    sure, label = guess.max(1)
    loss = F.cross_entropy(model(x), y)
    noisy = model(unlabelled[pick] + 0.1 * torch.randn(32, 8))
    loss = loss + ((sure > 0.9) * F.cross_entropy(noisy, label, reduction="none")).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
    "statistics-computed-anew": LOADERS
    + """
averaged = torch.optim.swa_utils.AveragedModel(model)
for epoch in range(3):
    model.train()
    for a, b in train:
        optimizer.zero_grad()
        criterion(model(a), b).backward()
        optimizer.step()
    averaged.update_parameters(model)
torch.optim.swa_utils.update_bn(train, averaged)
averaged.eval()
with torch.no_grad():
    print(sum(criterion(averaged(a), b).item() for a, b in test))
""",
    "statistics-computed-anew-by-hand": LOADERS
    + """
for epoch in range(3):
    model.train()
    for a, b in train:
        optimizer.zero_grad()
        criterion(model(a), b).backward()
        optimizer.step()
model.norm.reset_running_stats()
with torch.no_grad():
    for a, b in train:
        model(a)
model.eval()
with torch.no_grad():
    print(sum(criterion(model(a), b).item() for a, b in test))
""",
    "checkpointed": """
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint
import torch.nn.functional as F
torch.manual_seed(0)
block = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Dropout(0.1))
first, head = nn.Linear(8, 8), nn.Linear(8, 3)
held = [*first.parameters(), *block.parameters(), *head.parameters()]
optimizer = torch.optim.Adam(held, lr=0.01)
x = torch.randn(64, 8)
y = x[:, :3].argmax(1)
for step in range(30):
    h = first(x)
    for _ in range(3):
        h = checkpoint(block, h, use_reentrant=True)
    loss = F.cross_entropy(head(h), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
    "frozen-backbone": """
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
backbone = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten())
class Whole(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone, self.drop, self.head = backbone, nn.Dropout(0.2), nn.Linear(4 * 36, 2)
    def forward(self, x):
        return self.head(self.drop(self.backbone(x)))
model = Whole()
for p in backbone.parameters():
    p.requires_grad = False
x = torch.randn(64, 1, 8, 8)
y = (x.mean((1, 2, 3)) > 0).long()
optimizer = torch.optim.Adam(model.head.parameters(), lr=0.01)
for epoch in range(20):
    model.train()
    backbone.eval()
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    model.eval()
    with torch.no_grad():
        print(F.cross_entropy(model(x), y).item())
""",
    "probe-on-a-model-in-evaluation-mode": """
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 3)).eval()
for p in model.parameters():
    p.requires_grad = False
model[3] = nn.Linear(16, 3)
optimizer = torch.optim.SGD(model[3].parameters(), lr=0.1)
x = torch.randn(64, 8)
y = x[:, :3].argmax(1)
for step in range(30):
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
""",
    "attack": MLP
    + """
for epoch in range(20):
    model.eval()
    hard = x.clone().requires_grad_()
    (slope,) = torch.autograd.grad(F.cross_entropy(model(hard), y), hard)
    model.train()
    optimizer.zero_grad()
    F.cross_entropy(model(x + 0.05 * slope.sign()), y).backward()
    optimizer.step()
""",
    "policy": """
import torch
from torch import nn
torch.manual_seed(0)
policy = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Dropout(0.1), nn.Linear(32, 2))
optimizer = torch.optim.Adam(policy.parameters(), lr=0.01)
for episode in range(15):
    states, actions, old = [], [], []
    state = torch.randn(4)
    for t in range(10):
        with torch.no_grad():
            choice = torch.distributions.Categorical(logits=policy(state))
            action = choice.sample()
        states.append(state)
        actions.append(action)
        old.append(choice.log_prob(action))
        state = torch.randn(4)
    states, actions, old = torch.stack(states), torch.stack(actions), torch.stack(old)
    reward = (actions == (states[:, 0] > 0).long()).float()
    for _ in range(3):
        ratio = torch.distributions.Categorical(logits=policy(states)).log_prob(actions) - old
        loss = -(ratio.exp() * (reward - reward.mean())).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
""",
    "stopped-in-the-midst": MLP
    + """
for epoch in range(20):
    out = model(x)
    if epoch == 19:
        raise SystemExit(0)
    optimizer.zero_grad()
    F.cross_entropy(out, y).backward()
    optimizer.step()
""",
    "accumulated": LOADERS
    + """
model.train()
for epoch in range(4):
    optimizer.zero_grad()
    total = 0.0
    for a, b in train:
        total = total + criterion(model(a), b) / 6
    total.backward()
    optimizer.step()
""",
    "first-pass-for-the-shape": """
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
features = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten())
with torch.no_grad():
    width = features(torch.randn(2, 1, 8, 8)).shape[1]
model = nn.Sequential(features, nn.Dropout(0.1), nn.Linear(width, 2))
x = torch.randn(64, 1, 8, 8)
y = (x.mean((1, 2, 3)) > 0).long()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(20):
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
""",
}
