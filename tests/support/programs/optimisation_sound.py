"""Sound programs that come near to a bug of optimisation."""

from support.programs.optimisation import HEAD, MLP

SOUND = {
    "one encoder in two optimizers, a backward pass each": HEAD
    + """
encoder = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 2))
decoder = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 8))
critic = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1))
rebuild = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-3)
fool = torch.optim.Adam(encoder.parameters(), lr=1e-3)
judge = torch.optim.Adam(critic.parameters(), lr=1e-3)
bce = nn.BCEWithLogitsLoss()
for step in range(25):
    for o in (rebuild, fool, judge):
        o.zero_grad()
    F.mse_loss(decoder(encoder(x)), x).backward()
    rebuild.step()
    judge.zero_grad()
    code = encoder(x).detach()
    drawn = torch.randn(96, 2)
    (bce(critic(drawn), torch.ones(96, 1)) + bce(critic(code), torch.zeros(96, 1))).backward()
    judge.step()
    fool.zero_grad()
    bce(critic(encoder(x)), torch.ones(96, 1)).backward()
    fool.step()
""",
    "attacks that zero the model's gradients": MLP
    + """
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for step in range(12):
    attacked = x.clone()
    for _ in range(7):
        attacked = attacked.detach().requires_grad_()
        F.cross_entropy(model(attacked), y).backward()
        attacked = attacked + 0.01 * attacked.grad.sign()
        optimizer.zero_grad()
    F.cross_entropy(model(attacked.detach()), y).backward()
    optimizer.step()
    optimizer.zero_grad()
""",
    "sharpness-aware steps around another optimizer": MLP
    + """
class Sharp(torch.optim.Optimizer):
    def __init__(self, params, rho=0.05):
        super().__init__(params, dict(rho=rho))
        self.base = torch.optim.SGD(self.param_groups, lr=0.05)
        self.param_groups = self.base.param_groups
    @torch.no_grad()
    def step(self, closure):
        held = [p for g in self.param_groups for p in g["params"]]
        norm = torch.stack([p.grad.norm() for p in held]).norm()
        moves = [p.grad * (0.05 / (norm + 1e-9)) for p in held]
        for p, move in zip(held, moves):
            p.add_(move)
        self.zero_grad()
        with torch.enable_grad():
            closure()
        for p, move in zip(held, moves):
            p.sub_(move)
        self.base.step()
        self.zero_grad()
optimizer = Sharp(model.parameters())
def closure():
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    return loss
for step in range(25):
    closure()
    optimizer.step(closure)
""",
    "a target network in the same module that follows": HEAD
    + """
class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.online = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4))
        self.target = copy.deepcopy(self.online)
        self.predict = nn.Linear(4, 4)
    def forward(self, a, b):
        return self.predict(self.online(a)), self.target(b).detach()
model = Pair()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(25):
    optimizer.zero_grad()
    left, right = model(x + 0.1 * torch.randn_like(x), x + 0.1 * torch.randn_like(x))
    F.mse_loss(left, right).backward()
    optimizer.step()
    with torch.no_grad():
        for t, o in zip(model.target.parameters(), model.online.parameters()):
            t.mul_(0.9).add_(o, alpha=0.1)
""",
    "warm-up from zero, then cosine to zero": MLP
    + """
from torch.optim import lr_scheduler as schedules
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
warm = schedules.LambdaLR(optimizer, lambda step: step / 10)
down = schedules.CosineAnnealingLR(optimizer, 30)
scheduler = schedules.SequentialLR(optimizer, [warm, down], milestones=[10])
for step in range(40):
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    nn.utils.clip_grad_norm_(model.parameters(), float("inf"))
    optimizer.step()
    scheduler.step()
""",
    "gradients taken, zeroed, and written by hand": MLP
    + """
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(25):
    optimizer.zero_grad()
    total = [torch.zeros_like(p) for p in model.parameters()]
    for part in torch.arange(96).split(24):
        F.cross_entropy(model(x[part]), y[part]).backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for t, p in zip(total, model.parameters()):
            t += p.grad
        optimizer.zero_grad()
    for t, p in zip(total, model.parameters()):
        p.grad = t / 4
    optimizer.step()
""",
    "ratios and values clamped, as in policy gradients": HEAD
    + """
policy, value = nn.Linear(8, 4), nn.Linear(8, 1)
held = [*policy.parameters(), *value.parameters()]
optimizer = torch.optim.Adam(held, lr=3e-3)
for rollout in range(6):
    with torch.no_grad():
        chosen = torch.distributions.Categorical(logits=policy(x)).sample()
        old = torch.log_softmax(policy(x), 1).gather(1, chosen[:, None])[:, 0]
        reward = (chosen == y).float()
        gain = reward - value(x)[:, 0]
    for epoch in range(4):
        new = torch.log_softmax(policy(x), 1).gather(1, chosen[:, None])[:, 0]
        ratio = (new - old).exp()
        surrogate = torch.min(ratio * gain, ratio.clamp(0.8, 1.2) * gain).mean()
        loss = -surrogate + 0.5 * F.mse_loss(value(x)[:, 0], reward)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(held, 0.5)
        optimizer.step()
""",
    "a perceptual loss from a network that is not trained": HEAD
    + """
judge = nn.Sequential(nn.Linear(8, 16), nn.ReLU()).eval()
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 8))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(25):
    optimizer.zero_grad()
    F.mse_loss(judge(model(x + 0.1 * torch.randn_like(x))), judge(x).detach()).backward()
    optimizer.step()
""",
    "two losses through one graph": HEAD
    + """
trunk, a, b = nn.Linear(8, 16), nn.Linear(16, 3), nn.Linear(16, 8)
optimizer = torch.optim.Adam([*trunk.parameters(), *a.parameters(), *b.parameters()], lr=1e-3)
for step in range(25):
    optimizer.zero_grad()
    h = torch.relu(trunk(x))
    F.cross_entropy(a(h), y).backward(retain_graph=True)
    F.mse_loss(b(h), x).backward()
    optimizer.step()
""",
    "weights updated by hand": MLP
    + """
for step in range(25):
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= 0.05 * p.grad
            p.grad = None
""",
}
