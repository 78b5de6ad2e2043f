"""A baseline and a Hamiltonian network on the ideal mass-spring: "Hamiltonian Neural Networks".

The system is that of the authors' code (experiment-spring/data.py): H = q² + p², so that

    dq/dt = ∂H/∂p = 2p,    dp/dt = -∂H/∂q = -2q                equation 2

and every orbit is a circle run through at angular velocity 2. A model sees (q, p) with noise and is
to give (dq/dt, dp/dt) of the orbit without it. The baseline is a network with these two as outputs;
the Hamiltonian network has one output H and gives (∂H/∂p, -∂H/∂q). Both have two layers of 200 tanh
units. All of the data is one batch.
"""

import copy
from collections.abc import Mapping

import numpy as np
import torch
from scipy.integrate import solve_ivp
from torch import Tensor, nn

from researchdesk.harness.training.experiment import Batch, Experiment, Split
from researchdesk.harness.training.run import Run

POINTS = 30  # observations of an orbit, over 3 units of time
TIMES = torch.linspace(0, 3, POINTS, dtype=torch.float64)


def orbit(start: Tensor, times: Tensor) -> Tensor:
    """(q, p) at ``times``, from ``start`` (n, 2): (n, times, 2)."""
    q, p = start[:, :1], start[:, 1:]
    cos, sin = torch.cos(2 * times), torch.sin(2 * times)
    return torch.stack([q * cos + p * sin, p * cos - q * sin], dim=-1)


def velocity(x: Tensor) -> Tensor:
    """The true (dq/dt, dp/dt)."""
    return 2 * torch.stack([x[..., 1], -x[..., 0]], dim=-1)


def uniform(low: float, high: float, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    return low + (high - low) * torch.rand(shape, generator=generator, dtype=torch.float64)


def orbits(count: int, noise: float, run: Run) -> tuple[Tensor, Tensor]:
    """Noisy (q, p) of ``count`` orbits with radii in [0.1, 1], and their true velocities."""
    way = uniform(-1, 1, (count, 2), run.generator("split"))
    radius = uniform(0.1, 1, (count, 1), run.generator("split"))
    true = orbit(way / way.norm(dim=1, keepdim=True) * radius, TIMES).reshape(-1, 2)
    seen = true + noise * torch.randn(true.shape, generator=run.generator("noise")).double()
    return seen.float(), velocity(true).float()


def linear(inputs: int, outputs: int, bias: bool = True) -> nn.Linear:
    layer = nn.Linear(inputs, outputs, bias=bias)
    nn.init.orthogonal_(layer.weight)
    return layer


class Baseline(nn.Module):
    """(q, p) to (dq/dt, dp/dt)."""

    def __init__(self, width: int, outputs: int = 2) -> None:
        super().__init__()
        self.first, self.second = linear(2, width), linear(width, width)
        self.last = linear(width, outputs, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(torch.tanh(self.second(torch.tanh(self.first(x)))))


class Hamiltonian(Baseline):
    """(q, p) to (∂H/∂p, -∂H/∂q), with H the network's one output.

    The derivative is written out, layer by layer from the last; the authors have it from autograd.
    """

    def __init__(self, width: int) -> None:
        super().__init__(width, outputs=1)

    def forward(self, x: Tensor) -> Tensor:
        below = torch.tanh(self.first(x))
        above = torch.tanh(self.second(below))
        slope = (1 - above.square()) * self.last.weight
        slope = (1 - below.square()) * (slope @ self.second.weight)
        of_q, of_p = (slope @ self.first.weight).unbind(-1)
        return torch.stack([of_p, -of_q], dim=-1)


def spans(trajectories: int, span: float, growth: float) -> np.ndarray:
    """How long each trajectory is followed: ``span`` times growth, growth², growth³ …"""
    return span * growth ** np.arange(1, trajectories + 1)


def starts(count: int, generator: torch.Generator) -> Tensor:
    """Starting points of the energy metric: each coordinate in [-1, -0.2] or [0.2, 1]."""
    drawn = uniform(-0.8, 0.8, (count, 2), generator)
    return drawn + 0.2 * drawn.sign()


def energy_error(model: nn.Module, start: Tensor, times: np.ndarray) -> float:
    """Mean of (H(x(t)) - H(x(0)))² where the model leads from ``start`` (n, 2).

    ``times`` (n, points) are each trajectory's. One integration follows all of them, by scipy's
    RK45 with the paper's relative tolerance; the model computes in double precision.
    """
    exact = copy.deepcopy(model).cpu().double()

    def flow(_: float, state: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return exact(torch.from_numpy(state.reshape(-1, 2))).numpy().ravel()

    path = solve_ivp(
        flow, (0, float(times.max())), start.numpy().ravel(), rtol=1e-9, dense_output=True
    )
    errors = []
    for i, own in enumerate(times):
        energy = np.square(path.sol(own)[2 * i : 2 * i + 2]).sum(0)
        errors.append(np.mean((energy - start[i].square().sum().item()) ** 2))
    return float(np.mean(errors))


def mean_squared_error(model: nn.Module, x: Tensor, y: Tensor) -> float:
    with torch.no_grad():
        return (model(x) - y).square().mean().item()


class MassSpring(Experiment):
    """Train one of the two on 25 orbits, test it on 25 others, and follow its own orbits."""

    task = "regression"
    batchable = True

    def data(self, run: Run) -> Split:
        count, noise = run.settings["orbits"], run.settings["noise"]
        train, test = (orbits(count, noise, run) for _ in range(2))
        return Split(train, test, feature_names=["q", "p"])

    def model(self, run: Run) -> nn.Module:
        kinds = {"baseline": Baseline, "hamiltonian": Hamiltonian}
        return kinds[run.settings["model"]](run.settings["width"])

    def loss(self, model: nn.Module, batch: Batch, run: Run) -> Tensor:
        x, y = batch
        return (model(x) - y).square().mean()

    def optimizer(self, parameters, run: Run) -> torch.optim.Optimizer:
        decay = run.settings["weight_decay"]
        return torch.optim.Adam(parameters, run.settings["lr"], weight_decay=decay)

    def evaluate(self, model: nn.Module, split: Split, run: Run) -> Mapping[str, float]:
        return {
            "train_loss": mean_squared_error(model, *split.train),
            "test_loss": mean_squared_error(model, *split.test),
        }

    def finish(self, model: nn.Module, split: Split, run: Run) -> Mapping[str, float]:
        """The energy metric as the authors' notebook has it, and with one span for all."""
        settings = run.settings
        start = starts(settings["trajectories"], run.generator("split"))
        share = np.linspace(0, 1, settings["points"])
        growing = spans(len(start), settings["span"], settings["growth"])
        same = np.full(len(start), settings["span"])
        return {
            "energy": energy_error(model, start, growing[:, None] * share),
            "energy_one_span": energy_error(model, start, same[:, None] * share),
        }
