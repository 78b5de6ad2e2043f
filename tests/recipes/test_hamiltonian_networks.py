"""The spring's orbits, both networks, the energy metric, and how the authors' code is read."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from support.experiments import experiment_of, recipe_of, run_of
from torch import Tensor, nn

from researchdesk.domain.recipes import SpreadKind
from researchdesk.harness.training.run import Run

ID = "1906.01563"
experiment = experiment_of(ID)


class Spiral(nn.Module):
    """The true velocities, and outward besides: H grows as exp(2 · rate · t)."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        return experiment.velocity(x) + self.rate * x


def test_orbits_solve_hamiltons_equations_and_keep_the_energy() -> None:
    start = torch.tensor([[0.3, -0.7], [1.0, 0.0]], dtype=torch.float64)
    times, h = torch.linspace(0, 3, 7, dtype=torch.float64), 1e-6
    x = experiment.orbit(start, times)
    slope = (experiment.orbit(start, times + h) - experiment.orbit(start, times - h)) / (2 * h)
    torch.testing.assert_close(slope, experiment.velocity(x), rtol=1e-7, atol=1e-8)
    torch.testing.assert_close(x[:, 0], start)
    torch.testing.assert_close(x.square().sum(-1), start.square().sum(1, True).expand(2, 7))


def test_velocities_are_the_derivatives_of_h() -> None:
    x = torch.randn(5, 2, requires_grad=True)
    (of_q, of_p) = torch.autograd.grad(x.square().sum(), x)[0].unbind(1)
    torch.testing.assert_close(experiment.velocity(x.detach()), torch.stack([of_p, -of_q], 1))


def test_the_hamiltonian_networks_derivative_is_autograds() -> None:
    torch.manual_seed(0)
    network = experiment.Hamiltonian(17).double()
    x = torch.randn(6, 2, dtype=torch.float64, requires_grad=True)
    energy = experiment.Baseline.forward(network, x)
    (of_q, of_p) = torch.autograd.grad(energy.sum(), x)[0].unbind(1)
    assert energy.shape == (6, 1)
    torch.testing.assert_close(network(x), torch.stack([of_p, -of_q], 1))


def test_networks_are_of_the_papers_size(tmp_path: Path) -> None:
    for arm, outputs in (("baseline", 2), ("hnn", 1)):
        network = experiment.MassSpring().model(run_of(ID, arm, tmp_path))
        by_hand = 3 * 200 + 201 * 200 + outputs * 200
        assert sum(p.numel() for p in network.parameters()) == by_hand
        rows = network.last.weight
        torch.testing.assert_close(rows @ rows.T, torch.eye(outputs), rtol=0, atol=1e-5)


def test_data_are_25_orbits_with_noise_of_a_tenth(tmp_path: Path) -> None:
    split = experiment.MassSpring().data(run_of(ID, "hnn", tmp_path))
    for x, y in (split.train, split.test):
        assert x.shape == y.shape == (25 * 30, 2)
        true = torch.stack([-y[:, 1], y[:, 0]], 1) / 2  # velocity undone
        assert (x - true).std().item() == pytest.approx(0.1, rel=0.1)
        radius = true.norm(dim=1).view(25, 30)
        torch.testing.assert_close(radius, radius[:, :1].expand(25, 30))
        assert 0.1 <= radius.min() < radius.max() <= 1
    assert not torch.equal(split.train[0], split.test[0])


def test_orbits_and_noise_are_seeded_apart() -> None:
    def data(vary: str, seed: int) -> tuple[Tensor, Tensor]:
        return experiment.orbits(3, 0.1, Run("hnn", seed, {}, vary=vary))

    first = data("noise", 1)
    noise, orbits = data("noise", 2), data("split", 2)
    assert torch.equal(first[1], noise[1])
    assert not torch.equal(first[0], noise[0])
    assert not torch.equal(first[1], orbits[1])


def test_the_energy_error_of_known_flows() -> None:
    start = torch.tensor([[0.5, 0.0], [0.0, -0.9]], dtype=torch.float64)
    times = np.array([1.0, 3.0])[:, None] * np.linspace(0, 1, 50)
    assert experiment.energy_error(Spiral(0.0), start, times) < 1e-9
    energy = start.square().sum(1, keepdim=True).numpy()
    expected = np.mean((energy * (np.exp(0.2 * times) - 1)) ** 2)
    found = experiment.energy_error(Spiral(0.1), start, times)
    assert found == pytest.approx(expected, rel=1e-3)


def test_starts_and_spans_are_those_of_the_notebook() -> None:
    drawn = experiment.starts(2000, torch.Generator().manual_seed(0)).abs()
    assert 0.2 <= drawn.min() < 0.21
    assert 0.99 < drawn.max() <= 1.0
    spans = experiment.spans(15, 21.8, 1.09)
    assert spans[[0, -1]] == pytest.approx([20 * 1.09**2, 20 * 1.09**16])


def test_a_training_step_is_on_the_mean_squared_error(tmp_path: Path) -> None:
    of = experiment.MassSpring()
    run = run_of(ID, "hnn", tmp_path, width=8)
    split, network = of.data(run), of.model(run)
    loss = of.loss(network, split.train, run).item()
    assert of.evaluate(network, split, run)["train_loss"] == pytest.approx(loss)
    other = of.loss(network, split.test, run).item()
    assert of.evaluate(network, split, run)["test_loss"] == pytest.approx(other)


def test_the_authors_arms_read_what_their_code_prints() -> None:
    printed = (
        "step 2000, train_loss 3.6929e-02, test_loss 3.5916e-02\n"
        "Final train loss 3.6928e-02 +/- 1.9128e-03\nFinal test loss 3.5916e-02 +/- 1.8302e-03\n"
    )
    commands = [arm.command for arm in recipe_of(ID).arms if arm.command]
    assert len(commands) == 2
    assert len({(command.repository, command.commit) for command in commands}) == 1
    for command in commands:
        found = {name: re.findall(of, printed)[-1] for name, of in command.patterns.items()}
        assert found == {"train_loss": "3.6928e-02", "test_loss": "3.5916e-02"}
    assert ["--baseline" in command.run for command in commands] == [True, False]


def test_the_papers_plus_minus_is_no_spread_of_runs() -> None:
    for claim in recipe_of(ID).claims:
        if claim.spread is not None:
            assert (claim.spread_kind, claim.runs) == (SpreadKind.SE, None)
            assert claim.tolerance == claim.spread
            assert claim.printed in claim.quote.replace("e-0", "e-")
