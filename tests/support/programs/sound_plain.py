"""Sound training programs: perceptrons, regression, and ways to drive an optimizer."""

HEAD = """
import copy, math, random
import torch
from torch import nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset, random_split

random.seed(0)
torch.manual_seed(0)


def blobs(count, features=8, classes=3, spread=0.6):
    generator = torch.Generator().manual_seed(7)
    centres = torch.randn(classes, features, generator=generator)
    y = torch.randint(classes, (count,), generator=generator)
    return centres[y] + spread * torch.randn(count, features, generator=generator), y


def show(*tensors):
    print(*[float(torch.as_tensor(t).detach()).hex() for t in tensors])
"""

MLP = """
x, y = blobs(400)
train, test = random_split(TensorDataset(x, y), [320, 80])
loader = DataLoader(train, batch_size=32, shuffle=True)
model = nn.Sequential(
    nn.Linear(8, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 3)
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
for epoch in range(5):
    model.train()
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
    scheduler.step()
    model.eval()
    right, total = 0, 0.0
    with torch.no_grad():
        for xb, yb in DataLoader(test, batch_size=32):
            out = model(xb)
            total += criterion(out, yb).item() * len(yb)
            right += (out.argmax(1) == yb).sum().item()
    show(loss, total / len(test), right)
"""

REGRESSION = """
x = torch.randn(300, 5)
y = (x @ torch.randn(5, 1)) + 0.1 * torch.randn(300, 1)
model = nn.Sequential(nn.Linear(5, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
for step in range(60):
    rows = torch.randperm(240)[:40]
    loss = F.mse_loss(model(x[rows]), y[rows])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.inference_mode():
    show(loss, F.mse_loss(model(x[240:]), y[240:]))
"""

LOGISTIC = """
x, y = blobs(200, classes=2)
y = y.float()
w = torch.zeros(8, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for epoch in range(40):
    loss = F.binary_cross_entropy_with_logits(x @ w + b, y)
    loss.backward()
    with torch.no_grad():
        w -= 0.5 * w.grad
        b -= 0.5 * b.grad
    w.grad = None
    b.grad = None
show(loss, ((x @ w + b > 0) == (y > 0.5)).float().mean())
"""

ACCUMULATION = """
x, y = blobs(512)
model = nn.Sequential(nn.Linear(8, 32), nn.GELU(), nn.Linear(32, 3))
optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
loader = DataLoader(TensorDataset(x, y), batch_size=16, shuffle=True, drop_last=True)
every = 4
optimizer.zero_grad()
for epoch in range(3):
    for number, (xb, yb) in enumerate(loader, 1):
        loss = F.cross_entropy(model(xb), yb) / every
        loss.backward()
        if number % every == 0:
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
    show(loss)
"""

LBFGS = """
x, y = blobs(150)
model = nn.Linear(8, 3)
optimizer = torch.optim.LBFGS(
    model.parameters(), lr=0.5, max_iter=5, line_search_fn="strong_wolfe"
)
for step in range(8):

    def closure():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y) + 1e-2 * model.weight.square().sum()
        loss.backward()
        return loss

    show(optimizer.step(closure))
"""

FOLDS = """
x, y = blobs(200)
folds = torch.randperm(200).chunk(4)
scores = []
for held in range(4):
    torch.manual_seed(held)
    inside = torch.cat([fold for k, fold in enumerate(folds) if k != held])
    mean, std = x[inside].mean(0), x[inside].std(0)
    model = nn.Sequential(nn.Linear(8, 24), nn.ReLU(), nn.Linear(24, 3))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for epoch in range(8):
        model.train()
        for rows in inside[torch.randperm(len(inside))].split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model((x[rows] - mean) / std), y[rows])
            loss.backward()
            optimizer.step()
    model.eval()
    with torch.no_grad():
        out = model((x[folds[held]] - mean) / std)
        scores.append((out.argmax(1) == y[folds[held]]).float().mean().item())
show(*scores)
"""

AMP = """
x, y = blobs(320)
model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
scaler = torch.amp.GradScaler("cpu", init_scale=256.0)
for xb, yb in list(DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)) * 2:
    optimizer.zero_grad()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = model(xb)
        again = model(xb)
        loss = F.cross_entropy(out, yb) + 0.1 * F.mse_loss(again, out.detach())
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    scaler.step(optimizer)
    scaler.update()
    show(loss)
"""

MULTILABEL = """
x = torch.randn(300, 10)
y = ((x @ torch.randn(10, 6)) > 0).float()
model = nn.Sequential(nn.Linear(10, 32), nn.LeakyReLU(0.1), nn.Linear(32, 6))
criterion = nn.BCEWithLogitsLoss(pos_weight=torch.full((6,), 1.2))
optimizer = torch.optim.RMSprop(model.parameters(), lr=3e-3)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1e-2, total_steps=48)
for epoch in range(6):
    for xb, yb in DataLoader(TensorDataset(x[:256], y[:256]), 32, shuffle=True):
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        schedule.step()
    model.eval()
    with torch.no_grad():
        scores = torch.sigmoid(model(x[256:]))
        right = ((scores > 0.5) == (y[256:] > 0.5)).float().mean()
    model.train()
    show(loss, right)
"""

CUSTOM = """
class Swish(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad * (s + x * s * (1 - s))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner, self.outer = nn.Linear(8, 24), nn.Linear(24, 3)

    def forward(self, x):
        return {"logits": self.outer(Swish.apply(self.inner(x))), "nothing": None}


x, y = blobs(256)
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
for epoch in range(4):
    for xb, yb in DataLoader(TensorDataset(x, y), 32, shuffle=True):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x=xb)["logits"], yb)
        loss.backward()
        optimizer.step()
    show(loss)
"""

EARLY_STOP = """
x, y = blobs(360)
x_train, y_train, x_valid, y_valid = x[:280], y[:280], x[280:], y[280:]
model = nn.Sequential(nn.Linear(8, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=1)
best, kept, waited = math.inf, None, 0
for epoch in range(12):
    model.train()
    for rows in torch.randperm(280).split(40):
        optimizer.zero_grad()
        F.cross_entropy(model(x_train[rows]), y_train[rows]).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        loss = F.cross_entropy(model(x_valid), y_valid).item()
    plateau.step(loss)
    show(loss)
    if loss < best - 1e-4:
        best, kept, waited = loss, copy.deepcopy(model.state_dict()), 0
    elif (waited := waited + 1) == 3:
        break
model.load_state_dict(kept)
"""

PROGRAMS = {
    "mlp with batch norm": MLP,
    "regression by hand-cut batches": REGRESSION,
    "logistic regression by hand": LOGISTIC,
    "gradient accumulation": ACCUMULATION,
    "lbfgs": LBFGS,
    "k folds": FOLDS,
    "mixed precision": AMP,
    "multi-label": MULTILABEL,
    "custom autograd, dict output": CUSTOM,
    "early stopping": EARLY_STOP,
}
