"""Programs whose loss has the wrong shape, direction or length; and their sound twins."""

from support.watching import Pair

_REGRESSION = """
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(0)
x = torch.randn(128, 5)
y = x @ torch.tensor([1.0, -2.0, 0.5, 0.0, 3.0]) + 0.1 * torch.randn(128)
model = nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(30):
    rows = torch.randperm(128)[:32]
    predicted = model(x[rows])
    <here>
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
_TAGGER = """
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(3)
class Tagger(nn.Module):
    def __init__(self, tags):
        super().__init__()
        self.embedding = nn.Embedding(20, 12, padding_idx=0)
        self.rnn = nn.LSTM(12, 16, batch_first=True)
        self.out = nn.Linear(16, tags)
    def forward(self, x):
        return self.out(self.rnn(self.embedding(x))[0])
TAGS, LONG, SAMPLES = 7, {long}, 96
words = torch.randint(1, 20, (SAMPLES, LONG))
lengths = torch.randint(2, LONG + 1, (SAMPLES,))
tags = 1 + words % (TAGS - 1)
{pad}
model = Tagger(TAGS)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(16):
    rows = torch.randint(0, SAMPLES, (16,))
    scores, wanted = model(words[rows]), tags[rows]
    <here>
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
_PAD = """
gone = torch.arange(LONG)[None] >= lengths[:, None]
words[gone], tags[gone] = 0, 0
"""
_PADDED = _TAGGER.replace("{long}", "9").replace("{pad}", _PAD.strip())
_SQUARE = _TAGGER.replace("{long}", "7").replace("{pad}", "tags = words % TAGS")
_FULL = _TAGGER.replace("{long}", "9").replace("{pad}", "tags = words % TAGS")
_ACTOR_CRITIC = """
import torch
from torch import nn
from torch.distributions import Categorical
torch.manual_seed(7)
actor = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 3))
critic = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.Adam([*actor.parameters(), *critic.parameters()], lr=3e-3)
for step in range(25):
    state = torch.randn(20, 4)
    choice = Categorical(logits=actor(state))
    action = choice.sample()
    returns = (action == 1).float() + 0.1 * torch.randn(20)
    value = critic(state)
    <here>
    loss = -(choice.log_prob(action) * advantage.detach()).mean() + 0.5 * advantage.pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
_SEGMENTATION = """
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(8)
net = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 3, 3, padding=1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
images = torch.randn(40, 1, 8, 8)
masks = (images[:, 0] > 0.5).long() + (images[:, 0] > -0.5).long()
for step in range(20):
    rows = torch.randperm(40)[:8]
    scores, wanted = net(images[rows]), masks[rows]
    <here>
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

PAIRS = [
    Pair(
        "regression-column-against-row",
        "shapes-broadcast",
        _REGRESSION,
        bug="loss = F.mse_loss(predicted, y[rows])",
        sound="loss = F.mse_loss(predicted, y[rows].unsqueeze(1))",
    ),
    Pair(
        "regression-by-hand",
        "shapes-broadcast",
        _REGRESSION,
        bug="loss = ((predicted - y[rows]) ** 2).mean()",
        sound="loss = ((predicted.squeeze(1) - y[rows]) ** 2).mean()",
    ),
    Pair(
        "regression-rewrapped",
        "loss-cut-off",
        _REGRESSION,
        bug="""
        loss = F.mse_loss(predicted.squeeze(1), y[rows])
        loss = torch.tensor(loss.item(), requires_grad=True)
        """,
        sound="loss = F.mse_loss(predicted.squeeze(1), y[rows])",
    ),
    Pair(
        "regression-away-from-it",
        "loss-negated",
        _REGRESSION,
        bug="loss = -F.mse_loss(predicted.squeeze(1), y[rows])",
        sound="loss = F.mse_loss(predicted.squeeze(1), y[rows])",
    ),
    Pair(
        "regression-summed",
        "loss-summed",
        _REGRESSION.replace("Adam(model.parameters(), lr=0.01)", "SGD(model.parameters(), 1e-3)"),
        bug="loss = F.mse_loss(predicted.squeeze(1), y[rows], reduction='sum')",
        sound="loss = F.mse_loss(predicted.squeeze(1), y[rows])",
    ),
    Pair(
        "actor-critic-advantage",
        "shapes-broadcast",
        _ACTOR_CRITIC,
        bug="advantage = returns - value",
        sound="advantage = returns - value.squeeze(-1)",
    ),
    Pair(
        "tagger-padding",
        "loss-over-padding",
        _PADDED,
        bug="loss = F.cross_entropy(scores.view(-1, TAGS), wanted.view(-1))",
        sound="loss = F.cross_entropy(scores.view(-1, TAGS), wanted.view(-1), ignore_index=0)",
    ),
    Pair(
        "tagger-padding-transposed",
        "loss-over-padding",
        _PADDED,
        bug="loss = F.cross_entropy(scores.transpose(1, 2), wanted)",
        sound="""
        each = F.cross_entropy(scores.transpose(1, 2), wanted, reduction="none")
        loss = each[wanted != 0].mean()
        """,
    ),
    Pair(
        "tagger-classes-last",
        "classes-not-in-dimension-one",
        _SQUARE,
        bug="loss = F.cross_entropy(scores, wanted)",
        sound="loss = F.cross_entropy(scores.transpose(1, 2), wanted)",
    ),
    Pair(
        "tagger-classes-last-refused",
        "classes-not-in-dimension-one",
        _FULL,
        bug="loss = F.cross_entropy(scores, wanted)",
        sound="loss = F.cross_entropy(scores.permute(0, 2, 1), wanted)",
    ),
    Pair(
        "tagger-view-for-transpose",
        "scores-scrambled-by-view",
        _FULL,
        bug="loss = F.cross_entropy(scores.view(16, TAGS, LONG), wanted)",
        sound="loss = F.cross_entropy(scores.mT, wanted)",
    ),
    Pair(
        "tagger-other-order",
        "targets-in-other-order",
        _FULL,
        bug="""
        scores = scores.transpose(0, 1).contiguous()
        loss = F.cross_entropy(scores.view(-1, TAGS), wanted.view(-1))
        """,
        sound="""
        scores = scores.transpose(0, 1).contiguous()
        loss = F.cross_entropy(scores.view(-1, TAGS), wanted.t().reshape(-1))
        """,
    ),
    Pair(
        "segmentation-flattened",
        "scores-scrambled-by-view",
        _SEGMENTATION,
        bug="loss = F.cross_entropy(scores.view(-1, 3), wanted.view(-1))",
        sound="""
        flat = scores.permute(0, 2, 3, 1).reshape(-1, 3)
        loss = F.cross_entropy(flat, wanted.view(-1))
        """,
    ),
]
