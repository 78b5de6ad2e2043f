"""Burgers' equation by a physics-informed network, section 2.1 of "Physics Informed Deep Learning".

    u_t + u u_x - (0.01/pi) u_xx = 0,    x in [-1, 1], t in [0, 1]
    u(0, x) = -sin(pi x),    u(t, -1) = u(t, 1) = 0

A network u(t, x) is fitted to N_u initial and boundary values, and the residual f of the equation
to 0 at N_f collocation points: MSE = MSE_u + MSE_f. Its optimizer is L-BFGS on the whole batch.
What the text leaves open (the bounds of the time axis, the grid, initialization, the optimizer's
options) is as in the authors' own ``Burgers.py``.

The reference is the exact solution by the Cole-Hopf transformation; no data file is read.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from scipy.optimize import minimize
from scipy.stats import qmc
from torch import Tensor, nn

VISCOSITY = 0.01 / math.pi
POSITIONS, TIMES = 256, 100  # of the grid on which the error is measured
NODES, REACH = 2001, 12.0  # of the quadrature


def exact(t: Tensor, x: Tensor) -> Tensor:
    """The solution at times ``t`` and places ``x``, both (n,) in double precision.

    Cole-Hopf: with F(y) = exp(-cos(pi y) / (2 pi nu)),

        u(t, x) = -E[sin(pi Y) F(Y)] / E[F(Y)],    Y normal with mean x and variance 2 nu t

    (C. Basdevant and others, Computers & Fluids 14, 1986). The means are taken by the trapezoidal
    rule, which converges faster than any power of the step for such integrands; weights are
    scaled by the largest of each point, since F spans 87 powers of ten.
    """
    z = torch.linspace(-REACH, REACH, NODES, dtype=torch.float64)
    parts = []
    for t_part, x_part in zip(t.split(1024), x.split(1024), strict=True):
        y = x_part[:, None] - (4 * VISCOSITY * t_part)[:, None].sqrt() * z
        weights = torch.softmax(-(z**2) - torch.cos(math.pi * y) / (2 * math.pi * VISCOSITY), dim=1)
        parts.append(-(weights * torch.sin(math.pi * y)).sum(dim=1))
    return torch.cat(parts)


@dataclass(frozen=True)
class Problem:
    """Points and values, each (n, 1): the measured grid, initial and boundary data, collocation."""

    grid_t: Tensor
    grid_x: Tensor
    grid_u: Tensor
    data_t: Tensor
    data_x: Tensor
    data_u: Tensor
    inner_t: Tensor
    inner_x: Tensor


def make_problem(data_points: int, collocation_points: int, seed: int) -> Problem:
    """As the authors: data among the grid's edges, a Latin hypercube and all edges within."""
    t = torch.arange(TIMES, dtype=torch.float64) / TIMES
    x = torch.linspace(-1, 1, POSITIONS, dtype=torch.float64)
    grid_t, grid_x = t.repeat_interleave(POSITIONS), x.repeat(TIMES)
    grid_u = exact(grid_t, grid_x)
    first, left = torch.arange(POSITIONS), torch.arange(TIMES) * POSITIONS
    edges = torch.cat([first, left, left + POSITIONS - 1])
    random = np.random.default_rng(seed)
    chosen = edges[torch.from_numpy(random.choice(len(edges), data_points, replace=False))]
    cube = torch.from_numpy(qmc.LatinHypercube(2, rng=random).random(collocation_points))
    inner_t = torch.cat([cube[:, 0] * t[-1], grid_t[edges]])
    inner_x = torch.cat([2 * cube[:, 1] - 1, grid_x[edges]])
    columns = (grid_t, grid_x, grid_u, grid_t[chosen], grid_x[chosen], grid_u[chosen])
    return Problem(*(column[:, None].float() for column in (*columns, inner_t, inner_x)))


class Network(nn.Module):
    """Hidden layers of tanh; inputs are scaled to [-1, 1]. It knows its own derivatives."""

    def __init__(self, layers: int, neurons: int, last_time: float) -> None:
        super().__init__()
        widths = [2, *[neurons] * layers, 1]
        self.layers = nn.ModuleList(map(nn.Linear, widths[:-1], widths[1:]))
        self.last_time = last_time
        for layer in self.layers:
            deviation = math.sqrt(2 / (layer.in_features + layer.out_features))
            nn.init.trunc_normal_(layer.weight, 0, deviation, -2 * deviation, 2 * deviation)
            nn.init.zeros_(layer.bias)

    def scaled(self, t: Tensor, x: Tensor) -> Tensor:
        return torch.cat([x, 2 * t / self.last_time - 1], dim=1)

    def forward(self, t: Tensor, x: Tensor) -> Tensor:
        h = self.scaled(t, x)
        for layer in self.layers[:-1]:
            h = torch.tanh(layer(h))
        return self.layers[-1](h)

    def derivatives(self, t: Tensor, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """u, u_t, u_x and u_xx, each (n, 1), carried through the layers by the chain rule."""
        h = self.scaled(t, x)
        h_x, h_t = torch.zeros_like(h), torch.zeros_like(h)
        h_x[:, 0], h_t[:, 1] = 1.0, 2 / self.last_time
        h_xx = torch.zeros_like(h)
        for layer in self.layers[:-1]:
            z_x, z_t, z_xx = (torch.cat([h_x, h_t, h_xx]) @ layer.weight.T).chunk(3)
            h = torch.tanh(layer(h))
            slope = 1 - h * h
            h_x, h_t = slope * z_x, slope * z_t
            h_xx = slope * z_xx - 2 * h * h_x * z_x
        last = self.layers[-1].weight.T
        return self.layers[-1](h), h_t @ last, h_x @ last, h_xx @ last


def loss_of(network: Network, problem: Problem) -> Tensor:
    """MSE = MSE_u + MSE_f, equation (4)."""
    u, u_t, u_x, u_xx = network.derivatives(problem.inner_t, problem.inner_x)
    residual = u_t + u * u_x - VISCOSITY * u_xx
    misfit = network(problem.data_t, problem.data_x) - problem.data_u
    return misfit.square().mean() + residual.square().mean()


def relative_error(network: Network, problem: Problem) -> float:
    """The relative L2 error over the grid of 256 places and 100 times."""
    with torch.no_grad():
        predicted = network(problem.grid_t, problem.grid_x)
    return float((predicted - problem.grid_u).norm() / problem.grid_u.norm())


def fit(network: Network, problem: Problem, iterations: int, report) -> str:
    """L-BFGS-B by SciPy with the authors' options; its parameters are double, the rest single.

    Calls ``report(iteration, loss)`` after each iteration; answers why it ended.
    """
    parameters = list(network.parameters())
    last = math.nan

    def objective(flat: np.ndarray) -> tuple[float, np.ndarray]:
        nonlocal last
        nn.utils.vector_to_parameters(torch.from_numpy(flat).float(), parameters)
        loss = loss_of(network, problem)
        gradient = torch.autograd.grad(loss, parameters)
        last = loss.item()
        return last, torch.cat([part.flatten() for part in gradient]).double().numpy()

    step = 0

    def finished(_: np.ndarray) -> None:
        nonlocal step
        step += 1
        report(step, last)

    options = {
        "maxiter": iterations,
        "maxfun": 50_000,
        "maxcor": 50,
        "maxls": 50,
        "ftol": float(np.finfo(float).eps),
    }
    start = nn.utils.parameters_to_vector(parameters).detach().double().numpy()
    found = minimize(
        objective, start, jac=True, method="L-BFGS-B", callback=finished, options=options
    )
    nn.utils.vector_to_parameters(torch.from_numpy(found.x).float(), parameters)
    return str(found.message)


def measure(run):
    """Fit one network; the metric is its relative L2 error against the exact solution."""
    settings = run.settings
    problem = make_problem(
        settings["data_points"], settings["collocation_points"], run.stream("split")
    )
    torch.manual_seed(run.stream("init"))
    last_time = float(problem.grid_t.max())
    network = Network(settings["layers"], settings["neurons"], last_time)

    def report(step: int, loss: float) -> None:
        if step % 100 == 0:
            run.log(step, loss=loss, relative_error=relative_error(network, problem))

    run.note(f"L-BFGS-B: {fit(network, problem, settings['iterations'], report)}")
    return {
        "relative_error": relative_error(network, problem),
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
    }
