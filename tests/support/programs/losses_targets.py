"""Programs whose loss has the wrong target or scale; and their sound twins."""

from support.watching import Pair

_CLASSES = """
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(0)
x = torch.randn(160, 6)
y = x[:, :4].argmax(1)
model = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Linear(24, 4))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(25):
    rows = torch.randperm(160)[:32]
    scores = model(x[rows])
    <here>
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
_DISTILLATION = """
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(4)
x = torch.randn(128, 8)
teacher = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 5)).eval()
student = nn.Linear(8, 5)
optimizer = torch.optim.Adam(student.parameters(), lr=0.01)
for step in range(25):
    batch = x[torch.randperm(128)[:32]]
    with torch.no_grad():
        known = teacher(batch) / 2
    mine = student(batch) / 2
    <here>
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
_SIAMESE = """
import torch
from torch import nn
torch.manual_seed(5)
tower = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 8))
left = torch.randn(96, 6)
same = torch.rand(96) < 0.5
right = torch.where(same[:, None], left + 0.1 * torch.randn(96, 6), torch.randn(96, 6))
criterion = nn.CosineEmbeddingLoss(margin=0.2)
optimizer = torch.optim.Adam(tower.parameters(), lr=0.01)
for step in range(20):
    rows = torch.randperm(96)[:24]
    <here>
    loss = criterion(tower(left[rows]), tower(right[rows]), target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
_Q_LEARNING = """
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(6)
net = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(30):
    state, after = torch.randn(32, 4), torch.randn(32, 4)
    action, reward = torch.randint(0, 2, (32, 1)), torch.randn(32)
    done = (torch.rand(32) < 0.1).float()
    value = net(state).gather(1, action).squeeze(1)
    <here>
    loss = F.smooth_l1_loss(value, target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
_VAE = """
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(9)
class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encode, self.decode = nn.Linear(16, 8), nn.Linear(4, 16)
    def forward(self, x):
        mean, log_var = self.encode(x).chunk(2, 1)
        z = mean + torch.randn_like(mean) * (0.5 * log_var).exp()
        return self.decode(z), mean, log_var
x = (torch.rand(128, 16) < 0.3).float()
model = VAE()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(25):
    batch = x[torch.randperm(128)[:32]]
    scores, mean, log_var = model(batch)
    kl = -0.5 * (1 + log_var - mean ** 2 - log_var.exp()).sum(1).mean()
    <here>
    optimizer.zero_grad()
    (loss + kl).backward()
    optimizer.step()
"""
_CTC = """
import torch
from torch import nn
torch.manual_seed(10)
rnn, out = nn.GRU(6, 16, batch_first=True), nn.Linear(16, 5)
frames, wanted = torch.randn(48, 10, 6), torch.randint(1, 5, (48, 3))
long, short = torch.full((12,), 10), torch.full((12,), 3)
criterion = nn.CTCLoss()
optimizer = torch.optim.Adam([*rnn.parameters(), *out.parameters()], lr=0.01)
for step in range(16):
    rows = torch.randperm(48)[:12]
    scores = out(rnn(frames[rows])[0]).transpose(0, 1)
    <here>
    loss = criterion(scores, wanted[rows], long, short)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
_COUNTS = """
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(11)
x = torch.randn(128, 4)
counts = torch.poisson((0.5 * x[:, 0] + 1).exp())
model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(25):
    rows = torch.randperm(128)[:32]
    rate = F.softplus(model(x[rows])).squeeze(1)
    <here>
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

PAIRS = [
    Pair(
        "labels-from-one",
        "labels-out-of-range",
        _CLASSES,
        bug="loss = F.cross_entropy(scores, y[rows] + 1)",
        sound="loss = F.cross_entropy(scores, y[rows])",
    ),
    Pair(
        "one-output-too-many",
        "labels-start-at-one",
        _CLASSES.replace("nn.Linear(24, 4)", "nn.Linear(24, 5)"),
        bug="loss = F.cross_entropy(scores, y[rows] + 1)",
        sound="loss = F.cross_entropy(scores[:, :4], y[rows])",
    ),
    Pair(
        "several-labels-by-cross-entropy",
        "target-not-a-distribution",
        _CLASSES,
        bug="loss = F.cross_entropy(scores, (x[rows, :4] > 0).float())",
        sound="loss = F.binary_cross_entropy_with_logits(scores, (x[rows, :4] > 0).float())",
    ),
    Pair(
        "labels-by-squares",
        "regression-on-class-labels",
        _CLASSES,
        bug="loss = F.mse_loss(scores.softmax(1), F.one_hot(y[rows], 4).float())",
        sound="loss = F.cross_entropy(scores, F.one_hot(y[rows], 4).float(), label_smoothing=0.1)",
    ),
    Pair(
        "signs-for-bce",
        "binary-target-range",
        _CLASSES,
        bug="loss = F.binary_cross_entropy_with_logits(scores[:, 0], x[rows, 0].sign())",
        sound="loss = F.soft_margin_loss(scores[:, 0], x[rows, 0].sign())",
    ),
    Pair(
        "one-class",
        "cross-entropy-of-one-class",
        _CLASSES,
        bug="loss = F.cross_entropy(scores[:, :1], (x[rows, :1] > 0).float())",
        sound="loss = F.binary_cross_entropy_with_logits(scores[:, :1], (x[rows, :1] > 0).float())",
    ),
    Pair(
        "distillation-no-logarithm",
        "kl-input-not-log",
        _DISTILLATION,
        bug="loss = F.kl_div(mine.softmax(1), known.softmax(1), reduction='batchmean')",
        sound="loss = F.kl_div(mine.log_softmax(1), known.softmax(1), reduction='batchmean')",
    ),
    Pair(
        "distillation-logarithm-as-target",
        "kl-target-scale",
        _DISTILLATION,
        bug="loss = F.kl_div(mine.log_softmax(1), known.log_softmax(1), reduction='batchmean')",
        sound="""
        loss = F.kl_div(
            mine.log_softmax(1), known.log_softmax(1), reduction="batchmean", log_target=True
        )
        """,
    ),
    Pair(
        "distillation-swapped",
        "kl-arguments-swapped",
        _DISTILLATION,
        bug="loss = F.kl_div(known.log_softmax(1), mine.softmax(1), reduction='batchmean')",
        sound="loss = F.kl_div(mine.log_softmax(1), known.softmax(1), reduction='batchmean')",
    ),
    Pair(
        "siamese-zeros",
        "target-not-signed",
        _SIAMESE,
        bug="target = same[rows].float()",
        sound="target = same[rows].float() * 2 - 1",
    ),
    Pair(
        "q-learning-target-not-detached",
        "target-with-gradient",
        _Q_LEARNING,
        bug="target = reward + 0.99 * net(after).max(1)[0] * (1 - done)",
        sound="target = (reward + 0.99 * net(after).max(1)[0] * (1 - done)).detach()",
    ),
    Pair(
        "vae-of-logits",
        "logits-to-bce",
        _VAE,
        bug="loss = F.binary_cross_entropy(scores, batch, reduction='sum') / 32",
        sound="loss = F.binary_cross_entropy(scores.sigmoid(), batch, reduction='sum') / 32",
    ),
    Pair(
        "vae-of-bytes",
        "binary-target-range",
        _VAE,
        bug="loss = F.binary_cross_entropy_with_logits(scores, batch * 255) * 16",
        sound="loss = F.binary_cross_entropy_with_logits(scores, batch) * 16",
    ),
    Pair(
        "vae-mean-and-sum",
        "loss-terms-unlike",
        _VAE,
        bug="""
        loss = F.mse_loss(scores, batch)
        kl = -0.5 * torch.sum(1 + log_var - mean.pow(2) - log_var.exp())
        """,
        sound="""
        loss = F.mse_loss(scores, batch, reduction="sum") / 32
        kl = -0.5 * torch.sum(1 + log_var - mean.pow(2) - log_var.exp()) / 32
        """,
    ),
    Pair(
        "ctc-without-logarithm",
        "ctc-of-logits",
        _CTC,
        bug="pass",
        sound="scores = scores.log_softmax(-1)",
    ),
    Pair(
        "counts-of-rates",
        "poisson-of-rates",
        _COUNTS,
        bug="loss = F.poisson_nll_loss(rate, counts[rows])",
        sound="loss = F.poisson_nll_loss(rate, counts[rows], log_input=False)",
    ),
    Pair(
        "several-labels-by-softmax",
        "softmax-for-several-labels",
        _CLASSES,
        bug="loss = F.binary_cross_entropy(scores.softmax(1), (x[rows, :4] > 0).float())",
        sound="loss = F.binary_cross_entropy(scores.sigmoid(), (x[rows, :4] > 0).float())",
    ),
]
