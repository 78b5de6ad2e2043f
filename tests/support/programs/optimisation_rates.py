"""Bugs of optimisation, each with its sound twin: learning rates, schedulers, clipping, graphs."""

from support.programs.optimisation import HEAD, MLP
from support.watching import Pair

LOOP = """
for epoch in range(5):
    for part in torch.randperm(96).split(16):
        optimizer.zero_grad()
        F.cross_entropy(model(x[part]), y[part]).backward()
        optimizer.step()
        <here>
"""
ADAM = (
    MLP
    + """
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
"""
)


def _with(name: str, finding: str, bug: str, sound: str) -> Pair:
    """A pair of optimizers."""
    program = MLP + "<here>\n" + LOOP.replace("<here>", "pass")
    return Pair(name, finding, program, bug, sound)


PAIRS = [
    _with(
        "rate-zero",
        "learning-rate-zero",
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.0)",
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)",
    ),
    _with(
        "rate-far-too-high",
        "learning-rate-too-high",
        "optimizer = torch.optim.Adam(model.parameters(), lr=10.0)",
        "optimizer = torch.optim.Adam(model.parameters(), lr=0.01)",
    ),
    _with(
        "rate-far-too-low",
        "learning-rate-too-low",
        "optimizer = torch.optim.SGD(model.parameters(), lr=1e-9)",
        "optimizer = torch.optim.SGD(model.parameters(), lr=1e-2, momentum=0.9)",
    ),
    _with(
        "decay-too-strong",
        "weight-decay-too-strong",
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.05, weight_decay=5.0)",
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.05, weight_decay=5e-4)",
    ),
    _with(
        "momentum",
        "momentum-out-of-range",
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.001, momentum=1.0)",
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)",
    ),
    Pair(
        "dead-output",
        "gradients-all-zero",
        HEAD
        + """
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
nn.init.constant_(model[2].bias, -9.0)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
target = x[:, :1].abs()
for step in range(40):
    optimizer.zero_grad()
    <here>
    loss.backward()
    optimizer.step()
""",
        bug="loss = F.mse_loss(torch.relu(model(x)), target)",
        sound="loss = F.mse_loss(model(x), target)",
    ),
    Pair(
        "half-precision-weights",
        "weights-do-not-move",
        HEAD
        + """
<here>
optimizer = torch.optim.SGD([w], lr=1e-5)
for step in range(40):
    optimizer.zero_grad()
    loss = F.cross_entropy(x @ w.float(), y)
    loss.backward()
    optimizer.step()
""",
        bug="w = torch.full((8, 3), 1.0, dtype=torch.bfloat16, requires_grad=True)",
        sound="w = torch.full((8, 3), 0.001, requires_grad=True)",
    ),
    Pair(
        "steplr-per-batch",
        "learning-rate-decayed-away",
        ADAM
        + """
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=4, gamma=0.1)
for epoch in range(10):
    for index, part in enumerate(torch.randperm(96).split(16)):
        optimizer.zero_grad()
        F.cross_entropy(model(x[part]), y[part]).backward()
        optimizer.step()
        <here>
""",
        bug="scheduler.step()",
        sound="if index == 5: scheduler.step()",
    ),
    Pair(
        "scheduler-first",
        "scheduler-before-optimizer",
        ADAM
        + """
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.99)
for step in range(30):
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    <here>
""",
        bug="scheduler.step()\noptimizer.step()",
        sound="optimizer.step()\nscheduler.step()",
    ),
    Pair(
        "scheduler-at-the-head-of-epochs",
        "scheduler-before-optimizer",
        ADAM
        + """
scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 4])
def train():
    for part in torch.randperm(96).split(16):
        optimizer.zero_grad()
        F.cross_entropy(model(x[part]), y[part]).backward()
        optimizer.step()
for epoch in range(5):
    <here>
""",
        bug="scheduler.step()\ntrain()",
        sound="train()\nscheduler.step()",
    ),
    Pair(
        "scheduler-forgotten",
        "scheduler-never-stepped",
        ADAM + "scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 30)\n" + LOOP,
        bug="pass",
        sound="scheduler.step()",
    ),
    Pair(
        "cosine-per-batch",
        "scheduler-past-its-end",
        ADAM
        + """
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=6)
for epoch in range(6):
    for index, part in enumerate(torch.randperm(96).split(16)):
        optimizer.zero_grad()
        F.cross_entropy(model(x[part]), y[part]).backward()
        optimizer.step()
        <here>
""",
        bug="scheduler.step()",
        sound="if index == 5: scheduler.step()",
    ),
    Pair(
        "one-cycle-per-epoch",
        "scheduler-short-of-its-end",
        ADAM
        + """
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.02, epochs=6, steps_per_epoch=6)
for epoch in range(6):
    for index, part in enumerate(torch.randperm(96).split(16)):
        optimizer.zero_grad()
        F.cross_entropy(model(x[part]), y[part]).backward()
        optimizer.step()
        <here>
""",
        bug="if index == 5: scheduler.step()",
        sound="scheduler.step()",
    ),
    Pair(
        "clip-late",
        "clipped-after-step",
        HEAD
        + """
model = nn.GRU(8, 16, batch_first=True)
head = nn.Linear(16, 3)
held = [*model.parameters(), *head.parameters()]
optimizer = torch.optim.Adam(held, lr=1e-2)
seq = x.reshape(24, 4, 8)
goal = y.reshape(24, 4)[:, -1]
for step in range(25):
    optimizer.zero_grad()
    F.cross_entropy(head(model(seq)[0][:, -1]), goal).backward()
    <here>
""",
        bug="optimizer.step()\nnn.utils.clip_grad_norm_(held, 1.0)",
        sound="nn.utils.clip_grad_norm_(held, 1.0)\noptimizer.step()",
    ),
    Pair(
        "clip-early",
        "clipped-before-backward",
        ADAM
        + """
from torch.nn.utils import clip_grad_norm_
for step in range(25):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    <here>
    optimizer.step()
""",
        bug="clip_grad_norm_(model.parameters(), 0.5)\nloss.backward()",
        sound="loss.backward()\nclip_grad_norm_(model.parameters(), 0.5)",
    ),
    Pair(
        "clip-scaled",
        "clipped-before-unscale",
        ADAM
        + """
scaler = torch.amp.GradScaler("cpu")
for step in range(25):
    optimizer.zero_grad()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = F.cross_entropy(model(x), y)
    scaler.scale(loss).backward()
    <here>
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    scaler.step(optimizer)
    scaler.update()
""",
        bug="pass",
        sound="scaler.unscale_(optimizer)",
    ),
    Pair(
        "scaler-passed-over",
        "scaled-gradients-used",
        ADAM
        + """
scaler = torch.amp.GradScaler("cpu")
for step in range(25):
    optimizer.zero_grad()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = F.cross_entropy(model(x), y)
    scaler.scale(loss).backward()
    <here>
""",
        bug="optimizer.step()",
        sound="scaler.step(optimizer)\nscaler.update()",
    ),
    Pair(
        "loss-clamped-for-the-gradient",
        "loss-clamped",
        ADAM
        + """
for step in range(25):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    <here>
    optimizer.step()
""",
        bug="loss = torch.clamp(loss, -1.0, 1.0)\nloss.backward()",
        sound="loss.backward()\nnn.utils.clip_grad_value_(model.parameters(), 1.0)",
    ),
    Pair(
        "log-of-zero",
        "not-finite",
        HEAD
        + """
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
for step in range(25):
    optimizer.zero_grad()
    p = torch.relu(model(x)).squeeze(1)
    <here>
    loss.backward()
    optimizer.step()
""",
        bug="loss = -(p.log()).mean()",
        sound="loss = -((p + 0.1).log()).mean()",
    ),
    Pair(
        "square-root-of-zero",
        "not-finite",
        HEAD
        + """
left = nn.Linear(8, 4)
other = torch.cat([x[:8], x.roll(1, 0)[8:]])
optimizer = torch.optim.Adam(left.parameters(), lr=1e-3)
for step in range(25):
    optimizer.zero_grad()
    a = torch.relu(left(x)); b = torch.relu(left(other))
    <here>
    loss = (distance - 1).pow(2).mean()
    loss.backward()
    optimizer.step()
""",
        bug="distance = (a - b).pow(2).sum(1).sqrt()",
        sound="distance = ((a - b).pow(2).sum(1) + 1e-6).sqrt()",
    ),
    Pair(
        "hidden-state-carried",
        "graph-grows",
        HEAD
        + """
embed, reservoir, head = nn.Linear(8, 8), nn.GRUCell(8, 8), nn.Linear(8, 3)
reservoir.requires_grad_(False)
optimizer = torch.optim.Adam([*embed.parameters(), *head.parameters()], lr=0.01)
hidden = torch.zeros(96, 8)
for step in range(25):
    optimizer.zero_grad()
    <here>
    hidden = reservoir(embed(x), hidden)
    F.cross_entropy(head(hidden), y).backward(retain_graph=keep)
    optimizer.step()
""",
        bug="keep = True",
        sound="hidden, keep = hidden.detach(), False",
    ),
    Pair(
        "backward-of-all-losses-so-far",
        "graph-grows",
        HEAD
        + """
model = nn.Linear(8, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
total = 0.0
for step in range(25):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    <here>
    optimizer.step()
""",
        bug="total = total + loss\ntotal.backward(retain_graph=True)",
        sound="total = total + loss.item()\nloss.backward()",
    ),
    Pair(
        "losses-in-a-list",
        "loss-kept-with-history",
        ADAM
        + """
history = []
for step in range(40):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    <here>
""",
        bug="history.append(loss)",
        sound="history.append(loss.item())",
    ),
    Pair(
        "running-sum-of-losses",
        "loss-kept-with-history",
        ADAM
        + """
total = 0.0
for step in range(40):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    <here>
""",
        bug="total += loss",
        sound="total += loss.item()",
    ),
    Pair(
        "optimizer-in-the-loop",
        "optimizer-made-anew",
        MLP
        + """
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(40):
    <here>
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
""",
        bug="optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)",
        sound="pass",
    ),
    Pair(
        "graph-retained-for-nothing",
        "graph-retained",
        ADAM
        + """
for step in range(40):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    <here>
    optimizer.step()
""",
        bug="loss.backward(retain_graph=True)",
        sound="loss.backward()",
    ),
]
