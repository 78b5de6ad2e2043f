"""NMU, NALU and NAC• learn t = (x1 + x2)(x1 + x2 + x3 + x4): "Neural Arithmetic Units", table 1.

Each network has four inputs, two hidden units and one output. With h the inputs of a layer:

    NAC+    W h,  W = tanh(Ŵ) σ(M̂)                 section "Introducing NALU"
    NAC•    exp(W log(|h| + ε)), W as above         the same
    NALU    g NAC+ + (1 - g) NAC•, g = σ(G h), both with the same W
    NAU     W h,  W held in [-1, 1]                 "Weight matrix construction"
    NMU     Π_i (W_i h_i + 1 - W_i),  W in [0, 1]   "Neural multiplication unit"

The networks are NAC+ then NAC•, NALU twice, NAU then NMU. All seeds of an arm are trained at once:
tensors are (seeds, features, batch), parameters (seeds, numbers). Gradients are written out, in
units.py, which is more than twice as fast as autograd at this size; nothing mixes seeds, so that
each learns as it would alone, from its own initial weights (stream "init") and its own data
(stream "order").
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor
from units import INPUTS, NETWORKS, Network

NEARLY = 1e-5  # ε of a nearly perfect solution, section "Model evaluation"
VALID_SEED, TEST_SEED, THRESHOLD_SEED = 43953907, 8689336, 0
HELD_OUT = 10_000
CHUNK = 20  # steps whose data are drawn at once


def target(x: Tensor) -> Tensor:
    """t for inputs (..., 4, n), as (..., 1, n)."""
    a = x[..., 0:1, :] + x[..., 1:2, :]
    return (x[..., 2:3, :] + x[..., 3:4, :]).add_(a).mul_(a)


def uniform(low: float, high: float, count: int, seed: int) -> Tensor:
    """Inputs (4, count), the same for every arm and seed."""
    drawn = torch.rand(INPUTS, count, generator=torch.Generator().manual_seed(seed))
    return low + (high - low) * drawn


def threshold() -> float:
    """Extrapolation error of a solution whose weights are off by 1e-5: to be below it is success.

    The first layer has 1 - ε for 1 and ε for 0; the mean is over a million points of [2, 6].
    """
    x = uniform(2.0, 6.0, 1_000_000, THRESHOLD_SEED).double()
    a, rest = x[0] + x[1], x[2] + x[3]
    near = (1 - NEARLY) * a + NEARLY * rest, (1 - NEARLY) * (a + rest)
    return (near[0] * near[1] - a * (a + rest)).square().mean().item()


def sparsity_error(weights: tuple[Tensor, Tensor]) -> Tensor:
    """max over all weights of min(|w|, |1 - |w||), for each seed."""
    flat = torch.cat([w.flatten(1) for w in weights], 1).abs()
    return torch.minimum(flat, (1 - flat).abs()).amax(1)


class Adam:
    """Kingma and Ba's Adam with their default parameters, on one tensor."""

    def __init__(self, numbers: Tensor, rate: float) -> None:
        self.rate, self.t = rate, 0
        self.m, self.v = torch.zeros_like(numbers), torch.zeros_like(numbers)

    def step(self, numbers: Tensor, gradient: Tensor) -> None:
        self.t += 1
        self.m.lerp_(gradient, 0.1)
        self.v.mul_(0.999).addcmul_(gradient, gradient, value=0.001)
        scale = math.sqrt(1 - 0.999**self.t)
        root = self.v.sqrt().div_(scale).add_(1e-8)
        numbers.addcdiv_(self.m, root, value=-self.rate / (1 - 0.9**self.t))


class Batches:
    """Inputs (seeds, 4, batch) of each step in [1, 2], each seed's from its own generator."""

    def __init__(self, generators: list[torch.Generator], size: int, device: torch.device) -> None:
        self.generators, self.device = generators, device
        self.words = torch.empty(len(generators), CHUNK, INPUTS, size // 2, dtype=torch.int64)

    def steps(self, count: int) -> Iterator[tuple[Tensor, Tensor]]:
        """x and t of ``count`` steps."""
        for first in range(0, count, CHUNK):
            for mine, generator in zip(self.words, self.generators, strict=True):
                mine.random_(generator=generator)
            # Random bits for the mantissa of 1.…: two uniform numbers of [1, 2) from each word,
            # in half the time of drawing them one by one.
            bits = self.words.view(torch.int32).bitwise_and_(0x007FFFFF).bitwise_or_(0x3F800000)
            x = bits.view(torch.float32).to(self.device)
            t = target(x)
            for step in range(min(CHUNK, count - first)):
                yield x[:, step], t[:, step]


class Record:
    """What is judged of each seed: by the evaluation whose interpolation error is least."""

    def __init__(self, seeds: int, below: float, device: torch.device) -> None:
        self.below = below
        self.valid = uniform(1.0, 2.0, HELD_OUT, VALID_SEED).to(device)
        self.test = uniform(2.0, 6.0, HELD_OUT, TEST_SEED).to(device)
        self.least = torch.full((seeds,), math.inf, device=device)
        self.success = torch.zeros(seeds, dtype=torch.bool, device=device)
        self.solved_at = torch.full((seeds,), math.nan, device=device)
        self.sparsity = torch.full((seeds,), math.nan, device=device)

    def add(self, step: int, network: Network, numbers: Tensor) -> tuple[Tensor, Tensor]:
        """Evaluate after ``step`` steps; gives both errors, each (seeds,)."""
        inner, outer = (
            (network.forward(numbers, x) - target(x)).square().mean((1, 2))
            for x in (self.valid, self.test)
        )
        better = inner < self.least
        self.least = torch.where(better, inner, self.least)
        self.success = torch.where(better, outer < self.below, self.success)
        errors = sparsity_error(network.weights(numbers))
        self.sparsity = torch.where(better, errors, self.sparsity)
        first = self.solved_at.isnan() & (outer < self.below)
        self.solved_at[first] = step
        return inner, outer


def measure_seeds(runs):
    """Train all seeds; the metrics are success (1 or 0) and, of those that did, when and how."""
    settings, device = runs[0].settings, runs[0].device
    network = NETWORKS[settings["network"]]()
    numbers = torch.empty(len(runs), network.size)
    for row, run in zip(numbers, runs, strict=True):
        network.draw(row[None], run.generator("init"))
    numbers = numbers.to(device)
    adam, gradient = Adam(numbers, settings["lr"]), torch.zeros_like(numbers)
    size, every = settings["batch_size"], settings["evaluate_every"]
    batches = Batches([run.generator("order") for run in runs], size, device)
    record = Record(len(runs), threshold(), device)
    for step, (x, t) in enumerate(batches.steps(settings["steps"] + 1)):
        if step % every == 0:
            errors = record.add(step, network, numbers)
            if step % settings["log_every"] == 0:
                log(runs, step, *errors)
        y = network.forward(numbers, x)
        network.back(x, y, (y - t).mul_(2 / size), gradient)
        adam.step(numbers, gradient)
        network.hold(numbers)
    report(runs, record)


def log(runs, step: int, inner: Tensor, outer: Tensor) -> None:
    for run, *errors in zip(runs, inner.tolist(), outer.tolist(), strict=True):
        if all(map(math.isfinite, errors)):  # NAC• can overflow; such a seed has failed
            run.log(step, interpolation=errors[0], extrapolation=errors[1])


def report(runs, record: Record) -> None:
    """Only seeds that succeeded say when, as in the paper.

    ``until_solved`` is for all seeds: those that did not succeed have the end of the training.
    ``sooner`` and ``later`` are votes on the median of those that did: 1/2 where a seed was solved
    before (after) all that rounds to ``median``, -1/2 where not, and 0 for seeds without success.
    The median of the solved ones is no smaller (greater) just where the mean vote is at most 0.
    """
    settings = runs[0].settings
    low, high = settings["median"]
    columns = record.success.tolist(), record.solved_at.tolist(), record.sparsity.tolist()
    for run, success, solved_at, sparsity in zip(runs, *columns, strict=True):
        run.result(success=float(success), until_solved=settings["steps"], sooner=0.0, later=0.0)
        if success:
            run.result(solved_at=solved_at, until_solved=solved_at, sparsity_error=sparsity)
            run.result(sooner=(solved_at < low) - 0.5, later=(solved_at > high) - 0.5)
