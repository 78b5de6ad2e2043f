"""Iterative magnitude pruning of "The Lottery Ticket Hypothesis" on Lenet and Conv-2.

    1. Initialise a network, and keep its weights as they are: theta_0.
    2. Train it for a fixed number of iterations.
    3. In each layer, prune the share of the weights left that have the smallest magnitudes;
       connections to the outputs at half the rate.
    4. Reset the weights left to their values in theta_0: the winning ticket.
    5. Repeat 2 to 4.

Early stopping is read off afterwards: the iteration of least validation loss; accuracy is the test
accuracy at that iteration. Randomly reinitialised, a ticket keeps its mask and is given new weights
of the original distribution, Gaussian Glorot. Biases begin at zero and are not pruned.

An arm runs its own pruning from the beginning. The same seed gives the same split, the same theta_0
and the same masks in every arm, so that arms can be compared seed by seed.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from researchdesk.harness.training.datasets import load

SOURCES = {
    "mnist": "hf:ylecun/mnist@77f3279092a1c1579b2250db8eafed0ad422088c",
    "cifar10": "hf:uoft-cs/cifar10@0b2714987fa478483af9968de7c934580d0bb9a2",
}
CONVOLUTIONS = {"lenet": (), "conv-2": (64, 64)}
HIDDEN = {"lenet": (300, 100), "conv-2": (256, 256)}
TEST_SHARE, VALID_SHARE = 1 / 2, 1 / 12  # of what has no test part of its own


@dataclass
class Data:
    """Three parts of images and classes; ``shape`` is channels, height, width."""

    train: tuple[Tensor, Tensor]
    valid: tuple[Tensor, Tensor]
    test: tuple[Tensor, Tensor]
    shape: tuple[int, int, int]
    classes: int


def data(run) -> Data:
    """A twelfth of the training images (5,000 of MNIST's 60,000) is set aside for validation."""
    need = run.settings["data"]
    found = load(run.data[need] if substituted(run) else SOURCES[need], run.cache)
    height, width, *channels = found.image_shape
    shape = (channels[0] if channels else 1, height, width)

    def images(x):
        x = torch.as_tensor(x).reshape(len(x), height, width, shape[0]).permute(0, 3, 1, 2)
        return (x.float() / found.highest).contiguous().to(run.device)

    x, y = images(found.x), torch.as_tensor(found.y).to(run.device)
    order = torch.randperm(len(x), generator=run.generator("split")).to(run.device)
    held = 0
    if found.test is None:
        held = round(len(x) * TEST_SHARE)
        test = x[order[:held]], y[order[:held]]
    else:
        test = images(found.test[0]), torch.as_tensor(found.test[1]).to(run.device)
    valid = order[held : held + round(len(x) * VALID_SHARE)]
    train = order[held + len(valid) :]
    return Data((x[train], y[train]), (x[valid], y[valid]), test, shape, len(found.classes))


def substituted(run) -> bool:
    need = run.settings["data"]
    return run.data.get(need, need) != need


def shapes(network: str, image: tuple[int, int, int], classes: int) -> list[tuple[int, ...]]:
    """The shapes of the layers' weights, from the image to the outputs."""
    channels, height, width = image
    found: list[tuple[int, ...]] = []
    for filters in CONVOLUTIONS[network]:
        found.append((filters, channels, 3, 3))
        channels = filters
    pooled = 2 if CONVOLUTIONS[network] else 1
    inputs = channels * (height // pooled) * (width // pooled)
    for outputs in (*HIDDEN[network], classes):
        found.append((outputs, inputs))
        inputs = outputs
    return found


def initial(layers: list[tuple[int, ...]], generator: torch.Generator) -> list[Tensor]:
    """Gaussian Glorot: a variance of 2 / (fan in + fan out)."""
    weights = []
    for shape in layers:
        field = math.prod(shape[2:])
        deviation = math.sqrt(2 / (field * (shape[0] + shape[1])))
        weights.append(torch.randn(shape, generator=generator) * deviation)
    return weights


def forward(weights: list[Tensor], biases: list[Tensor], x: Tensor) -> Tensor:
    convolutions = sum(weight.ndim == 4 for weight in weights)
    for number, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        if weight.ndim == 4:
            x = functional.relu(functional.conv2d(x, weight, bias, padding=1))
            continue
        if number == convolutions:
            x = (functional.max_pool2d(x, 2) if convolutions else x).flatten(1)
        x = functional.linear(x, weight, bias)
        if number < len(weights) - 1:
            x = functional.relu(x)
    return x


@dataclass
class Trained:
    """One training: the weights at its end, and what early stopping would have given."""

    weights: list[Tensor]
    early_stop: int
    accuracy: float


def train(run, parts: Data, start: list[Tensor], masks: list[Tensor], curve: str = "") -> Trained:
    """Train from ``start`` under ``masks``; ``curve`` names the curves to log, if any."""
    settings, size = run.settings, run.settings["batch_size"]
    x, y = parts.train
    steps, every = settings["full_steps"], settings["evaluate_every"]
    if substituted(run):
        steps, every = settings["substitute_steps"], settings["substitute_evaluate_every"]
    weights = [weight.clone().to(run.device).requires_grad_() for weight in start]
    biases = [torch.zeros(len(w), device=run.device, requires_grad=True) for w in start]
    optimizer = torch.optim.Adam([*weights, *biases], lr=settings["lr"], foreach=True)
    best, order = Trained(weights, 0, 0.0), torch.empty(0, dtype=torch.int64)
    least = math.inf
    for step in range(1, steps + 1):
        if len(order) < size:
            order = torch.cat([order, torch.randperm(len(x), generator=run.generator("order"))])
        chosen, order = order[:size].to(run.device), order[size:]
        optimizer.zero_grad()
        left = [weight * mask for weight, mask in zip(weights, masks, strict=True)]
        loss = functional.cross_entropy(forward(left, biases, x[chosen]), y[chosen])
        loss.backward()
        optimizer.step()
        if step % every and step != steps:
            continue
        with torch.no_grad():
            left = [weight * mask for weight, mask in zip(weights, masks, strict=True)]
            held = float(loss_of(left, biases, *parts.valid))
            if held < least:
                least = held
                best.early_stop, best.accuracy = step, accuracy(left, biases, *parts.test)
        if curve:
            run.log(step, **{f"{curve}_loss": float(loss.detach()), f"{curve}_valid_loss": held})
    best.weights = [weight.detach() for weight in weights]
    return best


def loss_of(weights: list[Tensor], biases: list[Tensor], x: Tensor, y: Tensor) -> Tensor:
    scores = torch.cat([forward(weights, biases, some) for some in x.split(1000)])
    return functional.cross_entropy(scores, y)


def accuracy(weights: list[Tensor], biases: list[Tensor], x: Tensor, y: Tensor) -> float:
    scores = torch.cat([forward(weights, biases, some) for some in x.split(1000)])
    return float((scores.argmax(1) == y).float().mean())


def pruned(run, trained: list[Tensor], masks: list[Tensor]) -> list[Tensor]:
    """The masks less the share of each layer's weights left with the smallest magnitudes."""
    rate = run.settings["pruning_rate"]
    found = []
    for number, (weight, mask) in enumerate(zip(trained, masks, strict=True)):
        share = run.settings["pruning_rate_convolutions"] if weight.ndim == 4 else rate
        if number == len(trained) - 1:
            share = rate / 2
        kept = mask.bool()
        cut = round(share * int(kept.sum()))
        magnitudes = torch.where(kept, weight.abs(), math.inf).flatten()
        mask = mask.flatten().clone()
        mask[magnitudes.argsort(stable=True)[:cut]] = 0.0
        found.append(mask.reshape(weight.shape))
    return found


def measure(run):
    """Prune as often as the arm says; the metrics are those of the last training."""
    if run.settings.get("only_count"):
        return {"weights": sum(map(math.prod, shapes(run.settings["network"], (1, 28, 28), 10)))}
    parts = data(run)
    layers = shapes(run.settings["network"], parts.shape, parts.classes)
    start = initial(layers, run.generator("init"))
    masks = [torch.ones(shape, device=run.device) for shape in layers]
    rounds = run.settings["rounds"]
    original = found = train(run, parts, start, masks, "" if rounds else "original")
    for number in range(1, rounds + 1):
        masks = pruned(run, found.weights, masks)
        found = train(run, parts, start, masks, "ticket" if number == rounds else "")
    left = sum(float(mask.sum()) for mask in masks) / sum(map(math.prod, layers))
    metrics = {
        "accuracy": found.accuracy,
        "early_stop": found.early_stop,
        "weights_left": 100 * left,
        "earlier": 100 * (1 - found.early_stop / original.early_stop),
    }
    times = run.settings["reinitialisations"]
    if times:
        again = [
            train(run, parts, initial(layers, run.generator("noise")), masks, f"again_{number}")
            for number in range(times)
        ]
        metrics["early_stop"] = sum(one.early_stop for one in again) / times
        metrics["accuracy"] = sum(one.accuracy for one in again) / times
        metrics["earlier"] = 100 * (1 - metrics["early_stop"] / original.early_stop)
        metrics["times_slower"] = metrics["early_stop"] / found.early_stop
        metrics["points_lost"] = 100 * (found.accuracy - metrics["accuracy"])
    return metrics
