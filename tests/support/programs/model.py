"""Programs with a fault in the model, and their sound twins."""

from textwrap import dedent

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


def _mlp(name: str, finding: str, bug: str, sound: str, before: str = "<here>\n") -> Pair:
    return Pair(name, finding, _START + _LABELLED + dedent(before) + _TRAIN, bug, sound)


def _net(layers: str) -> str:
    return f"model = nn.Sequential({layers})"


PAIRS = [
    _mlp(
        "mlp without activation",
        "activation-missing",
        bug=_net("nn.Linear(8, 32), nn.Linear(32, 3)"),
        sound=_net("nn.Linear(8, 32), nn.Tanh(), nn.Linear(32, 3)"),
    ),
    _mlp(
        "dropout is no activation",
        "activation-missing",
        bug=_net("nn.Linear(8, 32), nn.Dropout(0.2), nn.Linear(32, 3)"),
        sound=_net("nn.Linear(8, 32), nn.GELU(), nn.Dropout(0.2), nn.Linear(32, 3)"),
    ),
    _mlp(
        "bias before batch norm",
        "bias-before-batch-norm",
        bug=_net("nn.Linear(8, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 3)"),
        sound=_net("nn.Linear(8, 32, bias=False), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 3)"),
    ),
    _mlp(
        "output without bias",
        "output-without-bias",
        bug=_net("nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 3, bias=False)"),
        sound=_net("nn.Linear(8, 32, bias=False), nn.ReLU(), nn.Linear(32, 3)"),
    ),
    _mlp(
        "dropout on logits",
        "dropout-on-output",
        bug=_net("nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 3), nn.Dropout(0.3)"),
        sound=_net("nn.Linear(8, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 3)"),
    ),
    _mlp(
        "share kept taken for share dropped",
        "dropout-very-high",
        bug=_net("nn.Linear(8, 32), nn.ReLU(), nn.Dropout(0.9), nn.Linear(32, 3)"),
        sound=_net("nn.Linear(8, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 3)"),
    ),
    _mlp(
        "units pushed below zero",
        "dead-relus",
        before="""
        model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 3))
        <here>
        """,
        bug="nn.init.constant_(model[0].bias, -50.0)",
        sound="nn.init.constant_(model[0].bias, 0.1)",
    ),
    _mlp(
        "inputs of hundreds into tanh",
        "saturated-activations",
        before="""
        model = nn.Sequential(nn.Linear(8, 32), nn.Tanh(), nn.Linear(32, 3))
        <here>
        """,
        bug="model[0].weight.data.mul_(300)",
        sound="model[0].weight.data.mul_(1)",
    ),
    _mlp(
        "constant weights",
        "weights-equal-at-start",
        before="""
        model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 3))
        for layer in (model[0], model[2]):
            <here>
            nn.init.zeros_(layer.bias)
        """,
        bug="nn.init.constant_(layer.weight, 0.1)",
        sound="nn.init.xavier_uniform_(layer.weight)",
    ),
    _mlp(
        "all weights zero",
        "weights-equal-at-start",
        before="""
        model = nn.Sequential(nn.Linear(8, 32), nn.Tanh(), nn.Linear(32, 3))
        <here>
        """,
        bug="for p in model.parameters(): nn.init.zeros_(p)",
        sound="for p in model[2].parameters(): nn.init.zeros_(p)",
    ),
    _mlp(
        "layers in a plain list",
        "modules-not-registered",
        before="""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                <here>
                self.out = nn.Linear(16, 3)
            def forward(self, x):
                for layer in self.hidden:
                    x = torch.relu(layer(x))
                return self.out(x)
        model = Net()
        """,
        bug="self.hidden = [nn.Linear(8, 16), nn.Linear(16, 16)]",
        sound="self.hidden = nn.ModuleList([nn.Linear(8, 16), nn.Linear(16, 16)])",
    ),
    _mlp(
        "a tensor that is no parameter",
        "parameters-not-registered",
        before="""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                <here>
                self.out = nn.Linear(16, 3)
            def forward(self, x):
                return self.out(torch.tanh(x @ self.first))
        model = Net()
        """,
        bug="self.first = (torch.randn(8, 16) * 0.3).requires_grad_()",
        sound="self.first = nn.Parameter(torch.randn(8, 16) * 0.3)",
    ),
    _mlp(
        "a layer made in forward",
        "module-made-in-forward",
        before="""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.one, self.two = nn.Linear(8, 16), nn.Linear(16, 3)
                self.norm = nn.LayerNorm(16)
            def forward(self, x):
                h = torch.relu(self.one(x))
                <here>
                return self.two(h)
        model = Net()
        """,
        bug="h = torch.relu(nn.Linear(16, 16)(h))",
        sound="h = self.norm(h)",
    ),
    _mlp(
        "softmax over the items",
        "softmax-over-batch",
        before="""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.score, self.out = nn.Linear(8, 8), nn.Linear(8, 3)
            def forward(self, x):
                <here>
                return self.out(weight * x)
        model = Net()
        """,
        bug="weight = F.softmax(self.score(x), dim=0)",
        sound="weight = F.softmax(self.score(x), dim=1)",
    ),
    Pair(
        "sigmoid towards targets beyond it",
        "output-cannot-reach-targets",
        _START
        + """
x = torch.randn(128, 8)
y = (x[:, :1] * 3 + x[:, 1:2])
<here>
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for step in range(20):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        bug=_net("nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1), nn.Sigmoid()"),
        sound=_net("nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1)"),
    ),
    _mlp(
        "data written to by the model",
        "input-changed-in-place",
        before="""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
            def forward(self, x):
                <here>
                return self.body(x)
        model = Net()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for step in range(12):
            loss = F.cross_entropy(model(x[:48]), y[:48])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        """,
        bug="x /= 2.0",
        sound="x = x / 2.0",
    ),
    Pair(
        "relu on the logit of two classes",
        "activation-on-logits",
        _START
        + """
x = torch.randn(96, 8)
y = (x[:, :1] > 0).float()
<here>
"""
        + _TRAIN.replace("cross_entropy", "binary_cross_entropy_with_logits"),
        bug=_net("nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1), nn.ReLU()"),
        sound=_net("nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1)"),
    ),
]
