"""Sound training programs with several networks, or with losses of their own."""

HEAD = """
import copy
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(0)


def blobs(count, features=8, classes=3):
    generator = torch.Generator().manual_seed(7)
    centres = 1.5 * torch.randn(classes, features, generator=generator)
    y = torch.randint(classes, (count,), generator=generator)
    return centres[y] + 0.6 * torch.randn(count, features, generator=generator), y


def mlp(*widths):
    layers = []
    for a, b in zip(widths, widths[1:]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def show(*tensors):
    print(*[float(torch.as_tensor(t).detach()).hex() for t in tensors])
"""

GAN = """
real = torch.randn(512, 2) @ torch.tensor([[1.0, 0.4], [0.0, 0.6]]) + torch.tensor([1.0, -1.0])
maker = nn.Sequential(nn.Linear(4, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 2))
judge = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
by_maker = torch.optim.Adam(maker.parameters(), lr=1e-3, betas=(0.5, 0.999))
by_judge = torch.optim.Adam(judge.parameters(), lr=1e-3, betas=(0.5, 0.999))
criterion = nn.BCEWithLogitsLoss()
for step in range(50):
    rows = torch.randint(512, (64,))
    made = maker(torch.randn(64, 4))
    by_judge.zero_grad()
    wrong = criterion(judge(real[rows]), torch.ones(64, 1)) + criterion(
        judge(made.detach()), torch.zeros(64, 1)
    )
    wrong.backward()
    by_judge.step()
    by_maker.zero_grad()
    fooled = criterion(judge(made), torch.ones(64, 1))
    fooled.backward()
    by_maker.step()
    if step % 10 == 0:
        show(wrong, fooled)
maker.eval()
with torch.no_grad():
    show(maker(torch.randn(16, 4)).mean())
"""

CRITIC = """
real = torch.randn(512, 2) * 0.5 + 1
maker, critic = mlp(4, 32, 2), mlp(2, 32, 1)
by_maker = torch.optim.RMSprop(maker.parameters(), lr=1e-3)
by_critic = torch.optim.RMSprop(critic.parameters(), lr=1e-3)
for step in range(12):
    for _ in range(4):
        rows = torch.randint(512, (32,))
        with torch.no_grad():
            made = maker(torch.randn(32, 4))
        mixed = torch.rand(32, 1)
        between = (mixed * real[rows] + (1 - mixed) * made).requires_grad_()
        (slope,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
        loss = (
            critic(made).mean()
            - critic(real[rows]).mean()
            + 10 * (slope.norm(dim=1) - 1).square().mean()
        )
        by_critic.zero_grad()
        loss.backward()
        by_critic.step()
    by_maker.zero_grad()
    cost = -critic(maker(torch.randn(32, 4))).mean()
    cost.backward()
    by_maker.step()
    show(loss, cost)
"""

VAE = """
class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.coder, self.mean, self.spread = nn.Linear(16, 32), nn.Linear(32, 3), nn.Linear(32, 3)
        self.decoder = mlp(3, 32, 16)

    def forward(self, x):
        h = F.relu(self.coder(x))
        mean, log_variance = self.mean(h), self.spread(h)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        return torch.sigmoid(self.decoder(z)), mean, log_variance


x = torch.sigmoid(torch.randn(320, 3) @ torch.randn(3, 16) * 2)
model = Vae()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(5):
    model.train()
    for rows in torch.randperm(256).split(32):
        made, mean, log_variance = model(x[rows])
        kept = F.binary_cross_entropy(made, x[rows], reduction="sum")
        divergence = -0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp())
        loss = (kept + divergence) / len(rows)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        made, _, _ = model(x[256:])
        show(loss, F.binary_cross_entropy(made, x[256:]))
"""

SIAMESE = """
x, y = blobs(240)
net = mlp(8, 32, 8)
optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
by_class = [torch.nonzero(y[:200] == c)[:, 0] for c in range(3)]
criterion = nn.TripletMarginLoss(margin=1.0)
for step in range(50):
    anchors = torch.randint(200, (32,))
    like = torch.stack([by_class[y[i]][torch.randint(len(by_class[y[i]]), ())] for i in anchors])
    other = torch.stack(
        [
            by_class[(y[i] + 1) % 3][torch.randint(len(by_class[(y[i] + 1) % 3]), ())]
            for i in anchors
        ]
    )
    loss = criterion(net(x[anchors]), net(x[like]), net(x[other]))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    show(loss, torch.cdist(net(x[200:]), net(x[:200])).mean())
"""

CONTRASTIVE = """
x, _ = blobs(256)
encoder, projector = mlp(8, 32, 16), mlp(16, 16, 8)
optimizer = torch.optim.AdamW([*encoder.parameters(), *projector.parameters()], lr=3e-3)
for epoch in range(5):
    for rows in torch.randperm(256).split(32):
        one, two = (x[rows] + 0.2 * torch.randn(len(rows), 8) for _ in range(2))
        a, b = (F.normalize(projector(encoder(view)), dim=1) for view in (one, two))
        logits = a @ b.t() / 0.2
        wanted = torch.arange(len(rows))
        loss = (F.cross_entropy(logits, wanted) + F.cross_entropy(logits.t(), wanted)) / 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    show(loss)
"""

DISTILLATION = """
x, y = blobs(300)
teacher, student = mlp(8, 64, 64, 3), mlp(8, 12, 3)
optimizer = torch.optim.Adam(teacher.parameters(), lr=5e-3)
for step in range(30):
    optimizer.zero_grad()
    rows = torch.randperm(240)[:60]
    F.cross_entropy(teacher(x[rows]), y[rows]).backward()
    optimizer.step()
teacher.eval()
optimizer = torch.optim.Adam(student.parameters(), lr=1e-2)
heat = 3.0
for step in range(40):
    rows = torch.randperm(240)[:60]
    with torch.no_grad():
        told = F.softmax(teacher(x[rows]) / heat, dim=1)
    out = student(x[rows])
    soft = F.kl_div(F.log_softmax(out / heat, dim=1), told, reduction="batchmean") * heat**2
    loss = 0.7 * soft + 0.3 * F.cross_entropy(out, y[rows])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
student.eval()
with torch.no_grad():
    show(loss, (student(x[240:]).argmax(1) == y[240:]).float().mean())
"""

EMA = """
x, y = blobs(360)
model = nn.Sequential(nn.Linear(8, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 3))
mean_model = copy.deepcopy(model)
for parameter in mean_model.parameters():
    parameter.requires_grad_(False)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for epoch in range(4):
    model.train()
    for rows in torch.randperm(300).split(50):
        weak, strong = (x[rows] + noise * torch.randn(len(rows), 8) for noise in (0.05, 0.3))
        with torch.no_grad():
            wanted = mean_model(weak).softmax(1)
        out = model(strong)
        loss = F.cross_entropy(out, y[rows]) + 0.5 * F.mse_loss(out.softmax(1), wanted)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            for kept, new in zip(mean_model.parameters(), model.parameters()):
                kept.mul_(0.9).add_(new, alpha=0.1)
            for kept, new in zip(mean_model.buffers(), model.buffers()):
                kept.copy_(new)
    mean_model.eval()
    with torch.no_grad():
        show(loss, F.cross_entropy(mean_model(x[300:]), y[300:]))
    mean_model.train()
"""

POLICY = """
class Corridor:
    def reset(self):
        self.at, self.time = 3, 0
        return F.one_hot(torch.tensor(self.at), 7).float()

    def step(self, action):
        self.at, self.time = self.at + (1 if action == 1 else -1), self.time + 1
        over = self.at in (0, 6) or self.time == 15
        return F.one_hot(torch.tensor(self.at), 7).float(), float(self.at == 6), over


policy = mlp(7, 24, 2)
optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)
world, mean_return = Corridor(), 0.0
for episode in range(40):
    state, over, logs, rewards = world.reset(), False, [], []
    while not over:
        choice = torch.distributions.Categorical(logits=policy(state))
        action = choice.sample()
        logs.append(choice.log_prob(action))
        state, reward, over = world.step(int(action))
        rewards.append(reward)
    gain = sum(rewards)
    mean_return = 0.9 * mean_return + 0.1 * gain
    loss = -(torch.stack(logs) * (gain - mean_return)).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
show(loss, mean_return)
"""

VALUES = """
net, target = mlp(4, 32, 2), mlp(4, 32, 2)
target.load_state_dict(net.state_dict())
optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
memory, state = [], torch.randn(4)
for step in range(120):
    with torch.no_grad():
        best = int(net(state[None]).argmax(1))
    action = int(torch.randint(2, ())) if torch.rand(()) < 0.3 else best
    reward = float(state[action] > 0)
    after = torch.randn(4)
    memory.append((state, action, reward, after))
    state = after
    if len(memory) < 40:
        continue
    chosen = [memory[i] for i in torch.randint(len(memory), (32,))]
    s, n = torch.stack([c[0] for c in chosen]), torch.stack([c[3] for c in chosen])
    a, r = torch.tensor([c[1] for c in chosen]), torch.tensor([c[2] for c in chosen])
    with torch.no_grad():
        wanted = r + 0.9 * target(n).max(1).values
    loss = F.smooth_l1_loss(net(s).gather(1, a[:, None]).squeeze(1), wanted)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_value_(net.parameters(), 100)
    optimizer.step()
    if step % 20 == 0:
        target.load_state_dict(net.state_dict())
        show(loss)
"""

PROGRAMS = {
    "gan": GAN,
    "wasserstein gan with penalty": CRITIC,
    "vae": VAE,
    "siamese triplets": SIAMESE,
    "contrastive": CONTRASTIVE,
    "distillation": DISTILLATION,
    "ema teacher": EMA,
    "policy gradient": POLICY,
    "q learning with target": VALUES,
}
