"""SELU's constants, its moment map g and deep nets of it: "Self-Normalizing Neural Networks".

    selu(x) = λ x for x > 0, λ (α exp(x) - α) else                     equation 2

A unit of weights w has ω = Σ w_i and τ = Σ w_i². The map g takes mean μ and variance ν of a layer's
activations to those of the next, where its inputs are normal with mean μω and variance ντ; it is
written here as equations 4 and 5 have it. α and λ are not typed in: they are what Newton's method
finds for g(0, 1) = (0, 1) at ω = 0, τ = 1. Derivatives of g are automatic ones.
"""

import math

import torch
from torch import Tensor
from torch.func import jacrev, vmap

POINT = torch.tensor([0.0, 1.0], dtype=torch.float64)
"""The fixed point (μ, ν) that the paper chose."""

# Theorem 1's domain Ω.
MEANS, OMEGAS = (-0.1, 0.1), (-0.1, 0.1)
VARIANCES, TAUS = (0.8, 1.5), (0.95, 1.1)


def moments(point: Tensor, weights: Tensor, constants: Tensor) -> Tensor:
    """g: the next layer's (μ, ν) from this one's, with ``weights`` (ω, τ), ``constants`` (α, λ)."""
    (mu, nu), (omega, tau), (alpha, lamda) = point, weights, constants
    m, v = mu * omega, nu * tau
    s = math.sqrt(2) * v.sqrt()
    bell = math.sqrt(2 / math.pi) * v.sqrt() * torch.exp(-m.square() / (2 * v))
    once = torch.exp(m + v / 2) * torch.erfc((m + v) / s)
    twice = torch.exp(2 * (m + v)) * torch.erfc((m + 2 * v) / s)
    below = torch.erfc(m / s)
    mean = lamda / 2 * (m * torch.erf(m / s) + alpha * (once - below) + bell + m)
    second = (m.square() + v) * (2 - below) + alpha.square() * (twice - 2 * once + below) + m * bell
    return torch.stack([mean, lamda.square() / 2 * second - mean.square()])


def solve() -> Tensor:
    """(α, λ) with g(0, 1) = (0, 1) for ω = 0, τ = 1, by Newton's method from (1, 1)."""

    def miss(constants: Tensor) -> Tensor:
        return moments(POINT, POINT, constants) - POINT

    constants = torch.ones(2, dtype=torch.float64)
    for _ in range(50):
        constants = constants - torch.linalg.solve(jacrev(miss)(constants), miss(constants))
    return constants


def selu(z: Tensor, constants: Tensor) -> Tensor:
    alpha, lamda = constants.tolist()
    return lamda * torch.where(z > 0, z, alpha * torch.expm1(z.clamp(max=0)))


def grid(*ranges: tuple[float, float], count: int) -> Tensor:
    """All points of a grid over these ranges, edges included: (points, ranges)."""
    axes = [torch.linspace(*ends, count, dtype=torch.float64) for ends in ranges]
    return torch.cartesian_prod(*axes)


def norms(points: Tensor, weights: Tensor, constants: Tensor) -> Tensor:
    """Spectral norm of g's Jacobian in (μ, ν), for each row of ``points`` and ``weights``."""
    jacobians = vmap(jacrev(moments), in_dims=(0, 0, None))(points, weights, constants)
    return torch.linalg.matrix_norm(jacobians, ord=2)


def settle(points: Tensor, weights: Tensor, constants: Tensor, layers: int) -> Tensor:
    """Where g takes each row of ``points`` when it is applied ``layers`` times."""
    step = vmap(moments, in_dims=(0, 0, None))
    for _ in range(layers):
        points = step(points, weights, constants)
    return points


def analysis(count: int) -> dict[str, float]:
    """All that can be said without a network; ``count`` is the points a side of each grid."""
    constants = solve()
    (_, mean_by_variance), (_, variance_by_variance) = jacrev(moments)(POINT, POINT, constants)
    omega_tau = grid(OMEGAS, TAUS, count=count)
    domain = grid(MEANS, VARIANCES, OMEGAS, TAUS, count=count)
    inside = grid(MEANS, VARIANCES, count=count)
    from_inside = settle(inside, POINT.expand_as(inside), constants, layers=200)
    fixed = settle(POINT.expand_as(omega_tau), omega_tau, constants, layers=400)
    return {
        "alpha": constants[0].item(),
        "lambda": constants[1].item(),
        "jacobian_norm": norms(POINT[None], POINT[None], constants).item(),
        "mean_by_variance": mean_by_variance.item(),
        "variance_by_variance": variance_by_variance.item(),
        "farthest_from_0_1": (from_inside - POINT).norm(dim=1).max().item(),
        "largest_norm": norms(domain[:, :2], domain[:, 2:], constants).max().item(),
        "lowest_mean": fixed[:, 0].min().item(),
        "highest_mean": fixed[:, 0].max().item(),
        "lowest_variance": fixed[:, 1].min().item(),
        "highest_variance": fixed[:, 1].max().item(),
    }


def deep_net(run) -> dict[str, float]:
    """Send normal inputs through a net of random weights; the moments after its last layer.

    Weights are drawn anew for each layer, normal with variance ``gain`` / n as the paper proposes
    (gain 1 for SELU and tanh; 2 for ReLU, its "MSRA initialization"). The moments are over all
    units and all inputs of the batch. ``units_in_domain`` is the share of units whose own mean and
    variance over the batch are in Theorem 1's domain.
    """
    settings = run.settings
    width, inputs = settings["width"], settings["inputs"]
    constants = solve()
    activation = {
        "selu": lambda z: selu(z, constants),
        "relu": torch.relu,
        "tanh": torch.tanh,
    }[settings["activation"]]
    x = torch.randn(inputs, width, generator=run.generator("split"))
    x = (settings["mean"] + math.sqrt(settings["variance"]) * x).to(run.device)
    scale = math.sqrt(settings["gain"] / width)
    for layer in range(1, settings["layers"] + 1):
        weights = torch.randn(width, width, generator=run.generator("init")).to(run.device)
        x = activation(x @ weights.mul_(scale))
        mean, variance = x.mean().item(), x.var().item()
        distance = math.hypot(mean, variance - 1)
        run.log(layer, mean=mean, variance=variance, distance=distance)
    own = x.mean(0), x.var(0)
    within = (own[0].abs() <= MEANS[1]) & (own[1] >= VARIANCES[0]) & (own[1] <= VARIANCES[1])
    return {
        "mean": mean,
        "off_zero": abs(mean),
        "variance": variance,
        "distance": distance,
        "units_in_domain": within.double().mean().item(),
    }


def measure(run):
    """The analysis of g, or one deep net at its initialisation."""
    if run.settings["what"] == "analysis":
        return analysis(run.settings["grid"])
    return deep_net(run)
