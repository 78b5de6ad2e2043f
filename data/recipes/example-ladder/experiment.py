"""A ladder of experiments on small data sets: the example that shows what a recipe can hold.

The rungs: overfit one batch, fit, regularise, tune, and squeeze the last out by training longer, by
an ensemble that votes or is stacked, and by distilling the ensemble into one network.

The loop trains on scikit-learn's digits, which have a second test set, of shifted images. In
``finish`` the same settings are tried on seven more sets, small enough to be trained to the end
there: their accuracies are ``accuracy/NAME``, and that of the digits stands with them.
"""

import math

import torch
from sklearn.datasets import make_circles, make_gaussian_quantiles, make_hastie_10_2, make_moons
from torch import Tensor, nn
from torch.nn import functional

from researchdesk.harness.training.datasets import load
from researchdesk.harness.training.experiment import Experiment, Split, accuracy

TABLES = ("wine", "iris", "breast_cancer")
MADE = {
    "moons": lambda seed: make_moons(400, noise=0.3, random_state=seed),
    "circles": lambda seed: make_circles(400, noise=0.2, factor=0.5, random_state=seed),
    "quantiles": lambda seed: make_gaussian_quantiles(
        n_samples=400, n_features=10, n_classes=3, random_state=seed
    ),
    "hastie": lambda seed: make_hastie_10_2(400, random_state=seed),
}
TEST_SHARE, VALID_SHARE = 1 / 2, 1 / 10
STEPS_TO_STACK = 200


class Networks(nn.Module):
    """Networks of one hidden layer, side by side; they vote, or are weighted by ``mixture``."""

    def __init__(self, members: int, inputs: int, hidden: int, classes: int) -> None:
        super().__init__()
        self.first = nn.Parameter(torch.randn(members, inputs, hidden) / math.sqrt(inputs))
        self.first_bias = nn.Parameter(torch.zeros(members, 1, hidden))
        self.second = nn.Parameter(torch.randn(members, hidden, classes) / math.sqrt(hidden))
        self.second_bias = nn.Parameter(torch.zeros(members, 1, classes))
        self.register_buffer("mixture", torch.full((members,), 1 / members))

    def each(self, x: Tensor) -> Tensor:
        """The logits of every network: (members, examples, classes)."""
        hidden = torch.relu(torch.matmul(x, self.first) + self.first_bias)
        return torch.matmul(hidden, self.second) + self.second_bias

    def forward(self, x: Tensor) -> Tensor:
        """The logarithm of the mixture of their probabilities: (examples, classes)."""
        return mixed(self.each(x).log_softmax(dim=2), self.mixture)


class Student(nn.Module):
    """A network that learns what an ensemble, trained before it, says."""

    def __init__(self, network: Networks, teacher: Networks) -> None:
        super().__init__()
        self.network = network
        self.teacher = teacher.requires_grad_(False)

    def forward(self, x: Tensor) -> Tensor:
        return self.network(x)


class Ladder(Experiment):
    task = "classification"

    def data(self, run):
        found = load("scikit-learn:digits", run.cache)
        x, y = torch.as_tensor(found.x).float() / found.highest, torch.as_tensor(found.y)
        split = parts(x, y, run)
        if run.settings["examples"]:
            few = run.settings["examples"]
            split["train"] = tuple(part[:few] for part in split["train"])
        moved = shifted(split["test"][0], run.generator("split"), sides_only=True)
        return Split(
            **split,
            classes=found.classes,
            image_shape=(8, 8),
            tests={"shifted": (moved, split["test"][1])},
        )

    def model(self, run):
        settings = run.settings
        network = networks(run, 64, 10, settings["members"])
        if not settings["teachers"]:
            return network
        teacher = networks(run, 64, 10, settings["teachers"])
        train = self.data(run.silent()).train  # the same split, drawn from its beginning
        fit(teacher, train, run, settings["epochs"], settings["shifts"])
        return Student(network, teacher)

    def optimizer(self, parameters, run):
        wanted = [parameter for parameter in parameters if parameter.requires_grad]
        return sgd(wanted, run)

    def loss(self, model, batch, run):
        if isinstance(model, Student):
            with torch.no_grad():
                told = model.teacher(batch[0]).exp()
            return functional.cross_entropy(model.network(batch[0]), told)
        return loss_of_each(model, batch)

    def augment(self, batch, run):
        if not run.settings["shifts"]:
            return batch
        return shifted(batch[0], run.generator("augment")), batch[1]

    def finish(self, model, split, run):
        network = model.network if isinstance(model, Student) else model
        if run.settings["stacked"]:
            stack(network, split.valid)
        metrics = dict(self.evaluate(model, split, run))
        metrics["accuracy/digits"] = metrics["test_accuracy"]
        metrics["lost_by_shift"] = metrics["test_accuracy"] - metrics["shifted_accuracy"]
        metrics["fitted"] = float(metrics["train_accuracy"] == 1.0)
        metrics["parameters"] = sum(p.numel() for p in network.parameters())
        if isinstance(model, Student):
            taught = accuracy(model.teacher, *split.test)
            metrics["kept"] = 100 * (metrics["test_accuracy"] - taught)
        if run.settings["others"]:
            metrics |= {f"accuracy/{name}": other(name, run) for name in (*TABLES, *MADE)}
        return metrics


def networks(run, inputs: int, classes: int, members: int) -> Networks:
    return Networks(members, inputs, run.settings["hidden"], classes).to(run.device)


def sgd(parameters, run) -> torch.optim.Optimizer:
    settings = run.settings
    decay = settings["weight_decay"]
    return torch.optim.SGD(parameters, lr=settings["lr"], momentum=0.9, weight_decay=decay)


def parts(x: Tensor, y: Tensor, run) -> dict[str, tuple[Tensor, Tensor]]:
    """Half for testing, a tenth for validation, the rest for training."""
    order = torch.randperm(len(x), generator=run.generator("split"))
    test, valid = round(TEST_SHARE * len(x)), round(VALID_SHARE * len(x))
    cut = {
        "test": order[:test],
        "valid": order[test : test + valid],
        "train": order[test + valid :],
    }
    return {name: (x[rows].to(run.device), y[rows].to(run.device)) for name, rows in cut.items()}


def shifted(x: Tensor, generator: torch.Generator, sides_only: bool = False) -> Tensor:
    """Images of 8 x 8 moved by one pixel at most, each at random; zeros come in at the edge.

    ``sides_only``: each by exactly one pixel, up, down, left or right.
    """
    ways = [(-1, 0), (1, 0), (0, -1), (0, 1)]
    if not sides_only:
        ways += [(0, 0), (-1, -1), (-1, 1), (1, -1), (1, 1)]
    drawn = torch.randint(len(ways), (len(x),), generator=generator).to(x.device)
    images = functional.pad(x.reshape(-1, 8, 8), (1, 1, 1, 1))
    moved = torch.stack([images.roll(way, (1, 2))[:, 1:9, 1:9].flatten(1) for way in ways])
    return moved[drawn, torch.arange(len(x), device=x.device)]


def mixed(logs: Tensor, mixture: Tensor) -> Tensor:
    """The logarithm of a weighted mean of probabilities, given their logarithms."""
    return (logs + mixture.log()[:, None, None]).logsumexp(dim=0)


def loss_of_each(model: Networks, batch: tuple[Tensor, Tensor]) -> Tensor:
    """The sum of the members' losses, so that each is trained as if alone."""
    logits = model.each(batch[0])
    classes = batch[1].expand(len(logits), -1)
    return functional.cross_entropy(logits.flatten(0, 1), classes.flatten()) * len(logits)


def fit(model: Networks, train: tuple[Tensor, Tensor], run, epochs: int, shifts: bool) -> None:
    """Train to the end, outside of the loop."""
    x, y = train
    optimizer = sgd(model.parameters(), run)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=run.generator("order")).to(x.device)
        for chosen in order.split(run.settings["batch_size"]):
            some = shifted(x[chosen], run.generator("augment")) if shifts else x[chosen]
            optimizer.zero_grad()
            loss_of_each(model, (some, y[chosen])).backward()
            optimizer.step()


def stack(model: Networks, valid: tuple[Tensor, Tensor]) -> None:
    """Set the mixture to the weights that make the validation set likeliest."""
    with torch.no_grad():
        logs = model.each(valid[0]).log_softmax(dim=2)
    weights = torch.zeros(len(logs), device=logs.device, requires_grad=True)
    optimizer = torch.optim.Adam([weights], lr=0.05)
    for _ in range(STEPS_TO_STACK):
        optimizer.zero_grad()
        functional.nll_loss(mixed(logs, weights.softmax(dim=0)), valid[1]).backward()
        optimizer.step()
    model.mixture.copy_(weights.detach().softmax(dim=0))


def other(name: str, run) -> float:
    """The test accuracy of the arm's settings on another set, its columns standardised."""
    if name in TABLES:
        found = load(f"scikit-learn:{name}", run.cache)
        x, y = found.x, found.y
    else:
        x, y = MADE[name](run.stream("split") % 2**32)
    x = torch.as_tensor(x).float()
    classes = torch.as_tensor(y).unique(return_inverse=True)[1]
    split = parts(x, classes, run)
    mean, deviation = split["train"][0].mean(dim=0), split["train"][0].std(dim=0)
    split = {part: ((x - mean) / deviation, y) for part, (x, y) in split.items()}
    model = networks(run, x.shape[1], int(classes.max()) + 1, run.settings["members"])
    target = split["train"]
    fit(model, target, run, run.settings["epochs"], shifts=False)
    if run.settings["stacked"]:
        stack(model, split["valid"])
    return accuracy(model, *split["test"])
