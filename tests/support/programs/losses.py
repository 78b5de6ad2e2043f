"""Programs with one bug in the loss, and their sound twins."""

from support.watching import Pair

_MLP = """
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(0)
x = torch.randn(256, 6)
y = x[:, :3].argmax(1)
model = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Linear(24, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(30):
    rows = torch.randint(0, 256, (32,))
    optimizer.zero_grad()
    <here>
    loss.backward()
    optimizer.step()
"""
_CNN = """
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(1)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, padding=1)
        self.out = nn.Linear(8 * 16, 4)
    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv(x)), 2).flatten(1)
        <here>
images = torch.randn(128, 1, 8, 8)
labels = torch.arange(128) % 4
for k in range(4):
    images[labels == k, 0, k, :] += 3
net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
criterion = nn.CrossEntropyLoss()
for epoch in range(4):
    order = torch.randperm(128)
    for i in range(0, 128, 32):
        rows = order[i:i + 32]
        loss = criterion(net(images[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
"""
_BINARY = """
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(2)
x = torch.randn(200, 5)
y = (x[:, :1] + 0.3 * x[:, 1:2] > 0).float()
body = nn.Sequential(nn.Linear(5, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(body.parameters(), lr=0.02)
<here>
for step in range(25):
    rows = torch.randperm(200)[:40]
    optimizer.zero_grad()
    loss = criterion(predict(x[rows]), y[rows])
    loss.backward()
    optimizer.step()
"""
_TAGGER = """
import torch
from torch import nn
from torch.nn import functional as F
torch.manual_seed(3)
class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(20, 12)
        self.rnn = nn.GRU(12, 16, batch_first=True)
        self.out = nn.Linear(16, 5)
    def forward(self, x):
        return self.out(self.rnn(self.embedding(x))[0])
words = torch.randint(0, 20, (96, 7))
tags = words % 5
model = Tagger()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(20):
    rows = torch.randint(0, 96, (16,))
    scores = model(words[rows])
    <here>
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

PAIRS = [
    Pair(
        "mlp-softmax-twice",
        "softmax-before-cross-entropy",
        _MLP,
        bug="loss = F.cross_entropy(F.softmax(model(x[rows]), dim=1), y[rows])",
        sound="loss = F.cross_entropy(model(x[rows]), y[rows])",
    ),
    Pair(
        "mlp-log-softmax-twice",
        "log-softmax-before-cross-entropy",
        _MLP,
        bug="loss = F.cross_entropy(F.log_softmax(model(x[rows]), dim=1), y[rows])",
        sound="loss = F.nll_loss(F.log_softmax(model(x[rows]), dim=1), y[rows])",
    ),
    Pair(
        "mlp-nll-of-softmax",
        "nll-of-probabilities",
        _MLP,
        bug="loss = F.nll_loss(F.softmax(model(x[rows]), dim=1), y[rows])",
        sound="loss = F.nll_loss(torch.log(F.softmax(model(x[rows]), dim=1) + 1e-9), y[rows])",
    ),
    Pair(
        "mlp-nll-of-logits",
        "nll-of-logits",
        _MLP,
        bug="loss = F.nll_loss(model(x[rows]), y[rows])",
        sound="loss = F.nll_loss(model(x[rows]).log_softmax(-1), y[rows])",
    ),
    Pair(
        "mlp-softmax-over-batch",
        "softmax-over-wrong-dimension",
        _MLP,
        bug="loss = F.nll_loss(F.log_softmax(model(x[rows]), dim=0), y[rows])",
        sound="loss = F.nll_loss(F.log_softmax(model(x[rows]), dim=1), y[rows])",
    ),
    Pair(
        "cnn-softmax-in-the-model",
        "softmax-before-cross-entropy",
        _CNN,
        bug="return torch.softmax(self.out(x), -1)",
        sound="return self.out(x)",
    ),
    Pair(
        "cnn-relu-on-the-logits",
        "activation-before-cross-entropy",
        _CNN,
        bug="return F.relu(self.out(x))",
        sound="return self.out(F.relu(x))",
    ),
    Pair(
        "binary-sigmoid-twice",
        "probabilities-to-bce-with-logits",
        _BINARY,
        bug="""
        model, criterion = nn.Sequential(body, nn.Sigmoid()), nn.BCEWithLogitsLoss()
        predict = model
        """,
        sound="predict, criterion = body, nn.BCEWithLogitsLoss()",
    ),
    Pair(
        "binary-softmax-of-one",
        "softmax-of-one-class",
        _BINARY,
        bug="predict, criterion = nn.Sequential(body, nn.Softmax(dim=1)), nn.BCELoss()",
        sound="predict, criterion = nn.Sequential(body, nn.Sigmoid()), nn.BCELoss()",
    ),
    Pair(
        "binary-clamped-logits",
        "logits-to-bce",
        _BINARY,
        bug="""
        predict = lambda rows: body(rows).clamp(1e-4, 1 - 1e-4)
        criterion = F.binary_cross_entropy
        """,
        sound="""
        predict = lambda rows: torch.sigmoid(body(rows)).clamp(1e-4, 1 - 1e-4)
        criterion = F.binary_cross_entropy
        """,
    ),
    Pair(
        "tagger-softmax-twice",
        "softmax-before-cross-entropy",
        _TAGGER,
        bug="""
        scores = scores.softmax(2)
        loss = F.cross_entropy(scores.view(-1, 5), tags[rows].view(-1))
        """,
        sound="loss = F.cross_entropy(scores.view(-1, 5), tags[rows].view(-1))",
    ),
]
