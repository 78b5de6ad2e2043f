"""Sound programs whose models look like a fault at first sight."""

_START = """
import copy
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(0)
"""
_STEP = """
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
_TRAIN = (
    """
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(20):
    index = torch.randint(0, len(x), (24,))
    loss = F.cross_entropy(model(x[index]), y[index])
"""
    + _STEP
)
_VECTORS = """
x = torch.randn(120, 8)
y = x[:, :3].argmax(1)
"""

PROGRAMS = {
    "time first": _START
    + """
x = torch.randn(7, 120, 6)
y = (x[:, :, 0].sum(0) > 0).long()
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.out = nn.GRU(6, 10), nn.Linear(10, 2)
    def forward(self, x):
        return self.out(self.rnn(x)[0][-1])
model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(20):
    index = torch.randint(0, 120, (24,))
    loss = F.cross_entropy(model(x[:, index]), y[index])
"""
    + _STEP,
    "tagger of one sentence": _START
    + """
sentences = [torch.randint(0, 20, (n,)) for n in (5, 8, 6, 9, 7)]
class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.rnn, self.out = nn.Embedding(20, 6), nn.LSTM(6, 8), nn.Linear(8, 3)
    def forward(self, sentence):
        h, _ = self.rnn(self.words(sentence).view(len(sentence), 1, -1))
        return self.out(h.view(len(sentence), -1))
model = Tagger()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(25):
    sentence = sentences[step % 5]
    loss = F.cross_entropy(model(sentence), sentence % 3)
"""
    + _STEP,
    "graph net on all nodes": _START
    + _VECTORS
    + """
links = (torch.rand(120, 120) < 0.05).float() + torch.eye(120)
links = links / links.sum(1, keepdim=True)
class Graph(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Linear(8, 16), nn.Linear(16, 3)
    def forward(self, x, links):
        return self.two(links @ torch.relu(self.one(links @ x)))
model = Graph()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(20):
    loss = F.cross_entropy(model(x, links)[:60], y[:60])
"""
    + _STEP,
    "multi-head attention of torch": _START
    + """
x = torch.randn(120, 16, 64)
y = (x[:, :, 0].sum(1) > 0).long()
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.MultiheadAttention(64, 4, batch_first=True)
        self.out = nn.Linear(64, 2)
    def forward(self, x):
        return self.out(self.body(x, x, x)[0].mean(1))
model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
for step in range(12):
    index = torch.randint(0, len(x), (16,))
    loss = F.cross_entropy(model(x[index]), y[index])
"""
    + _STEP,
    "teacher in a list": _START
    + _VECTORS
    + """
class Student(nn.Module):
    def __init__(self, teacher):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
        self.teacher = [teacher]
    def forward(self, x):
        with torch.no_grad():
            told = self.teacher[0](x)
        return self.body(x), told
teacher = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 3)).eval()
model = Student(teacher)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(20):
    index = torch.randint(0, len(x), (24,))
    found, told = model(x[index])
    soft = F.kl_div(F.log_softmax(found, 1), F.softmax(told, 1), reduction="batchmean")
    loss = F.cross_entropy(found, y[index]) + 0.5 * soft
"""
    + _STEP,
    "adapter that begins at zero": _START
    + _VECTORS
    + """
class Adapted(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer.requires_grad_(False)
        self.down = nn.Linear(layer.in_features, 2, bias=False)
        self.up = nn.Linear(2, layer.out_features, bias=False)
        nn.init.zeros_(self.up.weight)
    def forward(self, x):
        return self.layer(x) + self.up(self.down(x))
model = nn.Sequential(Adapted(nn.Linear(8, 32)), nn.ReLU(), Adapted(nn.Linear(32, 3)))
"""
    + _TRAIN.replace("model.parameters()", "[p for p in model.parameters() if p.requires_grad]"),
    "new head on a loaded body": _START
    + _VECTORS
    + """
class Net(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU())
        self.head = nn.Linear(16, classes)
    def forward(self, x):
        return self.head(self.body(x))
state = Net(10).state_dict()
state = {name: value for name, value in state.items() if not name.startswith("head")}
model = Net(3)
model.load_state_dict(state, strict=False)
"""
    + _TRAIN,
    "linear autoencoder": _START
    + """
x = torch.randn(120, 3) @ torch.randn(3, 10)
model = nn.Sequential(nn.Linear(10, 3), nn.Linear(3, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(20):
    part = x[torch.randint(0, 120, (32,))]
    loss = F.mse_loss(model(part), part)
"""
    + _STEP,
    "attention over the instances of a bag": _START
    + """
bags = [torch.randn(n, 8) for n in (5, 9, 6, 12, 7)] * 5
class Bags(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.score, self.out = nn.Linear(8, 16), nn.Linear(16, 1), nn.Linear(16, 1)
    def forward(self, bag):
        h = torch.relu(self.body(bag))
        weight = torch.softmax(self.score(h), dim=0)
        return self.out((weight * h).sum(0, keepdim=True))
model = Bags()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step, bag in enumerate(bags):
    target = (bag[:, :1].max() > 1.5).float().view(1, 1)
    loss = F.binary_cross_entropy_with_logits(model(bag), target)
"""
    + _STEP,
    "convolutions, tokens, images again": _START
    + """
x = torch.randn(48, 1, 8, 8)
y = (x.mean((1, 2, 3)) > 0).long()
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.mix = nn.Conv2d(1, 10, 3, padding=1), nn.Linear(10, 10)
        self.end = nn.Linear(360, 2)
        self.late = nn.Conv2d(10, 10, 3)
    def forward(self, x):
        h = torch.relu(self.conv(x))
        n, c, a, b = h.shape
        tokens = h.flatten(2).transpose(1, 2).contiguous()
        tokens = tokens.view(n * a * b, c)
        tokens = torch.tanh(self.mix(tokens)).view(n, a * b, c)
        h = tokens.transpose(1, 2).reshape(n, c, a, b)
        return self.end(torch.relu(self.late(h)).flatten(1))
model = Net()
"""
    + _TRAIN.replace("range(20)", "range(10)"),
    "in-batch contrast": _START
    + """
x = torch.randn(120, 8)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 8))
        self.two = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 8))
    def forward(self, a, b):
        a, b = F.normalize(self.one(a), dim=1), F.normalize(self.two(b), dim=1)
        return a @ b.T / 0.1
model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(20):
    part = x[torch.randint(0, 120, (16,))]
    other = part + 0.1 * torch.randn_like(part)
    loss = F.cross_entropy(model(part, other), torch.arange(16))
"""
    + _STEP,
    "truncated backward through time": _START
    + """
x = torch.randn(90, 4, 6)
cell, out = nn.GRUCell(6, 10), nn.Linear(10, 1)
optimizer = torch.optim.Adam([*cell.parameters(), *out.parameters()], lr=0.01)
h = torch.zeros(4, 10)
for start in range(0, 90, 6):
    h, loss = h.detach(), 0.0
    for t in range(start, start + 6):
        h = cell(x[t], h)
        loss = loss + F.mse_loss(out(h), x[t, :, :1])
"""
    + _STEP,
    "variational autoencoder": _START
    + """
x = (torch.rand(120, 20) < torch.linspace(0.05, 0.95, 20)).float()
class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.mean, self.spread = nn.Linear(20, 16), nn.Linear(16, 3), nn.Linear(16, 3)
        self.back, self.last = nn.Linear(3, 16), nn.Linear(16, 20)
    def forward(self, x):
        h = torch.relu(self.one(x))
        mean, spread = self.mean(h), self.spread(h)
        z = mean + torch.randn_like(mean) * torch.exp(0.5 * spread)
        return torch.sigmoid(self.last(torch.relu(self.back(z)))), mean, spread
model = Vae()
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
for step in range(25):
    part = x[torch.randint(0, 120, (32,))]
    found, mean, spread = model(part)
    fit = F.binary_cross_entropy(found, part, reduction="sum")
    loss = (fit - 0.5 * (1 + spread - mean**2 - spread.exp()).sum()) / 32
"""
    + _STEP,
    "tied language model with a causal mask": _START
    + """
tokens = torch.randint(0, 11, (60, 13))
class Language(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.places = nn.Embedding(11, 12), nn.Embedding(12, 12)
        self.qkv, self.join = nn.Linear(12, 36), nn.Linear(12, 12)
        self.norm, self.out = nn.LayerNorm(12), nn.Linear(12, 11, bias=False)
        self.out.weight = self.words.weight
        self.register_buffer("mask", torch.tril(torch.ones(12, 12)))
    def forward(self, x):
        b, t = x.shape
        h = self.words(x) + self.places(torch.arange(t))
        q, k, v = self.qkv(self.norm(h)).split(12, dim=2)
        q, k, v = (one.view(b, t, 3, 4).transpose(1, 2) for one in (q, k, v))
        a = q @ k.transpose(-2, -1) / 2
        a = a.masked_fill(self.mask[:t, :t] == 0, float("-inf")).softmax(-1)
        h = h + self.join((a @ v).transpose(1, 2).contiguous().view(b, t, 12))
        return self.out(h)
model = Language()
optimizer = torch.optim.AdamW(model.parameters(), lr=0.003)
for step in range(20):
    part = tokens[torch.randint(0, 60, (8,))]
    loss = F.cross_entropy(model(part[:, :-1]).reshape(-1, 11), part[:, 1:].reshape(-1))
"""
    + _STEP,
}
"""Name and text."""
