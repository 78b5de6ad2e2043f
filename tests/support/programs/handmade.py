"""Bugs in what people write themselves around torch: losses, layers, samplers; sound twins."""

from support.watching import Pair

_START = """
import os
import tempfile
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset
torch.manual_seed(0)
x = torch.randn(160, 12)
y = x[:, :3].argmax(1)
def fit(model, steps=40, lr=1e-2, measure=F.cross_entropy, inputs=x):
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=lr)
    for step in range(steps):
        model.train()
        index = torch.randint(0, 120, (32,))
        loss = measure(model(inputs[index]), y[index])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
"""
_GAN = (
    _START
    + """
real = torch.randn(256, 8) + 2
G = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 8))
D = nn.Sequential(nn.Linear(8, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3)
opt_d = torch.optim.Adam(D.parameters(), lr=1e-3)
def score(given, label):
    out = D(given)
    return F.binary_cross_entropy_with_logits(out, torch.full_like(out, label))
for step in range(60):
    fake = G(torch.randn(32, 4))
    <here>
    opt_g.zero_grad()
    score(G(torch.randn(32, 4)), 1.0).backward()
    opt_g.step()
"""
)
_PADDED = (
    _START
    + """
lengths = torch.randint(3, 10, (120,))
words = torch.randint(1, 20, (120, 10)) * (torch.arange(10) < lengths[:, None])
tags = (words % 5) * (words > 0) - 100 * (words == 0)
model = nn.Sequential(nn.Embedding(20, 16, padding_idx=0), nn.Linear(16, 5))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(40):
    index = torch.randint(0, 120, (16,))
    scores, wanted = model(words[index]).flatten(0, 1), tags[index].flatten()
    each = F.cross_entropy(scores, wanted, reduction="none")
    <here>
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
)
_CHECKPOINT = (
    _START
    + """
def body():
    return nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 8))
class Whole(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.head = body(), nn.Linear(8, 3)
    def forward(self, x):
        return self.head(self.encoder(x))
first = Whole()
fit(first, 60)
file = os.path.join(tempfile.mkdtemp(), "first.pt")
torch.save(first.state_dict(), file)
encoder = body()
own = encoder.state_dict()
read = torch.load(file)
<here>
own.update({name: value for name, value in read.items() if name in own})
encoder.load_state_dict(own)
encoder.requires_grad_(False)
model = nn.Sequential(encoder, nn.Linear(8, 3))
fit(model, 40)
"""
)
_EPOCHS = (
    _START
    + """
class Noisy(Dataset):
    def __init__(self):
        self.epoch = 0
    def set_epoch(self, epoch):
        self.epoch = epoch
    def __len__(self):
        return 120
    def __getitem__(self, item):
        drawn = torch.Generator().manual_seed(1000 * self.epoch + item)
        return x[item] + 0.1 * torch.randn(12, generator=drawn), y[item]
data = Noisy()
loader = DataLoader(data, batch_size=24, shuffle=True)
model = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(6):
    <here>
    for given, label in loader:
        loss = F.cross_entropy(model(given), label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
"""
)
_RARE = (
    _START
    + """
rare = (x[:, 0] > 1.2).long()
counts = torch.bincount(rare[:120]).float()
model = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 2))
<here>
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(40):
    index = torch.randint(0, 120, (32,))
    loss = measure(model(x[index]), rare[index])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
)
_WORDS = (
    _START
    + """
texts = [" ".join(f"Word{n}" for n in torch.randint(0, 30, (6,)).tolist()) for _ in range(160)]
known = {f"word{n}": n + 2 for n in range(30)}
def encoded(text):
    <here>
    return [known.get(word, 1) for word in text.split()]
tokens = torch.tensor([encoded(text) for text in texts])
y = (torch.tensor([int(text.split()[0][4:]) for text in texts]) < 12).long()
class Bag(nn.Module):
    def __init__(self):
        super().__init__()
        self.table, self.out = nn.Embedding(32, 16, padding_idx=0), nn.Linear(16, 2)
    def forward(self, tokens):
        return self.out(self.table(tokens).mean(1))
fit(Bag(), 60, inputs=tokens)
"""
)

PAIRS = [
    Pair(
        "zeroed-after-its-own-step",
        "gradients-left-by-another",
        _GAN,
        bug="""
(score(real[:32], 1.0) + score(fake.detach(), 0.0)).backward()
opt_d.step()
opt_d.zero_grad()
""",
        sound="""
opt_d.zero_grad()
(score(real[:32], 1.0) + score(fake.detach(), 0.0)).backward()
opt_d.step()
""",
    ),
    Pair(
        "thawed-and-in-no-optimizer",
        "parameters-not-optimised",
        _START
        + """
model = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 24), nn.ReLU(), nn.Linear(24, 3))
model[0].requires_grad_(False)
model[2].requires_grad_(False)
optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=1e-2)
for step in range(120):
    if step == 40:
        model[2].requires_grad_(True)
        <here>
    index = torch.randint(0, 120, (32,))
    loss = F.cross_entropy(model(x[index]), y[index])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        bug="pass",
        sound='optimizer.add_param_group({"params": model[2].parameters()})',
    ),
    Pair(
        "likelihood-of-logits",
        "logits-to-bce",
        _START
        + """
seen = (torch.rand(160, 12) < torch.sigmoid(3 * x)).float()
model = nn.Sequential(nn.Linear(12, 6), nn.ReLU(), nn.Linear(6, 12))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(40):
    given = seen[torch.randint(0, 120, (32,))]
    <here>
    p = p.clamp(1e-6, 1 - 1e-6)
    loss = -(given * p.log() + (1 - given) * (1 - p).log()).sum(1).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        bug="p = model(given)",
        sound="p = model(given).sigmoid()",
    ),
    Pair(
        "mean-of-ignored",
        "loss-over-padding",
        _PADDED,
        bug="loss = each.mean()",
        sound="loss = each.sum() / (tags[index] != -100).sum()",
    ),
    Pair(
        "both-factors-at-zero",
        "gradient-always-zero",
        _START
        + """
class Adapted(nn.Module):
    def __init__(self, base):
        super().__init__()
        self.base = base.requires_grad_(False)
        self.down = nn.Parameter(<down>)
        self.up = nn.Parameter(torch.zeros(24, 4))
    def forward(self, x):
        return self.base(x) + F.linear(F.linear(x, self.down), self.up)
model = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 3))
fit(model, 60)
model[0] = Adapted(model[0])
<here>
fit(model, 60)
""".replace("<down>", "torch.zeros(4, 12)"),
        bug="pass",
        sound="nn.init.normal_(model[0].down, std=0.1)",
    ),
    Pair(
        "names-matched-by-hand",
        "checkpoint-loaded-in-part",
        _CHECKPOINT,
        bug='read = {name.removeprefix("module."): value for name, value in read.items()}',
        sound='read = {name.removeprefix("encoder."): value for name, value in read.items()}',
    ),
    Pair(
        "layer-of-ones-own",
        "weights-equal-at-start",
        _START
        + """
class Affine(nn.Module):
    def __init__(self, given, out):
        super().__init__()
        <here>
        self.b = nn.Parameter(torch.zeros(out))
    def forward(self, x):
        return x @ self.W + self.b
fit(nn.Sequential(Affine(12, 24), nn.ReLU(), Affine(24, 3)))
""",
        bug="self.W = nn.Parameter(torch.full((given, out), 1 / given))",
        sound="self.W = nn.Parameter(torch.randn(given, out) / given**0.5)",
    ),
    Pair(
        "dataset-is-not-told",
        "set-epoch-forgotten",
        _EPOCHS,
        bug="pass",
        sound="data.set_epoch(epoch)",
    ),
    Pair(
        "seeded-by-the-item",
        "random-numbers-repeat",
        _EPOCHS.replace(
            "    def set_epoch(self, epoch):\n        self.epoch = epoch\n", ""
        ).replace(
            "    def __init__(self):\n        self.epoch = 0\n",
            "    def __init__(self):\n        self.epoch, self.x = 0, x\n",
        ),
        bug="pass",
        sound="data.epoch = epoch",
    ),
    Pair(
        "frequency-for-its-inverse",
        "class-weights-inverted",
        _RARE,
        bug="measure = nn.CrossEntropyLoss(weight=counts / counts.sum())",
        sound="measure = nn.CrossEntropyLoss(weight=counts.sum() / counts)",
    ),
    Pair(
        "pos-weight-upside-down",
        "class-weights-inverted",
        _START
        + """
spots = (torch.randn(160, 1, 6, 6) > 1.4).float()
pictures = spots + 0.3 * torch.randn(160, 1, 6, 6)
model = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 1, 3, padding=1))
there = spots[:120].sum()
<here>
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(40):
    index = torch.randint(0, 120, (32,))
    loss = measure(model(pictures[index]), spots[index])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        bug="measure = nn.BCEWithLogitsLoss(pos_weight=there / (spots[:120].numel() - there))",
        sound="measure = nn.BCEWithLogitsLoss(pos_weight=(spots[:120].numel() - there) / there)",
    ),
    Pair(
        "decay-for-a-longer-run",
        "copy-never-updated",
        _START
        + """
model = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 3))
<here>
average = torch.optim.swa_utils.AveragedModel(
    model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(decay))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(90):
    index = torch.randint(0, 120, (32,))
    loss = F.cross_entropy(model(x[index]), y[index])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    average.update_parameters(model)
    if step % 20 == 19:
        average.eval()
        with torch.no_grad():
            average(x[120:])
""",
        bug="decay = 0.99999",
        sound="decay = 0.9",
    ),
    Pair(
        "capitals",
        "embedding-hardly-used",
        _WORDS,
        bug="text = text.strip()",
        sound="text = text.lower()",
    ),
]

SOUND = {
    "two optimizers and one loss": _START
    + """
body, head = nn.Sequential(nn.Linear(12, 24), nn.ReLU()), nn.Linear(24, 3)
one = torch.optim.Adam(body.parameters(), lr=1e-3)
other = torch.optim.SGD(head.parameters(), lr=0.1)
for step in range(60):
    index = torch.randint(0, 120, (32,))
    loss = F.cross_entropy(head(body(x[index])), y[index])
    one.zero_grad()
    other.zero_grad()
    loss.backward()
    one.step()
    other.step()
""",
    "an actor and its critic": _START
    + """
actor, critic = nn.Linear(12, 3), nn.Linear(12, 1)
opt_a, opt_c = torch.optim.Adam(actor.parameters()), torch.optim.Adam(critic.parameters())
for step in range(60):
    index = torch.randint(0, 120, (32,))
    chosen = torch.distributions.Categorical(logits=actor(x[index]))
    action = chosen.sample()
    reward = (action == y[index]).float()
    value = critic(x[index]).squeeze(1)
    opt_c.zero_grad()
    F.mse_loss(value, reward).backward()
    opt_c.step()
    opt_a.zero_grad()
    (-chosen.log_prob(action) * (reward - value.detach())).mean().backward()
    opt_a.step()
""",
    "a pretrained body that is left out of the optimizer": _START
    + """
model = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 3))
fit(model, 60)
model[2] = nn.Linear(24, 3)
optimizer = torch.optim.Adam(model[2].parameters(), lr=1e-2)
for step in range(60):
    index = torch.randint(0, 120, (32,))
    with torch.no_grad():
        features = model[1](model[0](x[index]))
    loss = F.cross_entropy(model[2](features), y[index])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
    "items that are made of their numbers": _START
    + """
class Made(Dataset):
    def __len__(self):
        return 120
    def __getitem__(self, item):
        drawn = torch.Generator().manual_seed(item)
        given = torch.randn(12, generator=drawn)
        return given, given[:3].argmax()
model = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
loader = DataLoader(Made(), batch_size=24, shuffle=True)
for epoch in range(6):
    for given, label in loader:
        loss = F.cross_entropy(model(given), label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
""",
    "a checkpoint that is read and loaded again": _START
    + """
model = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 3))
file = os.path.join(tempfile.mkdtemp(), "best.pt")
for again in range(4):
    fit(model, 20)
    torch.save({"model": model.state_dict(), "step": again}, file)
model.load_state_dict(torch.load(file)["model"])
model.eval()
with torch.no_grad():
    model(x[120:])
""",
    "labels that are smoothed, and weights for one class": _RARE.replace(
        "<here>",
        "measure = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 3.0]), label_smoothing=0.1)",
    ),
}
