"""Programs in the wrong mode, and their sound twins."""

from support.watching import Pair

MLP = """
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
x = torch.randn(160, 8)
y = (x[:, :3] + 0.3 * torch.randn(160, 3)).argmax(1)
x_test = torch.randn(48, 8)
y_test = x_test[:, :3].argmax(1)
model = nn.Sequential(nn.Linear(8, 24), nn.ReLU(), nn.Dropout(0.3), nn.Linear(24, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
"""

LOADERS = """
import torch
from torch import nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(0)
images = torch.randn(128, 1, 8, 8)
labels = (images[:, 0, :4].mean((1, 2)) > images[:, 0, 4:].mean((1, 2))).long()
train = DataLoader(TensorDataset(images[:96], labels[:96]), 16, shuffle=True)
test = DataLoader(TensorDataset(images[96:], labels[96:]), 8)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 6, 3, bias=False)
        self.norm = nn.BatchNorm2d(6)
        self.head = nn.Linear(6 * 36, 2)
    def forward(self, x):
        return self.head(F.relu(self.norm(self.conv(x))).flatten(1))
model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
criterion = nn.CrossEntropyLoss()
"""

EVALUATION = "evaluation-in-training-mode"
TRAINING = "training-in-evaluation-mode"

PAIRS = [
    Pair(
        "mlp-last-evaluation",
        EVALUATION,
        MLP
        + """
for epoch in range(30):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
with torch.no_grad():
    <here>
    accuracy = (model(x_test).argmax(1) == y_test).float().mean().item()
print(accuracy)
""",
        bug="pass",
        sound="model.eval()",
    ),
    Pair(
        "cnn-loaders-batch-norm",
        EVALUATION,
        LOADERS
        + """
for epoch in range(4):
    model.train()
    for a, b in train:
        optimizer.zero_grad()
        loss = criterion(model(a), b)
        loss.backward()
        optimizer.step()
    <here>
    right = 0
    with torch.no_grad():
        for a, b in test:
            right += (model(a).argmax(1) == b).sum().item()
    print(right / 32)
""",
        bug="model.eval",
        sound="model.eval()",
    ),
    Pair(
        "regression-each-epoch",
        EVALUATION,
        """
import torch
from torch import nn
torch.manual_seed(1)
x = torch.rand(200, 5)
y = x.sum(1, keepdim=True)
x_val, y_val = torch.rand(40, 5), torch.zeros(40, 1)
y_val[:] = x_val.sum(1, keepdim=True)
model = nn.Sequential(nn.Linear(5, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(12):
    model.train()
    for i in range(0, 200, 50):
        loss = ((model(x[i:i + 50]) - y[i:i + 50]) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    <here>
    with torch.no_grad():
        error = ((model(x_val) - y_val) ** 2).mean()
    print(float(error))
""",
        bug="pass",
        sound="model.eval()",
    ),
    Pair(
        "one-loop-for-both-with-gradients",
        EVALUATION,
        LOADERS
        + """
def run(loader, optimizer=None):
    <here>
    total = 0.0
    for a, b in loader:
        loss = criterion(model(a), b)
        if optimizer is not None:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        total += loss.item()
    return total / len(loader)
for epoch in range(4):
    print(run(train, optimizer), run(test))
""",
        bug="model.train()",
        sound="model.train(optimizer is not None)",
    ),
    Pair(
        "transformer",
        EVALUATION,
        """
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(12, 16)
        layer = nn.TransformerEncoderLayer(16, 2, 32, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)
        self.out = nn.Linear(16, 12)
    def forward(self, tokens):
        return self.out(self.encoder(self.embed(tokens)))
model = Tagger()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
def batch(n=16):
    tokens = torch.randint(0, 12, (n, 6))
    return tokens, tokens.flip(1)
held_out = [batch() for _ in range(4)]
def evaluate():
    <here>
    losses = []
    with torch.no_grad():
        for tokens, goal in held_out:
            losses.append(F.cross_entropy(model(tokens).view(-1, 12), goal.reshape(-1)).item())
    model.train()
    return sum(losses) / len(losses)
for step in range(40):
    tokens, goal = batch()
    loss = F.cross_entropy(model(tokens).view(-1, 12), goal.reshape(-1))
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    if step % 10 == 9:
        print(evaluate())
""",
        bug="pass",
        sound="model.eval()",
    ),
    Pair(
        "averaged-weights",
        EVALUATION,
        LOADERS
        + """
import copy
average = copy.deepcopy(model)
for epoch in range(4):
    model.train()
    for a, b in train:
        optimizer.zero_grad()
        criterion(model(a), b).backward()
        optimizer.step()
        with torch.no_grad():
            for p, q in zip(average.parameters(), model.parameters()):
                p.lerp_(q, 0.1)
            for p, q in zip(average.buffers(), model.buffers()):
                p.copy_(q)
    <here>
    with torch.inference_mode():
        print(sum(criterion(average(a), b).item() for a, b in test))
""",
        bug="pass",
        sound="average.eval()",
    ),
    Pair(
        "never-back-to-training",
        TRAINING,
        MLP
        + """
model.train()
for epoch in range(8):
    <here>
    for i in range(0, 160, 40):
        optimizer.zero_grad()
        F.cross_entropy(model(x[i:i + 40]), y[i:i + 40]).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        print((model(x_test).argmax(1) == y_test).float().mean().item())
""",
        bug="pass",
        sound="model.train()",
    ),
    Pair(
        "always-in-evaluation",
        TRAINING,
        LOADERS
        + """
<here>
for epoch in range(3):
    for a, b in train:
        optimizer.zero_grad()
        criterion(model(a), b).backward()
        optimizer.step()
""",
        bug="model.eval()",
        sound="model.train()",
    ),
    Pair(
        "two-parts",
        TRAINING,
        """
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(3)
x = torch.randn(120, 5, 6)
y = x.mean(1)[:, :3].argmax(1)
class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(6, 12, num_layers=2, dropout=0.2, batch_first=True)
    def forward(self, x):
        return self.rnn(x)[0][:, -1]
encoder = Encoder()
head = nn.Sequential(nn.Dropout(0.1), nn.Linear(12, 3))
optimizer = torch.optim.Adam([*encoder.parameters(), *head.parameters()], lr=0.02)
for epoch in range(6):
    <here>
    head.train()
    for i in range(0, 96, 32):
        loss = F.cross_entropy(head(encoder(x[i:i + 32])), y[i:i + 32])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    encoder.eval()
    head.eval()
    with torch.no_grad():
        print(F.cross_entropy(head(encoder(x[96:])), y[96:]).item())
""",
        bug="pass",
        sound="encoder.train()",
    ),
    Pair(
        "functional-dropout",
        "dropout-always-on",
        """
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Linear(8, 32), nn.Linear(32, 3)
    def forward(self, x):
        <here>
        return self.two(h)
x = torch.randn(128, 8)
y = x[:, :3].argmax(1)
model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(20):
    model.train()
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
    model.eval()
    with torch.no_grad():
        print((model(x).argmax(1) == y).float().mean().item())
""",
        bug="h = F.dropout(F.relu(self.one(x)), 0.4)",
        sound="h = F.dropout(F.relu(self.one(x)), 0.4, training=self.training)",
    ),
    Pair(
        "attention-with-dropout",
        "dropout-always-on",
        """
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.mix, self.out = nn.Linear(8, 24), nn.Linear(8, 8)
    def forward(self, x):
        q, k, v = (part.unsqueeze(1) for part in self.mix(x).chunk(3, -1))
        <here>
        return self.out(F.scaled_dot_product_attention(q, k, v, dropout_p=p).squeeze(1))
model = nn.Sequential(Attention(), nn.ReLU(), Attention(), nn.Flatten(), nn.Linear(40, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
x = torch.randn(96, 5, 8)
y = (x[:, :, 0].sum(1) > 0).long()
for epoch in range(6):
    model.train()
    for part in torch.randperm(64).split(16):
        optimizer.zero_grad()
        F.cross_entropy(model(x[part]), y[part]).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        print(F.cross_entropy(model(x[64:]), y[64:]).item())
""",
        bug="p = 0.1",
        sound="p = 0.1 if self.training else 0.0",
    ),
    Pair(
        "functional-dropout-and-no-eval",
        EVALUATION,
        """
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Linear(8, 32), nn.Linear(32, 3)
    def forward(self, x):
        return self.two(F.dropout(F.relu(self.one(x)), 0.4, self.training))
x = torch.randn(128, 8)
y = x[:, :3].argmax(1)
x_test, y_test = x[100:], y[100:]
model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(20):
    model.train()
    optimizer.zero_grad()
    F.cross_entropy(model(x[:100]), y[:100]).backward()
    optimizer.step()
    <here>
    with torch.no_grad():
        print((model(x_test).argmax(1) == y_test).float().mean().item())
""",
        bug="pass",
        sound="model.eval()",
    ),
    Pair(
        "forward-called-by-name",
        EVALUATION,
        LOADERS
        + """
class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.drop, self.two = nn.Linear(64, 16), nn.Dropout(0.2), nn.Linear(16, 2)
    def forward(self, x):
        return self.two(self.drop(F.relu(self.one(x.flatten(1)))))
model = Plain()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(4):
    model.train()
    for a, b in train:
        optimizer.zero_grad()
        criterion(model.forward(a), b).backward()
        optimizer.step()
    <here>
    with torch.no_grad():
        print(sum(criterion(model.forward(a), b).item() for a, b in test))
""",
        bug="pass",
        sound="model.eval()",
    ),
    Pair(
        "graph-kept-by-evaluation",
        "evaluation-with-gradients",
        MLP
        + """
for epoch in range(30):
    model.train()
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
    model.eval()
    <here>
    print((out.argmax(1) == y_test).float().mean().item())
""",
        bug="out = model(x_test)",
        sound="""
with torch.no_grad():
    out = model(x_test)
""",
    ),
]
