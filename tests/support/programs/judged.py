"""Statistics never learnt, batches cut by hand, images read in the wrong order; sound twins."""

from support.watching import Pair

_START = """
import copy
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(0)
"""
_NORMED = (
    _START
    + """
x = torch.randn(160, 1, 8, 8)
y = (x.mean((1, 2, 3)) > 0).long()
def make():
    conv = nn.Conv2d(1, 4, 3, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(144, 2))
def norms(model):
    return [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
def fit(model, steps, prepare, after=lambda: None):
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=0.01)
    for step in range(steps):
        model.train()
        prepare()
        index = torch.randint(0, 120, (24,))
        loss = F.cross_entropy(model(x[index]), y[index])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        after()
def score(model):
    model.eval()
    with torch.no_grad():
        print((model(x[120:]).argmax(1) == y[120:]).float().mean().item())
model = make()
"""
)
_SLICED = (
    _START
    + """
x = torch.randn(194, 6)
y = x[:, :3].argmax(1)
x_train, y_train, x_test, y_test = x[:120], y[:120], x[120:], y[120:]
model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
measure = nn.CrossEntropyLoss()
def fit():
    model.train()
    for part in torch.randperm(120).split(20):
        loss = measure(model(x_train[part]), y_train[part])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
"""
)
_BY_RANGE = (
    _SLICED
    + """
for epoch in range(3):
    fit()
    model.eval()
    found = []
    with torch.no_grad():
        for i in range(0, <size>, 20):
            xb, yb = x_test[i:i + 20], y_test[i:i + 20]
            hits = model(xb).argmax(1) == yb
            <here>
    print(sum(found) / len(found))
"""
)
_BY_SPLIT = (
    _SLICED
    + """
@torch.no_grad()
def evaluate():
    model.eval()
    total, count = 0.0, 0
    for part in torch.arange(74).split(16):
        value = measure(model(x_test[part]), y_test[part])
        <here>
    return total / count
for epoch in range(3):
    fit()
print(evaluate())
"""
)
_PICTURES = (
    _START
    + """
def smooth(count, channels, size):
    coarse = torch.randn(count, channels, size // 4, size // 4)
    return F.interpolate(coarse, scale_factor=4.0, mode="bilinear")
def net(channels):
    body = nn.Sequential(nn.Conv2d(channels, 6, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(4))
    return nn.Sequential(body, nn.Flatten(), nn.Linear(96, 2))
"""
)
_SEEN = """
model = net(images.shape[1])
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
y = (images[:, 0, :8].mean((1, 2)) > 0).long()
for step in range(16):
    index = torch.randint(0, len(images), (32,))
    loss = F.cross_entropy(model(images[index]), y[index])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
_RESHAPED = "images = pictures.reshape({0}).contiguous()"
_MOVED = "images = pictures.permute(0, 3, 1, 2).contiguous()"
_STATISTICS = "batch-norm-statistics-not-loaded"
_AVERAGE = "last-batch-averaged"
_VIEW = "view-for-transpose"

PAIRS = [
    Pair(
        "norms in eval mode from the first step",
        _STATISTICS,
        _NORMED
        + """
def prepare():
    <here>
fit(model, 24, prepare)
score(model)
""",
        bug="for norm in norms(model): norm.eval()",
        sound="pass",
    ),
    Pair(
        "average of the parameters alone",
        _STATISTICS,
        _NORMED
        + """
mean = copy.deepcopy(model)
@torch.no_grad()
def follow():
    for kept, new in zip(mean.parameters(), model.parameters()):
        kept.lerp_(new, 0.2)
    <here>
fit(model, 24, lambda: None, follow)
score(mean)
""",
        bug="pass",
        sound="for kept, new in zip(mean.buffers(), model.buffers()): kept.copy_(new)",
    ),
    Pair(
        "best parameters copied into a new model",
        _STATISTICS,
        _NORMED
        + """
fit(model, 20, lambda: None)
final = make()
<here>
score(final)
""",
        bug="for old, new in zip(final.parameters(), model.parameters()): old.data.copy_(new.data)",
        sound="final.load_state_dict(model.state_dict())",
    ),
    Pair(
        "accuracies of slices",
        _AVERAGE,
        _BY_RANGE.replace("<size>", "len(x_test)"),
        bug="found.append(hits.float().mean().item())",
        sound="found.extend(hits.float().tolist())",
    ),
    Pair(
        "losses of parts, counted by the part",
        _AVERAGE,
        _BY_SPLIT,
        bug="total += value.item()\ncount += 1",
        sound="total += value.item() * len(part)\ncount += len(part)",
    ),
    Pair(
        "colour pictures reshaped",
        _VIEW,
        _PICTURES
        + "pictures = smooth(96, 3, 16).permute(0, 2, 3, 1).contiguous() * 0.5 + 0.4\n<here>\n"
        + _SEEN,
        bug=_RESHAPED.format("96, 3, 16, 16"),
        sound=_MOVED,
    ),
    Pair(
        "nearly grey pictures with noise, reshaped and flipped",
        _VIEW,
        _PICTURES
        + """
pictures = smooth(96, 1, 24) + 0.1 * smooth(96, 3, 24) + 0.2 * torch.randn(96, 3, 24, 24)
pictures = pictures.permute(0, 2, 3, 1).contiguous()
<here>
flipped = torch.rand(96) < 0.5
images[flipped] = images[flipped].flip(3)
"""
        + _SEEN,
        bug=_RESHAPED.format("96, 3, 24, 24"),
        sound=_MOVED,
    ),
]

SOUND = {
    "pretrained model tuned with its norms frozen": _NORMED
    + """
fit(model, 20, lambda: None)
model[4] = nn.Linear(144, 2)
def freeze():
    for norm in norms(model):
        norm.eval()
fit(model, 20, freeze)
score(model)
""",
    "frozen random features": _NORMED
    + """
for p in model[:4].parameters():
    p.requires_grad_(False)
fit(model, 20, lambda: model[:4].eval())
score(model)
""",
    "evaluated before it is trained, one fold after the other": _NORMED
    + """
def draw(module):
    if isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.normal_(module.bias, 0.0, 0.02)
for fold in range(2):
    model = make().apply(draw)
    score(model)
    fit(model, 14, lambda: None)
    score(model)
""",
    "slices that are all whole": _BY_RANGE.replace("<size>", "60").replace(
        "<here>", "found.append(hits.float().mean().item())"
    ),
    "mean over folds, the last of them smaller": _START
    + """
x = torch.randn(74, 6)
y = x[:, :3].argmax(1)
scores = []
def fit(model, rest):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for step in range(10):
        loss = F.cross_entropy(model(x[rest]), y[rest])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
for part in torch.arange(74).split(20):
    model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
    fit(model, torch.tensor([i for i in range(74) if i not in set(part.tolist())]))
    model.eval()
    with torch.no_grad():
        scores.append((model(x[part]).argmax(1) == y[part]).float().mean().item())
print(sum(scores) / len(scores))
""",
    "stripes of three pixels": _PICTURES
    + """
phase = torch.randint(0, 3, (96, 1, 1, 1))
stripes = ((torch.arange(18).view(1, 1, 1, 18) + phase) % 3 == 0).float()
images = (stripes + 0.1 * smooth(96, 3, 20)[..., :18, :18]).contiguous()
"""
    + _SEEN,
    "dots three pixels apart": _PICTURES
    + """
down, right = (torch.randint(0, 3, (96, 3, 1, 1)) for _ in range(2))
line = torch.arange(20)
rows = (line.view(1, 1, 20, 1) + down) % 3 == 0
images = (rows & ((line + right) % 3 == 0)).float() + 0.2 * torch.randn(96, 3, 20, 20)
"""
    + _SEEN,
    "grey tiles three pixels wide": _PICTURES
    + """
tiles = torch.randn(96, 1, 3, 3).repeat(1, 1, 7, 7)
images = (tiles + 0.2 * torch.randn(96, 1, 21, 21)).expand(96, 3, 21, 21).contiguous()
"""
    + _SEEN,
    "real and imaginary parts with alternating signs": _PICTURES
    + """
line = torch.arange(16)
signs = 1.0 - 2.0 * ((line.view(-1, 1) + line) % 2)
images = smooth(96, 2, 16) * signs
"""
    + _SEEN,
    "four frames of a film": _PICTURES
    + """
film = smooth(96, 1, 24)
images = torch.cat([film.roll(step, 3) for step in range(4)], 1)
"""
    + _SEEN,
}
