"""Programs with one bug in the data or in how it is handed over, and their sound twins."""

from support.watching import Pair

_START = """
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset, Dataset, Subset, random_split
torch.manual_seed(0)
def make(n, k=3, d=6):
    labels = torch.randint(0, k, (n,))
    return torch.randn(n, d) * 0.7 + 2 * F.one_hot(labels, d).float(), labels
"""
_FIT = """
def fit(model, loader, epochs=4, lr=0.01):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for epoch in range(epochs):
        model.train()
        for xb, yb in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(xb), yb)
            loss.backward()
            optimizer.step()
"""
_SCORE = """
def score(model, loader):
    model.eval()
    right = total = 0
    with torch.no_grad():
        for xb, yb in loader:
            right += (model(xb).argmax(1) == yb).sum().item()
            total += len(yb)
    return right / total
"""
_MLP = """
model = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Linear(24, 3))
"""

OVERLAP = [
    Pair(
        "overlap-mlp-slices",
        "train-test-overlap",
        _START
        + """
x, y = make(400)
x_train, y_train = x[:300], y[:300]
<here>
"""
        + _MLP
        + """
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(5):
    order = torch.randperm(len(x_train))
    for rows in order.split(50):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x_train[rows]), y_train[rows])
        loss.backward()
        optimizer.step()
model.eval()
with torch.no_grad():
    print((model(x_test).argmax(1) == y_test).float().mean().item())
""",
        bug="x_test, y_test = x[200:], y[200:]",
        sound="x_test, y_test = x[300:], y[300:]",
    ),
    Pair(
        "overlap-cnn-two-random-splits",
        "train-test-overlap",
        _START
        + """
labels = torch.randint(0, 4, (240,))
images = torch.randn(240, 1, 8, 8)
for k in range(4):
    images[labels == k, 0, 2 * k] += 2
class Noisy(Dataset):
    def __len__(self):
        return len(images)
    def __getitem__(self, i):
        return images[i] + 0.1 * torch.randn(1, 8, 8), labels[i]
whole = Noisy()
<here>
model = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(512, 4))
"""
        + _FIT
        + _SCORE
        + """
fit(model, DataLoader(first, batch_size=20, shuffle=True), epochs=2)
print(score(model, DataLoader(second, batch_size=20)))
""",
        bug="first, _ = random_split(whole, [180, 60])\n_, second = random_split(whole, [180, 60])",
        sound="first, second = random_split(whole, [180, 60])",
    ),
    Pair(
        "overlap-train-loader-scored",
        "train-test-overlap",
        _START
        + """
x, y = make(400)
train_loader = DataLoader(TensorDataset(x[:300], y[:300]), batch_size=30, shuffle=True)
test_loader = DataLoader(TensorDataset(x[300:], y[300:]), batch_size=30)
"""
        + _MLP
        + _FIT
        + _SCORE
        + """
fit(model, train_loader)
<here>
print(f"test accuracy {test_accuracy:.3f}")
""",
        bug="test_accuracy = score(model, loader=DataLoader(train_loader.dataset, batch_size=50))",
        sound="test_accuracy = score(model, test_loader)",
    ),
]

ORDER = [
    Pair(
        "runs-mlp-sorted",
        "labels-in-runs",
        _START
        + """
x, y = make(300)
order = y.argsort()
x, y = x[order], y[order]
<here>
"""
        + _MLP
        + _FIT
        + "fit(model, loader)\n",
        bug="loader = DataLoader(TensorDataset(x, y), batch_size=30)",
        sound="loader = DataLoader(TensorDataset(x, y), batch_size=30, shuffle=True)",
    ),
    Pair(
        "runs-rnn-by-hand",
        "labels-in-runs",
        _START
        + """
y = torch.arange(240) // 60
x = torch.randn(240, 10, 4) * 0.5
x += F.one_hot(y, 4).float()[:, None]
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(4, 16, batch_first=True)
        self.out = nn.Linear(16, 4)
    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(4):
    <here>
    for rows in order.split(24):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
""",
        bug="order = torch.arange(240)",
        sound="order = torch.randperm(240)",
    ),
    Pair(
        "order-regression-not-shuffled",
        "training-not-shuffled",
        _START
        + """
x = torch.randn(256, 5)
y = x @ torch.randn(5) + 0.1 * torch.randn(256)
data = TensorDataset(x, y)
<here>
model = nn.Sequential(nn.Linear(5, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(4):
    for xb, yb in loader:
        optimizer.zero_grad()
        F.mse_loss(model(xb).squeeze(1), yb).backward()
        optimizer.step()
""",
        bug="loader = DataLoader(data, batch_size=32)",
        sound="loader = DataLoader(data, batch_size=32, shuffle=True)",
    ),
    Pair(
        "same-batch-next-iter",
        "same-batch-again",
        _START
        + """
x, y = make(320)
loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=<shuffle>)
<here>
""".replace("<shuffle>", "False")
        + _MLP
        + """
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(30):
    xb, yb = following()
    optimizer.zero_grad()
    F.cross_entropy(model(xb), yb).backward()
    optimizer.step()
""",
        bug="def following():\n    return next(iter(loader))",
        sound="import itertools\nendless = itertools.cycle(loader)\ndef following():\n"
        "    return next(endless)",
    ),
    Pair(
        "same-slice-by-hand",
        "same-batch-again",
        _START
        + """
x, y = make(320)
order = torch.randperm(320)
x, y = x[order], y[order]
"""
        + _MLP
        + """
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(4):
    for i in range(0, 320, 32):
        <here>
        optimizer.zero_grad()
        F.cross_entropy(model(xb), yb).backward()
        optimizer.step()
""",
        bug="xb, yb = x[:32], y[:32]",
        sound="xb, yb = x[i:i + 32], y[i:i + 32]",
    ),
]

SCALE = [
    Pair(
        "scale-cnn-pixels",
        "inputs-not-normalised",
        _START
        + """
labels = torch.randint(0, 4, (128,))
images = torch.randint(0, 180, (128, 3, 8, 8)).to(torch.uint8)
for k in range(4):
    images[labels == k, :, 2 * k] += 60
model = nn.Sequential(
    nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(32, 4)
)
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
for epoch in range(4):
    for rows in torch.randperm(128).split(32):
        <here>
        optimizer.zero_grad()
        F.cross_entropy(model(xb), labels[rows]).backward()
        optimizer.step()
""",
        bug="xb = images[rows].float()",
        sound="xb = images[rows].float() / 127.5 - 1",
    ),
    Pair(
        "scale-tabular",
        "inputs-not-normalised",
        _START
        + """
size = torch.rand(200, 1) * 3000 + 200
rooms = torch.randint(1, 8, (200, 1)).float()
age = torch.rand(200, 1) * 90
x = torch.cat([size, rooms, age], 1)
y = size[:, 0] / 1000 + 0.3 * rooms[:, 0] - age[:, 0] / 100 + 0.1 * torch.randn(200)
<here>
model = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(40):
    rows = torch.randint(0, 200, (40,))
    optimizer.zero_grad()
    F.mse_loss(model(x[rows])[:, 0], y[rows]).backward()
    optimizer.step()
""",
        bug="pass",
        sound="x = (x - x.mean(0)) / x.std(0)",
    ),
    Pair(
        "difference-test-not-normalised",
        "evaluation-inputs-differ",
        _START
        + """
x, y = make(400)
x = x * 3 + 5
mean, std = x[:300].mean(0), x[:300].std(0)
loader = DataLoader(
    TensorDataset((x[:300] - mean) / std, y[:300]), batch_size=30, shuffle=True
)
<here>
test_loader = DataLoader(TensorDataset(x_test, y[300:]), batch_size=50)
"""
        + _MLP
        + _FIT
        + _SCORE
        + "fit(model, loader)\nprint(score(model, test_loader))\n",
        bug="x_test = x[300:]",
        sound="x_test = (x[300:] - mean) / std",
    ),
    Pair(
        "difference-own-statistics",
        "normalised-apart",
        _START
        + """
x, y = make(400)
x = x * 3 + 5
def normalised(part, by):
    return (part - by.mean(0)) / by.std(0)
x_train, x_test = x[:300], x[300:]
<here>
x_train = normalised(x_train, x_train)
"""
        + _MLP
        + _FIT
        + """
fit(model, DataLoader(TensorDataset(x_train, y[:300]), batch_size=30, shuffle=True))
model.eval()
with torch.no_grad():
    print((model(x_test).argmax(1) == y[300:]).float().mean().item())
""",
        bug="x_test = normalised(x_test, x_test)",
        sound="x_test = normalised(x_test, x_train)",
    ),
    Pair(
        "difference-normalised-before-split",
        "normalised-before-split",
        _START
        + """
x, y = make(400)
x = x * 3 + 5
<here>
"""
        + _MLP
        + _FIT
        + _SCORE
        + """
train, test = TensorDataset(x[:300], y[:300]), TensorDataset(x[300:], y[300:])
fit(model, DataLoader(train, batch_size=30, shuffle=True))
print(score(model, DataLoader(test, batch_size=64)))
""",
        bug="x = (x - x.mean(0)) / x.std(0)",
        sound="x = (x - x[:300].mean(0)) / x[:300].std(0)",
    ),
]
