"""The network of section 4.1 of "Batch Normalization", trained with and without it.

"We used a very simple network, with a 28x28 binary image as input, and 3 fully-connected hidden
layers with 100 activations each. Each hidden layer computes y = g(Wu+b) with sigmoid nonlinearity,
and the weights W initialized to small random Gaussian values. The last hidden layer is followed by
a fully-connected layer with 10 activations (one per class) and cross-entropy loss. We trained the
network for 50000 steps, with 60 examples per mini-batch. We added Batch Normalization to each
hidden layer of the network".

Normalized, a layer computes y = g(BN(Wu)): its bias would be cancelled, and beta takes its role.
Tested is with the averages gathered in training (Algorithm 2), torch's running averages here.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn

from researchdesk.harness.training.datasets import load
from researchdesk.harness.training.experiment import Experiment, Split

MNIST = "hf:ylecun/mnist@77f3279092a1c1579b2250db8eafed0ad422088c"
HIDDEN, CLASSES = 100, 10
TEST_SHARE = 1 / 2  # of what has no test part of its own
PERCENTILES = (0.15, 0.50, 0.85)
REACHED = 0.8
SCALE = 10.0


class Network(nn.Module):
    """Three hidden layers of sigmoids; keeps what was seen of it at each evaluation.

    ``history`` is (evaluations, percentiles, units) of the inputs to the last hidden layer's
    sigmoids, ``accuracies`` (evaluations,) of the test accuracy. They are part of the state, so
    that a training that goes on from a checkpoint has them.
    """

    def __init__(self, inputs: int, deviation: float, normalized: bool, evaluations: int) -> None:
        super().__init__()
        sizes = [inputs, HIDDEN, HIDDEN, HIDDEN, CLASSES]
        self.layers = nn.ModuleList(
            nn.Linear(a, b, bias=not normalized or b == CLASSES) for a, b in pairwise(sizes)
        )
        for layer in self.layers:
            nn.init.normal_(layer.weight, std=deviation)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        norms = (nn.BatchNorm1d(HIDDEN) if normalized else nn.Identity() for _ in range(3))
        self.norms = nn.ModuleList(norms)
        self.register_buffer("history", torch.zeros(evaluations, len(PERCENTILES), HIDDEN))
        self.register_buffer("accuracies", torch.zeros(evaluations))
        self.register_buffer("seen", torch.zeros((), dtype=torch.int64))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers[-1](torch.sigmoid(self.last_inputs(x)))

    def last_inputs(self, x: Tensor) -> Tensor:
        """What goes into the sigmoids of the last hidden layer."""
        for layer, norm in list(zip(self.layers, self.norms, strict=False))[:-1]:
            x = torch.sigmoid(norm(layer(x)))
        return self.norms[-1](self.layers[-2](x))


class BatchNormalization(Experiment):
    task = "classification"

    def data(self, run):
        if run.settings["data"] == "made":
            x = torch.rand(600, 784, generator=run.generator("split")).round()
            y = torch.randint(CLASSES, (600,), generator=run.generator("split"))
            return Split(train=(x, y), test=(x, y), image_shape=(28, 28))
        found = load(run.data["mnist"] if substituted(run) else MNIST, run.cache)

        def binary(x):
            return (torch.as_tensor(x).float() > found.highest / 2).float()

        x, y = binary(found.x), torch.as_tensor(found.y)
        if found.test is not None:
            train, test = (x, y), (binary(found.test[0]), torch.as_tensor(found.test[1]))
        else:
            order = torch.randperm(len(x), generator=run.generator("split"))
            held = round(len(x) * TEST_SHARE)
            train, test = (x[order[held:]], y[order[held:]]), (x[order[:held]], y[order[:held]])
        return Split(train, test, classes=found.classes, image_shape=found.image_shape)

    def model(self, run):
        inputs = 784
        if substituted(run):
            inputs = load(run.data["mnist"], run.cache).x.shape[1]
        evaluations = -(-self.steps(run) // run.settings["evaluate_every"])
        settings = run.settings
        return Network(inputs, settings["deviation"], settings["batch_norm"], evaluations)

    def steps(self, run):
        return run.settings["substitute_steps" if substituted(run) else "full_steps"]

    def evaluate(self, model, split, run):
        measured = super().evaluate(model, split, run)
        now = min(int(model.seen), len(model.history) - 1)
        with torch.no_grad():
            inputs = model.last_inputs(split.test[0])
            at = torch.tensor(PERCENTILES, device=inputs.device)
            model.history[now] = torch.quantile(inputs, at, dim=0)
        model.accuracies[now] = measured["test_accuracy"]
        model.seen += 1
        return measured

    def finish(self, model, split, run):
        every, steps = run.settings["evaluate_every"], self.steps(run)
        reached = (model.accuracies >= REACHED).nonzero()
        first = int(reached[0]) + 1 if len(reached) else len(model.accuracies)
        metrics = {
            "steps_to_80": min(first * every, steps),
            "drift": float(model.history.std(dim=0).mean()) if len(model.history) > 1 else 0.0,
        }
        return metrics | (algebra(run) if run.settings["data"] == "made" else {})


def substituted(run) -> bool:
    return run.settings["data"] == "mnist" and run.data.get("mnist", "mnist") != "mnist"


def normalize(w: Tensor, u: Tensor) -> Tensor:
    """BN(Wu) over a mini-batch, without the epsilon that guards against a variance of zero."""
    x = u @ w.T
    return (x - x.mean(dim=0)) / x.var(dim=0, correction=0).sqrt()


def algebra(run) -> dict[str, float]:
    """What section 3.3 says of a layer's scale, in double precision, and what a layer costs."""
    draw = {"generator": run.generator("noise"), "dtype": torch.float64}
    u, given = torch.randn(60, 30, **draw), torch.randn(60, 20, **draw)
    w = torch.randn(20, 30, **draw).requires_grad_()
    scaled = (SCALE * w.detach()).requires_grad_()
    (normalize(w, u) * given).sum().backward()
    (normalize(scaled, u) * given).sum().backward()
    change = (normalize(scaled, u) - normalize(w, u)).abs().max()
    gradient = (SCALE * scaled.grad - w.grad).abs().max() / w.grad.abs().max()
    norm = nn.BatchNorm1d(HIDDEN)
    added = sum(parameter.numel() for parameter in norm.parameters())
    return {
        "scale_change": float(change.detach()),
        "gradient_change": float(gradient),
        "added_per_activation": added / HIDDEN,
    }
