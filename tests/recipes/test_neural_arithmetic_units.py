"""The three networks and their gradients, the task, and how success is judged."""

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from support.experiments import experiment_of, recipe_of, run_of
from torch import Tensor

from researchdesk.harness.training.run import Run

ID = "2001.05016"
experiment = experiment_of(ID)
NETWORKS = list(experiment.NETWORKS)


def drawn(network: Any, seeds: int) -> Tensor:
    numbers = torch.empty(seeds, network.size)
    for seed, row in enumerate(numbers):
        network.draw(row[None], torch.Generator().manual_seed(seed))
    return numbers


def nac(numbers: Tensor, outputs: int, inputs: int) -> Tensor:
    """W of one seed: its numbers are Ŵ, then M̂."""
    w_hat, m_hat = numbers.view(2, outputs, inputs)
    return torch.tanh(w_hat) * torch.sigmoid(m_hat)


def product(w: Tensor, h: Tensor) -> Tensor:
    return torch.exp(w @ torch.log(h.abs() + 1e-7))


def nalu(numbers: Tensor, outputs: int, h: Tensor) -> Tensor:
    size = outputs * len(h)
    w, g = nac(numbers[: 2 * size], outputs, len(h)), numbers[2 * size :].view(outputs, -1)
    gate = torch.sigmoid(g @ h)
    return gate * (w @ h) + (1 - gate) * product(w, h)


def written_anew(name: str, numbers: Tensor, x: Tensor) -> Tensor:
    """One seed's output, from the paper's formulas."""
    if name == "nac-mul":
        return product(nac(numbers[16:], 1, 2), nac(numbers[:16], 2, 4) @ x)
    if name == "nalu":
        return nalu(numbers[24:], 1, nalu(numbers[:24], 2, x))
    w = numbers[8:].view(2, 1)
    return (w * (numbers[:8].view(2, 4) @ x) + 1 - w).prod(0, keepdim=True)


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_are_the_papers(name: str) -> None:
    network = experiment.NETWORKS[name]()
    numbers, x = drawn(network, 5), torch.rand(5, 4, 9) + 1
    expected = torch.stack([written_anew(name, *pair) for pair in zip(numbers, x, strict=True)])
    torch.testing.assert_close(network.forward(numbers, x), expected)


@pytest.mark.parametrize("name", NETWORKS)
def test_gradients_are_autograds(name: str) -> None:
    network = experiment.NETWORKS[name]()
    numbers = drawn(network, 6).double()
    x = torch.rand(6, 4, 12, dtype=torch.float64) + 1
    leaves = numbers.clone().requires_grad_()
    outputs = [written_anew(name, *pair) for pair in zip(leaves, x, strict=True)]
    (torch.stack(outputs) - experiment.target(x)).square().mean((1, 2)).sum().backward()
    found = torch.full_like(numbers, math.nan)
    y = network.forward(numbers, x)
    network.back(x, y, (y - experiment.target(x)) * (2 / 12), found)
    torch.testing.assert_close(found, leaves.grad, rtol=1e-7, atol=1e-8)


def test_the_target_by_hand() -> None:
    assert experiment.target(torch.tensor([[1.0], [2.0], [3.0], [4.0]])).item() == 3 * 10


def test_the_threshold_is_a_nearly_perfect_networks_error() -> None:
    network, e = experiment.NETWORKS["nmu"](), 1e-5
    near = torch.tensor([[1 - e, 1 - e, e, e, *[1 - e] * 4, 1.0, 1.0]], dtype=torch.float64)
    x = experiment.uniform(2.0, 6.0, 50_000, seed=1).double()
    error = (network.forward(near, x) - experiment.target(x)).square().mean().item()
    assert experiment.threshold() == pytest.approx(error, rel=0.02)


def test_a_perfect_network_is_below_the_threshold() -> None:
    network = experiment.NETWORKS["nmu"]()
    perfect = torch.tensor([[1.0, 1, 0, 0, 1, 1, 1, 1, 1, 1]])
    record = experiment.Record(1, experiment.threshold(), torch.device("cpu"))
    record.add(3000, network, perfect)
    assert record.success.tolist() == [True]
    assert record.solved_at.tolist() == [3000]
    assert record.sparsity.tolist() == [0]


@pytest.mark.parametrize(("inputs", "outputs", "variance"), [(4, 2, 2 / 6), (2, 1, 2 / 5)])
def test_weights_of_nac_begin_with_the_variance_of_glorot(
    inputs: int, outputs: int, variance: float
) -> None:
    r = experiment.NETWORKS["nac-mul"]().first.draw.__globals__["spread_of_nac"](inputs, outputs)
    w_hat, m_hat = (torch.rand(2, 400_000, generator=torch.Generator().manual_seed(0)) * 2 - 1) * r
    assert (torch.tanh(w_hat) * torch.sigmoid(m_hat)).var().item() == pytest.approx(
        variance, rel=0.01
    )


def test_nmu_is_held_in_its_range() -> None:
    network = experiment.NETWORKS["nmu"]()
    numbers = torch.tensor([[*[1.5, -1.5] * 4, 1.5, -1.5]])
    network.hold(numbers)
    assert numbers.tolist() == [[*[1.0, -1.0] * 4, 1.0, 0.0]]


def test_adam_is_that_of_torch() -> None:
    torch.manual_seed(0)
    ours, theirs = torch.ones(2, 3), torch.ones(2, 3, requires_grad=True)
    adam, reference = experiment.Adam(ours, 1e-2), torch.optim.Adam([theirs], lr=1e-2)
    for _ in range(30):
        theirs.grad = torch.randn(2, 3)
        adam.step(ours, theirs.grad)
        reference.step()
    torch.testing.assert_close(ours, theirs.detach(), rtol=1e-5, atol=1e-6)


def test_batches_are_uniform_and_a_seeds_own() -> None:
    def batches(seeds: list[int]) -> Tensor:
        generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        made = experiment.Batches(generators, 128, torch.device("cpu"))
        return torch.stack([x.clone() for x, _ in made.steps(45)])

    together, alone = batches([1, 2, 3]), batches([2])
    assert together.shape == (45, 3, 4, 128)
    assert torch.equal(together[:, 1], alone[:, 0])
    assert not torch.equal(together[:, 0], together[:, 1])
    assert 1 <= together.min() < together.max() < 2
    assert together.mean().item() == pytest.approx(1.5, abs=0.005)
    assert together.var().item() == pytest.approx(1 / 12, rel=0.02)
    both = together[0, 0].flatten()[0::2], together[0, 0].flatten()[1::2]
    assert abs(torch.corrcoef(torch.stack(both))[0, 1].item()) < 0.2


@pytest.mark.parametrize("arm", NETWORKS)
def test_a_seed_learns_as_it_would_alone(
    arm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiment, "HELD_OUT", 100)
    monkeypatch.setattr(experiment, "threshold", lambda: 1e-6)

    def trained(seeds: list[int]) -> list[Run]:
        changed = {"steps": 40, "evaluate_every": 20, "log_every": 20}
        runs = [run_of(ID, arm, tmp_path, seed, **changed) for seed in seeds]
        experiment.measure_seeds(runs)
        return runs

    together, (alone,) = trained([0, 1, 2]), trained([1])
    assert together[1].measured() == pytest.approx(alone.measured(), rel=1e-3)
    assert together[0].measured() != together[1].measured()
    assert {"success", "sooner", "later", "until_solved"} <= set(alone.measured())


class Told:
    """A network whose errors are told: ``inner`` on [1, 2], ``outer`` on [2, 6]."""

    def __init__(self, inner: float, outer: float) -> None:
        self.errors = inner, outer

    def forward(self, numbers: Tensor, x: Tensor) -> Tensor:
        error = self.errors[0] if x.max() <= 2 else self.errors[1]
        return (experiment.target(x) + math.sqrt(error))[None]

    def weights(self, numbers: Tensor) -> tuple[Tensor, Tensor]:
        return torch.ones(1, 2, 4), torch.full((1, 1, 2), 1 - self.errors[0])


@pytest.mark.parametrize(
    ("errors", "success", "solved_at"),
    [
        ([(9.0, 9.0), (2.0, 0.5), (3.0, 9.0)], True, 1000.0),
        ([(9.0, 9.0), (2.0, 0.5), (1.0, 9.0)], False, 1000.0),
        ([(9.0, 9.0), (math.nan, math.nan), (2.0, 2.0)], False, math.nan),
    ],
)
def test_success_is_judged_where_the_interpolation_error_is_least(
    errors: list[tuple[float, float]], success: bool, solved_at: float
) -> None:
    record = experiment.Record(1, 1.0, torch.device("cpu"))
    for number, (inner, outer) in enumerate(errors):
        record.add(1000 * number, Told(inner, outer), torch.empty(1, 1))
    assert record.success.tolist() == [success]
    assert record.solved_at.tolist() == pytest.approx([solved_at], nan_ok=True)


def test_votes_on_the_median_are_of_solved_seeds() -> None:
    at = torch.tensor([13_000.0, 14_000.0, 15_000.0, math.nan])
    record = SimpleNamespace(success=at > 0, solved_at=at, sparsity=at * 0)
    settings = {"median": [13_500, 14_500], "steps": 50_000}
    runs = [Run("nmu", seed, settings) for seed in range(4)]
    experiment.report(runs, record)
    told = [run.measured() for run in runs]
    assert [one["sooner"] for one in told] == [0.5, -0.5, -0.5, 0]
    assert [one["later"] for one in told] == [-0.5, -0.5, 0.5, 0]
    assert [one["until_solved"] for one in told] == [13_000, 14_000, 15_000, 50_000]
    assert ["solved_at" in one for one in told] == [True, True, True, False]


def test_rates_are_of_a_hundred_trials_within_a_fifth_of_the_effect() -> None:
    rates = {claim.arm: claim for claim in recipe_of(ID).claims if claim.kind == "rate"}
    assert {arm: claim.claimed for arm, claim in rates.items()} == {
        "nmu": 0.94,
        "nalu": 0.26,
        "nac-mul": 0.13,
    }
    assert {claim.runs for claim in rates.values()} == {100}
    assert rates["nmu"].tolerance == pytest.approx((0.94 - 0.26) / 5)
    assert rates["nac-mul"].tolerance == pytest.approx((0.94 - 0.13) / 5)
