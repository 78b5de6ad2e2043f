"""Programs with one bug in labels, items or workers, and their sound twins."""

from support.programs.data import _FIT, _MLP, _SCORE, _START
from support.watching import Pair

LABELS = [
    Pair(
        "labels-shuffled-each-epoch",
        "labels-move",
        _START
        + """
x, y = make(300)
"""
        + _MLP
        + """
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(5):
    order = torch.randperm(300)
    for rows in order.split(30):
        optimizer.zero_grad()
        <here>
        loss.backward()
        optimizer.step()
""",
        bug="loss = F.cross_entropy(model(x[rows]), y[torch.randperm(300)[:30]])",
        sound="loss = F.cross_entropy(model(x[rows]), y[rows])",
    ),
    Pair(
        "labels-regression-moved",
        "labels-move",
        _START
        + """
x = torch.randn(200, 6)
y = (x[:, :1] - x[:, 1:2]).tanh()
model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(6):
    <here>
    for i in range(0, 200, 40):
        optimizer.zero_grad()
        F.mse_loss(model(x[i:i + 40]), y[i:i + 40]).backward()
        optimizer.step()
""",
        bug="x = x[torch.randperm(200)]",
        sound="order = torch.randperm(200)\nx, y = x[order], y[order]",
    ),
    Pair(
        "labels-shuffled-once",
        "labels-unrelated",
        _START
        + """
x, y = make(300)
order = torch.randperm(300)
<here>
loader = DataLoader(TensorDataset(x, y), batch_size=30, shuffle=True)
"""
        + _MLP
        + _FIT
        + "fit(model, loader)\n",
        bug="x = x[order]",
        sound="x, y = x[order], y[order]",
    ),
    Pair(
        "labels-imbalanced",
        "class-imbalance",
        _START
        + """
y = (torch.rand(400) < 0.07).long()
x = torch.randn(400, 6) + 2 * y[:, None]
loader = DataLoader(TensorDataset(x, y), batch_size=40, shuffle=True)
model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
<here>
for epoch in range(3):
    for xb, yb in loader:
        optimizer.zero_grad()
        criterion(model(xb), yb).backward()
        optimizer.step()
""",
        bug="criterion = nn.CrossEntropyLoss()",
        sound="criterion = nn.CrossEntropyLoss(weight=torch.tensor([0.55, 7.0]))",
    ),
    Pair(
        "labels-all-one",
        "labels-constant",
        _START
        + """
x, y = make(300)
class Items(Dataset):
    def __len__(self):
        return 300
    def __getitem__(self, i):
        <here>
"""
        + _MLP
        + _FIT
        + "fit(model, DataLoader(Items(), batch_size=30, shuffle=True), epochs=2)\n",
        bug="return x[i], y[0]",
        sound="return x[i], y[i]",
    ),
]

_STORED = (
    _START
    + """
import tempfile
import numpy as np
x, y = make(300)
file = tempfile.mkdtemp() + "/x"
<here>
"""
    + _MLP
    + _FIT
    + "fit(model, DataLoader(TensorDataset(x, y), batch_size=30, shuffle=True))\n"
)

STORED = [
    Pair(
        "saved-in-eight-bits",
        "data-differ-after-loading",
        _STORED,
        bug="""
torch.save((x * 60).to(torch.int32).to(torch.uint8), file)
x = torch.load(file).float() / 60
""",
        sound="torch.save(x, file)\nx = torch.load(file)",
    ),
    Pair(
        "saved-with-a-few-digits",
        "data-differ-after-loading",
        _STORED,
        bug="""
np.savetxt(file, (0.1 * x).numpy(), fmt="%.1f")
x = 10 * torch.from_numpy(np.loadtxt(file)).float()
""",
        sound="""
np.savetxt(file, (0.1 * x).numpy())
x = 10 * torch.from_numpy(np.loadtxt(file)).float()
""",
    ),
    Pair(
        "saved-as-whole-numbers",
        "data-differ-after-loading",
        _STORED,
        bug="torch.save({'x': x.to(torch.int8)}, file)\nx = torch.load(file)['x'].float()",
        sound="""
small = (x * 20).round().clamp(-127, 127).to(torch.int8)
torch.save({'x': small}, file)
x = torch.load(file)['x'].float() / 20
""",
    ),
]

ITEMS = [
    Pair(
        "leak-label-column",
        "target-in-input",
        _START
        + """
x, y = make(300)
table = torch.cat([x, y[:, None].float() - 1], 1)
<here>
loader = DataLoader(TensorDataset(inputs, y), batch_size=30, shuffle=True)
model = nn.Sequential(nn.Linear(inputs.shape[1], 24), nn.ReLU(), nn.Linear(24, 3))
"""
        + _FIT
        + "fit(model, loader)\n",
        bug="inputs = table",
        sound="inputs = table[:, :-1]",
    ),
    Pair(
        "leak-window",
        "target-in-input",
        _START
        + """
series = torch.sin(torch.arange(500) * 0.3) + 0.1 * torch.randn(500)
windows = series.unfold(0, 13, 1)
<here>
net = nn.Sequential(nn.Linear(12, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(3):
    for rows in torch.randperm(len(x)).split(64):
        optimizer.zero_grad()
        F.mse_loss(net(x[rows]).squeeze(-1), y[rows]).backward()
        optimizer.step()
""",
        bug="x, y = windows[:, 1:], windows[:, -1]",
        sound="x, y = windows[:, :-1], windows[:, -1]",
    ),
    Pair(
        "leak-language-model",
        "targets-not-shifted",
        _START
        + """
text = torch.randint(0, 20, (40, 33)).cumsum(1) % 20
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 16)
        self.layer = nn.TransformerEncoderLayer(16, 2, 32, dropout=0.0, batch_first=True)
        self.out = nn.Linear(16, 20)
    def forward(self, x):
        ahead = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        return self.out(self.layer(self.embed(x), src_mask=ahead))
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=0.003)
for step in range(12):
    batch = text[torch.randint(0, 40, (8,))]
    <here>
    loss = F.cross_entropy(net(given).reshape(-1, 20), wanted.reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        bug="given, wanted = batch[:, :-1], batch[:, :-1]",
        sound="given, wanted = batch[:, :-1], batch[:, 1:]",
    ),
    Pair(
        "nan-in-autoencoder",
        "nan-in-data",
        _START
        + """
x = torch.randn(200, 8)
x[torch.rand(200, 8) < 0.02] = float("nan")
<here>
model = nn.Sequential(nn.Linear(8, 4), nn.Tanh(), nn.Linear(4, 8))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(12):
    xb = x[torch.randint(0, 200, (32,))]
    optimizer.zero_grad()
    F.mse_loss(model(xb), xb).backward()
    optimizer.step()
""",
        bug="pass",
        sound="x = x.nan_to_num(0.0)",
    ),
    Pair(
        "identical-items",
        "items-identical",
        _START
        + """
x, y = make(300)
class Items(Dataset):
    def __len__(self):
        return 300
    def __getitem__(self, i):
        <here>
"""
        + _MLP
        + _FIT
        + "fit(model, DataLoader(Items(), batch_size=30, shuffle=True), epochs=2)\n",
        bug="return x[0], y[i]",
        sound="return x[i], y[i]",
    ),
    Pair(
        "batch-of-one-cnn",
        "batch-of-one",
        _START
        + """
labels = torch.randint(0, 2, (65,))
images = torch.randn(65, 1, 6, 6) + labels[:, None, None, None]
<here>
model = nn.Sequential(
    nn.Conv2d(1, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(64, 2)
)
"""
        + _FIT
        + "fit(model, loader, epochs=2)\n",
        bug="loader = DataLoader(TensorDataset(images, labels), batch_size=16, shuffle=True)",
        sound="items = TensorDataset(images, labels)\n"
        "loader = DataLoader(items, batch_size=16, shuffle=True, drop_last=True)",
    ),
    Pair(
        "last-batch-in-validation",
        "last-batch-averaged",
        _START
        + """
x, y = make(330)
"""
        + _MLP
        + _FIT
        + """
fit(model, DataLoader(TensorDataset(x[:240], y[:240]), batch_size=30, shuffle=True))
valid = DataLoader(TensorDataset(x[240:], y[240:]), batch_size=32 + 12)
model.eval()
total = 0.0
with torch.no_grad():
    for xb, yb in valid:
        <here>
print(total)
""",
        bug="total += F.cross_entropy(model(xb), yb).item()\nlast = total / len(valid)",
        sound="total += F.cross_entropy(model(xb), yb).item() * len(xb)\nlast = total / 90",
    ),
    Pair(
        "evaluation-drops",
        "evaluation-drops-items",
        _START
        + """
x, y = make(350)
train = DataLoader(TensorDataset(x[:300], y[:300]), batch_size=30, shuffle=True)
<here>
"""
        + _MLP
        + _FIT
        + _SCORE
        + "fit(model, train)\nprint(score(model, test))\n",
        bug="test = DataLoader(TensorDataset(x[300:], y[300:]), batch_size=30, drop_last=True)",
        sound="test = DataLoader(TensorDataset(x[300:], y[300:]), batch_size=30)",
    ),
    Pair(
        "changed-in-place-by-hand",
        "data-changed-in-place",
        _START
        + """
x, y = make(300)
x = x * 2 + 4
"""
        + _MLP
        + """
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(4):
    for i in range(0, 300, 30):
        xb, yb = x[i:i + 30], y[i:i + 30]
        <here>
        optimizer.zero_grad()
        F.cross_entropy(model(xb), yb).backward()
        optimizer.step()
""",
        bug="xb -= 4\nxb /= 2",
        sound="xb = (xb - 4) / 2",
    ),
    Pair(
        "changed-in-place-by-dataset",
        "data-changed-in-place",
        _START
        + """
x, y = make(200)
class Items(Dataset):
    def __init__(self):
        self.table = x.numpy()
    def __len__(self):
        return 200
    def __getitem__(self, i):
        row = torch.from_numpy(self.table[i])
        <here>
        return row, y[i]
"""
        + _MLP
        + _FIT
        + "fit(model, DataLoader(Items(), batch_size=25, shuffle=True), epochs=6)\n",
        bug="row += 0.1 * torch.randn(6)",
        sound="row = row + 0.1 * torch.randn(6)",
    ),
    Pair(
        "evaluation-augmented",
        "evaluation-varies",
        _START
        + """
x, y = make(360)
class Noisy(Dataset):
    def __init__(self, x, y, noise):
        self.x, self.y, self.noise = x, y, noise
    def __len__(self):
        return len(self.x)
    def __getitem__(self, i):
        return self.x[i] + self.noise * torch.randn(6), self.y[i]
train = DataLoader(Noisy(x[:300], y[:300], 0.2), batch_size=30, shuffle=True)
<here>
"""
        + _MLP
        + _FIT
        + _SCORE
        + """
for round in range(3):
    fit(model, train, epochs=1)
    print(score(model, val))
""",
        bug="val = DataLoader(Noisy(x[300:], y[300:], 0.2), batch_size=30)",
        sound="val = DataLoader(Noisy(x[300:], y[300:], 0.0), batch_size=30)",
    ),
]

_WORKED = (
    _START
    + """
import numpy as np
x, y = make(120)
<here>
loader = DataLoader(Items(), batch_size=20, shuffle=True, num_workers=2, worker_init_fn=start)
"""
    + _MLP
    + _FIT
    + "fit(model, loader, epochs=1)\n"
)
_ITEMS = """
class Items(Dataset):
    def __init__(self):
        self.source = np.random.default_rng(0)
    def __len__(self):
        return 120
    def __getitem__(self, i):
        noise = DRAWN
        return x[i] + 0.1 * torch.as_tensor(noise, dtype=torch.float32), y[i]
"""
WORKERS = [
    Pair(
        "workers-copied-generator",
        "random-numbers-repeat",
        _WORKED,
        bug=_ITEMS.replace("DRAWN", "self.source.normal(size=6)") + "start = None",
        sound=_ITEMS.replace("DRAWN", "np.random.normal(size=6)") + "start = None",
    ),
    Pair(
        "workers-seeded-alike",
        "random-numbers-repeat",
        _WORKED,
        bug=_ITEMS.replace("DRAWN", "np.random.normal(size=6)")
        + "def start(worker):\n    np.random.seed(7)\n",
        sound=_ITEMS.replace("DRAWN", "np.random.normal(size=6)")
        + "def start(worker):\n    np.random.seed(torch.initial_seed() % 2**32)\n",
    ),
    Pair(
        "workers-same-stream",
        "items-repeated-by-workers",
        _START
        + """
from torch.utils.data import IterableDataset, get_worker_info
x, y = make(120)
class Stream(IterableDataset):
    def __iter__(self):
        <here>
        for i in range(first, 120, every):
            yield x[i], y[i]
"""
        + _MLP
        + _FIT
        + "fit(model, DataLoader(Stream(), batch_size=20, num_workers=2), epochs=1)\n",
        bug="first, every = 0, 1",
        sound="info = get_worker_info()\nfirst, every = info.id, info.num_workers",
    ),
    Pair(
        "seeded-each-epoch",
        "seeded-in-loop",
        _START
        + """
import random
x, y = make(300)
model = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Dropout(0.2), nn.Linear(24, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(6):
    <here>
    for rows in torch.randperm(300).split(50):
        optimizer.zero_grad()
        F.cross_entropy(model(x[rows]), y[rows]).backward()
        optimizer.step()
""",
        bug="torch.manual_seed(0)",
        sound="torch.manual_seed(epoch)",
    ),
]
