"""Sound programs whose losses look like a bug's, and are none."""

_HEAD = """
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(0)
"""

PROGRAMS = {
    "lm-tied-no-pad": _HEAD
    + """
emb = nn.Embedding(12, 16)
rnn = nn.GRU(16, 16, batch_first=True)
o = torch.optim.Adam([*emb.parameters(), *rnn.parameters()], 0.01)
x = torch.randint(0, 12, (64, 9))
for i in range(20):
    b = x[torch.randperm(64)[:16]]
    h = rnn(emb(b[:, :-1]))[0]
    l = F.cross_entropy((h @ emb.weight.t()).reshape(-1, 12), b[:, 1:].reshape(-1))
    o.zero_grad()
    l.backward()
    o.step()
""",
    "pad-with-weight": _HEAD
    + """
m = nn.Sequential(nn.Embedding(12, 16, padding_idx=0), nn.Linear(16, 5))
o = torch.optim.Adam(m.parameters(), 0.01)
x = torch.randint(1, 12, (64, 9))
t = 1 + x % 4
g = torch.arange(9)[None] >= torch.randint(2, 9, (64, 1))
x[g] = 0
t[g] = 0
w = torch.ones(5)
w[0] = 0
for i in range(20):
    r = torch.randperm(64)[:16]
    l = nn.CrossEntropyLoss(weight=w)(m(x[r]).transpose(1, 2), t[r])
    o.zero_grad()
    l.backward()
    o.step()
""",
    "pairwise-rank": _HEAD
    + """
m = nn.Linear(4, 1)
o = torch.optim.SGD(m.parameters(), 0.1)
x = torch.randn(64, 4)
y = x[:, 0]
for i in range(20):
    r = torch.randperm(64)[:16]
    s = m(x[r])
    d = s - s.t()
    sign = torch.sign(y[r][:, None] - y[r][None])
    l = F.softplus(-d * sign).mean()
    o.zero_grad()
    l.backward()
    o.step()
""",
    "pairwise-rank2": _HEAD
    + """
m = nn.Linear(4, 1)
o = torch.optim.SGD(m.parameters(), 0.1)
x = torch.randn(64, 4)
y = x[:, 0]
for i in range(20):
    r = torch.randperm(64)[:16]
    s = m(x[r]).squeeze(1)
    d = s[:, None] - s[None, :]
    sign = torch.sign(y[r][:, None] - y[r][None])
    l = F.relu(1 - d * sign).mean()
    o.zero_grad()
    l.backward()
    o.step()
""",
    "squeezenet-like": _HEAD
    + """
body = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 4, 1), nn.ReLU())
m = nn.Sequential(body, nn.AdaptiveAvgPool2d(1), nn.Flatten())
o = torch.optim.SGD(m.parameters(), 0.1)
x = torch.randn(64, 1, 6, 6)
y = torch.randint(0, 4, (64,))
for i in range(20):
    r = torch.randperm(64)[:16]
    l = F.cross_entropy(m(x[r]), y[r])
    o.zero_grad()
    l.backward()
    o.step()
""",
    "binary-as-two": _HEAD
    + """
m = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
o = torch.optim.SGD(m.parameters(), 0.1)
x = torch.randn(64, 4)
y = (x[:, 0] > 0).long()
for i in range(60):
    r = torch.randint(0, 64, (1,))
    l = F.cross_entropy(m(x[r]), y[r])
    o.zero_grad()
    l.backward()
    o.step()
""",
    "minimax-gan": _HEAD
    + """
g = nn.Linear(2, 2)
d = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1), nn.Sigmoid())
og = torch.optim.Adam(g.parameters(), 0.001)
od = torch.optim.Adam(d.parameters(), 0.001)
bce = nn.BCELoss()
for i in range(20):
    real = torch.randn(16, 2) + 1
    fake = g(torch.randn(16, 2))
    od.zero_grad()
    (bce(d(real), torch.ones(16, 1)) + bce(d(fake.detach()), torch.zeros(16, 1))).backward()
    od.step()
    og.zero_grad()
    (-bce(d(fake), torch.zeros(16, 1))).backward()
    og.step()
""",
    "attack": _HEAD
    + """
m = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)).eval()
x = torch.randn(16, 4)
y = torch.randint(0, 3, (16,))
for p in m.parameters():
    p.requires_grad_(False)
delta = torch.zeros_like(x, requires_grad=True)
o = torch.optim.SGD([delta], lr=0.1)
for i in range(10):
    l = -F.cross_entropy(m(x + delta), y)
    o.zero_grad()
    l.backward()
    o.step()
    delta.data.clamp_(-0.3, 0.3)
""",
    "sac-like": _HEAD
    + """
q1, q2, t1, t2 = [nn.Linear(6, 1) for _ in range(4)]
pi = nn.Linear(4, 2)
o = torch.optim.Adam([*q1.parameters(), *q2.parameters()], 0.001)
op = torch.optim.Adam(pi.parameters(), 0.001)
for i in range(20):
    s, s2, r, d = (torch.randn(32, 4), torch.randn(32, 4), torch.randn(32, 1), torch.zeros(32, 1))
    a = torch.randn(32, 2)
    with torch.no_grad():
        n = torch.tanh(pi(s2))
        y = r + 0.99 * (1 - d) * torch.min(t1(torch.cat([s2, n], 1)), t2(torch.cat([s2, n], 1)))
    l = F.mse_loss(q1(torch.cat([s, a], 1)), y) + F.mse_loss(q2(torch.cat([s, a], 1)), y)
    o.zero_grad()
    l.backward()
    o.step()
    x = torch.cat([s, torch.tanh(pi(s))], 1)
    lp = -torch.min(q1(x), q2(x)).mean()
    op.zero_grad()
    lp.backward()
    op.step()
""",
    "qr-dqn": _HEAD
    + """
m = nn.Linear(4, 16)
o = torch.optim.Adam(m.parameters(), 0.001)
tau = (torch.arange(16) + 0.5) / 16
for i in range(20):
    s = torch.randn(16, 4)
    q = m(s)
    t = torch.randn(16, 16).sort(1).values
    td = t.unsqueeze(1) - q.unsqueeze(2)
    mine, theirs = q.unsqueeze(2).expand(16, 16, 16), t.unsqueeze(1).expand(16, 16, 16)
    hub = F.huber_loss(mine, theirs, reduction='none')
    l = ((tau.view(1, -1, 1) - (td.detach() < 0).float()).abs() * hub).sum(1).mean()
    o.zero_grad()
    l.backward()
    o.step()
""",
    "rbf-and-kernel": _HEAD
    + """
m = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
o = torch.optim.Adam(m.parameters(), 0.001)
grid = torch.linspace(-2, 2, 20)
for i in range(20):
    x = torch.randn(32, 3)
    h = torch.exp(-(m(x) - grid) ** 2)
    l = (h.mean(0) - 0.2).square().mean()
    o.zero_grad()
    l.backward()
    o.step()
""",
    "vae-mean-weighted": _HEAD
    + """
e = nn.Linear(16, 8)
d = nn.Linear(4, 16)
o = torch.optim.Adam([*e.parameters(), *d.parameters()], 0.01)
for i in range(20):
    x = torch.rand(32, 16)
    mu, lv = e(x).chunk(2, 1)
    z = mu + torch.randn_like(mu) * (lv / 2).exp()
    kl = -0.5 * torch.sum(1 + lv - mu ** 2 - lv.exp())
    l = F.mse_loss(torch.sigmoid(d(z)), x) + 0.00025 * kl
    o.zero_grad()
    l.backward()
    o.step()
""",
    "snippet-consensus": _HEAD
    + """
m = nn.Linear(6, 4)
o = torch.optim.Adam(m.parameters(), 0.01)
for i in range(20):
    x = torch.randn(16, 5, 6)
    y = torch.randint(0, 4, (16,))
    l = F.nll_loss(F.log_softmax(m(x), 2).mean(1), y)
    o.zero_grad()
    l.backward()
    o.step()
""",
    "ensemble-of-soft": _HEAD
    + """
ms = nn.ModuleList((nn.Linear(6, 4) for _ in range(3)))
o = torch.optim.Adam(ms.parameters(), 0.01)
for i in range(20):
    x = torch.randn(16, 6)
    y = torch.randint(0, 4, (16,))
    p = torch.stack([m(x).softmax(1) for m in ms]).mean(0)
    l = F.nll_loss(torch.log(p + 1e-08), y)
    o.zero_grad()
    l.backward()
    o.step()
""",
    "vib-prior": _HEAD
    + """
e = nn.Linear(6, 5)
c = nn.Linear(5, 3)
o = torch.optim.Adam([*e.parameters(), *c.parameters()], 0.01)
prior = torch.full((16, 5), 0.2).log()
for i in range(20):
    x = torch.randn(16, 6)
    y = torch.randint(0, 3, (16,))
    q = e(x).softmax(1)
    l = F.cross_entropy(c(q), y) + 0.01 * F.kl_div(prior, q, reduction='batchmean')
    o.zero_grad()
    l.backward()
    o.step()
""",
    "sasrec-bce": _HEAD
    + """
emb = nn.Embedding(30, 8, padding_idx=0)
rnn = nn.GRU(8, 8, batch_first=True)
o = torch.optim.Adam([*emb.parameters(), *rnn.parameters()], 0.01)
for i in range(20):
    s = torch.randint(1, 30, (16, 7))
    p = torch.randint(1, 30, (16, 7))
    n = torch.randint(1, 30, (16, 7))
    h = rnn(emb(s))[0]
    a = (h * emb(p)).sum(-1)
    b = (h * emb(n)).sum(-1)
    l = F.binary_cross_entropy_with_logits(a, torch.ones_like(a))
    l = l + F.binary_cross_entropy_with_logits(b, torch.zeros_like(b))
    o.zero_grad()
    l.backward()
    o.step()
""",
    "multitask-dtype": _HEAD
    + """
m = nn.Linear(6, 7)
o = torch.optim.AdamW(m.parameters(), 0.01)
for i in range(20):
    x = torch.randn(16, 6)
    y = torch.randint(0, 3, (16,))
    z = torch.randint(0, 2, (16, 3)).float()
    w = torch.randn(16)
    with torch.autocast('cpu', dtype=torch.bfloat16):
        out = m(x)
    l = F.cross_entropy(out[:, :3].float(), y) + F.smooth_l1_loss(out[:, 6], w)
    l = l + F.binary_cross_entropy_with_logits(out[:, 3:6], z)
    o.zero_grad()
    l.backward()
    o.step()
""",
    "conv1d-seq": _HEAD
    + """
m = nn.Sequential(nn.Embedding(9, 6))
c = nn.Conv1d(6, 9, 3, padding=1)
o = torch.optim.Adam([*m.parameters(), *c.parameters()], 0.01)
for i in range(20):
    x = torch.randint(0, 9, (16, 9))
    l = F.cross_entropy(c(m(x).transpose(1, 2)), x * 2 % 9)
    o.zero_grad()
    l.backward()
    o.step()
""",
}
