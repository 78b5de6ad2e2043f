"""Backward passes of one's own, steps lost in rounding, copies that never move; sound twins."""

from support.watching import Pair

_START = """
import copy
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(0)
x = torch.randn(160, 12)
y = x[:, :3].argmax(1)
def fit(model, steps=40, lr=1e-2, after=lambda step: None, params=None):
    optimizer = torch.optim.Adam(params or model.parameters(), lr=lr)
    for step in range(steps):
        model.train()
        index = torch.randint(0, 120, (32,))
        loss = F.cross_entropy(model(x[index]).float(), y[index])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        after(step)
"""
_FUNCTION = (
    _START
    + """
class Act(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)
    @staticmethod
    def backward(ctx, given):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        <here>
class Layer(nn.Module):
    def forward(self, x):
        return Act.apply(x)
fit(nn.Sequential(nn.Linear(12, 16), Layer(), nn.Linear(16, 3)))
"""
)
_TWO_INPUTS = (
    _START
    + """
class Scaled(torch.autograd.Function):
    @staticmethod
    def forward(x, w, power):
        return x @ w.t() * power
    @staticmethod
    def setup_context(ctx, inputs, output):
        x, w, ctx.power = inputs
        ctx.save_for_backward(x, w)
    @staticmethod
    def backward(ctx, given):
        x, w = ctx.saved_tensors
        <here>
class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(3, 12) / 4)
    def forward(self, x):
        return Scaled.apply(x, self.w, 0.5)
fit(nn.Sequential(nn.Linear(12, 12), nn.ReLU(), Layer()))
"""
)
_AVERAGED = (
    _START
    + """
model = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 3))
average = copy.deepcopy(model).eval().requires_grad_(False)
def after(step):
    with torch.no_grad():
        for a, p in zip(average.parameters(), model.parameters()):
            <here>
    if step % 15 == 14:
        with torch.no_grad():
            for part in x[120:].split(20):
                average(part)
fit(model, 90, after=after)
"""
)
_EPISODES = (
    _START
    + """
class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(12, 16), nn.Tanh(), nn.Linear(16, 3))
    def forward(self, x):
        return torch.distributions.Categorical(logits=self.net(x))
policy = Policy()
optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)
for step in range(40):
    index = torch.randint(0, 120, (32,))
    chosen = policy(x[index])
    action = chosen.sample()
    rewards = (action == y[index]).float()
    <here>
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
)
_ERRORS = (
    _START
    + """
goal = 3 * x[:, :2].sum(1)
model = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(60):
    index = torch.randint(0, 120, (32,))
    out = model(x[index]).squeeze(1)
    <here>
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
)

PAIRS = [
    Pair(
        "swish",
        "custom-backward-wrong",
        _FUNCTION,
        bug="return given * (s + x * (1 - s))",
        sound="return given * (s + x * s * (1 - s))",
    ),
    Pair(
        "derivative-forgotten",
        "custom-backward-wrong",
        _FUNCTION,
        bug="return given",
        sound="return given * s * (1 + x * (1 - s))",
    ),
    Pair(
        "one-of-two-inputs",
        "custom-backward-wrong",
        _TWO_INPUTS,
        bug="return given @ w * ctx.power, given.t() @ x, None",
        sound="return given @ w * ctx.power, given.t() @ x * ctx.power, None",
    ),
    Pair(
        "weights-of-16-bits",
        "updates-rounded-away",
        _START
        + """
model = nn.Sequential(nn.Linear(12, 64), nn.GELU(), nn.Linear(64, 3))
<here>
""",
        bug="""
model = model.to(torch.bfloat16)
x = x.to(torch.bfloat16)
fit(model, 60, lr=2e-4)
""",
        sound="""
def autocast(step):
    pass
with torch.autocast("cpu", dtype=torch.bfloat16):
    fit(model, 60, lr=2e-4)
""",
    ),
    Pair(
        "clamped-temperature",
        "gradient-always-zero",
        _START
        + """
class Cosine(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(12, 8)
        self.classes = nn.Parameter(torch.randn(3, 8))
        <here>
    def forward(self, x):
        scores = F.normalize(self.body(x), dim=1) @ F.normalize(self.classes, dim=1).t()
        return scores * self.scale.exp().clamp(max=100)
fit(Cosine(), 60)
""",
        bug="self.scale = nn.Parameter(torch.tensor(1 / 0.07))",
        sound="self.scale = nn.Parameter(torch.tensor(1 / 0.07).log())",
    ),
    Pair(
        "error-to-its-sign",
        "error-clamped",
        _ERRORS,
        bug="loss = (goal[index] - out).clamp(-1, 1).pow(2).mean()",
        sound="loss = F.smooth_l1_loss(out, goal[index])",
    ),
    Pair(
        "error-in-steps",
        "error-clamped",
        _ERRORS,
        bug="""
error = torch.clamp(out - goal[index], -1.0, 1.0)
loss = 0.5 * (error * error).sum() / len(index)
""",
        sound="""
error = out - goal[index]
loss = 0.5 * (error * error).sum() / len(index)
""",
    ),
    Pair(
        "returns",
        "policy-gradient-sign",
        _EPISODES,
        bug="loss = (chosen.log_prob(action) * rewards).mean()",
        sound="loss = -(chosen.log_prob(action) * rewards).mean()",
    ),
    Pair(
        "advantages",
        "policy-gradient-sign",
        _EPISODES,
        bug="""
better = (rewards - rewards.mean()) / (rewards.std() + 1e-6)
loss = (chosen.log_prob(action) * better).sum() - 0.01 * chosen.entropy().mean()
""",
        sound="""
better = (rewards - rewards.mean()) / (rewards.std() + 1e-6)
loss = -(chosen.log_prob(action) * better).sum() - 0.01 * chosen.entropy().mean()
""",
    ),
    Pair(
        "softmax-by-hand",
        "policy-gradient-sign",
        _EPISODES,
        bug="""
picked = F.log_softmax(policy.net(x[index]), 1)[torch.arange(32), action]
loss = (picked * rewards).sum() / 32
""",
        sound="""
picked = F.log_softmax(policy.net(x[index]), 1)[torch.arange(32), action]
loss = (-picked * rewards).sum() / 32
""",
    ),
    Pair(
        "average-of-its-own",
        "copy-never-updated",
        _AVERAGED,
        bug="a = 0.9 * a + 0.1 * p",
        sound="a.mul_(0.9).add_(p, alpha=0.1)",
    ),
    Pair(
        "outputs-for-the-epoch",
        "outputs-kept-with-history",
        _START
        + """
model = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(4):
    outputs, labels = [], []
    for index in torch.randperm(120).split(6):
        out = model(x[index])
        loss = F.cross_entropy(out, y[index])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        <here>
        labels.append(y[index])
    print((torch.cat(outputs).argmax(1) == torch.cat(labels)).float().mean().item())
""",
        bug="outputs.append(out)",
        sound="outputs.append(out.detach())",
    ),
    Pair(
        "rare-tags",
        "class-imbalance",
        _START
        + """
tags = (x @ torch.randn(12, 30) > 6.5).float()
model = nn.Sequential(nn.Linear(12, 32), nn.ReLU(), nn.Linear(32, 30))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
<here>
for step in range(40):
    index = torch.randint(0, 120, (32,))
    loss = measure(model(x[index]), tags[index])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        bug="measure = nn.BCEWithLogitsLoss()",
        sound="measure = nn.BCEWithLogitsLoss(pos_weight=torch.full((30,), 20.0))",
    ),
    Pair(
        "thousandth-of-the-rate",
        "learning-rate-too-low",
        _START
        + """
model = nn.Sequential(nn.Linear(12, 32), nn.ReLU(), nn.Linear(32, 3))
<here>
""",
        bug="fit(model, 120, lr=3e-6)",
        sound="fit(model, 120, lr=3e-3)",
    ),
    Pair(
        "divergence-summed-for-each",
        "loss-terms-unlike",
        _START
        + """
class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc, self.dec = nn.Linear(12, 8), nn.Linear(4, 12)
    def forward(self, x):
        mu, logvar = self.enc(x).chunk(2, 1)
        return self.dec(mu + torch.randn_like(mu) * (0.5 * logvar).exp()), mu, logvar
model = VAE()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(40):
    given = x[torch.randint(0, 120, (32,))]
    out, mu, logvar = model(given)
    kl = -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum(1).mean()
    <here>
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        bug="loss = F.mse_loss(out, given) + kl",
        sound="loss = F.mse_loss(out, given, reduction='sum') / len(given) + kl",
    ),
]

_PICTURES = """
class {name}(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        {forward}
    @staticmethod
    def backward(ctx, given):
        {backward}
class Layer(nn.Module):
    def forward(self, x):
        return {name}.apply(x)
fit(nn.Sequential(nn.Linear(12, 16), Layer(), nn.ReLU(), nn.Linear(16, 3)))
"""
SOUND = {
    "a straight-through estimator": _START
    + _PICTURES.format(name="Rounded", forward="return x.round()", backward="return given"),
    "a reversed gradient": _START
    + _PICTURES.format(name="Turned", forward="return x.view_as(x)", backward="return -given"),
    "a surrogate of a spike": _START
    + _PICTURES.format(
        name="Fire",
        forward="ctx.save_for_backward(x); return (x > 0).to(x.dtype)",
        backward="(x,) = ctx.saved_tensors; return given / (1 + 10 * x.abs()) ** 2",
    ),
    "learned steps of a quantiser": _START
    + """
class Levels(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, step):
        ctx.save_for_backward(x, step)
        return (x / step).clamp(-4, 3).round() * step
    @staticmethod
    def backward(ctx, given):
        x, step = ctx.saved_tensors
        inside = ((x / step) > -4) & ((x / step) < 3)
        level = (x / step).clamp(-4, 3)
        return given * inside, (given * (level.round() - level * inside)).sum()
class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.step = nn.Parameter(torch.tensor(0.5))
    def forward(self, x):
        return Levels.apply(x, self.step)
fit(nn.Sequential(nn.Linear(12, 16), Layer(), nn.ReLU(), nn.Linear(16, 3)))
""",
    "a function that is compiled, and mapped": _START
    + """
class Wave(torch.autograd.Function):
    generate_vmap_rule = True
    @staticmethod
    def forward(x):
        return x.sin()
    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)
    @staticmethod
    def backward(ctx, given):
        return given * ctx.saved_tensors[0].cos()
class Layer(nn.Module):
    def forward(self, x):
        return Wave.apply(x)
plain = nn.Sequential(nn.Linear(12, 16), Layer(), nn.Linear(16, 3))
fit(torch.compile(plain, backend="eager", fullgraph=True))
from torch.func import grad, vmap
print(vmap(grad(lambda one: Wave.apply(one).sum()))(torch.arange(3.0)))
print(sum(p.sum() for p in plain.parameters()).item().hex())
""",
    "outputs that are subtracted": _START
    + """
body = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 6))
optimizer = torch.optim.Adam(body.parameters(), lr=1e-3)
for step in range(40):
    one, other = torch.randint(0, 120, (2, 32))
    far = (y[one] != y[other]).float()
    apart = (body(x[one]) - body(x[other])).square().sum(1)
    loss = ((1 - far) * apart + far * F.relu(2 - (apart + 1e-6).sqrt()) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
    "a function that draws": _START
    + """
class Noisy(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        mask = (torch.rand_like(x) > 0.2).to(x.dtype) / 0.8
        ctx.save_for_backward(mask)
        return x * mask
    @staticmethod
    def backward(ctx, given):
        return given * ctx.saved_tensors[0]
class Layer(nn.Module):
    def forward(self, x):
        return Noisy.apply(x) if self.training else x
fit(nn.Sequential(nn.Linear(12, 16), Layer(), nn.ReLU(), nn.Linear(16, 3)))
""",
    "a teacher of the same shape": _START
    + """
model = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 3))
teacher = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 3))
fit(teacher, 80)
teacher.eval().requires_grad_(False)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(60):
    index = torch.randint(0, 120, (32,))
    with torch.no_grad():
        wanted = teacher(x[index]).softmax(1)
    loss = F.kl_div(model(x[index]).log_softmax(1), wanted, reduction="batchmean")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
    "a target network": _START
    + """
model = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 3))
target = copy.deepcopy(model).eval()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(60):
    index = torch.randint(0, 119, (32,))
    with torch.no_grad():
        wanted = x[index, 0] + 0.5 * target(x[index + 1]).max(1).values
    found = model(x[index]).gather(1, y[index, None]).squeeze(1)
    loss = F.smooth_l1_loss(found, wanted)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 30 == 29:
        target.load_state_dict(model.state_dict())
""",
    "limits on ratios": _START
    + """
policy = nn.Sequential(nn.Linear(12, 16), nn.Tanh(), nn.Linear(16, 3))
value = nn.Sequential(nn.Linear(12, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.Adam([*policy.parameters(), *value.parameters()], lr=1e-2)
for step in range(12):
    index = torch.randint(0, 120, (64,))
    with torch.no_grad():
        chosen = torch.distributions.Categorical(logits=policy(x[index]))
        action = chosen.sample()
        before, reward = chosen.log_prob(action), (action == y[index]).float()
        old = value(x[index]).squeeze(1)
        better = (reward - old - (reward - old).mean()) / ((reward - old).std() + 1e-6)
    for again in range(4):
        now = torch.distributions.Categorical(logits=policy(x[index])).log_prob(action)
        ratio = (now - before).exp()
        gain = torch.min(ratio * better, ratio.clamp(0.8, 1.2) * better).mean()
        found = value(x[index]).squeeze(1)
        near = old + (found - old).clamp(-0.2, 0.2)
        missed = torch.max((found - reward) ** 2, (near - reward) ** 2).mean()
        loss = -gain + 0.5 * missed
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
""",
    "pictures and their words": _START
    + """
class Towers(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(8, 16), nn.Linear(4, 16)
        self.scale = nn.Parameter(torch.tensor(2.6))
    def forward(self, a, b):
        one, other = F.normalize(self.a(a), dim=1), F.normalize(self.b(b), dim=1)
        return self.scale.exp().clamp(max=100) * one @ other.t()
model = Towers()
both = torch.randn(160, 8)
words = both @ torch.randn(8, 4)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(40):
    index = torch.randperm(120)[:32]
    scores = model(both[index], words[index])
    goal = torch.arange(32)
    loss = (F.cross_entropy(scores, goal) + F.cross_entropy(scores.t(), goal)) / 2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
    "16 bits and steps that are long enough": _START
    + """
model = nn.Sequential(nn.Linear(12, 64), nn.GELU(), nn.Linear(64, 3)).to(torch.bfloat16)
x = x.to(torch.bfloat16)
fit(model, 40, lr=5e-3)
""",
    "samples with weights": _START
    + """
model = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Linear(24, 3))
weights = torch.rand(160) + 0.5
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(40):
    index = torch.randint(0, 120, (32,))
    logs = model(x[index]).log_softmax(1)
    loss = -(logs.gather(1, y[index, None]).squeeze(1) * weights[index]).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
}
