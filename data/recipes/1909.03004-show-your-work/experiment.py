"""Expected validation performance of a random search, from "Show Your Work".

A search tries N hyperparameter values and gets the validation accuracies v_1 ... v_N. Had only n of
them been tried, the best of them would have been, in expectation (section 3.1),

    E[V*_n] = sum over v of v (P(V <= v)^n - P(V < v)^n),

with P estimated by the shares of the N values. Two model families are searched as in section 4.2,
logistic regression and a convolutional network, each by random hyperparameters from the paper's
appendix B as far as they make sense for images: scikit-learn's digits take the place of the
sentences. The estimate itself is tested against the bootstrap on values whose truth is known.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from torch import Tensor, nn
from torch.nn import functional

from researchdesk.harness.training.datasets import load

BUDGETS = (1, 2, 5, 9, 16, 50)
BATCH = 64
EPOCHS, PATIENCE = 30, 10
PLATEAU, REDUCTION = 2, 0.5


def expected_best(values: np.ndarray, n: int) -> tuple[float, float]:
    """Mean and standard deviation of the best of ``n`` draws, with replacement, from ``values``.

    ``values`` are (N,). Equation (5) to (7) of the paper; the deviation is that of the same
    distribution (section 3.3).
    """
    ordered = np.sort(values)
    below = np.arange(len(ordered) + 1) / len(ordered)
    share = np.diff(below**n)
    mean = float(share @ ordered)
    return mean, math.sqrt(max(0.0, float(share @ (ordered - mean) ** 2)))


def bootstrap_best(
    values: np.ndarray, n: int, resamples: int, random: np.random.Generator
) -> float:
    """The mean of the best of ``n`` draws over that many resamples."""
    return float(random.choice(values, (resamples, n)).max(axis=1).mean())


@dataclass(frozen=True)
class Data:
    """Images (n, 1, 8, 8) with pixels from 0 to 1, and classes (n,)."""

    x: Tensor
    y: Tensor
    valid_x: Tensor
    valid_y: Tensor


def digits(run) -> Data:
    whole = load("scikit-learn:digits", run.cache)
    x = torch.from_numpy(whole.x).float().reshape(-1, 1, 8, 8) / whole.highest
    y = torch.from_numpy(whole.y)
    order = torch.randperm(len(y), generator=run.generator("split"))
    size = run.settings["images"]
    train, valid = order[:size], order[size : 2 * size]
    return Data(x[train], y[train], x[valid], y[valid])


def logistic_trial(data: Data, random: np.random.Generator, seed: int) -> float:
    """Validation accuracy at one draw of table 3's space."""
    model = LogisticRegression(
        l1_ratio=float(random.integers(2)),  # 1: the L1 penalty, 0: L2
        C=max(random.uniform(0, 1), 1e-6),
        tol=math.exp(random.uniform(math.log(10e-5), math.log(10e-3))),
        solver="liblinear",
        random_state=seed,
    )
    several = OneVsRestClassifier(model).fit(data.x.flatten(1).numpy(), data.y.numpy())
    return float(several.score(data.valid_x.flatten(1).numpy(), data.valid_y.numpy()))


class ConvNet(nn.Module):
    """Filters of sizes 1 to ``largest``, each pooled over the image, and a projection of them."""

    def __init__(self, filters: int, largest: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.filters = nn.ModuleList(nn.Conv2d(1, filters, size) for size in range(1, largest + 1))
        self.project = nn.Linear(filters * largest, hidden)
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(hidden, 10)

    def forward(self, x: Tensor) -> Tensor:
        pooled = [torch.relu(one(x)).amax(dim=(2, 3)) for one in self.filters]
        return self.classify(self.dropout(torch.relu(self.project(torch.cat(pooled, dim=1)))))


def convolution_trial(data: Data, random: np.random.Generator, seed: int) -> float:
    """Best validation accuracy of a training at one draw of table 2's space."""
    torch.manual_seed(seed)
    model = ConvNet(
        filters=int(random.integers(8, 33)),
        largest=int(random.integers(3, 7)),
        hidden=int(random.integers(64, 513)),
        dropout=random.uniform(0, 0.5),
    )
    rate = math.exp(random.uniform(math.log(1e-6), math.log(1e-1)))
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, mode="max", factor=REDUCTION, patience=PLATEAU
    )
    best, best_epoch = 0.0, 0
    for epoch in range(EPOCHS):
        model.train()
        for chosen in torch.randperm(len(data.y)).split(BATCH):
            optimizer.zero_grad()
            functional.cross_entropy(model(data.x[chosen]), data.y[chosen]).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right = model(data.valid_x).argmax(dim=1) == data.valid_y
        accuracy = right.float().mean().item()
        schedule.step(accuracy)
        if accuracy > best:
            best, best_epoch = accuracy, epoch
        elif epoch - best_epoch >= PATIENCE:
            break
    return best


TRIALS: dict[str, Callable[[Data, np.random.Generator, int], float]] = {
    "logistic": logistic_trial,
    "convolution": convolution_trial,
}


def search(run) -> dict[str, float]:
    """One random search; its curve of expected bests over the budget n = 1 ... N."""
    data = digits(run)
    random = np.random.default_rng(run.stream("noise"))
    trial = TRIALS[run.settings["family"]]
    values = []
    for number in range(run.settings["trials"]):
        values.append(trial(data, random, (run.stream("init") + number) % 2**31))
        run.log(number + 1, accuracy=values[-1], best=max(values))
    found = {}
    for n in range(1, len(values) + 1):
        mean, deviation = expected_best(np.array(values), n)
        run.log(n, expected=mean, deviation=deviation)
        if n in BUDGETS:
            found |= {f"expected_{n}": mean, f"deviation_{n}": deviation}
    return found


def estimate(run) -> dict[str, float]:
    """The error of an estimate of E[V*_n], where V is uniform from 0 to 1: E[V*_n] = n / (n + 1).

    Each sample of N values is drawn alike for both estimators of a seed.
    """
    settings = run.settings
    n, truth = settings["n"], settings["n"] / (settings["n"] + 1)
    samples = np.random.default_rng(run.stream("split"))
    resampling = np.random.default_rng(run.stream("noise"))
    errors, highest = [], -math.inf
    for _ in range(settings["samples"]):
        values = samples.random(settings["trials"])
        found = expected_best(values, n)[0]
        highest = max(highest, float(found - values.max()))
        if settings["resamples"]:
            found = bootstrap_best(values, n, settings["resamples"], resampling)
        errors.append(found - truth)
    return {
        "squared_error": float(np.mean(np.square(errors))),
        "bias": float(np.mean(errors)),
        "above_best": highest,
    }


def measure(run):
    """A random search of the arm's model family, or a test of the estimate."""
    return estimate(run) if run.settings["family"] == "made" else search(run)
