"""SELU's constants, its moment map against the integrals it stands for, and the deep nets."""

import math
from pathlib import Path

import pytest
import torch
from support.experiments import experiment_of, recipe_of, run_of
from torch import Tensor

ID = "1706.02515"
experiment = experiment_of(ID)


def vector(*numbers: float) -> Tensor:
    return torch.tensor(numbers, dtype=torch.float64)


def by_integration(point: Tensor, weights: Tensor, constants: Tensor) -> Tensor:
    """Mean and variance of selu(z) for z normal, by the trapezoidal rule: equation 3."""
    mean, deviation = point[0] * weights[0], (point[1] * weights[1]).sqrt()
    z = torch.linspace(-12, 12, 400_001, dtype=torch.float64) * deviation + mean
    density = torch.exp(-(((z - mean) / deviation) ** 2) / 2) / (deviation * math.sqrt(2 * math.pi))
    y = experiment.selu(z, constants)
    first = torch.trapezoid(y * density, z)
    return torch.stack([first, torch.trapezoid(y**2 * density, z) - first**2])


def test_the_constants_are_those_of_the_closed_form() -> None:
    """Equation 14 of the paper, as its authors' notebook getSELUparameters has it."""
    e, root = math.e, math.erfc(1 / math.sqrt(2))
    alpha = -math.sqrt(2 / math.pi) / (math.exp(0.5) * root - 1)
    under = 2 + math.pi - 2 * math.sqrt(e) * (2 + math.pi) * root + e * math.pi * root**2
    under += 2 * e**2 * math.erfc(math.sqrt(2))
    lamda = (1 - math.sqrt(e) * root) * math.sqrt(2 * math.pi / under)
    assert experiment.solve().tolist() == pytest.approx([alpha, lamda], rel=1e-12)


def test_selu_is_that_of_torch() -> None:
    z = torch.linspace(-8, 8, 1001)
    torch.testing.assert_close(experiment.selu(z, experiment.solve()), torch.selu(z))


@pytest.mark.parametrize(("mu", "nu"), [(0.0, 1.0), (0.5, 0.8), (-1.0, 3.0)])
@pytest.mark.parametrize(("omega", "tau"), [(0.0, 1.0), (0.1, 1.1), (-2.0, 0.5)])
def test_the_moment_map_is_the_integrals(mu: float, nu: float, omega: float, tau: float) -> None:
    arguments = vector(mu, nu), vector(omega, tau), experiment.solve()
    torch.testing.assert_close(
        experiment.moments(*arguments), by_integration(*arguments), rtol=1e-8, atol=1e-9
    )


def test_the_jacobian_by_differences() -> None:
    constants, h = experiment.solve(), 1e-5

    def around(mu: float, nu: float) -> Tensor:
        return experiment.moments(vector(mu, nu), experiment.POINT, constants)

    by_mean = (around(h, 1.0) - around(-h, 1.0)) / (2 * h)
    by_variance = (around(0.0, 1 + h) - around(0.0, 1 - h)) / (2 * h)
    norm = torch.linalg.matrix_norm(torch.stack([by_mean, by_variance], dim=1), ord=2)
    found = experiment.analysis(3)
    assert found["jacobian_norm"] == pytest.approx(norm.item(), abs=1e-8)
    assert found["mean_by_variance"] == pytest.approx(by_variance[0].item(), abs=1e-8)
    assert found["variance_by_variance"] == pytest.approx(by_variance[1].item(), abs=1e-8)


def test_the_printed_derivative_of_the_mean_is_cut_not_rounded() -> None:
    """Why that claim is different: half a unit of its last digit is not kept."""
    claim = next(claim for claim in recipe_of(ID).claims if claim.id == "jacobian-mean")
    found = experiment.analysis(3)["mean_by_variance"]
    assert math.floor(found * 1e6) == round(claim.claimed * 1e6)
    assert round(found * 1e6) == round(claim.claimed * 1e6) + 1
    assert claim.tolerance == pytest.approx(0.5e-6)


def test_the_map_contracts_over_the_domain_of_theorem_1() -> None:
    constants = experiment.solve()
    points = experiment.grid(experiment.MEANS, experiment.VARIANCES, count=4)
    once = experiment.settle(points, experiment.POINT.expand_as(points), constants, layers=1)
    norm = experiment.norms(points, experiment.POINT.expand_as(points), constants).max().item()
    before, after = (torch.pdist(rows) for rows in (points, once))
    assert norm < 1
    assert bool((after <= norm * before + 1e-12).all())


def test_a_deep_net_of_selu_goes_to_0_and_1_from_afar(tmp_path: Path) -> None:
    """A small one; the map alone says where it should be after so many layers."""
    constants = experiment.solve()
    run = run_of(ID, "selu-far", tmp_path, width=256, inputs=64, layers=12)
    found = experiment.measure(run)
    start = vector(1.0, 16.0)[None]
    expected = experiment.settle(start, experiment.POINT[None], constants, layers=12)[0]
    assert found["mean"] == pytest.approx(expected[0].item(), abs=0.15)
    assert found["variance"] == pytest.approx(expected[1].item(), abs=0.3)
    assert run.measured()["distance"] == found["distance"]


def test_relu_and_tanh_stay_away(tmp_path: Path) -> None:
    distances = {
        arm: experiment.measure(run_of(ID, arm, tmp_path, width=128, inputs=64))["distance"]
        for arm in ("selu", "relu", "tanh")
    }
    assert distances["selu"] < 0.3 < min(distances["relu"], distances["tanh"])


def test_a_seed_and_its_sources(tmp_path: Path) -> None:
    first, again, other = (
        experiment.measure(run_of(ID, "selu", tmp_path, seed, width=32, inputs=16, layers=3))
        for seed in (1, 1, 2)
    )
    assert first == again != other
