"""Programs whose outputs depend on what they should not, or on nothing; and their sound twins."""

from support.watching import Pair

_START = """
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(0)
"""
_SEQUENCES = """
x = torch.randn(120, 7, 6)
y = (x[:, :, 0].sum(1) > 0).long()
"""
_TRAIN = """
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for step in range(20):
    index = torch.randint(0, len(x), (24,))
    loss = F.cross_entropy(model(x[index]), y[index])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
_LOADED = """
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
loader = DataLoader(TensorDataset(x, y), batch_size=20, shuffle=True)
for epoch in range(3):
    for inputs, labels in loader:
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
"""
_NEXT = """
tokens = torch.randint(0, 11, (60, 13))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for step in range(16):
    part = tokens[torch.randint(0, 60, (8,))]
    logits = model(part[:, :-1])
    loss = F.cross_entropy(logits.reshape(-1, 11), part[:, 1:].reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

PAIRS = [
    Pair(
        "lstm over the batch",
        "batch-items-mixed",
        _START
        + _SEQUENCES
        + """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        <here>
        self.out = nn.Linear(10, 2)
    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])
model = Net()
"""
        + _TRAIN,
        bug="self.rnn = nn.LSTM(6, 10)",
        sound="self.rnn = nn.LSTM(6, 10, batch_first=True)",
    ),
    Pair(
        "transformer over the batch",
        "batch-items-mixed",
        _START
        + _SEQUENCES
        + """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        <here>
        self.out = nn.Linear(6, 2)
    def forward(self, x):
        return self.out(self.body(x).mean(1))
model = Net()
"""
        + _LOADED,
        bug="self.body = nn.TransformerEncoderLayer(6, 2, 12, dropout=0.1)",
        sound="self.body = nn.TransformerEncoderLayer(6, 2, 12, dropout=0.1, batch_first=True)",
    ),
    Pair(
        "features normalised over the batch",
        "batch-items-mixed",
        _START
        + """
x = torch.randn(96, 8)
y = x[:, :3].argmax(1)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Linear(8, 16), nn.Linear(16, 3)
    def forward(self, x):
        h = self.one(x)
        <here>
        return self.two(torch.relu(h))
model = Net()
"""
        + _TRAIN,
        bug="h = h / h.norm(dim=0, keepdim=True)",
        sound="h = h / h.norm(dim=1, keepdim=True)",
    ),
    Pair(
        "dead first layer",
        "output-ignores-input",
        _START
        + """
x = torch.randn(96, 8)
y = x[:, :3].argmax(1)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Linear(8, 16), nn.Linear(16, 3)
    def forward(self, x):
        h = torch.relu(self.one(x))
        <here>
        return self.two(h)
model = Net()
"""
        + _TRAIN,
        bug="h = torch.relu(self.one(torch.zeros_like(x)))",
        sound="h = h * 1.0",
    ),
    Pair(
        "softmax of a single output",
        "output-ignores-input",
        _START
        + """
x = torch.randn(96, 8)
y = (x[:, :1] > 0).float()
<here>
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for step in range(20):
    loss = F.mse_loss(model(x[step:step + 48]), y[step:step + 48])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        bug="model = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 1), nn.Softmax(1))",
        sound="model = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 1), nn.Sigmoid())",
    ),
    Pair(
        "gan whose generator ignores its noise",
        "output-ignores-input",
        _START
        + """
real = torch.randn(200, 2) * 0.3 + 1.0
class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Linear(4, 16), nn.Linear(16, 2)
    def forward(self, z):
        <here>
        return self.two(torch.relu(self.one(z)))
make = Generator()
judge = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
first = torch.optim.Adam(make.parameters(), lr=0.002)
second = torch.optim.Adam(judge.parameters(), lr=0.002)
for step in range(20):
    batch, fake = real[torch.randint(0, 200, (32,))], make(torch.randn(32, 4))
    good = F.binary_cross_entropy_with_logits(judge(batch), torch.ones(32, 1))
    bad = F.binary_cross_entropy_with_logits(judge(fake.detach()), torch.zeros(32, 1))
    second.zero_grad()
    (good + bad).backward()
    second.step()
    loss = F.binary_cross_entropy_with_logits(judge(fake), torch.ones(32, 1))
    first.zero_grad()
    loss.backward()
    first.step()
""",
        bug="z = torch.randn_like(z)",
        sound="z = z * 1.0",
    ),
    Pair(
        "attention without a causal mask",
        "sees-the-future",
        _START
        + """
class Language(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.places = nn.Embedding(11, 12), nn.Embedding(12, 12)
        self.body = nn.TransformerEncoderLayer(12, 2, 24, dropout=0.0, batch_first=True)
        self.out = nn.Linear(12, 11)
    def forward(self, x):
        h = self.words(x) + self.places.weight
        <here>
        return self.out(h)
model = Language()
"""
        + _NEXT,
        bug="h = self.body(h)",
        sound="h = self.body(h, src_mask=nn.Transformer.generate_square_subsequent_mask(12))",
    ),
    Pair(
        "a language model that reads both ways",
        "sees-the-future",
        _START
        + """
class Language(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(11, 12)
        <here>
    def forward(self, x):
        return self.out(self.rnn(self.words(x))[0])
model = Language()
"""
        + _NEXT,
        bug="""
        self.rnn = nn.GRU(12, 8, batch_first=True, bidirectional=True)
        self.out = nn.Linear(16, 11)
        """,
        sound="self.rnn, self.out = nn.GRU(12, 16, batch_first=True), nn.Linear(16, 11)",
    ),
    Pair(
        "a language model over the batch",
        "batch-items-mixed",
        _START
        + """
class Language(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.out = nn.Embedding(11, 12), nn.Linear(16, 11)
        <here>
    def forward(self, x):
        return self.out(self.rnn(self.words(x))[0])
model = Language()
"""
        + _NEXT,
        bug="self.rnn = nn.GRU(12, 16)",
        sound="self.rnn = nn.GRU(12, 16, batch_first=True)",
    ),
]
