"""The exact solution of Burgers' equation, the network's own derivatives, and the data of a run."""

import math

import pytest
import torch
from scipy.integrate import quad
from support.experiments import experiment_of

experiment = experiment_of("1711.10561")
VISCOSITY = 0.01 / math.pi


def exact(t: float, x: float) -> float:
    times, places = (torch.tensor([value], dtype=torch.float64) for value in (t, x))
    return float(experiment.exact(times, places))


def by_quadrature(t: float, x: float) -> float:
    """Cole-Hopf by an adaptive rule over y, from the unscaled definition."""
    highest = 1 / (2 * math.pi * VISCOSITY)

    def weight(y: float) -> float:
        heat = -((x - y) ** 2) / (4 * VISCOSITY * t)
        return math.exp(heat - math.cos(math.pi * y) * highest - highest)

    def weighted(y: float) -> float:
        return math.sin(math.pi * y) * weight(y)

    ends = (x - 1.5, x + 1.5)
    parts = [quad(f, *ends, epsabs=0, epsrel=1e-11, limit=500)[0] for f in (weighted, weight)]
    return -parts[0] / parts[1]


@pytest.mark.parametrize(
    ("t", "x"), [(0.25, 0.3), (0.5, -0.02), (0.5, 0.6), (0.75, 0.01), (0.99, -0.9)]
)
def test_the_exact_solution_agrees_with_an_adaptive_rule(t: float, x: float) -> None:
    assert exact(t, x) == pytest.approx(by_quadrature(t, x), abs=1e-9)


def test_the_steepest_slope_is_the_published_one() -> None:
    """Basdevant and others (1986): |u_x| at x = 0 is largest, 152.00516, at pi t = 1.6037."""

    def slope(t: float) -> float:
        h = 1e-5
        return (exact(t, h) - exact(t, -h)) / (2 * h)

    at = 1.6037 / math.pi
    assert slope(at) == pytest.approx(-152.00516, abs=2e-3)
    assert slope(at) < min(slope(at - 0.01), slope(at + 0.01))


def test_the_exact_solution_satisfies_the_equation_and_its_edges() -> None:
    t, x, h = 0.3, 0.4, 1e-3
    u_t = (exact(t + h, x) - exact(t - h, x)) / (2 * h)
    u_x = (exact(t, x + h) - exact(t, x - h)) / (2 * h)
    u_xx = (exact(t, x + h) - 2 * exact(t, x) + exact(t, x - h)) / h**2
    assert u_t + exact(t, x) * u_x - VISCOSITY * u_xx == pytest.approx(0, abs=1e-3)
    assert exact(0, 0.3) == pytest.approx(-math.sin(0.3 * math.pi), abs=1e-12)
    assert exact(0.7, 1.0) == pytest.approx(0, abs=1e-9)


def test_the_network_is_the_papers() -> None:
    network = experiment.Network(8, 20, 0.99)
    assert sum(parameter.numel() for parameter in network.parameters()) == 3021
    for layer in network.layers:
        limit = 2 * math.sqrt(2 / (layer.in_features + layer.out_features))
        assert layer.weight.abs().max() <= limit
        assert not layer.bias.any()


def test_the_networks_derivatives_are_those_of_autograd() -> None:
    torch.manual_seed(0)
    network = experiment.Network(3, 5, 0.99).double()
    t, x = torch.rand(2, 7, 1, dtype=torch.float64).requires_grad_().unbind()
    u = network(t, x)
    u_t, u_x = torch.autograd.grad(u.sum(), (t, x), create_graph=True)
    (u_xx,) = torch.autograd.grad(u_x.sum(), x)
    for found, expected in zip(network.derivatives(t, x), (u, u_t, u_x, u_xx), strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-12)


def test_the_points_are_where_the_authors_have_them() -> None:
    problem = experiment.make_problem(100, 500, seed=3)
    edges = 256 + 2 * 100
    assert len(problem.grid_u) == 25_600
    assert len(problem.data_u) == 100
    assert len(problem.inner_t) == 500 + edges
    on_edge = (problem.data_t == 0) | (problem.data_x.abs() == 1)
    assert on_edge.all()
    for values, low, high in (
        (problem.inner_t, 0, 0.99),
        (problem.inner_x, -1, 1),
    ):
        assert values.min() >= low
        assert values.max() <= high + 1e-6
        cells = ((values[:500, 0] - low) / (high - low) * 500).long().clamp(max=499)
        assert len(cells.unique()) >= 498  # a Latin hypercube, but for rounding to single
    other = experiment.make_problem(100, 500, seed=4)
    assert not torch.equal(problem.data_x, other.data_x)


def test_the_loss_is_both_parts_and_training_lowers_it() -> None:
    torch.manual_seed(0)
    problem = experiment.make_problem(100, 200, seed=0)
    network = experiment.Network(2, 5, 0.99)
    with torch.no_grad():
        u, u_t, u_x, u_xx = network.derivatives(problem.inner_t, problem.inner_x)
        misfit = network(problem.data_t, problem.data_x) - problem.data_u
        expected = ((u_t + u * u_x - VISCOSITY * u_xx) ** 2).mean() + (misfit**2).mean()
    before = experiment.loss_of(network, problem).item()
    assert before == pytest.approx(expected.item(), rel=1e-5)
    losses: list[float] = []
    why = experiment.fit(network, problem, 15, lambda step, loss: losses.append(loss))
    assert len(losses) == 15
    assert losses[-1] < before / 2
    assert "ITERATIONS" in why.upper()


def test_the_error_is_relative_to_the_solution() -> None:
    problem = experiment.make_problem(100, 200, seed=0)

    class Zero(torch.nn.Module):
        def forward(self, t: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
            return 0.75 * problem.grid_u

    assert experiment.relative_error(Zero(), problem) == pytest.approx(0.25, rel=1e-5)
