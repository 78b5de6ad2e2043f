"""Bugs of optimisation, each with its sound twin: gradients, optimizers, parameters."""

from support.watching import Pair

HEAD = """
import torch, copy
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
x = torch.randn(96, 8)
y = x[:, :3].argmax(1)
"""
MLP = (
    HEAD
    + """
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
"""
)
SGD = (
    MLP
    + """
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
"""
)
GAN = (
    HEAD
    + """
G = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 8))
D = nn.Sequential(nn.Linear(8, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3)
opt_d = torch.optim.Adam(D.parameters(), lr=1e-3)
one, zero = torch.ones(96, 1), torch.zeros(96, 1)
bce = nn.BCEWithLogitsLoss()
"""
)

PAIRS = [
    Pair(
        "mlp",
        "gradients-not-zeroed",
        SGD
        + """
for step in range(30):
    <here>
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
""",
        bug="pass",
        sound="optimizer.zero_grad()",
    ),
    Pair(
        "accumulation",
        "gradients-not-zeroed",
        SGD
        + """
for step in range(60):
    part = slice(24 * (step % 4), 24 * (step % 4) + 24)
    (F.cross_entropy(model(x[part]), y[part]) / 4).backward()
    <here>
    if step % 4 == 3:
        optimizer.zero_grad()
""",
        bug="optimizer.step()",
        sound="if step % 4 == 3: optimizer.step()",
    ),
    Pair(
        "gan-discriminator",
        "gradients-not-zeroed",
        GAN
        + """
for step in range(25):
    <here>
    fake = G(torch.randn(96, 2))
    (bce(D(x), one) + bce(D(fake.detach()), zero)).backward()
    opt_d.step()
    opt_g.zero_grad()
    bce(D(fake), one).backward()
    opt_g.step()
""",
        bug="pass",
        sound="opt_d.zero_grad()",
    ),
    Pair(
        "by-hand",
        "gradients-not-zeroed",
        SGD
        + """
for step in range(30):
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    for p in model.parameters():
        <here>
""",
        bug="p.grad.data.clone().zero_()",
        sound="p.grad.data.zero_()",
    ),
    Pair(
        "zeroed-too-late",
        "gradients-zeroed-before-step",
        SGD
        + """
for step in range(30):
    loss = F.cross_entropy(model(x), y)
    <here>
    optimizer.step()
""",
        bug="loss.backward()\noptimizer.zero_grad()",
        sound="optimizer.zero_grad()\nloss.backward()",
    ),
    Pair(
        "zeroed-too-late-in-place",
        "gradients-zeroed-before-step",
        SGD
        + """
for step in range(30):
    loss = F.cross_entropy(model(x), y)
    <here>
    optimizer.step()
""",
        bug="loss.backward()\noptimizer.zero_grad(set_to_none=False)",
        sound="optimizer.zero_grad(set_to_none=False)\nloss.backward()",
    ),
    Pair(
        "no-backward",
        "step-without-backward",
        SGD
        + """
for step in range(30):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    <here>
    optimizer.step()
""",
        bug="pass",
        sound="loss.backward()",
    ),
    Pair(
        "step-twice",
        "step-without-backward",
        SGD
        + """
for step in range(30):
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    <here>
    optimizer.step()
""",
        bug="optimizer.step()",
        sound="pass",
    ),
    Pair(
        "no-step",
        "backward-without-step",
        SGD
        + """
for step in range(30):
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    <here>
""",
        bug="pass",
        sound="optimizer.step()",
    ),
    Pair(
        "step-out-of-loop",
        "gradients-thrown-away",
        SGD
        + """
for epoch in range(4):
    parts = torch.randperm(96).split(8)
    for part in parts:
        optimizer.zero_grad()
        F.cross_entropy(model(x[part]), y[part]).backward()
        <here>
""",
        bug="if part is parts[-1]: optimizer.step()",
        sound="optimizer.step()",
    ),
    Pair(
        "lbfgs-closure",
        "gradients-not-zeroed",
        MLP
        + """
optimizer = torch.optim.LBFGS(model.parameters(), lr=0.1, max_iter=4)
def closure():
    <here>
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    return loss
for step in range(10):
    optimizer.step(closure)
""",
        bug="pass",
        sound="optimizer.zero_grad()",
    ),
    Pair(
        "only-the-head",
        "gradients-not-zeroed",
        SGD
        + """
for step in range(30):
    <here>
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
""",
        bug="model[2].zero_grad()",
        sound="model.zero_grad()",
    ),
    Pair(
        "decoder-left-out",
        "parameters-not-optimised",
        HEAD
        + """
encoder, decoder = nn.Linear(8, 4), nn.Linear(4, 8)
<here>
optimizer = torch.optim.Adam(held, lr=1e-2)
for step in range(30):
    optimizer.zero_grad()
    F.mse_loss(decoder(torch.tanh(encoder(x))), x).backward()
    optimizer.step()
""",
        bug="held = encoder.parameters()",
        sound="held = [*encoder.parameters(), *decoder.parameters()]",
    ),
    Pair(
        "python-list-of-layers",
        "parameters-not-optimised",
        HEAD
        + """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        layers = [nn.Linear(8, 8) for _ in range(3)]
        <here>
        self.out = nn.Linear(8, 3)
    def forward(self, x):
        for layer in self.layers:
            x = torch.relu(layer(x))
        return self.out(x)
model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(30):
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
""",
        bug="self.layers = layers",
        sound="self.layers = nn.ModuleList(layers)",
    ),
    Pair(
        "head-replaced",
        "optimizer-holds-replaced-parameters",
        MLP
        + """
model[2] = nn.Linear(16, 10)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
<here>
for step in range(30):
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
""",
        bug="model[2] = nn.Linear(16, 3)",
        sound="""
model[2] = nn.Linear(16, 3)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
""",
    ),
    Pair(
        "k-fold",
        "optimizer-holds-replaced-parameters",
        HEAD
        + """
def make():
    return nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
model = make()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for fold in range(3):
    model = make()
    <here>
    train = torch.arange(96) % 3 != fold
    for step in range(12):
        optimizer.zero_grad()
        F.cross_entropy(model(x[train]), y[train]).backward()
        optimizer.step()
""",
        bug="pass",
        sound="optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)",
    ),
    Pair(
        "detached-features",
        "parameters-without-gradient",
        HEAD
        + """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Linear(8, 16), nn.ReLU())
        self.out = nn.Linear(16, 3)
    def forward(self, x):
        <here>
        return self.out(x)
model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(30):
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
""",
        bug="x = self.features(x).detach()",
        sound="x = self.features(x)",
    ),
    Pair(
        "generator-detached",
        "parameters-without-gradient",
        GAN
        + """
for step in range(25):
    fake = G(torch.randn(96, 2))
    opt_d.zero_grad()
    (bce(D(x), one) + bce(D(fake.detach()), zero)).backward()
    opt_d.step()
    opt_g.zero_grad()
    <here>
    opt_g.step()
""",
        bug="bce(D(fake.detach()), one).backward()",
        sound="bce(D(fake), one).backward()",
    ),
    Pair(
        "two-optimizers-one-gradient",
        "parameters-given-twice",
        HEAD
        + """
trunk, a, b = nn.Linear(8, 16), nn.Linear(16, 3), nn.Linear(16, 3)
one = torch.optim.SGD([*trunk.parameters(), *a.parameters()], lr=0.02)
<here>
for step in range(30):
    one.zero_grad(); two.zero_grad()
    h = torch.relu(trunk(x))
    (F.cross_entropy(a(h), y) + F.cross_entropy(b(h), y)).backward()
    one.step(); two.step()
""",
        bug="two = torch.optim.SGD([*trunk.parameters(), *b.parameters()], lr=0.02)",
        sound="two = torch.optim.SGD(b.parameters(), lr=0.02)",
    ),
    Pair(
        "tied-weights-twice",
        "parameters-given-twice",
        HEAD
        + """
embed, out = nn.Embedding(20, 8), nn.Linear(8, 20, bias=False)
out.weight = embed.weight
ids = torch.randint(0, 20, (64,))
<here>
optimizer = torch.optim.SGD(held, lr=0.05)
for step in range(20):
    optimizer.zero_grad()
    F.cross_entropy(out(embed(ids)), (ids + 1) % 20).backward()
    optimizer.step()
""",
        bug="held = [*embed.parameters(), *out.parameters()]",
        sound="held = list(embed.parameters())",
    ),
    Pair(
        "frozen-by-attribute",
        "freezing-without-effect",
        HEAD
        + """
model = nn.Sequential(nn.Sequential(nn.Linear(8, 16), nn.ReLU()), nn.Linear(16, 3))
for layer in model[0]:
    <here>
optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=1e-2)
for step in range(30):
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
""",
        bug="layer.requires_grad = False",
        sound="layer.requires_grad_(False)",
    ),
]
