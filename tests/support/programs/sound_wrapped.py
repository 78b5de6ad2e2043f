"""Sound training programs behind frameworks, transforms and compilers."""

from support.programs import sound_plain

HEAD = sound_plain.HEAD

TRAINER = """
from dataclasses import dataclass


@dataclass
class Output:
    loss: torch.Tensor
    logits: torch.Tensor


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(8, 32), nn.SiLU(), nn.LayerNorm(32))
        self.head = nn.Linear(32, 3)

    def forward(self, features=None, labels=None):
        logits = self.head(self.body(features))
        loss = F.cross_entropy(logits, labels) if labels is not None else None
        return Output(loss=loss, logits=logits)

    def training_step(self, batch, index):
        return self(**batch).loss

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(self.parameters(), lr=5e-3)
        return optimizer, torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.1, total_iters=20)


class Trainer:
    def fit(self, module, train, valid, epochs):
        optimizer, schedule = module.configure_optimizers()
        for epoch in range(epochs):
            module.train()
            for index, batch in enumerate(train):
                loss = module.training_step(batch, index)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
            show(loss, self.validate(module, valid))

    @torch.no_grad()
    def validate(self, module, valid):
        module.eval()
        return sum(float(module(**batch).loss) * len(batch["labels"]) for batch in valid) / len(
            valid.dataset
        )


def collate(rows):
    return {
        "features": torch.stack([r[0] for r in rows]),
        "labels": torch.stack([r[1] for r in rows]),
    }


x, y = blobs(300)
train = DataLoader(TensorDataset(x[:240], y[:240]), 30, shuffle=True, collate_fn=collate)
valid = DataLoader(TensorDataset(x[240:], y[240:]), 30, collate_fn=collate)
Trainer().fit(Classifier(), train, valid, 3)
"""

FUNCTIONAL = """
from torch.func import functional_call, grad_and_value, vmap

x, y = blobs(160)
model = nn.Sequential(nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, 3))
weights = {name: value.detach() for name, value in model.named_parameters()}


def loss_of(weights, x, y):
    return F.cross_entropy(functional_call(model, weights, (x,)), y)


for step in range(40):
    slopes, loss = grad_and_value(loss_of)(weights, x, y)
    weights = {name: value - 0.3 * slopes[name] for name, value in weights.items()}
each = vmap(torch.func.grad(lambda w, a, b: loss_of(w, a[None], b[None])), (None, 0, 0))(
    weights, x[:8], y[:8]
)
show(loss, each["0.weight"].norm())
"""

COMPILED = """
x, y = blobs(200)
model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 3))
compiled = torch.compile(model, backend="eager", fullgraph=True)


@torch.compile(backend="eager", fullgraph=True)
def loss_of(x, y):
    return F.cross_entropy(model(x), y)


optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(30):
    rows = torch.randperm(200)[:40]
    loss = loss_of(x[rows], y[rows]) if step % 2 else F.cross_entropy(compiled(x[rows]), y[rows])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
show(loss)
from torch._dynamo.utils import counters

print(counters["stats"]["unique_graphs"], dict(counters["graph_break"]))
"""

SCRIPTED = """
@torch.jit.script
def objective(out: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(out, wanted) + 0.01 * F.mse_loss(out, torch.zeros_like(out))


class Drop(nn.Module):
    def forward(self, x):
        return F.dropout(x, p=0.1, training=self.training)


x, y = blobs(200)
model = torch.jit.script(nn.Sequential(nn.Linear(8, 32), nn.ReLU(), Drop(), nn.Linear(32, 3)))
traced = torch.jit.trace(nn.Sequential(nn.Linear(8, 8), nn.Tanh()), x[:2])
print(traced.graph)
optimizer = torch.optim.Adam([*model.parameters(), *traced.parameters()], lr=1e-2)
for step in range(30):
    rows = torch.randperm(160)[:40]
    loss = objective(model(traced(x[rows])), y[rows])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
model.eval()
with torch.no_grad():
    show(loss, F.cross_entropy(model(traced(x[160:])), y[160:]))
"""

CHECKPOINT = """
import os, tempfile
from torch.utils.checkpoint import checkpoint


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second, self.head = nn.Linear(8, 32), nn.Linear(32, 32), nn.Linear(32, 3)

    def forward(self, x):
        x = torch.relu(self.first(x))
        x = checkpoint(
            lambda h: F.dropout(torch.relu(self.second(h)), 0.1, self.training),
            x,
            use_reentrant=False,
        )
        return self.head(x)


x, y = blobs(260)
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
file = os.path.join(tempfile.mkdtemp(), "net.pt")
for epoch in range(4):
    if epoch == 2:
        state = torch.load(file, weights_only=True)
        net = Net()
        net.load_state_dict(state["net"])
        optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
        optimizer.load_state_dict(state["optimizer"])
    net.train()
    for rows in torch.randperm(200).split(40):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
    torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict()}, file)
    net.eval()
    with torch.no_grad():
        show(loss, F.cross_entropy(net(x[200:]), y[200:]))
"""

ENSEMBLE = """
x, y = blobs(260)
members = nn.ModuleList(
    nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 3))
    for _ in range(3)
)
optimizers = [torch.optim.SGD(member.parameters(), lr=0.1) for member in members]
for epoch in range(6):
    members.train()
    for rows in torch.randperm(200).split(40):
        for member, optimizer in zip(members, optimizers):
            optimizer.zero_grad()
            loss = F.cross_entropy(member(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
members.eval()
for module in members.modules():
    if isinstance(module, nn.Dropout):
        module.train()
with torch.no_grad():
    votes = torch.stack([member(x[200:]).softmax(1) for member in members for _ in range(4)])
show(loss, votes.mean(0).max(1).values.mean(), votes.std(0).mean())
"""

PROGRAMS = {
    "trainer, dataclass output": TRAINER,
    "torch.func without optimizer": FUNCTIONAL,
    "torch.compile": COMPILED,
    "torchscript": SCRIPTED,
    "checkpointing and resuming": CHECKPOINT,
    "ensemble with dropout kept": ENSEMBLE,
}
