"""Programs with a view, a state or a carried tensor that is wrong; and their sound twins."""

from support.watching import Pair

_START = """
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(0)
"""
_LABELLED = """
x = torch.randn(96, 8)
y = x[:, :3].argmax(1)
"""
_TRAIN = """
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(24):
    index = torch.randint(0, len(x), (32,))
    loss = F.cross_entropy(model(x[index]), y[index])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
_SEQUENCES = """
x = torch.randn(120, 7, 6)
y = (x[:, :, 0].sum(1) > 0).long()
"""


PAIRS = [
    Pair(
        "rnn fed with a view",
        "view-for-transpose",
        _START
        + _SEQUENCES
        + """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.out = nn.GRU(6, 12), nn.Linear(12, 2)
    def forward(self, x):
        <here>
        return self.out(self.rnn(x)[0][-1])
model = Net()
"""
        + _TRAIN,
        bug="x = x.view(x.shape[1], x.shape[0], -1)",
        sound="x = x.transpose(0, 1)",
    ),
    Pair(
        "heads split by a view",
        "view-for-transpose",
        _START
        + _SEQUENCES
        + """
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.start, self.qkv, self.out = nn.Linear(6, 16), nn.Linear(16, 48), nn.Linear(16, 2)
    def forward(self, x):
        x = torch.tanh(self.start(x))
        b, t, c = x.shape
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        <here>
        a = (q @ k.transpose(-2, -1) / 2).softmax(-1) @ v
        a = a.transpose(1, 2).reshape(b, t, c)
        return self.out(a.mean(1))
model = Attention()
"""
        + _TRAIN,
        bug="q, k, v = (z.reshape(b, 4, t, 4) for z in (q, k, v))",
        sound="q, k, v = (z.reshape(b, t, 4, 4).transpose(1, 2) for z in (q, k, v))",
    ),
    Pair(
        "image to tokens by a view",
        "view-for-transpose",
        _START
        + """
x = torch.randn(64, 1, 8, 8)
y = (x.mean((1, 2, 3)) > 0).long()
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.out = nn.Conv2d(1, 10, 3, padding=1), nn.Linear(10, 2)
        self.mix = nn.TransformerEncoderLayer(10, 2, 20, batch_first=True, dropout=0.0)
    def forward(self, x):
        h = torch.relu(self.conv(x))
        <here>
        return self.out(self.mix(h).mean(1))
model = Net()
"""
        + _TRAIN.replace("24", "12"),
        bug="h = h.view(h.shape[0], 64, 10)",
        sound="h = h.flatten(2).transpose(1, 2)",
    ),
    Pair(
        "checkpoint of a wrapped model",
        "checkpoint-loaded-in-part",
        _START
        + _LABELLED
        + """
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
state = {"module." + name: value.clone() for name, value in model.state_dict().items()}
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
<here>
"""
        + _TRAIN,
        bug="model.load_state_dict(state, strict=False)",
        sound="model.load_state_dict({name[7:]: value for name, value in state.items()})",
    ),
    Pair(
        "running statistics left out",
        "batch-norm-statistics-not-loaded",
        _START
        + """
x = torch.randn(64, 1, 8, 8)
y = (x.mean((1, 2, 3)) > 0).long()
def make():
    conv = nn.Conv2d(1, 4, 3, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(144, 2))
model = make()
"""
        + _TRAIN.replace("24", "10")
        + """
<here>
model = make()
model.load_state_dict(state, strict=False)
model.eval()
with torch.no_grad():
    print((model(x).argmax(1) == y).float().mean())
""",
        bug="state = dict(model.named_parameters())",
        sound="state = model.state_dict()",
    ),
    Pair(
        "output layer that copies the embedding",
        "tied-by-copy",
        _START
        + """
x = torch.randint(0, 20, (40, 9))
class Language(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.rnn = nn.Embedding(20, 12), nn.GRU(12, 12, batch_first=True)
        self.out = nn.Linear(12, 20)
        <here>
    def forward(self, x):
        return self.out(self.rnn(self.words(x))[0])
model = Language()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(12):
    loss = F.cross_entropy(model(x[:, :-1]).transpose(1, 2), x[:, 1:])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        bug="self.out.weight = nn.Parameter(self.words.weight.clone())",
        sound="self.out.weight = self.words.weight",
    ),
    Pair(
        "hidden state with its history",
        "hidden-state-not-detached",
        _START
        + """
x = torch.randn(60, 4, 6)
rnn, out = nn.LSTM(6, 10), nn.Linear(10, 1)
optimizer = torch.optim.SGD([*rnn.parameters(), *out.parameters()], lr=0.01)
state = None
for start in range(0, 60, 10):
    h, state = rnn(x[start:start + 10], state)
    loss = F.mse_loss(out(h), x[start:start + 10, :, :1])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    <here>
""",
        bug="pass",
        sound="state = tuple(part.detach() for part in state)",
    ),
]
