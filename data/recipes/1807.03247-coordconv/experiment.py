"""Coordinate classification by convolution and by CoordConv, from "An intriguing failing of
convolutional neural networks and the CoordConv solution".

Given a place (i, j), paint that pixel of a canvas of 64 x 64: a choice among 4096 classes. The
places are the centres of the squares of 9 x 9 that fit on the canvas, 56 x 56 of them; a quarter is
held out, drawn uniformly or as the quadrant of the largest i and j. Networks, data and training are
those of the authors' repository (``model_builders.py``, ``not_so_clevr_generator.py``,
``experiment_logs.sh``).
"""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import Adam
from torch.optim.lr_scheduler import LambdaLR

from researchdesk.harness.training.experiment import Experiment, Split

CANVAS = 64
MARGIN = 4  # of a square of 9 x 9 around its centre
HELD_OUT = 0.25
_AT_ONCE = 64


def he_normal(weights: Tensor, inputs: int) -> None:
    """Normal of variance 2 / inputs, cut at two deviations and widened to keep that variance."""
    deviation = math.sqrt(2 / inputs) / 0.8796256610342398
    nn.init.trunc_normal_(weights, 0, deviation, -2 * deviation, 2 * deviation)


class Painter(nn.Module):
    """From places (n, 2) to logits of the canvas's pixels (n, 4096)."""

    def paint(self, places: Tensor) -> Tensor:
        raise NotImplementedError

    def forward(self, places: Tensor) -> Tensor:
        if self.training:
            return self.paint(places)
        return torch.cat([self.paint(some) for some in places.split(_AT_ONCE)])


class CoordConv(Painter):
    """The place on every pixel beside the pixel's own coordinates, then convolutions of 1 x 1.

    Such convolutions see each pixel alone, and are written as linear layers over the pixels.
    """

    coordinates: Tensor

    def __init__(self, multiple: int) -> None:
        super().__init__()
        widths = [4, 32 * multiple, 32 * multiple, 64 * multiple, 64 * multiple, 1]
        layers = [nn.Linear(*pair) for pair in pairwise(widths)]
        for layer in layers:
            he_normal(layer.weight, layer.in_features)
            nn.init.zeros_(layer.bias)
        self.layers = nn.ModuleList(layers)
        axis = torch.linspace(-1, 1, CANVAS)
        pixels = torch.cartesian_prod(axis, axis)
        self.register_buffer("coordinates", pixels, persistent=False)

    def paint(self, places: Tensor) -> Tensor:
        # The first layer's sum over its channels, that of the pixels' own once for all places.
        of_place, of_pixel = self.layers[0].weight.split(2, dim=1)
        own = self.coordinates @ of_pixel.T + self.layers[0].bias
        h = torch.relu((places @ of_place.T)[:, None] + own)
        for layer in self.layers[1:-1]:
            h = torch.relu(layer(h))
        return self.layers[-1](h).squeeze(2)


class Convolution(Painter):
    """Six transposed convolutions of stride 2, from 1 x 1 to 64 x 64, batch-normalized between."""

    def __init__(self, multiple: int, size: int) -> None:
        super().__init__()
        filters = [2, *(multiple * count for count in (64, 64, 64, 32, 32)), 1]
        padding, more = {2: (0, 0), 3: (1, 1), 4: (1, 0)}[size]
        parts: list[nn.Module] = []
        for inputs, outputs in pairwise(filters):
            layer = nn.ConvTranspose2d(
                inputs, outputs, size, stride=2, padding=padding, output_padding=more
            )
            # The repository's initializer takes a transposed kernel's outputs for its inputs.
            he_normal(layer.weight, outputs * size**2)
            nn.init.zeros_(layer.bias)
            parts += [layer, nn.BatchNorm2d(outputs, eps=1e-5, momentum=0.1), nn.ReLU()]
        self.layers = nn.Sequential(*parts[:-2])

    def paint(self, places: Tensor) -> Tensor:
        return self.layers(places[:, :, None, None]).flatten(1)


def kernels(model: nn.Module) -> list[Tensor]:
    return [parameter for parameter in model.parameters() if parameter.dim() > 1]


def count(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


class CoordinateClassification(Experiment):
    task: ClassVar[str] = "classification"

    def data(self, run) -> Split:
        axis = torch.arange(MARGIN, CANVAS - MARGIN)
        places = torch.cartesian_prod(axis, axis)
        if run.settings["split"] == "uniform":
            test = torch.rand(len(places), generator=run.generator("split")) < HELD_OUT
        else:
            test = (places > CANVAS // 2).all(dim=1)
        x, y = places.float(), places[:, 0] * CANVAS + places[:, 1]
        return Split(train=(x[~test], y[~test]), test=(x[test], y[test]), feature_names=("i", "j"))

    def model(self, run) -> nn.Module:
        settings = run.settings
        if settings["network"] == "coordconv":
            return CoordConv(settings["multiple"])
        return Convolution(settings["multiple"], settings["filter_size"])

    def optimizer(self, parameters, run) -> Adam:
        return Adam(parameters, lr=run.settings["lr"])

    def schedule(self, optimizer, run) -> LambdaLR | None:
        """A tenth of the rate every ``decay_every`` steps, four times at most; 0: constant."""
        every = run.settings["decay_every"]
        return LambdaLR(optimizer, lambda step: 0.1 ** min(step // every, 4)) if every else None

    def step(self, model, batch, optimizer, run) -> Mapping[str, Tensor | float]:
        """One step; ``at_once`` places go through the network together, for the cache's sake."""
        x, y = batch
        at_once = run.settings["at_once"] or len(x)
        optimizer.zero_grad()
        total = 0.0
        for places, pixels in zip(x.split(at_once), y.split(at_once), strict=True):
            loss = functional.cross_entropy(model(places), pixels, reduction="sum") / len(x)
            loss.backward()
            total += loss.item()
        decay = run.settings["l2"] * sum(kernel.square().sum() for kernel in kernels(model))
        decay.backward()
        optimizer.step()
        return {"loss": total}

    def finish(self, model, split, run) -> Mapping[str, float]:
        """The parameters, and their ratio to those of the CoordConv network of the same task."""
        return {"parameters": count(model), "parameter_ratio": count(model) / count(CoordConv(1))}
