"""Networks fitted to true and to random labels, section 2 of "Understanding Deep Learning
Requires Rethinking Generalization", on the digits of scikit-learn in place of CIFAR-10.

The labels of the training images are corrupted ("independently with probability p, the label of
each image is corrupted as a uniform random class"), or its pixels are drawn from a Gaussian "with
matching mean and variance"; the test labels stay true. The networks are the paper's MLPs, trained
as its appendix A says: stochastic gradient descent with a momentum of 0.9 and a learning rate of
0.01 that decays by 0.95 each epoch, without any explicit regularization. An epoch is one of
CIFAR-10's here, too: 50,000 images seen.
"""

import math
from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.optim import SGD
from torch.optim.lr_scheduler import LambdaLR

from researchdesk.harness.training.datasets import load
from researchdesk.harness.training.experiment import Experiment, Split, accuracy

EPOCH = 50_000
MOMENTUM = 0.9
DECAY = 0.95


def whitened(images: Tensor) -> Tensor:
    """Each image less its mean, by its adjusted deviation: max(deviation, 1 / sqrt(pixels))."""
    least = 1 / math.sqrt(images.shape[1])
    deviation = images.std(dim=1, correction=0, keepdim=True).clamp(min=least)
    return (images - images.mean(dim=1, keepdim=True)) / deviation


def corrupted(labels: Tensor, share: float, classes: int, generator: torch.Generator) -> Tensor:
    """Each label replaced by a uniform random class with probability ``share``."""
    random = torch.randint(classes, labels.shape, generator=generator)
    return torch.where(torch.rand(labels.shape, generator=generator) < share, random, labels)


class Perceptron(nn.Module):
    """Hidden layers of 512 rectified linear units. It remembers when it first fitted its data."""

    steps: Tensor
    fitted_at: Tensor

    def __init__(self, inputs: int, layers: int, classes: int) -> None:
        super().__init__()
        parts: list[nn.Module] = []
        for number in range(layers):
            parts += [nn.Linear(512 if number else inputs, 512), nn.ReLU()]
        self.layers = nn.Sequential(*parts, nn.Linear(512, classes))
        self.register_buffer("steps", torch.zeros((), dtype=torch.int64))
        self.register_buffer("fitted_at", torch.zeros((), dtype=torch.int64))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


class RandomLabels(Experiment):
    task: ClassVar[str] = "classification"

    def data(self, run) -> Split:
        settings = run.settings
        digits = load("scikit-learn:digits", run.cache)
        images = whitened(torch.from_numpy(digits.x).float() / digits.highest)
        labels = torch.from_numpy(digits.y)
        split = run.generator("split")
        order = torch.randperm(len(labels), generator=split)
        test, train = order[: settings["test_images"]], order[settings["test_images"] :]
        inner, given = images[train], corrupted(labels[train], settings["corruption"], 10, split)
        if settings["gaussian"]:
            inner = inner.mean() + inner.std() * torch.randn(inner.shape, generator=split)
        return Split(
            train=(inner, given),
            test=(images[test], labels[test]),
            classes=list(digits.classes),
            image_shape=(8, 8),
        )

    def model(self, run) -> nn.Module:
        return Perceptron(inputs=64, layers=run.settings["layers"], classes=10)

    def optimizer(self, parameters, run) -> SGD:
        return SGD(parameters, lr=run.settings["lr"], momentum=MOMENTUM)

    def schedule(self, optimizer, run) -> LambdaLR:
        steps_an_epoch = EPOCH / run.settings["batch_size"]
        return LambdaLR(optimizer, lambda step: DECAY ** int(step / steps_an_epoch))

    def step(self, model, batch, optimizer, run) -> Mapping[str, Tensor | float]:
        logged = super().step(model, batch, optimizer, run)
        model.steps += 1
        return logged

    def evaluate(self, model, split, run) -> Mapping[str, float]:
        """Accuracies, and the steps it took to fit all of the training data.

        Where that has not happened yet, the steps so far: a lower limit.
        """
        found = {
            "train_accuracy": accuracy(model, *split.train),
            "test_accuracy": accuracy(model, *split.test),
        }
        if found["train_accuracy"] == 1.0 and not model.fitted_at:
            model.fitted_at.copy_(model.steps)
        return found | {"steps_to_fit": float(model.fitted_at or model.steps)}
